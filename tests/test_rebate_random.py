# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Hundreds of random acts on the ledger: statements and accounts agree to the cent.

Invoices, returns, corrections, cancellations, payments and their undoing, computations,
approvals and settlements in any order. After each computation a plain loop over the
invoices, which shares no code with the engine, says what was earned.
``RANDOM_SEQUENCES`` asks for more of them.
"""

import os
import random
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

from odoo.tests import tagged

from odoo.addons.distributor_crm.tests.test_rebate_engine import EngineCommon

CENT = Decimal("0.01")
STEPS = ((500, "1"), (1500, "2.5"), (4000, "4"))
PLANS = {
    "year": {"period_type": "year"},
    "months": {"period_type": "month", "window_type": "quarter"},
    "incremental": {"period_type": "quarter", "method": "incremental"},
    "collected": {
        "period_type": "month",
        "window_type": "year",
        "release": "collected",
        "negative_policy": "invoice",
    },
}
WINDOW = {"year": 12, "months": 3, "incremental": 3, "collected": 12}


def exact(value):
    return Decimal(f"{value:.2f}")


def rounded(value):
    return value.quantize(CENT, ROUND_HALF_UP)


class Oracle:
    """What one distributor has earned in all, by a plain loop over his documents."""

    def __init__(self, name):
        self.name = name

    def __call__(self, moves):
        sales, paid = defaultdict(Decimal), defaultdict(Decimal)
        for move in moves:
            origin = move.reversed_entry_id
            counted = origin if origin.state == "posted" else move
            window = (counted.invoice_date.month - 1) // WINDOW[self.name]
            amount = -sum(exact(line.balance) for line in move.invoice_line_ids)
            sales[window] += amount
            paid[window] += amount * self.collected(move)
        return sum((self.released(sales[w], paid[w]) for w in sales), Decimal(0))

    def collected(self, move):
        """The part of a document that was paid in money."""
        money = Decimal(0)
        for term in move.line_ids.filtered(lambda x: x.display_type == "payment_term"):
            for part in term.matched_credit_ids:
                if part.credit_move_id.journal_id.type == "bank":
                    money += exact(part.amount)
        total = exact(move.amount_total)
        return money / total if total else Decimal(0)

    def released(self, amount, paid):
        earned = rounded(self.earned(abs(amount))) * (1 if amount >= 0 else -1)
        if self.name != "collected" or not amount:
            return earned
        return rounded(earned * min(max(paid / amount, Decimal(0)), Decimal(1)))

    def earned(self, amount):
        steps = [(Decimal(start), Decimal(rate)) for start, rate in STEPS]
        if self.name != "incremental":
            reached = [rate for start, rate in steps if amount >= start]
            return amount * (reached[-1] if reached else 0) / 100
        ends = [start for start, _rate in steps[1:]] + [Decimal(10**12)]
        return sum(
            max(min(amount, end) - start, Decimal(0)) * rate / 100
            for (start, rate), end in zip(steps, ends, strict=True)
        )


@tagged("post_install", "-at_install")
class TestRebateRandom(EngineCommon):
    def setUp(self):
        super().setUp()
        self.liability = self.env["account.account"].create(
            {
                "name": "Accrued rebates",
                "code": "219900",
                "account_type": "liability_current",
            }
        )
        accruing = {
            "accrual_basis": "reached",
            "accrual_account_id": self.liability.id,
        }
        self.programs = {
            name: self._create_program(*STEPS, name=name, **values, **accruing)
            for name, values in PLANS.items()
        }
        self.moves = self.env["account.move"]
        self.payments = self.env["account.payment"]

    # -- acts ------------------------------------------------------------------------

    def act_invoice(self, rng):
        partner = rng.choice([self.north, self.south])
        amount = rng.randint(1, 200000) / 100
        self.moves += self._sell(partner, amount, self._day(rng))

    def act_return(self, rng):
        invoice = self._pick(rng, lambda m: m.move_type == "out_invoice")
        if invoice:
            part = rng.choice([1, 0.5, 0.1])
            refund = invoice._reverse_moves([{"invoice_date": self._day(rng)}])
            refund.invoice_line_ids.price_unit = round(
                max(invoice.invoice_line_ids.price_unit * part, 0.01), 2
            )
            refund.action_post()
            self.moves += refund

    def act_loose_return(self, rng):
        partner = rng.choice([self.north, self.south])
        self.moves += self._sell(partner, -rng.randint(1, 50000) / 100, self._day(rng))

    def act_correct(self, rng):
        move = self._pick(rng, lambda m: m.payment_state == "not_paid")
        if move:
            move.button_draft()
            move.invoice_line_ids.price_unit = rng.randint(1, 200000) / 100
            if rng.random() < 0.3:
                move.partner_id = rng.choice([self.north, self.south])
            move.action_post()

    def act_cancel(self, rng):
        move = self._pick(rng, lambda m: m.payment_state == "not_paid")
        if move:
            move.button_draft()
            if rng.random() < 0.5:
                self.moves -= move
                move.unlink()

    def act_post_again(self, rng):
        draft = self.moves.filtered(lambda m: m.state == "draft")[:1]
        if draft:
            draft.action_post()

    def act_pay(self, rng):
        invoice = self._pick(
            rng, lambda m: m.move_type == "out_invoice" and m.amount_residual > 0.02
        )
        if invoice:
            part = rng.choice([1, 0.5, 0.33])
            amount = max(round(invoice.amount_residual * part, 2), 0.01)
            self.payments += self._pay(invoice, amount, self._day(rng))

    def act_bounce(self, rng):
        if self.payments:
            payment = rng.choice(self.payments)
            payment.move_id.line_ids.remove_move_reconcile()

    def act_approve(self, rng):
        program = self.programs[rng.choice(list(PLANS))]
        partner = rng.choice([self.north, self.south])
        drafts = self._of(program, partner).filtered(
            lambda s: s.approval_state == "draft"
        )
        if drafts:
            self._approve(drafts[: rng.randint(1, len(drafts))])

    def act_settle(self, rng):
        statements = self.env["distributor.rebate.statement"].search([])
        payable = statements.filtered("is_payable")
        if payable:
            payable[: rng.randint(1, len(payable))].with_user(
                self.finance
            ).action_settle()

    def act_reverse_settlement(self, rng):
        moves = self.env["distributor.rebate.settlement"].search([]).move_id
        posted = moves.filtered(
            lambda m: m.state == "posted" and not m.is_rebate_reversed
        )
        if posted:
            rng.choice(posted)._reverse_moves(cancel=True)

    def act_accrue(self, rng):
        """What the ledger then holds is what was earned and is not yet settled."""
        for program in self.programs.values():
            program._compute_now()
        values = {"date": "2099-12-31"}
        for again in (False, True):
            run = self.env["distributor.rebate.accrual"].create(values)
            run.action_post()
            self.assertFalse(again and run.move_ids)
        self.env.flush_all()
        Report = self.env["distributor.rebate.reconciliation"]
        Report.invalidate_model()
        rows = Report.search([])
        self.assertEqual(
            exact(sum(rows.mapped("balance"))),
            exact(-sum(self._items(self.liability).mapped("balance"))),
        )
        for name in PLANS.keys() - {"collected"}:
            for partner in (self.north, self.south):
                self._check_accrued(name, partner, rows)

    def _check_accrued(self, name, partner, rows):
        program = self.programs[name]
        posted = self.moves.filtered(
            lambda m: m.state == "posted" and m.commercial_partner_id == partner
        )
        standing = self.env["distributor.rebate.settlement"].search(
            [
                ("statement_id.program_id", "=", program.id),
                ("statement_id.partner_id", "=", partner.id),
                ("is_standing", "=", True),
                ("move_id.state", "=", "posted"),
            ]
        )
        owed = Oracle(name)(posted) - exact(sum(standing.mapped("amount")))
        row = rows.filtered(
            lambda r: r.program_id == program and r.partner_id == partner
        )
        self.assertEqual(exact(row.balance), owed, (name, partner.name))
        self.assertEqual(exact(row.difference), 0, (name, partner.name))

    def _items(self, account):
        return self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        )

    def _day(self, rng):
        return f"2024-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"

    def _pick(self, rng, condition):
        found = self.moves.filtered(lambda m: m.state == "posted").filtered(condition)
        return rng.choice(found) if found else None

    # -- checks ----------------------------------------------------------------------

    def check(self):
        for name, program in self.programs.items():
            program._compute_now()
            self._check_evidence(program)
            for partner in (self.north, self.south):
                self.check_total(name, program, partner)
        self.check_documents()
        self.check_again()

    def check_total(self, name, program, partner):
        """What was settled and what is due make up what was earned."""
        posted = self.moves.filtered(
            lambda m: m.state == "posted" and m.commercial_partner_id == partner
        )
        statements = self._of(program, partner)
        amounts = [exact(s.settled) for s in statements]
        if statements and statements[-1].approval_state == "draft":
            amounts[-1] = exact(statements[-1].due)
        self.assertEqual(sum(amounts), Oracle(name)(posted), (name, partner.name))
        for statement in statements:
            own = statement.line_ids.filtered(lambda line: not line.reason)
            self.assertEqual(
                sum(exact(line.amount) for line in own), exact(statement.basis)
            )

    def check_documents(self):
        """Documents that stand are worth what their statements settle, each once."""
        for settlement in self.env["distributor.rebate.settlement"].search([]):
            if settlement.is_standing:
                untaxed = settlement.move_id.amount_untaxed_signed
                self.assertEqual(
                    exact(-untaxed), exact(settlement.statement_id.settled), "document"
                )
        account = self.rebate_account
        booked = self.env["account.move.line"].search(
            [
                ("account_id", "=", account.id),
                ("parent_state", "=", "posted"),
                ("move_id.is_distributor_rebate", "=", True),
            ]
        )
        standing = self.env["distributor.rebate.settlement"].search(
            [("is_standing", "=", True), ("move_id.state", "=", "posted")]
        )
        self.assertEqual(
            exact(sum(booked.mapped("balance"))),
            exact(sum(standing.mapped("amount"))),
        )

    def check_again(self):
        """Computing again changes nothing."""
        Statement = self.env["distributor.rebate.statement"]
        Line = self.env["distributor.rebate.line"]
        before = Statement.search([]).read(), Line.search([]).ids
        for program in self.programs.values():
            program._compute_now()
        self.assertEqual((Statement.search([]).read(), Line.search([]).ids), before)

    def test_statements_agree_with_the_ledger(self):
        acts = {
            self.act_invoice: 8,
            self.act_return: 3,
            self.act_loose_return: 1,
            self.act_correct: 3,
            self.act_cancel: 1,
            self.act_post_again: 1,
            self.act_pay: 5,
            self.act_bounce: 1,
            self.act_approve: 3,
            self.act_settle: 2,
            self.act_reverse_settlement: 1,
            self.act_accrue: 2,
        }
        for seed in range(int(os.environ.get("RANDOM_SEQUENCES", "4"))):
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                rng = random.Random(seed)
                self.moves = self.moves.browse()
                self.payments = self.payments.browse()
                for number in range(48):
                    (act,) = rng.choices(list(acts), list(acts.values()))
                    act(rng)
                    if number % 6 == 5:
                        self.check()
                savepoint.rollback()
                self.env.invalidate_all(flush=False)
