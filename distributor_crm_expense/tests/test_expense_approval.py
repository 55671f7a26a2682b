# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The T rows: what OCA's tier validation let happen to an expense, and no longer does."""

from odoo import Command
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

    def test_nobody_writes_reviews(self):
        """T01, T02, T03: not the requester, not a reviewer, not an administrator."""
        expense = self._create_expense()
        review = expense.review_ids[0]
        users = self.employee, self.colleague, self.first, self.stranger
        for user in (*users, self.manager, self.env.ref("base.user_admin")):
            for vals in (
                {"status": "approved"},
                {"reviewer_ids": [Command.set(user.ids)]},
                {"step_reviewer_id": user.id},
                {"done_by": user.id},
                {"requested_by": user.id},
                {"res_id": 0},
                {"active": False},
                {"definition_id": False},
                {"comment": "Mine"},
            ):
                with self.assertRaises(AccessError, msg=f"{user.login} {vals}"):
                    review.with_user(user).write(vals)
            with self.assertRaises(AccessError):
                review.with_user(user).unlink()
            with self.assertRaises(AccessError):
                review.with_user(user).create(
                    {"model": "hr.expense", "res_id": expense.id, "status": "approved"}
                )
            with self.assertRaises(REFUSED):
                expense.with_user(user).write(
                    {"review_ids": [Command.update(review.id, {"status": "approved"})]}
                )
        self.assertEqual(expense.review_ids.mapped("status"), ["pending", "waiting"])

    def test_the_guard_outlives_an_update_of_oca(self):
        """An update of OCA's module brings its access rights back: they give nothing."""
        expense = self._create_expense()
        access = self.env["ir.model.access"].with_context(active_test=False)
        access.search([("model_id.model", "=like", "tier.%")]).write(
            dict.fromkeys(
                ("active", "perm_read", "perm_write", "perm_create", "perm_unlink"),
                True,
            )
        )
        review = expense.review_ids[0]
        for user in (self.employee, self.portal):
            with self.assertRaises(AccessError):
                review.with_user(user).status = "approved"
            with self.assertRaises(AccessError):
                review.with_user(user).unlink()
        for model in ("tier.review", "tier.definition"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.portal).search_read([], ["name"])

    def test_reviews_are_read_with_the_document(self):
        """Portal users read none, a colleague only what he may see the expense of."""
        expense = self._create_expense()
        review, Review = expense.review_ids[0], self.env["tier.review"]
        self._sign(expense, self.first)
        signature = expense.sudo().signature_ids
        for user in (self.employee, self.first, self.second, self.stranger):
            self.assertIn(review, Review.with_user(user).search([]), user.login)
            self.assertEqual(review.with_user(user).name, "Step 1")
            self.assertEqual(signature.with_user(user).user_id, self.first)
        colleague = Review.with_user(self.colleague)
        self.assertNotIn(review, colleague.search([]))
        self.assertEqual(colleague.search_count([("id", "=", review.id)]), 0)
        for record in (review, signature):
            record.invalidate_recordset()
            with self.assertRaises(AccessError):
                record.with_user(self.colleague).read(["create_date"])
        for model in ("tier.review", "tier.definition", "distributor.signature"):
            for user in (self.portal, self.env.ref("base.public_user")):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])

    def test_nobody_writes_the_result_of_an_approval(self):
        """T01b: the stored outcome is no way around the reviews, nor is a default."""
        expense = self._create_expense(submit=False)
        with self.assertRaises(AccessError):
            expense.validation_status = "validated"
        for state in ("approved", "posted", "paid"):
            with self.assertRaises(AccessError):
                expense.write({"state": state})
        values = {
            "name": "Born approved",
            "employee_id": self.expense_employee.id,
            "product_id": self.product_c.id,
            "total_amount_currency": 5,
        }
        Expense = self.env["hr.expense"].with_user(self.stranger)
        for claim in (
            {"validation_status": "validated"},
            {"approval_state": "approved"},
        ):
            with self.assertRaises(REFUSED, msg=claim):
                Expense.create({**values, **claim})
        with self.assertRaises(REFUSED):
            Expense.with_context(default_approval_state="approved").create(values)
        # The other two are computed: what is claimed for them gives nothing.
        expense = Expense.with_context(default_validation_status="validated").create(
            {**values, "state": "paid"}
        )
        expense.invalidate_recordset()
        self.assertEqual((expense.validation_status, expense.state), ("no", "draft"))

    def test_context_is_no_key(self):
        """What OCA's own code passes in the context is not taken from a user."""
        expense = self._create_expense()
        with self.assertRaises(REFUSED):
            expense.with_user(self.manager).with_context(
                skip_validation_check=True
            ).total_amount_currency = 1

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

    def test_changed_after_signing(self):
        """T08b: signatures on 500 are no approval of 5000."""
        self.env["tier.validation.exception"].create(
            {
                "name": "Amounts",
                "model_id": self.env["ir.model"]._get_id("hr.expense"),
                "field_ids": [
                    Command.set(
                        self.env["ir.model.fields"]
                        ._get("hr.expense", "total_amount_currency")
                        .ids
                    )
                ],
                "company_id": self.env.company.id,
            }
        )
        self.env["ir.config_parameter"].set_param(
            "hr_expense.tier_exceptions", ["total_amount_currency"]
        )
        expense = self._create_expense()
        self._sign(expense, self.first, self.second)
        expense.with_user(self.manager).total_amount_currency = 5000
        self.assertEqual(expense.validation_status, "no")
        self.assertTrue(all(expense.signature_ids.mapped("voided_on")))
        self.assertEqual(
            expense.review_history_ids.mapped("round_end"), ["changed", "changed"]
        )
        with self.assertRaises(REFUSED):
            expense.with_user(self.manager).action_approve()
        expense.with_user(self.manager).request_validation()
        self.assertEqual(set(expense.review_ids.mapped("round_number")), {2})

    def test_changed_behind_the_approval(self):
        """T08b: whatever way the amount changed, the approval compares what was signed."""
        expense = self._create_expense()
        self._sign(expense, self.first, self.second)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE hr_expense SET total_amount = 5000 WHERE id = %s", expense.ids
        )
        expense.invalidate_recordset()
        with self._refused(UserError, "changed after it was signed"):
            expense.with_user(self.manager).action_approve()

    def test_changed_after_approval(self):
        """T09: an approved amount stands; taken back, it is approved anew."""
        expense = self._create_expense()
        self._sign(expense, self.first, self.second)
        manager = expense.with_user(self.manager)
        manager.action_approve()
        other = self.env["hr.employee"].sudo().create({"name": "Other"})
        for vals in (
            {"total_amount_currency": 5000},
            {"employee_id": other.id},
            {"date": "2020-01-01"},
        ):
            with self._refused(UserError, "approved as it stands"):
                manager.write(vals)
        manager.description = "No amount"
        manager.action_reset()
        self.assertFalse(manager.review_ids)
        self.assertEqual(
            set(manager.review_history_ids.mapped("round_end")), {"withdrawn"}
        )
        manager.total_amount_currency = 5000
        expense.action_submit()
        with self.assertRaises(REFUSED):
            manager.action_approve()

    def test_what_was_changed_is_not_paid(self):
        """Code that changes an approved expense voids the signatures: it is not posted."""
        expense = self._create_expense()
        self._sign(expense, self.first, self.second)
        expense.with_user(self.manager).action_approve()
        expense.sudo().total_amount_currency = 5000
        self.assertTrue(all(expense.signature_ids.mapped("voided_on")))
        with self._refused(UserError, "changed after it was signed"):
            expense.sudo().action_post()

    def test_evidence_is_welcome(self):
        """T10, T10b: receipts, messages and activities while it is under approval."""
        expense = self._create_expense()
        for user in (self.employee, self.first):
            own = expense.with_user(user)
            message = own.message_post(
                body="The receipt", attachments=[("receipt.pdf", b"%PDF-1.4")]
            )
            self.assertTrue(message.attachment_ids)
        own.attach_document(attachment_ids=message.attachment_ids.ids)
        self.assertEqual(expense.message_main_attachment_id, message.attachment_ids)
        expense.with_user(self.first).activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.first.id
        )
        with self.assertRaises(REFUSED):
            expense.with_user(self.manager).total_amount_currency = 5

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

    def test_comments(self):
        """The dialog comments on one's own review alone, whatever it is sent."""
        (self.step_1 + self.step_2).has_comment = True
        expense = self._create_expense()
        action = expense.with_user(self.first).validate_tier()
        self.assertEqual(action["res_model"], "comment.wizard")
        values = {
            "res_model": "hr.expense",
            "res_id": expense.id,
            "validate_reject": "validate",
            "comment": "Fine",
            "review_ids": [Command.set(expense.review_ids.ids)],
        }
        Wizard = self.env["comment.wizard"]
        for user in (self.stranger, self.colleague, self.second):
            with self.assertRaises(REFUSED):
                Wizard.with_user(user).create(values).add_comment()
        Wizard.with_user(self.first).create(values).add_comment()
        self.assertEqual(expense.review_ids.mapped("comment"), ["Fine", False])
        self.assertEqual(expense.review_ids.mapped("status"), ["approved", "pending"])
        self.assertEqual(expense.sudo().signature_ids.comment, "Fine")
        with self.assertRaises(AccessError):
            Wizard.with_user(self.first).create(
                {**values, "res_model": "res.partner"}
            ).add_comment()

    def test_deleted_with_the_document(self):
        """An employee deletes his refused draft; the signatures stay."""
        expense = self._create_expense()
        self._sign(expense, self.first)
        signature = expense.sudo().signature_ids
        expense.action_reset()
        reviews = expense.sudo().review_history_ids
        expense.unlink()
        self.assertFalse(reviews.exists())
        self.assertTrue(signature.exists())
        self.assertTrue(signature.document_name)

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
