# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    store_agreement_policy = fields.Selection(
        related="company_id.store_agreement_policy", readonly=False
    )
    store_training_policy = fields.Selection(
        related="company_id.store_training_policy", readonly=False
    )
    store_onboarding_plan_id = fields.Many2one(
        related="company_id.store_onboarding_plan_id", readonly=False
    )
    agreement_tz = fields.Selection(related="company_id.agreement_tz", readonly=False)
    agreement_reminder_days = fields.Integer(
        related="company_id.agreement_reminder_days", readonly=False
    )
    agreement_last_call_days = fields.Integer(
        related="company_id.agreement_last_call_days", readonly=False
    )
    agreement_settlement_user_id = fields.Many2one(
        related="company_id.agreement_settlement_user_id", readonly=False
    )
