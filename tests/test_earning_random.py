# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Random acts: order, pay, deliver, refund, undo payments, withdraw, reject, return.

After each step, a plain loop over the documents says what is earned, which shares no
code with the engine; what was released less what was withdrawn is the ledger's balance.
``RANDOM_SEQUENCES`` asks for more of them.
"""

import os
import random
from decimal import ROUND_HALF_UP, Decimal

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.distributor_crm.tests.earning_common import EarningCommon

CENT = Decimal("0.01")
ACTS = (
    *("order", "order", "pay", "pay", "pay", "deliver", "deliver", "deliver"),
    *("release", "release", "ask", "ask", "ask", "approve", "approve", "settle"),
    *("settle", "settle", "reject", "bounce", "refund", "refund_part", "undo"),
)


def exact(value):
    return Decimal(f"{value:.2f}")


@tagged("post_install", "-at_install")
class TestEarningRandom(EarningCommon):
    def setUp(self):
        super().setUp()
        self._store_opinion()
        self.policy.write(
            {
                "upper_rate": 2.5,
                "fee_percent": 1,
                "tax_mode": "withhold",
                "tax_rate": 3,
            }
        )
        self.banks = {
            self.north: self.bank,
            self.south: self._create_bank(self.south, "888877776666"),
        }
        self.orders = self.env["sale.order"]
        self.withdrawals = self.env["distributor.withdrawal"]
        self.seen = set()

    # -- acts ------------------------------------------------------------------------

    def act_order(self, rng):
        prices = [rng.randint(1, 90000) / 100 for _n in range(rng.randint(1, 3))]
        order = self._order(*prices, store=rng.choice([self.store, self.sub_store]))
        self._invoice(order)
        self.orders += order

    def _pick_invoice(self, rng, check):
        invoices = self.orders.invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice" and check(move)
        )
        return rng.choice(invoices) if invoices else None

    def act_pay(self, rng):
        invoice = self._pick_invoice(rng, lambda move: move.amount_residual > 0)
        if invoice:
            part = rng.choice([1, 1, 0.5, 0.33])
            amount = max(round(invoice.amount_residual * part, 2), 0.01)
            self._pay(invoice, amount)

    def act_undo(self, rng):
        invoice = self._pick_invoice(rng, lambda move: move.line_ids.matched_credit_ids)
        if invoice:
            invoice.line_ids.matched_credit_ids[0].unlink()

    def act_deliver(self, rng):
        if self.orders:
            self._deliver(rng.choice(self.orders), rng.choice([6, 7, 30, 30]))

    def act_refund(self, rng):
        invoice = self._pick_invoice(rng, lambda move: not move.reversal_move_ids)
        if invoice:
            refund = invoice._reverse_moves([{"invoice_date": self.today}])
            refund.action_post()
            if invoice.amount_residual and rng.random() < 0.7:
                self._match(invoice, refund)
            if refund.amount_residual and rng.random() < 0.5:
                self._pay(refund)

    def act_refund_part(self, rng):
        invoice = self._pick_invoice(rng, lambda move: not move.reversal_move_ids)
        if invoice:
            refund = invoice._reverse_moves([{"invoice_date": self.today}])
            for line in refund.invoice_line_ids:
                line.price_unit = round(line.price_unit * rng.random(), 2)
            refund.action_post()
            if refund.amount_residual and rng.random() < 0.5:
                self._pay(refund)

    def _match(self, *moves):
        lines = self.env["account.move.line"].union(*(move.line_ids for move in moves))
        lines.filtered(
            lambda line: line.display_type == "payment_term" and not line.reconciled
        ).reconcile()

    def act_release(self, _rng):
        self._release()

    def act_ask(self, rng):
        partner = rng.choice([self.north, self.south])
        available = self._available(partner)
        amount = round(max(available, 1) * rng.choice([0.3, 1, 1.01]), 2)
        try:
            with self.env.cr.savepoint():
                made = self._ask(
                    amount, partner, self.banks[partner], self.account_manager
                )
        except UserError:
            # Nothing is refused that is there, but what charges eat up.
            self.assertTrue(amount > available or amount < 0.5, (amount, available))
        else:
            self.assertLessEqual(amount, available)
            self.withdrawals += made.with_env(self.env)

    def _pick_withdrawal(self, rng, *states):
        found = self.withdrawals.filtered(lambda one: one.state in states)
        return rng.choice(found) if found else self.withdrawals.browse()

    def act_approve(self, rng):
        one = self._pick_withdrawal(rng, "requested")
        if one:
            one.with_user(self.sales_manager).action_approve()

    def act_settle(self, rng):
        one = self._pick_withdrawal(rng, "approved")
        if one:
            owed = self._figures(one.partner_id)["balance"]
            try:
                with self.env.cr.savepoint():
                    one.with_user(self.finance).action_pay()
            except UserError:
                self.assertLess(owed, one.amount)

    def act_reject(self, rng):
        one = self._pick_withdrawal(rng, "requested", "approved")
        if one:
            one.with_user(self.sales_manager)._reject("By chance")

    def act_bounce(self, rng):
        one = self._pick_withdrawal(rng, "paid")
        if one:
            one.with_user(self.finance)._return("By chance")

    # -- what must hold --------------------------------------------------------------

    def _expect(self, order):
        """What an order has earned on both levels, by a loop over its documents."""
        total = money = Decimal(0)
        for move in order.invoice_ids:
            sign = 1 if move.move_type == "out_invoice" else -1
            total += sign * exact(move.amount_total)
            for term in move.line_ids.filtered(
                lambda line: line.display_type == "payment_term"
            ):
                for partial in term.matched_credit_ids | term.matched_debit_ids:
                    others = (partial.debit_move_id | partial.credit_move_id) - term
                    if others.move_id.journal_id.type == "bank":
                        money += sign * exact(partial.amount)
        paid = min(max(money, Decimal(0)), max(total, Decimal(0)))
        rates = {order.store_id.partner_id: Decimal(5)}
        if order.store_id.parent_id:
            rates[order.store_id.parent_id.partner_id] = Decimal("2.5")
        return {
            partner: (paid * rate / 100).quantize(CENT, ROUND_HALF_UP)
            for partner, rate in rates.items()
        }

    def _check(self, seed, step, act):
        self._follow()
        note = (seed, step, act)
        for order in self.orders:
            for partner, amount in self._expect(order).items():
                rows = order.earning_ids.filtered(
                    lambda row, partner=partner: row.partner_id == partner
                )
                self.assertEqual(
                    exact(sum(rows.mapped("amount"))), amount, (*note, order.name)
                )
        self.env.flush_all()
        self.env.invalidate_all()
        for row in self.env["distributor.earning.reconciliation"].search(
            [("company_id", "=", self.company.id)]
        ):
            self.assertEqual(row.difference, 0, note)
            figures = self._figures(row.partner_id)
            self.assertEqual(exact(row.balance), exact(figures["balance"]), note)
        for one in self.withdrawals:
            self.assertEqual(
                exact(one.amount), exact(sum(one.line_ids.mapped("amount"))), note
            )
            self.assertEqual(
                exact(one.amount), exact(one.net + one.fee + one.tax), note
            )

    def _run_sequence(self, seed, length=40):
        rng = random.Random(seed)
        for store in (self.store, self.sub_store):
            order, _invoice = self._earn(rng.randint(1000, 5000), store=store)
            self.orders += order
        for _number in range(3):
            self.act_order(rng)
        for step in range(length):
            act = rng.choice(ACTS)
            getattr(self, f"act_{act}")(rng)
            self._check(seed, step, act)
        states = set(self.withdrawals.mapped("state"))
        self.seen |= states | set(self.orders.earning_ids.mapped("state"))

    def test_random_sequences(self):
        for seed in range(int(os.environ.get("RANDOM_SEQUENCES", "3"))):
            with self.subTest(seed), self.env.cr.savepoint() as savepoint:
                self.orders = self.orders.browse()
                self.withdrawals = self.withdrawals.browse()
                self._run_sequence(seed)
                savepoint.rollback()
                self.env.invalidate_all()
        # Chance led everywhere.
        self.assertLessEqual(
            {"frozen", "released", "cancelled", "paid", "rejected"}, self.seen
        )
