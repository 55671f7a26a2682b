# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorGiftLine(models.Model):
    """So many of one product, at the sales price of the day."""

    _name = "distributor.gift.line"
    _description = "Gift Goods"
    _rec_name = "product_id"

    gift_id = fields.Many2one(
        comodel_name="distributor.gift", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="gift_id.company_id", store=True, precompute=True
    )
    partner_id = fields.Many2one(
        related="gift_id.partner_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        ondelete="restrict",
        domain=[("type", "=", "consu")],
    )
    quantity = fields.Float(digits="Product Unit", required=True, default=1)
    value = fields.Monetary(compute="_compute_value", store=True, precompute=True)

    _quantity_positive = models.Constraint(
        "CHECK(quantity > 0)", "What is given is more than nothing."
    )

    @api.depends("product_id", "quantity")
    def _compute_value(self):
        """What it is worth on the day it is entered; later prices change nothing."""
        for line in self:
            product = line.product_id.with_company(line.company_id)
            price = (
                product.currency_id._convert(
                    product.lst_price,
                    line.currency_id,
                    line.company_id,
                    fields.Date.context_today(line),
                )
                if product and line.currency_id
                else 0
            )
            line.value = line.quantity * price

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if not self.env.su:
            lines.gift_id._check_state("draft")
        return lines

    def write(self, vals):
        if not self.env.su:
            self.gift_id._check_state("draft")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        self.gift_id._check_state("draft")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    gift_id = fields.Many2one(
        comodel_name="distributor.gift",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="This order delivers a gift: no rebate, no earning.",
    )
