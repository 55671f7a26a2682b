# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, fields, models
from odoo.exceptions import AccessError, UserError


class DistributorWithdrawal(models.Model):
    """Paying out: an ordinary payment, set against what was earned."""

    _inherit = "distributor.withdrawal"

    def action_pay(self):
        """Pay approved withdrawals by bank, and book fee, tax or invoice.

        :raises AccessError: not finance, or who requested or approved it
        :raises UserError: account, invoice or journal is not in order
        """
        self._check_finance()
        self.check_access("read")
        self._check_state("approved")
        self._lock()
        self._check_payer()
        # Finance pays; what it books is checked here, the fields are closed to users.
        withdrawals = self.sudo().with_context(skip_validation_check=True)
        withdrawals._check_payable()
        withdrawals._pay(self.env.user)
        withdrawals._tell("paid")
        return True

    def _check_payer(self):
        """:raises AccessError: nobody pays what he requested or approved"""
        for withdrawal in self.sudo():  # reviews are closed to users
            hands = withdrawal.user_id | withdrawal.approved_by_id
            if self.env.user in hands | withdrawal.review_ids.done_by:
                raise AccessError(
                    self.env._(
                        "You requested or approved %s: a colleague in finance pays it.",
                        withdrawal.name,
                    )
                )

    def _check_payable(self):
        """Check that nothing changed since it was requested.

        :raises UserError: says what to put right
        """
        self._check_signatures_stand()
        for withdrawal in self:
            policy, company = withdrawal.policy_id, withdrawal.company_id
            withdrawal.partner_id._check_distributor_holds("earning", company)
            if not policy.payment_journal_id:
                raise UserError(
                    self.env._(
                        "Say in “%s” from which bank journal withdrawals are paid.",
                        policy.name,
                    )
                )
            self._check_bank_account(
                withdrawal.partner_id, withdrawal.bank_account_id, company
            )
            if withdrawal.bank_account_id.acc_number != withdrawal.account_number:
                raise UserError(
                    self.env._(
                        "The bank account of %s has another number since it was "
                        "requested. Reject it, and have it requested anew.",
                        withdrawal.name,
                    )
                )
            withdrawal._check_balance()
            if withdrawal.tax_mode == "bill":
                withdrawal._check_bill()

    def _check_balance(self):
        """A refund may have taken back what was requested meanwhile."""
        figures = self.partner_id._get_earning_figures(self.company_id)
        balance = figures[self.partner_id.id]["balance"]
        if self.currency_id.compare_amounts(balance, self.amount) < 0:
            raise UserError(
                self.env._(
                    "%(partner)s has only %(balance)s left, as sales were refunded. "
                    "Reject %(withdrawal)s.",
                    partner=self.partner_id.name,
                    balance=self.currency_id.format(balance),
                    withdrawal=self.name,
                )
            )

    def _check_bill(self):
        bill = self.bill_id
        if not bill:
            raise UserError(
                self.env._(
                    "%s needs the distributor's own invoice: enter it as a vendor bill, "
                    "and choose it here.",
                    self.name,
                )
            )
        fits = (
            bill.move_type == "in_invoice"
            and bill.state == "posted"
            and bill.company_id == self.company_id
            and bill.commercial_partner_id == self.partner_id
            and bill.currency_id == self.currency_id
            and not self.currency_id.compare_amounts(bill.amount_untaxed, self.amount)
            and not self.currency_id.compare_amounts(
                bill.amount_residual, bill.amount_total
            )
        )
        if not fits:
            raise UserError(
                self.env._(
                    "The invoice of %(withdrawal)s must be posted, unpaid, of "
                    "%(partner)s, and over %(amount)s without tax.",
                    withdrawal=self.name,
                    partner=self.partner_id.name,
                    amount=self.currency_id.format(self.amount),
                )
            )

    # -- booking ---------------------------------------------------------------------

    def _pay(self, user):
        today = fields.Date.context_today(self)
        for company, own in self.grouped("company_id").items():
            env = own.with_company(company).env
            payments = (
                env["account.payment"]
                # With an entry at once: the balance is what the ledger says.
                .with_context(force_payment_move=True)
                .create([one._prepare_payment(today) for one in own])
            )
            payments.action_post()
            booked = own.filtered(lambda one: one.fee or one.tax or one.bill_id)
            moves = env["account.move"].create(
                [one._prepare_entry(today) for one in booked]
            )
            moves._post()
            entries = dict(zip(booked, moves, strict=True))
            for withdrawal, payment in zip(own, payments, strict=True):
                withdrawal.write(
                    {
                        "state": "paid",
                        "paid_by_id": user.id,
                        "paid_on": today,
                        "payment_id": payment.id,
                        "move_id": entries[withdrawal].id
                        if withdrawal in entries
                        else False,
                    }
                )
                withdrawal._reconcile()

    def _get_payout(self):
        """Return what leaves the bank: with an invoice, its tax too."""
        if self.tax_mode == "bill":
            return self.bill_id.amount_total - self.fee
        return self.net

    def _get_payable_account(self):
        """Return the account that the payment settles."""
        if self.tax_mode != "bill":
            return self.policy_id.payable_account_id
        return self._get_bill_terms().account_id[:1]

    def _get_bill_terms(self):
        return self.bill_id.line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        )

    def _prepare_payment(self, day):
        return {
            "payment_type": "outbound",
            "partner_type": "supplier",
            "partner_id": self.partner_id.id,
            "partner_bank_id": self.bank_account_id.id,
            "amount": self._get_payout(),
            "currency_id": self.currency_id.id,
            "date": day,
            "journal_id": self.policy_id.payment_journal_id.id,
            "destination_account_id": self._get_payable_account().id,
            "memo": self.name,
        }

    def _prepare_entry(self, day):
        """Return the entry of fee and tax. With an invoice, which is an expense of its
        own, what was booked as one at release is taken back against it."""
        policy = self.policy_id
        parts = [
            (self._get_payable_account(), self.fee),
            (policy.fee_account_id, -self.fee),
            (policy.payable_account_id, self.tax),
            (policy.tax_account_id, -self.tax),
        ]
        if self.tax_mode == "bill":
            parts += [
                (policy.payable_account_id, self.amount),
                (policy.expense_account_id, -self.amount),
            ]
        return {
            "move_type": "entry",
            "journal_id": policy.journal_id.id,
            "date": day,
            "ref": self.name,
            "company_id": self.company_id.id,
            "line_ids": [
                Command.create(
                    {
                        "name": self.name,
                        "partner_id": self.partner_id.id,
                        "account_id": account.id,
                        "debit": max(balance, 0),
                        "credit": max(-balance, 0),
                    }
                )
                for account, balance in parts
                if balance
            ],
        }

    def _reconcile(self):
        """Set what was paid against what was earned, the oldest first."""
        entries = self.move_id | self.payment_id.move_id
        if self.tax_mode == "bill":
            account = self._get_payable_account()
            (self._get_bill_terms() | entries.line_ids).filtered(
                lambda line: line.account_id == account and not line.reconciled
            ).reconcile()
        account = self.policy_id.payable_account_id
        open_items = self.env["account.move.line"].search(
            [
                ("account_id", "=", account.id),
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ]
        )
        open_items.reconcile()

    def action_return(self):
        """Open the form that asks why the bank returned the money."""
        self._check_finance()
        self._check_state("paid")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm.distributor_withdrawal_reject_action"
        )
        return {**action, "context": {"default_withdrawal_ids": self.ids}}

    def _return(self, reason):
        """Undo payments that the bank returned: the money is the distributor's again.

        :param reason: told to the distributor, required
        """
        self._check_finance()
        self._check_state("paid")
        self._lock()
        reason = self._clean_reason(reason)
        # Finance may; what was booked is closed to users.
        for withdrawal in self.sudo().with_context(
            earning_withdrawal_returned=True, skip_validation_check=True
        ):
            entries = withdrawal.move_id | withdrawal.payment_id.move_id
            entries.line_ids.remove_move_reconcile()
            entries._reverse_moves(
                [
                    {
                        "date": fields.Date.context_today(self),
                        "ref": self.env._("Returned: %s", withdrawal.name),
                    }
                    for _entry in entries
                ],
                cancel=True,
            )
        self._end("rejected", reason)

    def action_view_payment(self):
        """Open the payments of these withdrawals."""
        return self.payment_id._get_records_action()
