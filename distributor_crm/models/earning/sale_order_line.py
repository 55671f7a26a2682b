# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_earning_kind(self) -> str:
        """Hook: return how a line counts in what a store earns.

        goods: earn. deduction: a coupon, store credit or gift card that lowers what was
        really paid. other: delivery and other services; they earn nothing and bear their
        part of deductions. none: an advance, which is neither.
        """
        self.ensure_one()
        if self.is_downpayment or self.display_type:
            return "none"
        if self.price_unit < 0 or self.price_subtotal < 0:
            return "deduction"
        goods = self.product_id.type in ("consu", "combo")
        return "goods" if goods else "other"
