# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorDeclaredShopReject(models.TransientModel):
    """Rejects declared shops, with the reason that the distributors read."""

    _name = "distributor.declared.shop.reject"
    _description = "Reject Shops"

    shop_ids = fields.Many2many(
        comodel_name="distributor.declared.shop", string="Shops", required=True
    )
    reason = fields.Char(required=True, help="Told to the distributor.")

    def action_reject(self):
        """Reject the shops."""
        self.shop_ids._reject(self.reason)
        return True
