# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from decimal import Decimal, InvalidOperation

from dateutil.relativedelta import relativedelta
from psycopg2.errors import UniqueViolation

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...earning import arithmetic
from .res_partner import OPEN

LARGEST = Decimal(10) ** 12


class DistributorWithdrawal(models.Model):
    """Making a withdrawal: everything is checked, then written in one piece."""

    _inherit = "distributor.withdrawal"

    @api.model
    def _request(self, company, partner, bank_account, amount):
        """Request a withdrawal for a distributor; the caller checked who he is.

        :param company: from the account with which company
        :param partner: the distributor
        :param bank_account: where it is to be paid, one of his own
        :param amount: text or number, untrusted
        :raises UserError: says what is wrong and what to do
        :return: the withdrawal, with full rights
        """
        # Distributors hold no right on withdrawals; this method is the only way.
        Withdrawal = self.sudo().with_company(company)
        policy = Withdrawal._get_policy(company)
        partner._check_distributor_holds("earning", company)
        amount = Withdrawal._read_amount(amount, company.currency_id)
        Withdrawal._check_bank_account(partner, bank_account, company)
        Withdrawal._check_limits(policy, partner, amount)
        lines = Withdrawal._get_drawn(company, partner, amount)
        parts = policy._get_charges(amount)
        if parts.net <= 0:
            raise UserError(
                self.env._("After fee and tax nothing is left. Withdraw more.")
            )
        withdrawal = Withdrawal._create_once(
            {
                "company_id": company.id,
                "partner_id": partner.id,
                "policy_id": policy.id,
                "number": Withdrawal._get_next_number(company, partner),
                "date": fields.Date.context_today(self),
                "user_id": self.env.uid,
                "fee": float(parts.fee),
                "tax": float(parts.tax),
                "net": float(parts.net),
                "tax_mode": policy.tax_mode,
                "bank_account_id": bank_account.id,
                "account_number": bank_account.acc_number,
                "line_ids": [Command.create(line) for line in lines],
            }
        )
        withdrawal.message_subscribe(partner_ids=partner.ids)
        withdrawal.request_validation()
        return withdrawal

    @api.model
    def _create_once(self, values):
        """Create a withdrawal, unless another was made since the balance was read.

        :raises UserError: somebody was quicker
        """
        numbers = self.env["ir.sequence"]
        values["name"] = numbers.next_by_code("distributor.withdrawal") or "/"
        try:
            withdrawal = self.create(values)
            # Now, not at the end: the one who comes second is refused here.
            self.env.flush_all()
        except UniqueViolation as error:
            raise UserError(
                self.env._(
                    "Another withdrawal of this distributor was requested at the same "
                    "moment. Look at what is left, and try again."
                )
            ) from error
        return withdrawal

    @api.model
    def _check_may_ask_for(self, partner):
        """Whether this user may request a withdrawal for a distributor: whoever looks
        after him, or finance; never for himself.

        :raises AccessError: he may not
        """
        user = self.env.user
        partner.check_access("read")
        may = user.has_groups(
            "distributor_crm.group_sales_manager,distributor_crm.group_finance"
        ) or (
            user.has_group("distributor_crm.group_account_manager")
            and partner.account_manager_id == user
        )
        if not may or user.commercial_partner_id == partner:
            raise AccessError(
                self.env._(
                    "Withdrawals of %s are requested by himself, his account manager or "
                    "finance.",
                    partner.name,
                )
            )

    @api.model
    def _get_policy(self, company):
        policy = self.env["distributor.earning.policy"]._get_current(company)
        if not policy:
            raise UserError(
                self.env._(
                    "%s has no earning policy, so nothing can be withdrawn.",
                    company.name,
                )
            )
        return policy

    @api.model
    def _read_amount(self, amount, currency) -> Decimal:
        """Return an amount that was typed or sent.

        :raises UserError: it is no amount, none above 0, or has too many decimals
        """
        try:
            if isinstance(amount, bool):
                raise InvalidOperation
            value = Decimal(str(amount).strip().replace(",", ""))
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite():
            raise UserError(self.env._("Enter the amount as a number, such as 100.00."))
        if value <= 0:
            raise UserError(self.env._("Enter an amount above 0."))
        if value >= LARGEST:
            raise UserError(self.env._("So much is not there. Enter a smaller amount."))
        unit = Decimal(str(currency.rounding))
        if value % unit:
            raise UserError(
                self.env._(
                    "Enter the amount in full units of %s, with no further decimals.",
                    currency.format(currency.rounding),
                )
            )
        return value

    @api.model
    def _is_bank_account_usable(self, partner, bank_account, company) -> bool:
        """Whether earnings of a partner may be paid to an account: his, verified, and
        in his own name."""
        holder = bank_account.acc_holder_name or bank_account.partner_id.name
        return bool(
            bank_account.active
            and bank_account.allow_out_payment
            and bank_account.partner_id.commercial_partner_id == partner
            and bank_account.company_id in (self.env["res.company"], company)
            and arithmetic.holder_key(holder) == arithmetic.holder_key(partner.name)
        )

    @api.model
    def _check_bank_account(self, partner, bank_account, company):
        """:raises UserError: says why nothing is paid to this account"""
        own = bank_account.exists()
        if not own or own.partner_id.commercial_partner_id != partner:
            raise UserError(
                self.env._("Choose one of the distributor's bank accounts.")
            )
        if not own.allow_out_payment or not own.active:
            raise UserError(
                self.env._(
                    "The bank account is not verified yet. Ask your account manager."
                )
            )
        if not self._is_bank_account_usable(partner, own, company):
            raise UserError(
                self.env._(
                    "The bank account is in another name than “%s”. Earnings are paid to "
                    "an account of the distributor alone.",
                    partner.name,
                )
            )

    @api.model
    def _check_limits(self, policy, partner, amount):
        """:raises UserError: too little, too often, or more than there is"""
        company, currency = policy.company_id, policy.currency_id
        if amount < Decimal(str(policy.minimum or 0)):
            raise UserError(
                self.env._(
                    "The smallest withdrawal is %s.", currency.format(policy.minimum)
                )
            )
        first = fields.Date.context_today(self).replace(day=1)
        count = self.search_count(
            [
                ("company_id", "=", company.id),
                ("partner_id", "=", partner.id),
                ("date", ">=", first),
                ("date", "<", first + relativedelta(months=1)),
                ("state", "not in", ("rejected", "cancelled")),
            ]
        )
        if policy.monthly_limit and count >= policy.monthly_limit:
            raise UserError(
                self.env._(
                    "%s withdrawals a month are possible. Come back next month.",
                    policy.monthly_limit,
                )
            )
        self.env.flush_all()
        available = partner._get_earning_figures(company)[partner.id]["available"]
        if amount > Decimal(str(available)):
            raise UserError(
                self.env._(
                    "Only %s can be withdrawn now.", currency.format(max(available, 0))
                )
            )

    @api.model
    def _get_next_number(self, company, partner):
        groups = self._read_group(
            [("company_id", "=", company.id), ("partner_id", "=", partner.id)],
            [],
            ["number:max"],
        )
        return (groups[0][0] or 0) + 1

    @api.model
    def _get_drawn(self, company, partner, amount):
        """Return the values of the lines: which items the amount is drawn from.

        The oldest first; what earlier withdrawals took is not drawn again.
        """
        accounts = (
            self.env["distributor.earning.policy"]
            .search([("company_id", "=", company.id)])
            .payable_account_id
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, line.date,
                       (-line.balance - COALESCE(taken.amount, 0))::text
                  FROM account_move_line line
                  LEFT JOIN (
                      SELECT own.move_line_id, SUM(own.amount) AS amount
                        FROM distributor_withdrawal_line own
                        JOIN distributor_withdrawal withdrawal
                          ON withdrawal.id = own.withdrawal_id
                       WHERE withdrawal.state IN %(states)s
                       GROUP BY 1
                  ) taken ON taken.move_line_id = line.id
                 WHERE line.partner_id = %(partner)s AND line.company_id = %(company)s
                   AND line.account_id = ANY(%(accounts)s)
                   AND line.parent_state = 'posted'
                   AND line.move_id NOT IN (
                       SELECT move_id FROM distributor_withdrawal
                        WHERE partner_id = %(partner)s AND move_id IS NOT NULL
                          AND state = 'paid'
                        UNION ALL
                       SELECT payment.move_id FROM distributor_withdrawal
                         JOIN account_payment payment
                           ON payment.id = distributor_withdrawal.payment_id
                        WHERE distributor_withdrawal.partner_id = %(partner)s
                          AND payment.move_id IS NOT NULL
                          AND distributor_withdrawal.state = 'paid')
                 ORDER BY line.date, line.id
                """,
                states=(*OPEN, "paid"),
                partner=partner.id,
                company=company.id,
                accounts=accounts.ids,
            )
        )
        days = {number: day for number, day, _balance in rows}
        items = [(number, Decimal(balance)) for number, _day, balance in rows]
        sums = defaultdict(Decimal)
        for number, part in arithmetic.draw(items, amount):
            sums[number] += part
        if sum(sums.values()) != amount:
            raise UserError(
                self.env._(
                    "The account has changed meanwhile. Look at it and try again."
                )
            )
        return [
            {"move_line_id": number, "date": days[number], "amount": float(part)}
            for number, part in sums.items()
        ]


class DistributorEarningPolicy(models.Model):
    _inherit = "distributor.earning.policy"

    def _get_charges(self, amount):
        """Return fee, withheld tax and what is paid out of an amount."""
        self.ensure_one()
        return arithmetic.charges(
            amount,
            Decimal(str(self.fee_fixed or 0)),
            Decimal(str(self.fee_percent or 0)),
            Decimal(str(self.tax_rate or 0))
            if self.tax_mode == "withhold"
            else Decimal(0),
            Decimal(str(self.currency_id.rounding)),
        )
