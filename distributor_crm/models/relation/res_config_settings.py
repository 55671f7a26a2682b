# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    relation_cold_days = fields.Integer(
        related="company_id.relation_cold_days", readonly=False
    )
    anniversary_days = fields.Integer(
        related="company_id.anniversary_days", readonly=False
    )
