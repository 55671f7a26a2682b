# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorFeePayoutCancel(models.TransientModel):
    """Why payouts are cancelled."""

    _name = "distributor.fee.payout.cancel"
    _description = "Cancel Payouts"

    payout_ids = fields.Many2many(comodel_name="distributor.fee.payout", required=True)
    reason = fields.Text(required=True)

    def action_cancel(self):
        self.payout_ids._cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
