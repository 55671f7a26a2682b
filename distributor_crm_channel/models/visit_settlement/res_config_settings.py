# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    visit_expense_account_id = fields.Many2one(
        related="company_id.visit_expense_account_id", readonly=False
    )
    visit_penalty_account_id = fields.Many2one(
        related="company_id.visit_penalty_account_id", readonly=False
    )
    visit_journal_id = fields.Many2one(
        related="company_id.visit_journal_id", readonly=False
    )
    visit_tax_ids = fields.Many2many(related="company_id.visit_tax_ids", readonly=False)
