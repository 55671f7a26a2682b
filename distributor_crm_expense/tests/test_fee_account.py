# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The account of a representative agrees with the ledger, whatever happened before."""

import random
from collections import Counter

from odoo.exceptions import UserError
from odoo.tests import tagged

from .fee_payment_common import FeePaymentCommon


@tagged("post_install", "-at_install")
class TestFeeAccount(FeePaymentCommon):
    def _accounts(self, user=None):
        return (
            self.env["distributor.fee.account"].with_user(user or self.payer).search([])
        )

    def test_random_sequences(self):
        """Statements, payouts, cancellations, advances, clearings in any order: each
        account equals what is worked out here by itself, to the cent."""
        for seed in range(3):
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                self._play(random.Random(seed))
                savepoint.rollback()
            self.env.invalidate_all()

    def _play(self, chance):
        granted, waiting, paid = Counter(), Counter(), Counter()
        payouts, lent = [], 0
        for turn in range(9):
            amounts = Counter()
            for _line in range(chance.randint(1, 4)):
                key = (
                    chance.choice(self.customers[:3]),
                    chance.choice((self.product, self.cups)),
                )
                amounts[key] += chance.randint(-9000, 15000)
            statement = self._create_statement(
                *(
                    (partner, cents / 100, product)
                    for (partner, product), cents in amounts.items()
                ),
                month=self._month_back(turn + 2),
            )
            granted.update(amounts)
            if chance.random() < 0.4 and not lent and statement.open_payable > 1:
                lent = min(chance.randint(1, 100), int(statement.open_payable))
                advance = self._try_borrow(statement, lent)
                lent = lent if advance else 0
            payout = self._prepare(statement)
            waiting = self._settle(amounts, waiting, paid)
            if payout:
                if not lent:
                    payout.item_ids.payment_mode = chance.choice(
                        ("own_account", "company_account")
                    )
                self._receipt(payout)
                payout.action_post()
                payouts.append(payout)
            if lent:
                lent = self._clear_all(advance, lent)
            self._compare(granted, paid)
        if payouts and chance.random() < 0.9:
            # The last one can be taken back: nothing was paid upon it.
            last = payouts[-1]
            before = self._booked()
            try:
                last._cancel("Returned")
            except UserError:
                return  # it was set against an advance
            items = {
                (item.partner_id, item.product_id): round(item.amount * 100)
                for item in last.item_ids
            }
            for key, cents in items.items():
                self.assertEqual(self._booked().get(key, 0), before.get(key, 0) - cents)

    def _try_borrow(self, statement, amount):
        for check in self.env["distributor.fee.check"].search([]):
            for line in check.line_ids.with_user(self.sales_manager):
                if line.result == "pending":
                    line.write({"contact": "Ms Chen", "note": "Got it"})
                    line.action_confirm()
        return self._borrow(statement, amount)

    def _settle(self, amounts, waiting, paid):
        """What is paid of a month, by payee: recomputed without the addon's code."""
        left = Counter(waiting)
        for customer in {partner for partner, _product in amounts}:
            own = {
                key: amounts[key] + left[key]
                for key in set(amounts) | set(left)
                if key[0] == customer
            }
            if sum(own.values()) < 0:
                left.update({k: v for k, v in amounts.items() if k[0] == customer})
                continue
            for key, cents in own.items():
                paid[key] += cents
                left[key] = 0
        return left

    def _clear_all(self, advance, lent):
        clearing = self.env["distributor.fee.clearing"].create(
            {"advance_id": advance.id}
        )
        self._clear(advance, round(lent - clearing.applied, 2))
        self.assertEqual(advance.state, "cleared")
        return 0

    def _compare(self, granted, paid):
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(
            self._booked(), {key: cents for key, cents in paid.items() if cents}
        )
        accounts = {
            (account.partner_id, account.product_id): account
            for account in self._accounts()
            if account.partner_id
        }
        for key in granted:
            account = accounts[key]
            self.assertEqual(round(account.payable * 100), granted[key])
            self.assertEqual(round(account.paid * 100), paid[key])
            self.assertEqual(round(account.open * 100), granted[key] - paid[key])
        analytic = Counter()
        plan = self.product._get_fee_analytic(self.company).plan_id
        column = plan._column_name()
        for line in self.env["account.analytic.line"].search([(column, "!=", False)]):
            analytic[line[column]] += round(-line.amount * 100)
        for product in (self.product, self.cups):
            expected = sum(c for (_p, own), c in paid.items() if own == product)
            self.assertEqual(
                analytic[product._get_fee_analytic(self.company)], expected
            )

    def test_who_sees_what(self):
        """A representative sees his own accounts, the auditor all, the ledger in one
        click."""
        first, second = self.customers[:2]
        self._pay_out(self._create_statement((first, 50)))
        self._create_statement((second, 70), user=self.colleague)
        self.env.flush_all()
        self.assertEqual(self._accounts(self.rep).partner_id, first)
        self.assertEqual(self._accounts(self.auditor).partner_id, first | second)
        account = self._accounts().filtered(lambda one: one.partner_id == first)
        action = account.action_view_journal_items()
        lines = self.env["account.move.line"].search(action["domain"])
        self.assertEqual(sum(lines.mapped("balance")), account.paid)
        action = account.action_view_payments()
        items = self.env["distributor.fee.payout.item"].search(action["domain"])
        self.assertEqual(sum(items.mapped("paid")), 50)

    def test_recovered(self):
        """What a customer denied is recovered, and no longer to be paid."""
        statement = self._create_statement((self.customers[0], 50))
        self._pay_out(statement)
        line = statement.check_ids.line_ids.with_user(self.sales_manager)
        line.write({"contact": "Ms Chen", "note": "Never"})
        line.action_deny()
        statement.check_ids.recovery_ids.with_user(self.payer).action_book()
        self.env.flush_all()
        account = self._accounts().filtered("partner_id")
        self.assertEqual((account.paid, account.recovered, account.open), (50, 50, 0))
        advances = self._accounts() - account
        self.assertEqual(advances.advance, 50)

    def test_analysis(self):
        """Fee to sales is a share of sums, of whatever is grouped (R112)."""
        big, small = self.customers[:2]
        statement = self._create_statement((big, 100), (small, 50))
        for line, net_sales, collected in zip(
            statement.line_ids.sorted("payable"), (100, 10000), (50, 10000), strict=True
        ):
            line.write({"net_sales": net_sales, "collected": collected})
        self._pay_out(statement)
        self.env.flush_all()
        (figures,) = (
            self.env["distributor.fee.analysis"]
            .with_user(self.auditor)
            ._read_group(
                [],
                [],
                [
                    "paid:sum",
                    "fee_ratio:avg",
                    "collection_rate:avg",
                    "return_on_fee:avg",
                ],
            )
        )
        self.assertEqual(figures[0], 150)
        for figure, expected in zip(
            figures[1:], (150 / 101, 10050 / 101, 10100 / 150), strict=True
        ):
            self.assertAlmostEqual(figure, expected, places=6)
        colleague = self.env["distributor.fee.analysis"].with_user(self.colleague)
        self.assertFalse(colleague.search([]))
