# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import DistributorCommon


@tagged("post_install", "-at_install")
class TestRebateSecurity(DistributorCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._sell(cls.north, 1500)
        cls._sell(cls.south, 3000)
        cls.program = cls._create_program()
        cls.program.action_compute()

    def _seen(self, user, model="distributor.rebate.statement"):
        return self.env[model].with_user(user).search([]).partner_id

    def test_own_portfolio_all(self):
        both = self.north + self.south
        self.south.user_id = self.south.account_manager_id = False
        for user, expected in (
            (self.sales_rep, self.north),
            (self.account_manager, self.north),
            (self.sales_manager, both),
            (self.channel_admin, both),
            (self.finance, both),
        ):
            self.assertEqual(self._seen(user), expected, user.login)
            self.assertEqual(
                self._seen(user, "distributor.rebate.line"), expected, user.login
            )
        self.north.account_manager_id = self.sales_manager
        self.assertFalse(self._seen(self.account_manager))

    def test_strangers_see_nothing(self):
        """R22: rebates are no reading for every employee, nor for the portal."""
        for groups in ("base.group_user", "base.group_portal"):
            user = new_test_user(self.env, f"stranger_{groups}", groups)
            for model in ("program", "tier", "statement", "line"):
                with self.assertRaises(AccessError):
                    self.env[f"distributor.rebate.{model}"].with_user(user).search([])

    def test_figures_and_states_are_closed_to_all(self):
        """C15: not even finance writes them, whatever way."""
        statement = self.program.statement_ids[0]
        for user in (self.sales_manager, self.channel_admin, self.finance):
            own = statement.with_user(user)
            for vals in (
                {"earned": 999},
                {"basis": 1},
                {"approval_state": "approved"},
                {"state": "paid"},
                {"move_id": False},
                {"account_manager_id": user.id},
                {"line_ids": [Command.clear()]},
            ):
                with self.assertRaises(AccessError):
                    own.write(vals)
            with self.assertRaises(AccessError):
                own.unlink()
            with self.assertRaises(AccessError):
                statement.line_ids.with_user(user).write({"amount": 1})

    def test_reps_decide_nothing(self):
        statement = self.program.statement_ids.filtered(
            lambda s: s.partner_id == self.north
        )
        for user in (self.sales_rep, self.account_manager):
            for action in ("action_submit", "action_approve", "action_reject"):
                with self.assertRaises(AccessError):
                    getattr(statement.with_user(user), action)()
            with self.assertRaises(AccessError):
                self.program.with_user(user).action_compute()

    def test_managers_run_but_do_not_set_terms(self):
        program = self.program.with_user(self.sales_manager)
        program.action_compute()
        with self.assertRaises(AccessError):
            program.name = "Mine"
        with self.assertRaises(AccessError):
            program.tier_ids[0].rate = 50
        self.program.with_user(self.channel_admin).name = "Renamed"
        self.program.with_user(self.finance).account_id = self.company_data[
            "default_account_revenue"
        ]
        with self.assertRaises(AccessError):
            program.with_user(self.finance).tier_ids[0].rate = 50

    def test_companies_are_apart(self):
        other = self.setup_other_company()["company"]
        self.channel_admin.write(
            {"company_ids": [Command.link(other.id)], "company_id": other.id}
        )
        env = self.env(
            user=self.channel_admin, context={"allowed_company_ids": other.ids}
        )
        self.assertFalse(env["distributor.rebate.program"].search([]))
        self.assertFalse(env["distributor.rebate.statement"].search([]))
        self.assertFalse(env["distributor.rebate.line"].search([]))

    def test_totals_of_a_program_are_of_what_one_sees(self):
        """What others' distributors earn is not told by a sum; the budget is the
        program's, and read by those who answer for it."""
        self.south.account_manager_id = False
        program = self.program
        for user, expected in (
            (self.account_manager, self.north),
            (self.sales_manager, self.north + self.south),
        ):
            seen = program.with_user(user)
            seen.invalidate_recordset()
            statements = program.statement_ids.filtered(
                lambda s, expected=expected: s.partner_id in expected
            )
            self.assertTrue(sum(statements.mapped("earned")))
            self.assertEqual(seen.earned_total, sum(statements.mapped("earned")))
            self.assertEqual(seen.basis_total, sum(statements.mapped("basis")))
        with self.assertRaises(AccessError):
            program.with_user(self.account_manager).read(["budget_used"])
