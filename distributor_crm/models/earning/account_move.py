# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """Invoices tell their orders' earnings; entries that pay earnings stay."""

    _inherit = "account.move"

    earning_ids = fields.One2many(
        comodel_name="distributor.earning", inverse_name="move_id", readonly=True
    )

    def write(self, vals):
        # EXTENDS account: posted, reset, cancelled
        result = super().write(vals)
        if "state" in vals:
            self.env["distributor.earning.change"]._note_invoices(self)
        return result

    def button_draft(self):
        # EXTENDS account
        self._check_earning_entries()
        return super().button_draft()

    def button_cancel(self):
        # EXTENDS account
        self._check_earning_entries()
        return super().button_cancel()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_earning_entry(self):
        self._check_earning_entries()

    def _check_earning_entries(self):
        """Keep the entries that released or paid earnings.

        :raises UserError: says what to do instead
        """
        if self.env.context.get("earning_withdrawal_returned") and self.env.su:
            return
        entries = self.filtered(lambda move: move.move_type == "entry")
        if not entries:
            return
        # Whether they are ours does not depend on who asks.
        released = (
            self.env["distributor.earning"]
            .sudo()
            .search_count([("move_id", "in", entries.ids)], limit=1)
        )
        paid = (
            self.env["distributor.withdrawal"]
            .sudo()
            .search_count(
                [
                    "&",
                    ("state", "=", "paid"),
                    "|",
                    ("move_id", "in", entries.ids),
                    ("payment_id.move_id", "in", entries.ids),
                ],
                limit=1,
            )
        )
        if released or paid:
            raise UserError(
                self.env._(
                    "This entry released or paid distributors' earnings and stays. "
                    "Refund the customer's invoice to take earnings back; use “Returned "
                    "by the Bank” on the withdrawal to undo a payment."
                )
            )
