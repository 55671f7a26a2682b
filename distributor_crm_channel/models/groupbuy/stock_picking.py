# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _action_done(self):
        # EXTENDS stock: the first shipment closes the filing
        orders = self._get_customer_shipments().sale_id
        orders._check_groupbuy_price()
        result = super()._action_done()
        done = self._get_customer_shipments().filtered(lambda one: one.state == "done")
        # Who ships need not see group-buys.
        for order, pickings in done.sudo().grouped("sale_id").items():
            moments = [moment for moment in pickings.mapped("date_done") if moment]
            order.groupbuy_ids._ship(min(moments, default=fields.Datetime.now()))
        return result
