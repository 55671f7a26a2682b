# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import UserError
from odoo.tests import tagged

from .rebate_accounting_common import RebateAccountingCommon


@tagged("post_install", "-at_install")
class TestRebateBudget(RebateAccountingCommon):
    def test_used_is_what_was_earned_once(self):
        """S1: what adds up over the year counts once, not month by month."""
        for day, amount in (("2024-10-10", 3000), ("2024-11-10", 24000)):
            self._sell(self.north, amount, day)
        program = self._create_program(
            (5000, 2),
            (10000, 4),
            period_type="month",
            window_type="year",
            budget=1000,
        )
        program.action_compute()
        self.assertEqual(program.budget_used, 1080)
        self.assertTrue(program.is_over_budget)
        self.assertEqual(program.budget_progress, 108)
        program.budget = 2000
        self.assertFalse(program.is_over_budget)
        program.budget = 0
        self.assertFalse(program.is_over_budget)

    def test_beyond_the_budget_is_not_submitted(self):
        self._sell(self.north, 1000)
        self._sell(self.south, 3000)
        program = self._create_program((0, 2), budget=70)
        program.action_compute()
        statements = program.statement_ids.with_user(self.sales_manager)
        with self.assertRaisesRegex(UserError, "70.00 left of its budget"):
            statements.action_submit()
        self.assertEqual(set(statements.mapped("approval_state")), {"draft"})
        self._statement(program, self.south).with_user(
            self.sales_manager
        ).action_submit()
        with self.assertRaisesRegex(UserError, "10.00 left"):
            self._statement(program).with_user(self.sales_manager).action_submit()
        program.with_user(self.channel_admin).budget = 80
        self._statement(program).with_user(self.sales_manager).action_submit()
