# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class DistributorRebateStatement(models.Model):
    """What a statement prints besides its figures.

    All of it may be read by the distributor: names of those who wrote adjustments are
    left out.
    """

    _inherit = "distributor.rebate.statement"

    def _get_report_base_filename(self) -> str:
        """Return the name of a printed statement, without its ending."""
        self.ensure_one()
        return f"{self.program_id.name} {self.period} {self.partner_id.name}"

    def _get_corrections(self) -> list[dict]:
        """Return what changed in closed periods, one row a reason."""
        self.ensure_one()
        labels = dict(
            self.env["distributor.rebate.line"]
            ._fields["reason"]
            ._description_selection(self.env)
        )
        money = self.currency_id.format
        found = self.env["distributor.rebate.line"]._read_group(
            [("statement_id", "=", self.id), ("reason", "!=", False)],
            ["reason"],
            ["__count", "amount:sum", "collected:sum"],
        )
        return [
            {
                "reason_key": reason,
                "reason": labels[reason],
                "count": count,
                "amount": money(amount or 0),
                "collected": money(collected or 0),
            }
            for reason, count, amount, collected in found
        ]

    def _get_correction_lines(self, limit):
        """Return the first lines that say what changed in closed periods."""
        self.ensure_one()
        return self.env["distributor.rebate.line"].search(
            [("statement_id", "=", self.id), ("reason", "!=", False)], limit=limit
        )

    def _get_invoices(self, limit) -> list[dict]:
        """Return the sales of the period, one row an invoice, the first ones."""
        self.ensure_one()
        found = self.env["distributor.rebate.line"]._read_group(
            [("statement_id", "=", self.id), ("reason", "=", False)],
            ["date:day", "move_name"],
            ["__count", "amount:sum", "quantity:sum", "collected:sum"],
            order="date:day, move_name",
            limit=limit + 1,
        )
        names = ("date", "name", "lines", "amount", "quantity", "collected")
        return [dict(zip(names, row, strict=True)) for row in found]

    def _get_approved_adjustments(self):
        """Return the adjustments that count."""
        return self.adjustment_ids.filtered(lambda a: a.state == "approved")

    def _get_documents(self) -> list[dict]:
        """Return the posted documents that settle this statement, the newest first."""
        self.ensure_one()
        return [
            {
                "name": move.name,
                "date": move.invoice_date or move.date,
                "amount": settlement.amount,
                "url": f"/my/invoices/{move.id}" if move.is_invoice() else False,
                "stands": settlement.is_standing,
            }
            # Number and day of what pays a statement may be known to its readers.
            for settlement in self.sudo().settlement_ids
            if (move := settlement.move_id).state == "posted"
        ]

    def _get_signatures(self) -> list[dict]:
        """Return who approved this statement, and when."""
        self.ensure_one()
        # Reviews are the approvers' reading; that they signed is everybody's.
        return [
            {
                "step": review.name,
                "name": review.done_by.name,
                "date": review.reviewed_date,
            }
            for review in self.sudo().review_ids
            if review.status == "approved" and review.done_by
        ]
