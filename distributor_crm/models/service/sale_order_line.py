# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def write(self, vals):
        # EXTENDS sale: where no stock is kept, people enter what was delivered.
        result = super().write(vals)
        if "qty_delivered" in vals:
            self.order_id._notify_arrived()
        return result
