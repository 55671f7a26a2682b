# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Advances to representatives (R105, R107, R108): limits, clearing, and the ledger."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .fee_payment_common import FeePaymentCommon


@tagged("post_install", "-at_install")
class TestFeeAdvance(FeePaymentCommon):
    def _statement(self, amount=5000, months=2, **values):
        return self._create_statement(
            (self.customers[0], amount), month=self._month_back(months), **values
        )

    def _check_passed(self, statement):
        for line in statement.check_ids.line_ids.with_user(self.sales_manager):
            line.write({"contact": "Ms Chen", "note": "Got it"})
            line.action_confirm()

    def test_the_way_of_an_advance(self):
        """Borrowed, laid out, proved, cleared; the ledger is back at 0."""
        statement = self._statement(3000)
        advance = self._borrow(statement, 3000)
        self.assertEqual(advance.state, "issued")
        self.assertEqual(self._outstanding(), 3000)
        self.assertEqual(advance.outstanding, 3000)
        item = advance.sudo().payment_id.move_id.line_ids.filtered(
            lambda line: line.account_id == self.company.fee_advance_account_id
        )
        self.assertEqual(item.partner_id, self.employee.work_contact_id)
        payout = self._pay_out(statement, payment_mode="own_account")
        self._clear(advance)
        self.assertEqual(advance.state, "cleared")
        self.assertEqual(self._outstanding(), 0)
        move = payout.sudo().item_ids.expense_id.account_move_id
        self.assertEqual(move.amount_residual, 0)
        self.assertTrue(item.reconciled)

    def test_clearing_cases(self):
        """Less, as much and more laid out than lent; money handed back (R108)."""
        for months, lent, laid_out, returned, extra in (
            (2, 1000, 700, 300, 0),
            (3, 1000, 1000, 0, 0),
            (4, 1000, 1250.55, 0, 250.55),
        ):
            statement = self._statement(max(lent, laid_out), months)
            advance = self._borrow(statement, lent)
            if laid_out < lent:
                # The rest of what is payable is paid by the company later.
                statement.line_ids.payable = laid_out
            payout = self._pay_out(statement, payment_mode="own_account")
            self.assertEqual(self._outstanding(), lent)
            if returned:
                with self._refused(UserError, "At most"):
                    self._clear(advance, returned + 0.01)
                self._clear(advance)
                self.assertEqual(advance.outstanding, returned)
                self.assertEqual(advance.state, "issued")
                self._clear(advance, returned)
            else:
                self._clear(advance)
            self.assertEqual(advance.state, "cleared")
            self.assertEqual(self._outstanding(), 0)
            move = payout.sudo().item_ids.expense_id.account_move_id
            self.assertAlmostEqual(move.amount_residual, extra)
            self._check_passed(statement)

    def test_limit(self):
        """3,000.00 outstanding is allowed, a cent more is not (R107)."""
        statement = self._statement(5000)
        with self._refused(UserError, "may hold"):
            self._borrow(statement, 3000.01)
        for amount in (0, -5):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                with self.env.cr.savepoint():
                    self._borrow(statement, amount)
        advance = self._borrow(statement, 3000, issue=False)
        self.assertEqual(advance.available, 3000)
        # What finance lends by hand counts too: the ledger is looked at.
        self._book_by_hand(100)
        advance.with_user(self.sales_manager).action_approve()
        with self._refused(UserError, "may hold"):
            advance.action_issue()

    def _book_by_hand(self, amount):
        self.env["account.move"].create(
            {
                "journal_id": self.company.fee_journal_id.id,
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "account_id": account.id,
                            "partner_id": self.employee.work_contact_id.id,
                            "balance": balance,
                        },
                    )
                    for account, balance in (
                        (self.company.fee_advance_account_id, amount),
                        (self.company_data["default_account_expense"], -amount),
                    )
                ],
            }
        ).action_post()

    def test_no_more_than_is_payable(self):
        """Never above what the signed statement still owes, nor before the day."""
        statement = self._statement(500)
        with self._refused(UserError, "is payable on"):
            self._borrow(statement, 500.01)
        with self._refused(UserError, "is paid from"):
            self._borrow(self._statement(500, months=0), 100)
        with self._refused(UserError, "not signed by all three"):
            self._borrow(self._statement(500, months=3, state="draft"), 100)
        self._pay_out(statement)
        self._check_passed(statement)
        with self._refused(UserError, "is payable on"):
            self._borrow(statement, 1)

    def test_one_at_a_time(self):
        """Blocked while an old one is open, and until its customers are asked (R108)."""
        statement, second = self._statement(3000), self._statement(2000, months=3)
        advance = self._borrow(statement, 1000, issue=False)
        with self._refused(UserError, "still open"):
            self._borrow(second, 100)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                other = self.env["distributor.fee.advance"].create(
                    {"statement_id": second.id, "amount": 1}
                )
                other.state = "requested"
                self.env.flush_all()
        advance.with_user(self.sales_manager).action_approve()
        advance.action_issue()
        self._pay_out(statement, payment_mode="own_account")
        self._clear(advance)
        with self._refused(UserError, "have not been asked"):
            self._borrow(second, 100)
        self._check_passed(statement)
        self._borrow(second, 100)

    def test_rights(self):
        """Everybody asks for his own; four eyes approve and issue; over RPC too."""
        statement = self._statement(3000)
        Advance = self.env["distributor.fee.advance"]
        forged = (
            Advance.with_user(self.rep)
            .with_context(default_state="issued", default_employee_id=self.employee.id)
            .create({"statement_id": statement.id, "amount": 10, "state": "approved"})
        )
        self.assertEqual(forged.state, "draft")
        for vals in ({"state": "issued"}, {"approved_by_id": self.rep.id}):
            with self._refused(AccessError, ""):
                forged.write(vals)
        for user in (self.colleague, self.payer, self.auditor):
            with self._refused(AccessError, ""):
                forged.with_user(user).action_request()
        forged.action_request()
        with self._refused(UserError, "in status"):
            forged.amount = 20
        for user in (self.rep, self.colleague, self.auditor):
            with self._refused(AccessError, ""):
                forged.with_user(user).action_approve()
        forged.with_user(self.sales_manager).action_approve()
        self.sales_manager.group_ids += self.env.ref("distributor_crm.group_finance")
        for user in (self.rep, self.sales_manager, self.auditor):
            with self._refused(AccessError, ""):
                forged.with_user(user).action_issue()
        forged.with_user(self.payer).action_issue()
        with self._refused(UserError, "in status"):
            forged.action_cancel()
        move = forged.sudo().payment_id.move_id
        with self._refused(UserError, "Clear the advance"):
            move.with_user(self.payer).button_draft()
        with self._refused(UserError, "stay on record"):
            forged.unlink()
        with self._refused(AccessError, ""):
            forged.with_user(self.colleague).read(["amount"])
        self.assertEqual(forged.with_user(self.rep).outstanding, 10)

    def test_not_paid_twice(self):
        """What was lent is paid with the loan, not by the company again."""
        statement = self._create_statement(
            (self.customers[0], 600), (self.customers[1], 400)
        )
        advance = self._borrow(statement, 600)
        payout = self._prepare(statement)
        self.assertEqual(set(payout.item_ids.mapped("payment_mode")), {"own_account"})
        self._receipt(payout)
        payout.item_ids.payment_mode = "company_account"
        with self._refused(UserError, "was lent"):
            payout.action_post()
        payout.item_ids.filtered(
            lambda item: item.paid == 600
        ).payment_mode = "own_account"
        payout.action_post()
        self._clear(advance)
        self.assertEqual(advance.state, "cleared")

    def test_rejected(self):
        advance = self._borrow(self._statement(), 100, issue=False)
        with self._refused(UserError, "Say why"):
            advance.with_user(self.sales_manager)._reject("")
        advance.with_user(self.sales_manager)._reject("Next month")
        self.assertEqual(advance.state, "rejected")
        own = advance.with_user(self.rep)
        own.action_draft()
        own.amount = 50
        own.action_request()
        own.action_cancel()
        self.assertEqual(advance.state, "cancelled")

    def test_approver_archived(self):
        """T17: an approver who left does not block an advance."""
        step = self.env.ref("distributor_crm_expense.tier_definition_fee_advance")
        second = self._new_user(
            "fee_second_manager", "distributor_crm.group_sales_manager"
        )
        step.write(
            {
                "review_type": "individual",
                "reviewer_id": self.sales_manager.id,
                "reviewer_group_id": False,
            }
        )
        advance = self._borrow(self._statement(), 100, issue=False)
        self.sales_manager.active = False
        own = advance.with_user(self.rep)
        own.action_cancel()
        own.action_draft()
        with self._refused(UserError, "have left"):
            own.action_request()
        step.reviewer_id = second
        own.action_request()
        advance.with_user(second).action_approve()
        self.assertEqual(advance.state, "approved")

    def test_setting_missing(self):
        """What is not set up is said, with where to do it."""
        advance = self._borrow(self._statement(), 100, issue=False)
        advance.with_user(self.sales_manager).action_approve()
        self.company.fee_advance_account_id = False
        with self._refused(UserError, "is missing for"):
            advance.action_issue()
