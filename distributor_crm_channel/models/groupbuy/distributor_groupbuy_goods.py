# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorGroupbuyGoods(models.Model):
    """How much of a product was really used (R040)."""

    _name = "distributor.groupbuy.goods"
    _description = "Goods Used"
    _order = "use_id, id"
    _check_company_auto = True

    use_id = fields.Many2one(
        comodel_name="distributor.groupbuy.use",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(related="use_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="use_id.partner_id", store=True, index=True)
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    uom_id = fields.Many2one(related="product_id.uom_id")
    quantity = fields.Float(string="Used", required=True, digits="Product Unit")

    _once = models.Constraint(
        "UNIQUE(use_id, product_id)", "This product is on the list already."
    )
    _quantity_positive = models.Constraint(
        "CHECK(quantity >= 0)", "A quantity is zero or more."
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.use_id._check_facts_open()
        return lines

    def write(self, vals):
        self.use_id._check_facts_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_judged(self):
        self.use_id._check_facts_open()
