# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A quarter of fees, from the sale to the auditor; the ledger worked out independently."""

import random
from collections import Counter, defaultdict
from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.distributor_crm_expense.tests.fee_payment_common import (
    FeePaymentCommon,
)

PERCENT = 2


@tagged("post_install", "-at_install")
class TestFeeJourney(FeePaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        steps = cls.env["tier.definition"].with_context(active_test=False)
        cls.steps = steps.search([("model", "=", "distributor.fee.statement")])
        cls.steps.active = True
        cls.clerk = cls._new_user(
            "journey_clerk", "distributor_crm_expense.group_fee_clerk"
        )
        (cls.product + cls.cups).taxes_id = [Command.clear()]
        for product in (cls.product, cls.cups):
            with freeze_time("2024-06-01"):
                cls.env["distributor.fee.standard"].create(
                    {
                        "company_id": cls.company.id,
                        "product_tmpl_id": product.product_tmpl_id.id,
                        "rate": PERCENT,
                        "date_from": "2024-06-01",
                    }
                ).action_confirm()
        cls.customers = cls.customers[:4]

    # -- what people do --------------------------------------------------------------

    def _invoice(self, customer, product, day, amount):
        return self._sell(
            customer, amount, day=day, product=product, invoice_user_id=self.rep.id
        )

    def _collect(self, invoice, day, amount):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create(
            {
                "payment_date": day,
                "amount": amount,
                "payment_difference_handling": "open",
            }
        )._create_payments()

    def _take_back(self, invoice, day):
        invoice._reverse_moves([{"invoice_date": day, "date": day}], cancel=True)

    def _sign_all(self, month):
        """Worked out, explained, submitted and signed by three, in time."""
        following = date(month.year, month.month + 1, 1)
        with freeze_time(following):
            statement = self.env["distributor.fee.statement"]._build(
                self.company, month, self.rep
            )
            if not statement:
                return statement
            statement.with_user(self.rep).action_submit()
            # Without all three it is not valid, and nothing is paid or lent.
            with self._refused(UserError, "not signed by all three"):
                self._prepare(statement)
            for user in (self.clerk, self.sales_manager, self.payer):
                statement.with_user(user)._sign("password")
        self.assertEqual(statement.state, "signed")
        return statement

    def _confirm_customers(self, statement):
        for line in statement.check_ids.line_ids.with_user(self.sales_manager):
            line.write({"contact": "Ms Chen", "note": "Received"})
            line.action_confirm()

    # -- what is expected, worked out here -------------------------------------------

    def _released(self, sales, last):
        """What all sales up to a day are entitled to: in cents, by customer, product."""
        result = Counter()
        for (customer, product), invoices in sales.items():
            by_month = defaultdict(lambda: [0, 0])
            for sale in invoices:
                if sale["day"] > last or (
                    sale["returned"] and sale["returned"] <= last
                ):
                    continue
                figures = by_month[sale["day"].month]
                figures[0] += sale["amount"]
                figures[1] += sum(a for day, a in sale["paid"] if day <= last)
            for net, collected in by_month.values():
                full = net * PERCENT  # cents of whole amounts
                result[customer, product] += int(full * collected / net + 0.5)
        return result

    def _settle(self, granted, open_items, paid):
        """What is paid of new grants: negative nets wait with their customer."""
        for key, cents in granted.items():
            open_items[key] += cents
        for customer in {customer for customer, _product in granted}:
            own = {k: c for k, c in open_items.items() if k[0] == customer}
            if sum(own.values()) >= 0:
                for key, cents in own.items():
                    paid[key] += cents
                    open_items[key] = 0

    # -- the quarter -----------------------------------------------------------------

    def test_a_quarter(self):
        """July to September by hand: late collection, a return after the payout, an
        advance, a denial, and what the auditor finds."""
        first, second = self.customers[:2]
        big = self._invoice(first, self.product, "2024-07-05", 10000)
        half = self._invoice(second, self.product, "2024-07-10", 5000)
        self._collect(big, "2024-07-20", 10000)
        self._collect(half, "2024-07-25", 2500)
        july = self._sign_all(date(2024, 7, 1))
        self.assertEqual(july.payable, 200 + 50)
        # Not before the ninth working day; then an advance, laid out and cleared.
        with freeze_time("2024-08-12"), self._refused(UserError, "is paid from"):
            self._borrow(july, 250)
        with freeze_time("2024-08-13"):
            advance = self._borrow(july, 250)
            payout = self._pay_out(july, payment_mode="own_account")
            self._clear(advance)
            self.assertEqual(self._outstanding(), 0)
            self._confirm_customers(july)
        self.assertEqual(
            self._booked(), {(first, self.product): 20000, (second, self.product): 5000}
        )
        # August: the rest is collected; the big customer sends all of it back.
        self._collect(half, "2024-08-15", 2500)
        self._take_back(big, "2024-08-20")
        cups = self._invoice(first, self.cups, "2024-08-21", 4000)
        self._collect(cups, "2024-08-28", 4000)
        august = self._sign_all(date(2024, 8, 1))
        self.assertEqual(august.payable, 50 - 200 + 80)
        with freeze_time("2024-09-12"):
            payout = self._pay_out(august)
            self.assertEqual(payout.amount, 50, "the big customer gives back first")
            self._confirm_customers(august)
        # September: he buys again; what he owed is kept.
        again = self._invoice(first, self.cups, "2024-09-03", 9000)
        self._collect(again, "2024-09-04", 9000)
        september = self._sign_all(date(2024, 9, 1))
        with freeze_time("2024-10-14"):
            self.assertEqual(september.open_payable, 180 + 80 - 200)
            payout = self._pay_out(september)
            self.assertEqual(payout.amount, 60)
            self.assertEqual(payout.taken_back, 200)
            line = september.check_ids.line_ids.with_user(self.sales_manager)
            line.write({"contact": "Mr Wang", "note": "We got nothing"})
            line.action_deny()
            recovery = september.check_ids.recovery_ids
            self.assertEqual(recovery.amount, 60)
            recovery.with_user(self.payer).action_book()
            self.assertEqual(self._outstanding(), 60)
        self._audit(first, second)
        self._forbidden(september, payout)

    def _audit(self, first, second):
        self.env.flush_all()
        accounts = {
            (one.partner_id, one.product_id): one
            for one in self.env["distributor.fee.account"]
            .with_user(self.auditor)
            .search([])
        }
        for key, payable, paid in (
            ((first, self.product), 0, 0),
            ((first, self.cups), 260, 260),
            ((second, self.product), 100, 100),
        ):
            self.assertEqual(
                (accounts[key].payable, accounts[key].paid), (payable, paid)
            )
            self.assertEqual(accounts[key].open, 0)
        self.assertEqual(sum(one.recovered for one in accounts.values()), 60)
        self.assertEqual(sum(one.advance for one in accounts.values()), 60)
        # All of it stands on the fee account, and there only.
        account = self.company.fee_expense_account_id
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        )
        self.assertEqual(round(sum(lines.mapped("balance")), 2), 300)
        self.assertEqual(lines, lines.filtered("fee_item_id"))

    def _forbidden(self, statement, payout):
        """The auditor and everybody else change nothing, by whatever way."""
        expense = payout.sudo().item_ids.expense_id
        for user in (self.auditor, self.clerk, self.rep, self.colleague):
            for record, action in (
                (payout, lambda one: one.action_post()),
                (payout, lambda one: one._cancel("No")),
                (payout, lambda one: one.write({"state": "draft"})),
                (statement, lambda one: one.action_prepare_payout()),
                (expense, lambda one: one.write({"total_amount_currency": 1})),
                (statement.check_ids, lambda one: one.write({"seed": "1"})),
                (statement.check_ids.line_ids, lambda one: one.action_confirm()),
                (statement.check_ids.recovery_ids, lambda one: one.action_book()),
            ):
                with self._refused((AccessError, UserError), ""):
                    action(record.with_user(user))

    def test_random_quarters(self):
        """Random sales, collections, returns and payouts: to the cent."""
        for seed in (1, 2):
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                self._play(random.Random(seed))
                savepoint.rollback()
            self.env.invalidate_all()

    def _play(self, chance):
        sales = defaultdict(list)
        open_items, paid, before = Counter(), Counter(), Counter()
        for number in (7, 8, 9):
            month = date(2024, number, 1)
            last = date(2024, number, 28)
            self._trade(chance, sales, month)
            self._pay_and_return(chance, sales, last)
            released = self._released(sales, last)
            granted = Counter(
                {
                    key: released[key] - before[key]
                    for key in {*released, *before}
                    if released[key] != before[key]
                }
            )
            before = released
            statement = self._sign_all(month)
            self.assertEqual(round(statement.payable * 100), sum(granted.values()))
            with freeze_time(date(2024, number + 1, 20)):
                payout = self._prepare(statement)
                if payout:
                    self._receipt(payout)
                    payout.action_post()
            self._settle(granted, open_items, paid)
            self.assertEqual(self._booked(), {k: c for k, c in paid.items() if c})

    def _trade(self, chance, sales, month):
        for customer in self.customers:
            for product in (self.product, self.cups):
                if chance.random() < 0.3:
                    continue
                day = month.replace(day=chance.randint(1, 20))
                amount = chance.randint(1, 90) * 100
                sales[customer, product].append(
                    {
                        "invoice": self._invoice(customer, product, day, amount),
                        "day": day,
                        "amount": amount,
                        "paid": [],
                        "returned": None,
                    }
                )

    def _pay_and_return(self, chance, sales, day):
        for invoices in sales.values():
            for sale in invoices:
                left = sale["amount"] - sum(amount for _day, amount in sale["paid"])
                whole = not left or left == sale["amount"]
                if not sale["returned"] and whole and chance.random() < 0.2:
                    self._take_back(sale["invoice"], day)
                    sale["returned"] = day
                elif not sale["returned"] and left and chance.random() < 0.7:
                    amount = chance.choice((left, left // 2 or left))
                    self._collect(sale["invoice"], day, amount)
                    sale["paid"].append((day, amount))
