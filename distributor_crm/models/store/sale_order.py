# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class SaleOrder(models.Model):
    """An order carries the store that it was sold through; the customer stays his own."""

    _inherit = "sale.order"

    store_id = fields.Many2one(
        comodel_name="distributor.store",
        string="Distributor Store",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="The store through which this order came, and which earns on it.",
    )
    delivered_on = fields.Date(
        compute="_compute_delivered_on",
        store=True,
        copy=False,
        help="The day on which all goods of the order were delivered.",
    )

    @api.depends("state", "order_line.qty_delivered", "order_line.product_uom_qty")
    def _compute_delivered_on(self):
        for order in self:
            if order.state != "sale" or not order._is_delivered():
                order.delivered_on = False
            elif not order.delivered_on:
                order.delivered_on = order._get_delivery_day()

    def _is_delivered(self):
        """Whether nothing of the goods is still to be delivered."""
        goods = self.order_line.filtered(lambda line: line.product_id.type == "consu")
        return all(line.qty_delivered >= line.product_uom_qty for line in goods)

    def _get_delivery_day(self):
        """Return the day of the last delivery; without stock moves, that is today."""
        return fields.Date.context_today(self)
