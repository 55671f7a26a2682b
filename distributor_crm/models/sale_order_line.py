# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import fields, models
from odoo.tools import float_repr

from .rebate.distributor_rebate_outlook import Sale


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    rebate_exclusion = fields.Char(
        string="No Rebate Because",
        help="With a reason here, this sale counts in no rebate program.",
    )

    def _prepare_invoice_line(self, **optional_values):
        # EXTENDS sale
        values = super()._prepare_invoice_line(**optional_values)
        return values | {"rebate_exclusion": self.rebate_exclusion}

    def _is_open_sale(self) -> bool:
        """Whether something of this line is still to be invoiced."""
        self.ensure_one()
        return bool(
            not self.display_type
            and not self.is_downpayment
            and self.product_uom_qty
            and self._get_open_part()
        )

    def _get_open_part(self) -> float:
        """Return the part of this line that no posted invoice holds."""
        whole = self.product_uom_qty
        return min(max((whole - self.qty_invoiced_posted) / whole, 0), 1)

    def _as_rebate_sale(self, rate) -> Sale:
        """Return this line for the arithmetic, exact, in the company's currency."""
        part = Decimal(str(self._get_open_part()))
        digits = self.currency_id.decimal_places
        amount = Decimal(float_repr(self.price_subtotal, digits))
        return Sale(
            product_id=self.product_id.id,
            amount=amount * part / rate,
            quantity=Decimal(str(self.product_uom_qty)) * part,
            uom=self.product_uom_id,
        )

    def _get_open_cost(self):
        """Return what the open part costs, in the order's currency; None if unknown."""
        product = self.product_id.with_company(self.company_id)
        if not product or not product.standard_price:
            return 0 if product.type == "service" else None
        quantity = self.product_uom_id._compute_quantity(
            self.product_uom_qty * self._get_open_part(), product.uom_id, round=False
        )
        return quantity * product.standard_price * (self.order_id.currency_rate or 1)
