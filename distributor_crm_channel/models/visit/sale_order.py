# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    distributor_visit_ids = fields.One2many(
        comodel_name="distributor.visit", inverse_name="deal_order_id"
    )

    def action_confirm(self):
        result = super().action_confirm()
        confirmed = self.filtered(lambda order: order.state == "sale")
        if confirmed:
            # Who sells need not read the visits that brought the customer.
            visits = self.env["distributor.visit"].sudo()
            if visits._may_be_credited(confirmed):
                visits._credit_sales(confirmed)
        return result

    def _action_cancel(self):
        result = super()._action_cancel()
        # Who cancels need not read the visits that brought the customer.
        self.sudo().distributor_visit_ids._drop_sale()
        return result
