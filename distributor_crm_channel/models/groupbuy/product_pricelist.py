# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    groupbuy_policy_ids = fields.One2many(
        comodel_name="distributor.groupbuy.policy",
        inverse_name="pricelist_id",
        string="Group-buy Policies",
    )

    def _is_for_groupbuys(self):
        """Whether these are the prices of a group-buy policy, an old one included."""
        # Who sells need not see policies.
        pricelist = self.sudo().with_context(active_test=False)
        return bool(pricelist.groupbuy_policy_ids)
