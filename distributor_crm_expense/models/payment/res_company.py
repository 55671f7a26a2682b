# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ResCompany(models.Model):
    """Where relationship fees and advances are booked."""

    _inherit = "res.company"

    fee_product_id = fields.Many2one(
        comodel_name="product.product",
        string="Fee Expense Category",
        domain=[("can_be_expensed", "=", True)],
        default=lambda self: self.env.ref(
            "distributor_crm_expense.product_relationship_fee", False
        ),
        help="The expense category of all relationship fees.",
    )
    fee_expense_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Fee Account",
        domain=[("account_type", "=", "expense")],
        check_company=True,
        help="Relationship fees are booked here, on the analytic account of their "
        "product.",
    )
    fee_advance_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Advance Account",
        domain=[("account_type", "=", "asset_receivable"), ("reconcile", "=", True)],
        check_company=True,
        help="What representatives borrowed and have not cleared, by person.",
    )
    fee_journal_id = fields.Many2one(
        comodel_name="account.journal",
        domain=[("type", "=", "general")],
        check_company=True,
        help="For entries that set fees and advances against each other.",
    )
    fee_payment_journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Paid From",
        domain=[("type", "in", ("bank", "cash"))],
        check_company=True,
        help="Where fees and advances are paid from, unless another is chosen. Cash is "
        "refused unless the fee policy allows it.",
    )

    def _get_fee_setting(self, name):
        """Return a setting of the company, or say where it is made.

        :raises UserError: it is missing
        """
        self.ensure_one()
        value = self[name]
        if not value:
            raise UserError(
                self.env._(
                    "“%(setting)s” is missing for %(company)s. An administrator sets it "
                    "in Settings > Distributors > Relationship Fees.",
                    setting=self._fields[name].get_description(self.env)["string"],
                    company=self.name,
                )
            )
        return value

    @api.model
    def _set_up_fee_accounting(self):
        """Give each company that has a chart of accounts what is missing: accounts for
        fees and advances, journals, the expense category. Called on installation and
        from the settings; running it again changes nothing."""
        companies = self or self.search([("chart_template", "!=", False)])
        category = self.env.ref("distributor_crm_expense.product_relationship_fee")
        for company in companies:
            values = {"fee_product_id": category.id}
            for name, kind, label in (
                ("fee_expense_account_id", "expense", "Customer Relationship Fees"),
                (
                    "fee_advance_account_id",
                    "asset_receivable",
                    "Advances to Representatives",
                ),
            ):
                if not company[name]:
                    account = company._create_fee_account(kind, label)
                    values[name] = account.id
            for name, kind in (
                ("fee_journal_id", "general"),
                ("fee_payment_journal_id", "bank"),
            ):
                values[name] = self.env["account.journal"].search(
                    Domain("type", "=", kind) & Domain("company_id", "=", company.id),
                    limit=1,
                )
            company.write({k: v for k, v in values.items() if v and not company[k]})

    def _create_fee_account(self, kind, label):
        """Create an account next to others of its type."""
        Account = self.env["account.account"].with_company(self)
        sibling = Account.search(
            [*Account._check_company_domain(self), ("account_type", "=", kind)],
            order="code desc",
            limit=1,
        )
        account = Account.create(
            {
                "name": label,
                "code": Account._search_new_account_code(sibling.code or "122100"),
                "account_type": kind,
                "reconcile": kind == "asset_receivable",
                "non_trade": kind == "asset_receivable",
                "company_ids": [Command.set(self.ids)],
            }
        )
        for lang, _name in self.env["res.lang"].get_installed():
            translated = self.with_context(lang=lang)._translate_fee_account(kind)
            account.with_context(lang=lang).name = translated
        return account

    def _translate_fee_account(self, kind):
        if kind == "expense":
            return self.env._("Customer Relationship Fees")
        return self.env._("Advances to Representatives")

    def _check_fee_cash(self, journal, day):
        """Refuse cash, unless the fee policy of the day allows it (R106).

        :raises UserError: names the journal
        """
        self.ensure_one()
        if journal.type == "cash" and not self._get_fee_policy(day).allow_cash:
            raise UserError(
                self.env._(
                    "“%(journal)s” pays in cash, which the fee policy does not allow. "
                    "Choose a bank journal.",
                    journal=journal.name,
                )
            )
