# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    tier_promotion_mode = fields.Selection(
        related="company_id.tier_promotion_mode", readonly=False
    )
    tier_demotion_mode = fields.Selection(
        related="company_id.tier_demotion_mode", readonly=False
    )
    tier_refusal_days = fields.Integer(
        related="company_id.tier_refusal_days", readonly=False
    )
