# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    evaluation_own_portfolio = fields.Selection(
        related="company_id.evaluation_own_portfolio", readonly=False
    )
    evaluation_comment_days = fields.Integer(
        related="company_id.evaluation_comment_days", readonly=False
    )
