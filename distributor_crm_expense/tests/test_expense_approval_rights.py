# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""T01, T02, T03: nobody helps himself to an approval by calling methods of the models."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .approval_common import ExpenseApprovalCommon

# AccessError and ValidationError are such as well.
REFUSED = UserError


@tagged("post_install", "-at_install")
class TestExpenseApprovalRights(ExpenseApprovalCommon):
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
