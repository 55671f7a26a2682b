# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.distributor_crm.tests.common import UsersCommon
from odoo.addons.hr_expense.tests.common import TestExpenseCommon


class ExpenseApprovalCommon(UsersCommon, TestExpenseCommon):
    """An expense of an employee under two steps, each with a reviewer of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = cls.expense_user_employee
        cls.manager = cls.expense_user_manager
        # Approvers see all expenses, approve none of their own.
        approver = "base.group_user,hr_expense.group_hr_expense_user"
        cls.first = cls._new_user("review_first", approver)
        cls.second = cls._new_user("review_second", approver)
        cls.stranger = cls._new_user("review_stranger", approver)
        cls.colleague = cls._new_user("review_colleague", "base.group_user")
        cls.portal = new_test_user(cls.env, "review_portal", "base.group_portal")
        # What other addons ship for expenses is not what is tested here.
        cls.env["tier.definition"].search([("model", "=", "hr.expense")]).active = False
        cls.step_1 = cls._create_step("Step 1", cls.first, sequence=10)
        cls.step_2 = cls._create_step("Step 2", cls.second, sequence=20)

    @classmethod
    def _new_user(cls, login, groups):
        return new_test_user(
            cls.env,
            login,
            groups,
            company_id=cls.env.company.id,
            company_ids=[Command.set(cls.env.companies.ids)],
        )

    @classmethod
    def _create_step(cls, name, reviewer, **values):
        return cls.env["tier.definition"].create(
            {
                "name": name,
                "model_id": cls.env["ir.model"]._get_id("hr.expense"),
                "review_type": "individual",
                "reviewer_id": reviewer.id,
                "approve_sequence": True,
                **values,
            }
        )

    def _create_expense(self, submit=True, request=True, **values):
        expense = self.create_expenses(
            {"total_amount_currency": 500, "manager_id": self.manager.id, **values}
        ).with_user(self.employee)
        if submit:
            expense.action_submit()
            if request:
                expense.request_validation()
        return expense

    def _sign(self, expense, *users):
        for user in users:
            expense.with_user(user).validate_tier()
