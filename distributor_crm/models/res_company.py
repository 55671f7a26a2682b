# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from .rebate.distributor_rebate_accounting import ACCRUAL_BASES
from .rebate.distributor_rebate_program import REBATE_ACCOUNT_TYPES

JOURNAL_TYPES = {
    "rebate_purchase_journal_id": "purchase",
    "rebate_accrual_journal_id": "general",
}


class ResCompany(models.Model):
    _inherit = "res.company"

    rebate_account_id = fields.Many2one(
        comodel_name="account.account",
        domain=[("account_type", "in", REBATE_ACCOUNT_TYPES)],
        check_company=True,
        help="New rebate programs are booked here: contra-revenue or an expense.",
    )
    rebate_purchase_journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Rebate Bill Journal",
        domain=[("type", "=", "purchase")],
        check_company=True,
    )
    rebate_accrual_basis = fields.Selection(
        selection=ACCRUAL_BASES, string="Rebate Accrual", default="none"
    )
    rebate_accrual_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Accrued Rebates Account",
        domain=[("account_type", "=", "liability_current"), ("reconcile", "=", False)],
        check_company=True,
    )
    rebate_accrual_journal_id = fields.Many2one(
        comodel_name="account.journal",
        domain=[("type", "=", "general")],
        check_company=True,
    )

    @api.constrains("rebate_accrual_account_id", "rebate_account_id")
    def _check_rebate_accounts(self):
        for company in self:
            company.rebate_accrual_account_id._check_rebate_accrual()
            account = company.rebate_account_id
            if account and account.account_type not in REBATE_ACCOUNT_TYPES:
                raise ValidationError(
                    self.env._(
                        "Account %(account)s cannot carry rebates. Choose an income, "
                        "expense or current liability account.",
                        account=account.display_name,
                    )
                )

    def _get_sales_journal(self):
        """Return the company's first sales journal, empty where it has none."""
        return self._get_journal("sale")

    def _get_journal(self, kind):
        """Return the company's first journal of a type, empty where it has none."""
        Journal = self.env["account.journal"]
        return Journal.search(
            [*Journal._check_company_domain(self), ("type", "=", kind)], limit=1
        )

    def _get_rebate_default(self, name):
        """Return what stands in where the company chose no default: its first journal of
        the type, and no account."""
        if name in JOURNAL_TYPES:
            return self._get_journal(JOURNAL_TYPES[name])
        return False

    def _check_rebate_date(self, day, journals, has_tax=False):
        """Refuse to book rebates on a day that is closed.

        :param journals: where it is to be booked
        :param has_tax: the tax lock date counts too
        :raises UserError: names the lock dates
        """
        self.ensure_one()
        locks = {
            lock
            for journal in journals
            for lock in self._get_violated_lock_dates(day, has_tax, journal)
        }
        if locks:
            raise UserError(
                self.env._(
                    "%(day)s lies in a closed period: %(locks)s. Choose a later day.",
                    day=format_date(self.env, day),
                    locks=self._format_lock_dates(list(locks)),
                )
            )
