# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Paying out signed statements (R084, R090, R091, R106): once, proved, to the cent."""

from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .fee_payment_common import FeePaymentCommon


@tagged("post_install", "-at_install")
class TestFeePayout(FeePaymentCommon):
    def test_the_way_of_a_payout(self):
        """Each product of a customer becomes an expense on its own analytic account."""
        first, second = self.customers[:2]
        statement = self._create_statement(
            (first, 100.10), (first, 20.20, self.cups), (second, 30.30)
        )
        payout = self._prepare(statement)
        self.assertEqual(payout.amount, 150.60)
        self.assertEqual(len(payout.item_ids), 3)
        self._receipt(payout, user=self.rep)
        payout.action_post()
        expenses = payout.sudo().item_ids.expense_id
        self.assertEqual(set(expenses.mapped("state")), {"paid"})
        self.assertEqual(expenses.employee_id, self.employee)
        self.assertEqual(expenses.vendor_id, first | second)
        self.assertTrue(all(expenses.mapped("message_main_attachment_id")))
        self.assertEqual(
            self._booked(),
            {
                (first, self.product): 10010,
                (first, self.cups): 2020,
                (second, self.product): 3030,
            },
        )
        lines = expenses.account_move_id.line_ids.filtered("fee_item_id")
        for line in lines:
            analytic = line.fee_item_id.product_id._get_fee_analytic(self.company)
            self.assertEqual(line.analytic_distribution, {str(analytic.id): 100})
            self.assertEqual(line.account_id, self.company.fee_expense_account_id)
        self.assertEqual(statement.state, "paid")
        self.assertEqual(payout.posted_by_id, self.payer)
        # Finance and auditors see these expenses, and no others.
        other = self.env["hr.expense"].create(
            {"name": "Taxi", "employee_id": self.employee.id}
        )
        for user in (self.payer, self.auditor):
            seen = self.env["hr.expense"].with_user(user).search([])
            self.assertLessEqual(expenses, seen)
            self.assertNotIn(other, seen)

    def test_reimbursed(self):
        """What the representative laid out is owed to him by an ordinary receipt."""
        statement = self._create_statement((self.customers[0], 80))
        payout = self._pay_out(statement, payment_mode="own_account")
        move = payout.sudo().item_ids.expense_id.account_move_id
        self.assertEqual(move.move_type, "in_receipt")
        self.assertEqual(move.partner_id, self.employee.work_contact_id)
        self.assertEqual(move.amount_residual, 80)

    def test_paid_once(self):
        """A line is in one payout that counts: asked for twice, and by the database."""
        statement = self._create_statement((self.customers[0], 80))
        payout = self._prepare(statement)
        with self._refused(UserError, "in a payout already"):
            self._prepare(statement)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                payout.sudo().line_ids.copy()
                self.env.flush_all()
        self._receipt(payout)
        payout.action_post()
        with self._refused(UserError, "for payouts in status"):
            payout.action_post()
        self.assertFalse(self._prepare(statement))
        self.assertEqual(sum(self._booked().values()), 8000)

    def test_died_midway(self):
        """What breaks off leaves nothing; tried again, it is paid once."""
        statement = self._create_statement(
            (self.customers[0], 80), (self.customers[1], 10)
        )
        payout = self._prepare(statement)
        self._receipt(payout)
        for method in ("_post_offsets", "_recover_from_reimbursement"):
            with (
                self.assertRaisesRegex(RuntimeError, "power"),
                self.env.cr.savepoint(),
                patch.object(
                    type(payout), method, side_effect=RuntimeError("power cut")
                ),
            ):
                payout.action_post()
            self.env.invalidate_all()
            self.assertEqual(payout.state, "draft")
            self.assertFalse(payout.sudo().item_ids.expense_id)
            self.assertFalse(self._booked())
        payout.action_post()
        self.assertEqual(sum(self._booked().values()), 9000)

    def test_not_before_it_is_due(self):
        """Unsigned, or before the payout day: nothing is paid (R097, R105)."""
        draft = self._create_statement((self.customers[0], 80), state="draft")
        with self._refused(UserError, "not signed by all three"):
            self._prepare(draft)
        early = self._create_statement(
            (self.customers[0], 80), month=self._month_back(0)
        )
        with self._refused(UserError, "is paid from"):
            self._prepare(early)

    def test_taken_back(self):
        """A credit note after the payout is kept from the next one, product by product."""
        customer = self.customers[0]
        self._pay_out(self._create_statement((customer, 100)))
        back = self._create_statement(
            (customer, -30), (customer, 80, self.cups), month=self._month_back(1)
        )
        payout = self._pay_out(back)
        self.assertEqual(payout.amount, 50)
        self.assertEqual(payout.taken_back, 30)
        self.assertEqual(
            self._booked(),
            {(customer, self.product): 7000, (customer, self.cups): 8000},
        )
        self.assertEqual(
            sum(payout.sudo().item_ids.expense_id.mapped("total_amount")), 50
        )

    def test_carried(self):
        """What the payee cannot give back now waits; others are paid in full."""
        debtor, other = self.customers[:2]
        self._pay_out(self._create_statement((debtor, 100)))
        second = self._create_statement(
            (debtor, -60), (other, 40), month=self._month_back(1)
        )
        payout = self._pay_out(second)
        self.assertEqual(payout.amount, 40)
        self.assertEqual(second.state, "paid")
        third = self._create_statement((debtor, 75), user=self.colleague)
        self.assertEqual(third.open_payable, 15)
        self.assertEqual(self._pay_out(third).amount, 15)
        self.assertEqual(self._booked()[debtor, self.product], 11500)
        # Nothing but what has to be given back: closed, and kept from the next.
        fourth = self._create_statement((other, -10), month=self._month_back(3))
        self.assertFalse(self._prepare(fourth))
        self.assertEqual(fourth.state, "paid")

    def test_cancel(self):
        """Cancelled with a reason: entries are reversed, and it can be paid again."""
        customer = self.customers[0]
        for mode in ("company_account", "own_account"):
            statement = self._create_statement(
                (customer, 80), month=self._month_back(3 + (mode == "own_account"))
            )
            payout = self._pay_out(statement, payment_mode=mode)
            with self._refused(UserError, "Say why"):
                payout._cancel(" ")
            payout._cancel("The bank returned it")
            self.assertEqual(payout.state, "cancelled")
            self.assertEqual(statement.state, "signed")
            self.assertFalse(self._booked())
            again = self._pay_out(statement, payment_mode=mode)
            self.assertEqual(sum(self._booked().values()), 8000)
            again._cancel("Once more")

    def test_no_cash(self):
        """Cash is off unless the policy allows it (R106)."""
        cash = self.env["account.journal"].create(
            {"name": "Till", "type": "cash", "code": "TILL"}
        )
        payout = self._prepare(self._create_statement((self.customers[0], 80)))
        self._receipt(payout)
        payout.payment_method_line_id = cash.outbound_payment_method_line_ids[:1]
        with self._refused(UserError, "does not allow"):
            payout.action_post()
        self.company._get_fee_policy(self.today).allow_cash = True
        payout.action_post()

    def test_an_expense_of_a_fee_stays(self):
        """Edited, refused, reset, split, deleted, posted by itself: all refused."""
        payout = self._pay_out(
            self._create_statement((self.customers[0], 80)), payment_mode="own_account"
        )
        expense = payout.sudo().item_ids.expense_id
        boss = self._new_user(
            "fee_boss",
            "hr_expense.group_hr_expense_manager,account.group_account_manager",
        )
        for user in (self.rep, self.payer, boss):
            own = expense.with_user(user)
            for vals in (
                {"total_amount_currency": 500},
                {"employee_id": self.other_employee.id},
                {"vendor_id": False},
                {"analytic_distribution": {}},
                {"fee_item_id": False},
                {"approval_state": False},
            ):
                with self._refused(UserError, ""):
                    own.write(vals)
            for action in (
                "action_reset",
                "action_refuse",
                "action_approve",
                "action_post",
                "action_submit",
                "action_split_wizard",
                "unlink",
            ):
                with self._refused(UserError, ""):
                    getattr(own, action)()
        move = expense.account_move_id.with_user(boss)
        for action in ("button_draft", "button_cancel", "_reverse_moves"):
            with self._refused(UserError, "Cancel the payout"):
                getattr(move, action)()
        with self._refused(UserError, ""):
            move.unlink()
        with self._refused(UserError, "stays on the account of its product"):
            move.line_ids.filtered("fee_item_id").analytic_distribution = False
        self.assertEqual(expense.total_amount, 80)

    def test_no_fee_expense_by_hand(self):
        """Over RPC nobody makes an expense or an item that claims to pay a fee."""
        payout = self._prepare(self._create_statement((self.customers[0], 80)))
        item = payout.item_ids
        expense = (
            self.env["hr.expense"]
            .with_user(self.rep)
            .with_context(default_fee_item_id=item.id)
            .create(
                {
                    "name": "Mine",
                    "employee_id": self.employee.id,
                    "product_id": self.company.fee_product_id.id,
                    "total_amount_currency": 80,
                    "fee_item_id": item.id,
                }
            )
        )
        self.assertFalse(expense.fee_item_id)
        with self._refused(UserError, "by their payout alone"):
            expense.fee_item_id = item
        for user in (self.rep, self.payer):
            for vals in ({"paid": 500}, {"payee_id": self.customers[1].id}):
                with self._refused(AccessError, ""):
                    item.with_user(user).write(vals)
            for vals in ({"state": "posted"}, {"amount": 1}, {"user_id": user.id}):
                with self._refused(AccessError, ""):
                    payout.with_user(user).write(vals)
        with self._refused(AccessError, ""):
            item.with_user(self.rep).payment_mode = "own_account"
        with self._refused(AccessError, ""):
            payout.with_user(self.rep).action_post()
        with self._refused(AccessError, ""):
            payout.with_user(self.auditor).action_post()
        with self._refused(AccessError, ""):
            payout.with_user(self.colleague).read(["amount"])
        self.assertEqual(payout.with_user(self.auditor).amount, 80)

    def test_nobody_pays_himself(self):
        """A representative who is in finance pays others, never himself."""
        self.rep.group_ids += self.env.ref("distributor_crm.group_finance")
        statement = self._create_statement((self.customers[0], 80))
        payout = self._prepare(statement)
        self._receipt(payout)
        with self._refused(AccessError, "his own fees"):
            payout.with_user(self.rep).action_post()

    def test_steps_of_expenses_do_not_matter(self):
        """Steps for ordinary expenses ask nothing more of what three have signed."""
        self.env["tier.definition"].create(
            {
                "name": "Ordinary expenses",
                "model_id": self.env["ir.model"]._get_id("hr.expense"),
                "review_type": "individual",
                "reviewer_id": self.sales_manager.id,
            }
        )
        payout = self._pay_out(self._create_statement((self.customers[0], 80)))
        self.assertEqual(payout.state, "posted")

    def test_queries(self):
        """Ten customers more cost no query each to prepare, and few to post."""

        def run(count, month):
            partners = self.env["res.partner"].create(
                [{"name": f"P{month}{n}", "is_company": True} for n in range(count)]
            )
            statement = self._create_statement(
                *((partner, 10) for partner in partners), month=self._month_back(month)
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._prepare(statement)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        run(1, 3)
        self.assertLessEqual(run(12, 4) - run(2, 5), 10)

    def test_an_application_is_paid(self):
        """A special fee is paid once, after the new customer's first payment (R104)."""
        customer = self.customers[0]
        application = self.env["distributor.fee.application"].create(
            {"partner_id": customer.id, "payee_id": customer.id, "amount": 500}
        )
        application.write({"user_id": self.rep.id, "company_id": self.company.id})
        with self._refused(UserError, "not signed by all"):
            self._prepare(application)
        self.env["tier.definition"].search(
            [("model", "=", application._name)]
        ).active = False
        application.with_context(skip_validation_check=True).state = "signed"
        with self._refused(UserError, "not paid anything yet"):
            self._prepare(application)
        invoice = self._sell(customer, 1000)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        application.invalidate_recordset()
        payout = self._pay_out(application)
        self.assertEqual((payout.amount, application.state), (500, "paid"))
        with self._refused(UserError, "paid already"):
            self._prepare(application)
        payout._cancel("Returned")
        self.assertEqual(application.state, "signed")
        self.assertFalse(self._booked())
