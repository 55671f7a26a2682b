# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    stock_days_low = fields.Integer(
        string="Short Below (Days of Stock)", required=True, default=15
    )
    stock_days_high = fields.Integer(
        string="Heavy Above (Days of Stock)", required=True, default=90
    )

    _stock_days_in_order = models.Constraint(
        "CHECK(stock_days_low >= 0 AND stock_days_high > stock_days_low)",
        "Stock is heavy above a higher number of days than it is short below.",
    )
