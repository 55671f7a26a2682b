# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    stock_days_low = fields.Integer(related="company_id.stock_days_low", readonly=False)
    stock_days_high = fields.Integer(
        related="company_id.stock_days_high", readonly=False
    )
