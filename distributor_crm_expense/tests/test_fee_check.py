# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Spot checks and what a denial leads to (R109): drawn, recorded, recovered."""

import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.distributor_crm import draw

from .fee_payment_common import FeePaymentCommon


@tagged("post_install", "-at_install")
class TestFeeCheck(FeePaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.statement = cls._create_statement(
            *(
                (customer, 100 + n, product)
                for n, customer in enumerate(cls.customers)
                for product in (cls.product, cls.cups)
            )
        )

    def _paid_check(self, **values):
        self._pay_out(self.statement, **values)
        return self.statement.check_ids.with_user(self.sales_manager)

    def _note(self, line, action, **values):
        line.write({"contact": "Ms Chen", "note": "As she said", **values})
        getattr(line, action)()

    def test_drawn(self):
        """Three of six, by a stored seed that anybody can repeat; nobody chooses."""
        check = self._paid_check()
        self.assertEqual(len(check.line_ids), 3)
        population = json.loads(check.population)
        self.assertEqual(sorted(population), sorted(self.customers.ids))
        self.assertEqual(
            check.line_ids.sorted("sequence").partner_id.ids,
            draw.draw(population, 3, check.seed),
        )
        action = check.action_verify_draw()
        self.assertEqual(action["params"]["type"], "success")
        self.assertEqual(
            check.activity_ids.user_id, self.sales_manager, "the manager is asked"
        )
        for user in (self.sales_manager, self.rep, self.payer):
            own = check.with_user(user)
            for vals in ({"seed": "1"}, {"population": "[]"}, {"wanted": 1}):
                with self._refused(AccessError, ""):
                    own.write(vals)
            with self._refused(AccessError, ""):
                own.line_ids[0].partner_id = self.customers[0]
            with self._refused((AccessError, UserError), ""):
                own.line_ids[0].unlink()
            with self._refused((AccessError, UserError), ""):
                own.unlink()
        left = self.customers - check.line_ids.partner_id
        check.sudo().line_ids[0].partner_id = left[0]
        self.assertEqual(check.action_verify_draw()["params"]["type"], "danger")

    def test_results(self):
        """Confirmed needs a proof; unreachable draws the next; nothing is rewritten."""
        check = self._paid_check()
        order = check._get_order()
        first, second, third = check.line_ids.sorted("sequence")
        with self._refused(UserError, "Say whom"):
            first.action_confirm()
        self._note(first, "action_confirm")
        with self._refused(UserError, "stays on record"):
            first.note = "Something else"
        with self._refused(UserError, "recorded already"):
            first.action_deny()
        self._note(second, "action_unreachable", contact=False)
        self.assertEqual(check.line_ids.sorted("sequence")[-1].partner_id.id, order[3])
        self.assertEqual(check.state, "open")
        for line in check.line_ids.filtered(lambda one: one.result == "pending"):
            self._note(line, "action_confirm")
        self.assertEqual(check.state, "passed")
        self.assertEqual(first.checked_by_id, self.sales_manager)

    def test_all_unreachable(self):
        """The draw ends with the population; it does not loop."""
        check = self._paid_check()
        for _turn in range(6):
            line = check.line_ids.filtered(lambda one: one.result == "pending")[0]
            self._note(line, "action_unreachable")
        self.assertEqual(len(check.line_ids), 6)
        self.assertEqual(check.state, "passed")

    def test_somebody_else_checks(self):
        """Neither the representative, nor who is no manager."""
        check = self._paid_check()
        for user in (self.rep, self.payer, self.auditor):
            with self._refused(AccessError, ""):
                check.line_ids[0].with_user(user).action_confirm()
        self.rep.group_ids += self.env.ref("distributor_crm.group_sales_manager")
        with self._refused(AccessError, "his own"):
            check.line_ids[0].with_user(self.rep).write({"note": "Fine"})

    def test_denied(self):
        """A case, no advances, booked onto his account, kept from what he is owed next."""
        check = self._paid_check(payment_mode="own_account")
        line = check.line_ids[0]
        before = self._booked()
        self._note(line, "action_deny")
        recovery = check.recovery_ids
        self.assertEqual(recovery.amount, line.amount)
        self.assertEqual(check.state, "open", "the others are still to be asked")
        recovery.with_user(self.rep).statement = "I gave it to his colleague."
        for line_left in check.line_ids - line:
            self._note(line_left, "action_confirm")
        self.assertEqual(check.state, "failed")
        self.assertFalse(check.activity_ids)
        second = self._create_statement(
            (self.customers[0], 1000), month=self._month_back(3)
        )
        with self._refused(UserError, "no advances until"):
            self._borrow(second, 10)
        for user in (self.rep, self.sales_manager, self.auditor):
            with self._refused(AccessError, ""):
                recovery.with_user(user).action_book()
        recovery.with_user(self.payer).action_book()
        self.assertEqual(self._outstanding(), recovery.amount)
        after = self._booked()
        for product in (self.product, self.cups):
            key = (line.partner_id, product)
            self.assertEqual(after.get(key, 0), 0)
            self.assertGreater(before[key], 0)
        self.assertEqual(recovery.state, "booked")
        with self._refused(UserError, "being recovered"):
            self.statement.payout_ids.with_user(self.payer)._cancel("No")
        payout = self._pay_out(second, payment_mode="own_account")
        self.assertEqual(recovery.state, "recovered")
        self.assertEqual(self._outstanding(), 0)
        move = payout.sudo().item_ids.expense_id.account_move_id
        self.assertAlmostEqual(move.amount_residual, 1000 - recovery.amount)

    def test_dropped(self):
        """Closed with a reason, the freeze ends."""
        check = self._paid_check()
        self._note(check.line_ids[0], "action_deny")
        recovery = check.recovery_ids.with_user(self.payer)
        with self._refused(UserError, "Say why"):
            recovery._drop("")
        recovery._drop("The customer found the receipt")
        self.assertEqual(recovery.state, "dropped")
        with self._refused(UserError, "decided already"):
            recovery.action_book()
        with self._refused(AccessError, ""):
            recovery.write({"amount": 1})
