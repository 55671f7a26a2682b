# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from ...guard import without_closed


class DistributorReturn(models.Model):
    """Goods that come back because the relation ends, at the price agreed on."""

    _inherit = "distributor.return"

    exit_id = fields.Many2one(
        comodel_name="distributor.exit",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )

    @api.model
    def _get_closed_fields(self):
        return super()._get_closed_fields() | {"exit_id"}

    def _prepare_credited(self, original, quantity):
        # EXTENDS distributor_crm: not what he paid, but what was agreed.
        values = super()._prepare_credited(original, quantity)
        stock = self.line_ids.filtered(
            lambda line: line.order_line_id in original.sale_line_ids
        ).exit_stock_id
        if stock:
            values["price_unit"] = stock._get_credit_price(
                original, original.product_uom_id
            )
        return values


class DistributorReturnLine(models.Model):
    _inherit = "distributor.return.line"

    exit_stock_id = fields.Many2one(
        comodel_name="distributor.exit.stock",
        string="Stock Taken Back",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.model_create_multi
    def create(self, vals_list):
        # It says the price: our own code alone sets it.
        self, vals_list = without_closed(self, vals_list, {"exit_stock_id"})
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            vals = {k: v for k, v in vals.items() if k != "exit_stock_id"}
        return super().write(vals)
