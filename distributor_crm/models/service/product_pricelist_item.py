# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ProductPricelistItem(models.Model):
    _inherit = "product.pricelist.item"

    promotion_id = fields.Many2one(
        comodel_name="distributor.promotion",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The promotion for distributors that set this price.",
    )
