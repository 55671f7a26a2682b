# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.distributor_crm.guard import lock_or_refuse


class DistributorFeePayout(models.Model):
    """Taking a payout back, when the bank returned it or it was prepared in error."""

    _inherit = "distributor.fee.payout"

    def action_cancel(self):
        """Open the form that asks for the reason."""
        self._check_finance()
        self._check_state("draft", "posted")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel Payout"),
            "res_model": "distributor.fee.payout.cancel",
            "view_mode": "form",
            "target": "new",
            "context": {"default_payout_ids": self.ids},
        }

    def _cancel(self, reason):
        """Cancel payouts: entries are reversed, and what they settled is due again.

        :param reason: required, kept on the payout
        :raises UserError: the money was cleared against an advance, or no reason
        """
        self._check_finance()
        self.check_access("read")
        reason = (reason or "").strip()[:2000]
        if not reason:
            raise UserError(self.env._("Say why the payout is cancelled."))
        # Finance may; entries and lines are closed to users.
        payouts = self.sudo()
        lock_or_refuse(payouts, allow_referencing=True)
        payouts._check_state("draft", "posted")
        for payout in payouts.with_context(fee_payout_cancelled=True):
            if payout.state == "posted":
                payout._reverse()
            payout.line_ids.is_void = True
            payout.receipt_ids.is_void = True
            # Lines and receipts are free before the next ones are written.
            self.env.flush_all()
            payout.write({"state": "cancelled", "cancel_reason": reason})
            # A new one may be prepared in the same breath.
            payout.flush_recordset()
            source = payout._get_source()
            source._mark_unpaid()
            source._close_if_nothing_left()
        return True

    def _reverse(self):
        expenses = self.item_ids.expense_id
        moves = self._get_moves()
        payments = moves.origin_payment_id
        cleared = moves.line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "liability_payable"
                and line.account_id.reconcile
                and (line.matched_debit_ids or line.matched_credit_ids)
            )
        )
        if cleared or "paid" in payments.mapped("state"):
            raise UserError(
                self.env._(
                    "%s was reimbursed, set against an advance or matched with the bank. "
                    "Undo that first.",
                    self.name,
                )
            )
        if self.item_ids.move_line_ids.move_id - moves:
            raise UserError(
                self.env._(
                    "A part of %s was denied and is being recovered: it is not cancelled "
                    "any more.",
                    self.name,
                )
            )
        moves._reverse_moves(
            [
                {
                    "date": fields.Date.context_today(self),
                    "invoice_date": move.invoice_date
                    and fields.Date.context_today(self),
                    "ref": self.env._("Cancelled: %s", self.name),
                }
                for move in moves
            ],
            cancel=True,
        )
        # The bank is not to be told of payments that were taken back.
        payments.filtered(lambda payment: payment.state == "in_process").write(
            {"state": "canceled"}
        )
        expenses.write({"approval_state": "refused"})
