# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    service_transit_days = fields.Integer(
        related="company_id.service_transit_days", readonly=False
    )
    shipping_sla_hours = fields.Float(
        related="company_id.shipping_sla_hours", readonly=False
    )
