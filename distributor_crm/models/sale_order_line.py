# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


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
