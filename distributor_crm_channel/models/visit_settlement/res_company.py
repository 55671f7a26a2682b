# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError


class ResCompany(models.Model):
    _inherit = "res.company"

    visit_expense_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Visit Fees",
        domain=[("account_type", "in", ("expense", "expense_direct_cost"))],
        check_company=True,
    )
    visit_penalty_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Penalties of Agencies",
        domain=[("account_type", "in", ("expense", "income", "income_other"))],
        check_company=True,
        help="Empty: penalties lower the visit fees.",
    )
    visit_journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Visit Bills",
        domain=[("type", "=", "purchase")],
        check_company=True,
    )
    visit_tax_ids = fields.Many2many(
        comodel_name="account.tax",
        relation="res_company_visit_tax_rel",
        string="Taxes on Visit Bills",
        domain=[("type_tax_use", "=", "purchase")],
        check_company=True,
    )

    def _check_visit_accounting(self):
        """:raises UserError: account or journal of visit bills is missing"""
        for company in self:
            if not company.visit_expense_account_id or not company.visit_journal_id:
                raise UserError(
                    self.env._(
                        "Say in the settings of %s on which account and in which journal "
                        "visits are billed.",
                        company.name,
                    )
                )
