# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    approval_allow_unmatched = fields.Boolean(
        related="company_id.approval_allow_unmatched", readonly=False
    )
