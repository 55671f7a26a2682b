# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    diversion_days = fields.Integer(related="company_id.diversion_days", readonly=False)
    diversion_min_codes = fields.Integer(
        related="company_id.diversion_min_codes", readonly=False
    )
    diversion_min_share = fields.Float(
        related="company_id.diversion_min_share", readonly=False
    )
    verify_hourly_limit = fields.Integer(
        related="company_id.verify_hourly_limit", readonly=False
    )
