# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The T rows: what OCA's tier validation let happen to an expense, and no longer does."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .approval_common import ExpenseApprovalCommon

# AccessError and ValidationError are such as well.
REFUSED = UserError


@tagged("post_install", "-at_install")
class TestExpenseApproval(ExpenseApprovalCommon):
    def test_the_way_of_an_expense(self):
        """An employee asks, two sign, the manager approves; all of it stays on record."""
        expense = self._create_expense()
        self.assertEqual(expense.validation_status, "pending")
        self._sign(expense, self.first, self.second)
        self.assertEqual(expense.validation_status, "validated")
        expense.with_user(self.manager).action_approve()
        self.assertEqual(expense.state, "approved")
        self.assertRecordValues(
            expense.signature_ids.sorted("id"),
            [
                {"user_id": self.first.id, "step": "Step 1", "decision": "approved"},
                {"user_id": self.second.id, "step": "Step 2", "decision": "approved"},
            ],
        )
        self.assertEqual(
            set(expense.signature_ids.mapped("digest")), {expense._get_signed_digest()}
        )

    def test_four_eyes(self):
        """T04: whoever asks for it, or is paid by it, gives no approval."""
        self.step_1.reviewer_id = self.employee
        expense = self._create_expense(request=False)
        with self._refused(UserError, "Nobody else can sign step “Step 1”"):
            expense.request_validation()
        # Neither when a friend asks for it.
        with self._refused(UserError, "Nobody else can sign"):
            expense.with_user(self.manager).request_validation()
        self.step_1.exclude_requester = False
        expense.request_validation()
        expense.validate_tier()
        self.assertEqual(expense.review_ids[0].done_by, self.employee)

    def test_one_signature_a_person(self):
        """T04: nobody signs two steps, unless the step allows it."""
        for allowed in (False, True):
            (self.step_1 + self.step_2).write(
                {
                    "allow_repeat": allowed,
                    "review_type": "group",
                    "reviewer_group_id": self.env.ref(
                        "hr_expense.group_hr_expense_user"
                    ).id,
                    "reviewer_id": False,
                }
            )
            expense = self._create_expense()
            self._sign(expense, self.first)
            if allowed:
                self._sign(expense, self.first)
                self.assertEqual(expense.validation_status, "validated")
                continue
            self.assertNotIn(self.first, expense.review_ids[1].reviewer_ids)
            with self._refused(AccessError, "takes somebody else"):
                self._sign(expense, self.first)
            self._sign(expense, self.second)
            self.assertEqual(expense.validation_status, "validated")

    def test_unmatched_fails_closed(self):
        """T06: what no step covers is not approved, unless the company allows it."""
        steps = self.step_1 + self.step_2
        steps.definition_domain = "[('total_amount', '>', 1000)]"
        expense = self._create_expense()
        self.assertFalse(expense.review_ids)
        with self._refused(UserError, "No approval step covers"):
            expense.with_user(self.manager).action_approve()
        self.env.company.approval_allow_unmatched = True
        expense.with_user(self.manager).action_approve()
        self.assertEqual(expense.state, "approved")
        # Without any step the approval is Odoo's own.
        self.env.company.approval_allow_unmatched = False
        steps.active = False
        expense = self._create_expense(total_amount_currency=70)
        expense.with_user(self.manager).action_approve()
        self.assertEqual(expense.state, "approved")

    def test_no_approval_without_asking(self):
        expense = self._create_expense(request=False)
        with self.assertRaises(REFUSED):
            expense.with_user(self.manager).action_approve()
        draft = self._create_expense(submit=False)
        with self._refused(UserError, "needs approval"):
            draft.with_user(self.manager).write({"approval_state": "approved"})

    def test_no_approver_approves_itself(self):
        """An approver's own expense without a manager went past all steps."""
        employee = (
            self.env["hr.employee"]
            .sudo()
            .create(
                {
                    "name": "Boss",
                    "user_id": self.stranger.id,
                    "company_id": self.env.company.id,
                }
            )
        )
        expense = self.create_expenses(
            {"employee_id": employee.id, "manager_id": False}
        ).with_user(self.stranger)
        expense.action_submit()
        self.assertEqual(expense.state, "submitted")

    def test_refused_with_a_reason(self):
        """T11, T11b: out of turn and strangers are told so."""
        expense = self._create_expense()
        for action in ("validate_tier", "reject_tier"):
            with self._refused(UserError, "“Step 1” comes first"):
                getattr(expense.with_user(self.second), action)()
            with self._refused(AccessError, "not asked to decide"):
                getattr(expense.with_user(self.stranger), action)()
            with self.assertRaises(AccessError):
                getattr(expense.with_user(self.colleague), action)()
        self._sign(expense, self.first, self.second)
        with self._refused(UserError, "waits for no signature"):
            self._sign(expense, self.second)
        with self.assertRaises(AccessError):
            self._create_expense(request=False).with_user(
                self.colleague
            ).request_validation()
        for user in (self.colleague, self.portal):
            with self.assertRaises(AccessError):
                expense.with_user(user).restart_validation()

    def test_open_reviews_keep_their_reviewer(self):
        """T12, T12b, T12c: steps change, are archived and deleted; reviews stay."""
        expense = self._create_expense()
        self.step_1.write({"reviewer_id": self.stranger.id, "name": "Renamed"})
        self.step_2.active = False
        self.assertEqual(expense.review_ids.mapped("name"), ["Step 1", "Step 2"])
        with self.assertRaises(AccessError):
            self._sign(expense, self.stranger)
        self._sign(expense, self.first)
        (self.step_1 + self.step_2).unlink()
        self.env.invalidate_all()
        self.assertEqual(expense.validation_status, "pending")
        self._sign(expense, self.second)
        self.assertEqual(expense.validation_status, "validated")
        self.env.invalidate_all()
        self.assertRecordValues(
            expense.review_ids,
            [
                {"name": "Step 1", "done_by": self.first.id, "status": "approved"},
                {"name": "Step 2", "done_by": self.second.id, "status": "approved"},
            ],
        )

    def test_a_field_names_the_reviewer_once(self):
        """T12: who is asked by a field of the document stays asked."""
        self.step_1.write(
            {
                "review_type": "field",
                "reviewer_field_id": self.env["ir.model.fields"]
                ._get("hr.expense", "manager_id")
                .id,
                "reviewer_id": False,
            }
        )
        expense = self._create_expense()
        expense.sudo().with_context(
            skip_validation_check=True
        ).review_ids._refresh_reviewers()
        self.assertEqual(expense.review_ids[0].reviewer_ids, self.manager)
        self.assertEqual(expense.review_ids[0].step_reviewer_id, self.manager)

    def test_lowest_sequence_first(self):
        """T13: as everywhere in Odoo."""
        self.step_2.sequence = 1
        self.assertEqual(
            self._create_expense().review_ids.mapped("name"), ["Step 2", "Step 1"]
        )

    def test_rounds_stay_on_record(self):
        """T14: rejected, asked anew, withdrawn: nothing is lost."""
        expense = self._create_expense()
        self._sign(expense, self.first)
        expense.with_user(self.second).reject_tier()
        self.assertEqual(expense.validation_status, "rejected")
        with self.assertRaises(UserError):
            self._sign(expense, self.second)
        expense.restart_validation()
        self.assertEqual(expense.validation_status, "no")
        expense.request_validation()
        self._sign(expense, self.first)
        expense.action_reset()
        self.assertFalse(expense.review_ids)
        self.assertRecordValues(
            expense.review_history_ids.sorted(lambda r: (r.round_number, r.sequence)),
            [
                {"round_number": 1, "status": "approved", "round_end": "rejected"},
                {"round_number": 1, "status": "rejected", "round_end": "rejected"},
                {"round_number": 2, "status": "approved", "round_end": "withdrawn"},
                {"round_number": 2, "status": "cancel", "round_end": "withdrawn"},
            ],
        )
        self.assertTrue(expense.has_approval_history)
        history = self.env["tier.review"].with_user(self.employee)
        action = expense.action_view_approvals()
        found = history.with_context(**action["context"]).search(action["domain"])
        self.assertEqual(found, expense.review_history_ids)
        log = " ".join(expense.message_ids.mapped("body"))
        self.assertIn("was rejected", log)
        self.assertIn("no longer counts", log)

    def test_withdraw_and_refuse(self):
        """T15, T16b: the employee takes it back, the approver refuses."""
        expense = self._create_expense()
        expense.action_reset()
        self.assertEqual(expense.state, "draft")
        expense.action_submit()
        expense.request_validation()
        self._sign(expense, self.first)
        expense.with_user(self.manager)._do_refuse("No")
        self.assertEqual(expense.state, "refused")
        self.assertFalse(expense.review_ids)
        self.assertEqual(
            set(expense.review_history_ids.mapped("round_end")),
            {"withdrawn", "cancelled"},
        )

    def test_deleted_with_the_document(self):
        """An employee deletes his refused draft; the signatures stay."""
        expense = self._create_expense()
        self._sign(expense, self.first)
        signature = expense.sudo().signature_ids
        expense.action_reset()
        reviews = expense.sudo().review_history_ids
        self.assertEqual(signature.action_view_document()["res_id"], expense.id)
        expense.unlink()
        self.assertFalse(reviews.exists())
        self.assertTrue(signature.exists())
        with self._refused(UserError, "was deleted"):
            signature.action_view_document()

    def test_search_needs_my_review(self):
        """The filter and the counter of the reviewer show what waits for him."""
        expense = self._create_expense()
        Expense = self.env["hr.expense"]
        mine = [("reviewer_ids", "in", self.first.id), ("state", "=", "submitted")]
        self.assertIn(expense, Expense.with_user(self.first).search(mine))
        domain = [("can_review", "=", True)]
        self.assertIn(expense, Expense.with_user(self.first).search(domain))
        self.assertNotIn(expense, Expense.with_user(self.second).search(domain))
        counts = self.env["res.users"].with_user(self.first).review_user_count()
        self.assertEqual([c["model"] for c in counts], ["hr.expense"])
        self.assertFalse(
            self.env["res.users"].with_user(self.second).review_user_count()
        )

    def test_queries(self):
        """Asking for many takes a few queries; a signature no more than OCA's own act.

        OCA alone takes 5 queries an expense to ask, and 4 a signature.
        """
        expenses = self.env["hr.expense"]
        for number in range(20):
            expenses |= self._create_expense(
                request=False, total_amount_currency=100 + number
            )
        expenses[0].request_validation()
        self._sign(expenses[0], self.first)
        expenses = expenses[1:].with_user(self.employee)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(40):
            expenses.request_validation()
            self.env.flush_all()
        with self.assertQueryCount(4 * len(expenses) + 12):
            for expense in expenses:
                self._sign(expense, self.first)
            self.env.flush_all()
        self.assertEqual(len(expenses.signature_ids), len(expenses))
