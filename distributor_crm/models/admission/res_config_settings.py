# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    admission_link_days = fields.Integer(
        related="company_id.admission_link_days", readonly=False
    )
    admission_document_count = fields.Integer(
        related="company_id.admission_document_count", readonly=False
    )
    admission_document_mb = fields.Integer(
        related="company_id.admission_document_mb", readonly=False
    )
    admission_ip_limit = fields.Integer(
        related="company_id.admission_ip_limit", readonly=False
    )
    admission_email_limit = fields.Integer(
        related="company_id.admission_email_limit", readonly=False
    )
    admission_min_seconds = fields.Integer(
        related="company_id.admission_min_seconds", readonly=False
    )
    admission_keep_months = fields.Integer(
        related="company_id.admission_keep_months", readonly=False
    )
