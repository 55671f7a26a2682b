# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError


class DistributorRebateStatement(models.Model):
    _inherit = "distributor.rebate.statement"

    def _propose_offset(self) -> list[dict]:
        """Return the open invoices that these statements could be set against.

        Invoices paid short by just what is due come first, then the oldest; those that
        use up what is due are chosen.
        """
        receiving = self.filtered(
            lambda s: s._get_form() == "credit_note" and s.settled > 0
        )
        due = receiving._get_gross()
        proposals = []
        for (partner, _company), invoices in receiving._get_open_invoices().items():
            own = receiving.filtered(
                lambda s, p=partner: s.partner_id.commercial_partner_id == p
            )
            amounts = [due[statement] for statement in own]
            left = sum(amounts)
            short = invoices.filtered(
                lambda move, amounts=amounts: move._is_short_by(amounts)
            )
            for move in short + (invoices - short):
                proposals.append(
                    {
                        "move_id": move.id,
                        "is_short_payment": move in short,
                        "is_chosen": left > 0,
                    }
                )
                left -= abs(move.amount_residual_signed)
        return proposals

    def _get_open_invoices(self) -> dict:
        """Return the open invoices by distributor and company, the oldest first."""
        invoices = self.env["account.move"].search(
            [
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
                (
                    "commercial_partner_id",
                    "in",
                    self.partner_id.commercial_partner_id.ids,
                ),
                ("company_id", "in", self.company_id.ids),
            ],
            order="invoice_date_due, invoice_date, id",
        )
        return invoices.grouped(lambda m: (m.commercial_partner_id, m.company_id))

    def _get_gross(self) -> dict:
        """Return what each credit note will come to, with tax."""
        lines = self._prepare_lines("credit_note")
        return {
            statement: sum(
                line["taxes"].compute_all(
                    line["amount"], statement.currency_id, handle_price_include=False
                )["total_included"]
                for line in lines[statement]
            )
            for statement in self
        }


class DistributorRebateSettlement(models.Model):
    _inherit = "distributor.rebate.settlement"

    def _offset(self, invoices):
        """Set credit notes against open invoices of the same distributors, in the order
        given; a note that is just what an invoice was paid short by goes there first.

        :raises UserError: an invoice is not open, or somebody else's
        """
        notes = self.move_id.filtered(lambda move: move.move_type == "out_refund")
        owners = {(n.commercial_partner_id, n.company_id) for n in notes}
        wrong = invoices.filtered(
            lambda move: (
                move.move_type != "out_invoice"
                or move.state != "posted"
                or move.payment_state not in ("not_paid", "partial")
                or (move.commercial_partner_id, move.company_id) not in owners
            )
        )
        if wrong:
            raise UserError(
                self.env._(
                    "%(invoices)s cannot be offset: choose open invoices of the "
                    "distributors that are settled by credit notes.",
                    invoices=", ".join(wrong.mapped("display_name")),
                )
            )
        open_lines = (notes + invoices)._get_rebate_receivables()
        plan, used = [], self.env["account.move"]
        for invoice in invoices:
            exact = (notes - used).filtered(
                lambda note, invoice=invoice: (
                    note.commercial_partner_id == invoice.commercial_partner_id
                    and invoice._is_short_by([note.amount_total])
                )
            )[:1]
            if exact:
                used += exact
                plan.append((exact, invoice))
        plan += [
            (
                notes.filtered(
                    lambda note, invoice=invoice: (
                        note.commercial_partner_id == invoice.commercial_partner_id
                        and note.company_id == invoice.company_id
                    )
                ),
                invoice,
            )
            for invoice in invoices
        ]
        pairs = [
            open_lines.filtered(lambda line, both=some + invoice: line.move_id in both)
            for some, invoice in plan
        ]
        self.env["account.move.line"]._reconcile_plan(
            [
                lines
                for pair in pairs
                for lines in pair.grouped("account_id").values()
                if len(lines.move_id) > 1
            ]
        )

    def _get_settled_action(self):
        """Open the documents that settle these."""
        documents = self.move_id or self.order_id
        return documents._get_records_action(name=self.env._("Rebate Documents"))


class AccountMove(models.Model):
    _inherit = "account.move"

    def _is_short_by(self, amounts) -> bool:
        """Whether this invoice was paid in part, and one of these amounts, or all of
        them together, is what is missing."""
        self.ensure_one()
        same = self.currency_id == self.company_currency_id
        return (
            same
            and self.payment_state == "partial"
            and any(
                self.currency_id.compare_amounts(amount, self.amount_residual) == 0
                for amount in (*amounts, sum(amounts))
            )
        )

    def _get_rebate_receivables(self):
        """Return the open receivable lines."""
        return self.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        )
