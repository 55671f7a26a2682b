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

    def _get_documents(self) -> list[dict]:
        """Return the documents that settle this statement, the newest first.

        Those that distributors may see: posted ones, and confirmed orders.
        """
        self.ensure_one()
        # Number and day of what pays a statement may be known to its readers.
        return [
            {
                **document,
                "amount": settlement.amount,
                "stands": settlement.is_standing,
            }
            for settlement in self.sudo().settlement_ids
            if (document := self._describe_document(settlement))
        ]

    def _describe_document(self, settlement):
        """Return name, day and portal page of a document; nothing of a draft."""
        move, order = settlement.move_id, settlement.order_id
        if order.state == "sale":
            url = f"/my/orders/{order.id}"
            return {"name": order.name, "date": order.date_order.date(), "url": url}
        if move.state != "posted":
            return None
        return {
            "name": move.name,
            "date": move.invoice_date or move.date,
            "url": f"/my/invoices/{move.id}" if move.is_invoice() else False,
        }

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
