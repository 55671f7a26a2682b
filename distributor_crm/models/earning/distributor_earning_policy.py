# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...validity import valid_domain

# What earnings were judged by: a new policy from a later day changes it, not an edit.
TERMS = {
    "company_id",
    "date_from",
    "method",
    "own_rate",
    "upper_rate",
    "with_tax",
    "pay_own_orders",
    "freeze_days",
    "expense_account_id",
    "payable_account_id",
}


class DistributorEarningPolicy(models.Model):
    """What stores earn on sales, when it is free, and how it is withdrawn (R015)."""

    _name = "distributor.earning.policy"
    _description = "Earning Policy"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="Orders From",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
        help="An order is judged by the policy of the day it was placed on.",
    )
    date_to = fields.Date(string="Orders Until", tracking=True)
    # What is earned
    method = fields.Selection(
        selection=[("rate", "Share of the Sale"), ("margin", "Margin")],
        required=True,
        default="rate",
        tracking=True,
        help="Share of the Sale: a percentage of what the customer really paid. "
        "Margin: what he paid, less the store owner's own price.",
    )
    own_rate = fields.Float(
        string="Own Sales (%)",
        digits=(16, 2),
        tracking=True,
        help="What the store earns on sales through itself.",
    )
    upper_rate = fields.Float(
        string="Sub-stores' Sales (%)",
        digits=(16, 2),
        tracking=True,
        help="What a store earns on sales through the stores that it invited. This is a "
        "second paid level: it needs a legal opinion.",
    )
    with_tax = fields.Boolean(
        string="Tax Counts",
        tracking=True,
        help="On: earnings are a share of what was paid including tax.",
    )
    pay_own_orders = fields.Boolean(
        string="Own Orders Earn",
        tracking=True,
        help="Off: what an owner orders through his own store earns nothing.",
    )
    freeze_days = fields.Integer(
        string="Days Frozen",
        default=7,
        required=True,
        tracking=True,
        help="Earnings are free so many days after all goods were delivered.",
    )
    # How it is withdrawn
    minimum = fields.Monetary(string="Minimum Withdrawal", tracking=True)
    fee_fixed = fields.Monetary(string="Fee", tracking=True)
    fee_percent = fields.Float(string="Fee (%)", digits=(16, 2), tracking=True)
    monthly_limit = fields.Integer(
        string="Withdrawals a Month",
        tracking=True,
        help="So many a calendar month at most. 0: as many as one likes.",
    )
    tax_mode = fields.Selection(
        selection=[
            ("none", "Nothing"),
            ("withhold", "Withhold Tax"),
            ("bill", "Ask for the Distributor's Invoice"),
        ],
        string="Tax on Withdrawals",
        required=True,
        default="none",
        tracking=True,
    )
    tax_rate = fields.Float(string="Withheld (%)", digits=(16, 2), tracking=True)
    # Where it is booked
    expense_account_id = fields.Many2one(
        comodel_name="account.account",
        required=True,
        ondelete="restrict",
        check_company=True,
        domain=[("account_type", "in", ("expense", "expense_direct_cost", "income"))],
    )
    payable_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Distributor Payable Account",
        required=True,
        ondelete="restrict",
        check_company=True,
        domain=[("account_type", "=", "liability_payable"), ("reconcile", "=", True)],
        help="What is owed to distributors, and nothing else: its balance is what they "
        "may withdraw.",
    )
    fee_account_id = fields.Many2one(
        comodel_name="account.account",
        ondelete="restrict",
        check_company=True,
        domain=[("account_type", "in", ("income", "income_other"))],
    )
    tax_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Withheld Tax Account",
        ondelete="restrict",
        check_company=True,
        domain=[("account_type", "=", "liability_current")],
    )
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        required=True,
        ondelete="restrict",
        check_company=True,
        domain=[("type", "=", "general")],
    )
    payment_journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Paid From",
        ondelete="restrict",
        check_company=True,
        domain=[("type", "in", ("bank", "cash"))],
    )
    is_used = fields.Boolean(compute="_compute_is_used", compute_sudo=True)

    # A range of one number: GiST compares it for equality without an extension.
    _once = models.Constraint(
        "EXCLUDE USING gist (int4range(company_id, company_id, '[]') WITH =, "
        "daterange(date_from, date_to, '[]') WITH &&)",
        "Another policy of the company holds on some of these days. End it before this "
        "one starts.",
    )
    _dates_in_order = models.Constraint(
        "CHECK(date_to >= date_from)", "A policy ends on or after the day it starts."
    )
    _rates = models.Constraint(
        "CHECK(COALESCE(own_rate, 0) BETWEEN 0 AND 100 AND "
        "COALESCE(upper_rate, 0) BETWEEN 0 AND 100 AND "
        "COALESCE(own_rate, 0) + COALESCE(upper_rate, 0) <= 100)",
        "Rates are between 0% and 100%, together too.",
    )
    _freeze = models.Constraint(
        "CHECK(freeze_days >= 0)", "Earnings cannot be frozen for less than 0 days."
    )
    _withdrawal_terms = models.Constraint(
        "CHECK(COALESCE(minimum, 0) >= 0 AND COALESCE(fee_fixed, 0) >= 0 "
        "AND COALESCE(fee_percent, 0) BETWEEN 0 AND 100 "
        "AND COALESCE(tax_rate, 0) BETWEEN 0 AND 100 "
        "AND COALESCE(fee_percent, 0) + COALESCE(tax_rate, 0) < 100 "
        "AND COALESCE(monthly_limit, 0) >= 0)",
        "Minimum, fees, tax and number of withdrawals are not negative, and fee and tax "
        "leave something to be paid.",
    )
    _accounts = models.Constraint(
        "CHECK((COALESCE(fee_fixed, 0) + COALESCE(fee_percent, 0) = 0 "
        "OR fee_account_id IS NOT NULL) "
        "AND (tax_mode <> 'withhold' OR tax_account_id IS NOT NULL))",
        "A fee needs a fee account, and a withheld tax an account of its own.",
    )
    _margin_without_tax = models.Constraint(
        "CHECK(method <> 'margin' OR NOT COALESCE(with_tax, FALSE))",
        "A margin is counted without tax, as the owner's own price is.",
    )

    @api.depends("name")
    def _compute_is_used(self):
        used = self.env["distributor.earning"]._read_group(
            [("policy_id", "in", self.ids)], ["policy_id"]
        )
        used = {policy for (policy,) in used}
        for policy in self:
            policy.is_used = policy._origin in used

    @api.constrains("payable_account_id")
    def _check_payable_account(self):
        """An account of suppliers' bills would let them be withdrawn as earnings."""
        for policy in self:
            account = policy.payable_account_id
            if account.account_type != "liability_payable" or not account.reconcile:
                raise ValidationError(
                    self.env._(
                        "%s cannot hold what is owed to distributors. Choose a payable "
                        "account.",
                        account.display_name,
                    )
                )
            bill = self.env["account.move.line"].search(
                [
                    ("account_id", "=", account.id),
                    ("move_id.move_type", "in", ("in_invoice", "in_refund")),
                ],
                limit=1,
            )
            if bill:
                raise ValidationError(
                    self.env._(
                        "%s holds suppliers' bills. Make a payable account for "
                        "distributors alone: its balance is what they may withdraw.",
                        account.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        # One policy ends where the next starts: the end must be there first.
        self.flush_model(["date_from", "date_to"])
        return super().create(vals_list)

    def write(self, vals):
        changed = TERMS & vals.keys()
        used = self.filtered("is_used") if changed else self.browse()
        for policy in used:
            if any(
                policy._fields[name].convert_to_write(policy[name], policy)
                != vals[name]
                for name in changed
            ):
                raise UserError(
                    self.env._(
                        "Earnings were counted by “%s”. End it on a day, and make a "
                        "new policy that holds from the next.",
                        policy.name,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if any(self.mapped("is_used")):
            raise UserError(
                self.env._("A policy that earnings were counted by stays on record.")
            )

    @api.model
    def _get_valid(self, company, day):
        """Return the policy of a company that holds on a day, or none."""
        domain = valid_domain(day, day) & fields.Domain("company_id", "=", company.id)
        # What is earned does not depend on who asks.
        return self.sudo().search(domain, limit=1)

    @api.model
    def _get_current(self, company):
        """Return the policy that withdrawals of a company follow today: the one that
        holds, or else the last one."""
        day = fields.Date.context_today(self)
        domain = [("company_id", "=", company.id), ("date_from", "<=", day)]
        # Terms are the same for whoever asks.
        return self._get_valid(company, day) or self.sudo().search(
            domain, order="date_from desc", limit=1
        )
