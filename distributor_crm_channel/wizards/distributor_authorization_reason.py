# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorAuthorizationReason(models.TransientModel):
    """Asks for the reason of a refusal or of a proposal to withdraw."""

    _name = "distributor.authorization.reason"
    _description = "Reason of an Authorization Decision"

    authorization_ids = fields.Many2many(
        comodel_name="distributor.authorization", required=True
    )
    act = fields.Selection(
        selection=[("refuse", "Refuse"), ("propose", "Propose to Withdraw")],
        required=True,
    )
    reason = fields.Char(required=True, help="Told to the distributor.")

    def action_confirm(self):
        """Do it, with the reason."""
        self.ensure_one()
        records = self.authorization_ids
        if self.act == "refuse":
            records._refuse(self.reason)
        else:
            records._check_may_propose()
            records._propose_withdrawal(self.reason)
        return True
