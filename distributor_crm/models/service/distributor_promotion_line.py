# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorPromotionLine(models.Model):
    """What a product costs in a promotion (R022)."""

    _name = "distributor.promotion.line"
    _description = "Price in a Promotion"
    _order = "sequence, id"
    _rec_name = "product_id"
    _check_company_auto = True

    promotion_id = fields.Many2one(
        comodel_name="distributor.promotion",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="promotion_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="promotion_id.currency_id")
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        domain=[("sale_ok", "=", True)],
        check_company=True,
    )
    price = fields.Monetary(string="Promotion Price", required=True)

    _once = models.UniqueIndex(
        "(promotion_id, product_id)", "Enter each product of a promotion once."
    )
    _price_not_negative = models.Constraint(
        "CHECK(price >= 0)", "A price is not below zero."
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.promotion_id._set_prices()
        return lines

    def write(self, vals):
        result = super().write(vals)
        self.promotion_id._set_prices()
        return result

    def unlink(self):
        promotions = self.promotion_id
        result = super().unlink()
        promotions._set_prices()
        return result
