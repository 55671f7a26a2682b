# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class AccountAnalyticAccount(models.Model):
    """The dedicated account of a product's relationship fees (客户关系维护费, R090)."""

    _inherit = "account.analytic.account"

    fee_product_tmpl_id = fields.Many2one(
        comodel_name="product.template",
        string="Relationship Fees Of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    _one_a_fee_product = models.UniqueIndex(
        "(company_id, fee_product_tmpl_id) WHERE fee_product_tmpl_id IS NOT NULL",
        "The relationship fees of this product have an account already.",
    )
