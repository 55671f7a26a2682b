# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    return_window_days = fields.Integer(
        related="company_id.return_window_days", readonly=False
    )
    return_auto_approve = fields.Boolean(
        related="company_id.return_auto_approve", readonly=False
    )
    promo_max_products = fields.Integer(
        related="company_id.promo_max_products", readonly=False
    )
    gift_yearly_cap = fields.Monetary(
        related="company_id.gift_yearly_cap", readonly=False
    )
    gift_allow_employee = fields.Boolean(
        related="company_id.gift_allow_employee", readonly=False
    )
    gift_legal_note = fields.Text(related="company_id.gift_legal_note", readonly=False)
    after_sale_call_days = fields.Integer(
        related="company_id.after_sale_call_days", readonly=False
    )
