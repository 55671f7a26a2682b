# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class DistributorFeeDocument(models.AbstractModel):
    """What payouts do to the documents they pay, which have `payout_ids`."""

    _inherit = "distributor.fee.document"

    def _mark_unpaid(self):
        """Say that a payout of this was taken back: it can be paid again."""
        if self.state == "paid":
            self._mark_paid(False)

    def action_prepare_payout(self):
        """Prepare the payouts of these, and open them (finance).

        What nets to nothing is closed: what has to be given back waits for the next
        payout to the same payee. What waits for the compliance reviewer is left out.
        """
        payouts = self.env["distributor.fee.payout"]._prepare_for(self)
        if payouts:
            return payouts._get_records_action()
        waiting = self.filtered(lambda one: one.state == "signed")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if waiting else "info",
                "sticky": bool(waiting),
                "message": self.env._(
                    "Nothing is paid now: it waits for the compliance reviewer. The "
                    "notes below %s say why.",
                    ", ".join(waiting.mapped("display_name")),
                )
                if waiting
                else self.env._(
                    "Nothing is left to pay: it is settled, and what was paid too "
                    "much is kept from the next payouts."
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_view_payouts(self):
        return self.payout_ids._get_records_action(name=self.env._("Payouts"))
