# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorTierRefusal(models.TransientModel):
    _name = "distributor.tier.refusal"
    _description = "Refusal of a Change of Tier"

    change_ids = fields.Many2many(comodel_name="distributor.tier.change")
    reason = fields.Text()

    def action_refuse(self):
        """Refuse the changes for the reason given."""
        self.change_ids._refuse(self.reason)
