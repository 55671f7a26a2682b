# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class DistributorFeeDocument(models.AbstractModel):
    """What payouts do to the documents they pay, which have `payout_ids`."""

    _inherit = "distributor.fee.document"

    def _mark_unpaid(self):
        """Say that a payout of this was taken back: it can be paid again."""
        if self.state == "paid":
            self._mark_paid(False)

    def action_view_payouts(self):
        return self.payout_ids._get_records_action(name=self.env._("Payouts"))
