# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorFeeAdvanceReject(models.TransientModel):
    """Why advances are rejected."""

    _name = "distributor.fee.advance.reject"
    _description = "Reject Advances"

    advance_ids = fields.Many2many(
        comodel_name="distributor.fee.advance", required=True
    )
    reason = fields.Text(required=True)

    def action_reject(self):
        self.advance_ids._reject(self.reason)
        return {"type": "ir.actions.act_window_close"}


class DistributorFeeRecoveryDrop(models.TransientModel):
    """Why nothing is recovered."""

    _name = "distributor.fee.recovery.drop"
    _description = "Drop Recoveries"

    recovery_ids = fields.Many2many(
        comodel_name="distributor.fee.recovery", required=True
    )
    reason = fields.Text(required=True)

    def action_drop(self):
        self.recovery_ids._drop(self.reason)
        return {"type": "ir.actions.act_window_close"}
