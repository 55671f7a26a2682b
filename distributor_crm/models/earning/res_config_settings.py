# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    earning_warn_people = fields.Integer(
        related="company_id.earning_warn_people", readonly=False
    )
    earning_warn_depth = fields.Integer(
        related="company_id.earning_warn_depth", readonly=False
    )
    earning_warn_share = fields.Float(
        related="company_id.earning_warn_share", readonly=False
    )
