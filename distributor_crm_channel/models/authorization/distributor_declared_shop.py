# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorDeclaredShop(models.Model):
    _name = "distributor.declared.shop"
    _inherit = ["distributor.declared.shop", "distributor.authorized.shop"]

    _authorization_field = "shop_id"

    authorization_ids = fields.One2many(
        comodel_name="distributor.authorization", inverse_name="shop_id"
    )

    def _reject(self, reason):
        # EXTENDS distributor_crm: what is no shop of a distributor is not authorized.
        result = super()._reject(reason)
        # Who may reject was checked; what follows is the company's doing.
        self.sudo().authorization_ids._withdraw(reason, None)
        return result
