# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What may change on an expense while it is under approval, and afterwards."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .approval_common import ExpenseApprovalCommon

# AccessError and ValidationError are such as well.
REFUSED = UserError


@tagged("post_install", "-at_install")
class TestExpenseApprovalChanges(ExpenseApprovalCommon):
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
