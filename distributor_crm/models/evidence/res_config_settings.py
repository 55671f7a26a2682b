# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    evidence_retention_days = fields.Integer(
        related="company_id.evidence_retention_days", readonly=False
    )
    evidence_before_hours = fields.Integer(
        related="company_id.evidence_before_hours", readonly=False
    )
    evidence_after_hours = fields.Integer(
        related="company_id.evidence_after_hours", readonly=False
    )
    evidence_distance = fields.Integer(
        related="company_id.evidence_distance", readonly=False
    )
    evidence_clock_minutes = fields.Integer(
        related="company_id.evidence_clock_minutes", readonly=False
    )
