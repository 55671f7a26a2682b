# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    handover_contact_days = fields.Integer(
        related="company_id.handover_contact_days", readonly=False
    )
    core_contact_days = fields.Integer(
        related="company_id.core_contact_days", readonly=False
    )
    portfolio_cut_a = fields.Float(related="company_id.portfolio_cut_a", readonly=False)
    portfolio_cut_b = fields.Float(related="company_id.portfolio_cut_b", readonly=False)
    portfolio_new_days = fields.Integer(
        related="company_id.portfolio_new_days", readonly=False
    )
    portfolio_rhythm_days = fields.Integer(
        related="company_id.portfolio_rhythm_days", readonly=False
    )
    portfolio_risk_factor = fields.Float(
        related="company_id.portfolio_risk_factor", readonly=False
    )
    portfolio_sleep_factor = fields.Float(
        related="company_id.portfolio_sleep_factor", readonly=False
    )
    portfolio_lost_factor = fields.Float(
        related="company_id.portfolio_lost_factor", readonly=False
    )
    portfolio_decline = fields.Float(
        related="company_id.portfolio_decline", readonly=False
    )
    key_orders = fields.Integer(related="company_id.key_orders", readonly=False)
    key_sales = fields.Monetary(
        related="company_id.key_sales",
        readonly=False,
        currency_field="currency_id",
    )
    key_margin = fields.Float(related="company_id.key_margin", readonly=False)
    duplicate_score = fields.Integer(
        related="company_id.duplicate_score", readonly=False
    )
