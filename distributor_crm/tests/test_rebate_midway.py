# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What changes midway: people, groups, versions and periods. What was settled stands."""

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_rebate_engine import EngineCommon


@tagged("post_install", "-at_install")
class TestRebateMidway(EngineCommon):
    def _new_branch(self, head, name="Branch"):
        return self.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "parent_id": head.id,
                "is_distributor": True,
            }
        )

    def _all_due(self, program):
        """Everything that a program has settled and still owes, by distributor."""
        return {
            partner.name: sum(self._of(program, partner).mapped("due"))
            for partner in program.statement_ids.partner_id
        }

    # -- guarantees ------------------------------------------------------------------

    def test_guarantee_is_due_when_the_time_is_over(self):
        """Not on the first day, and not only to who buys in the last month."""
        self._sell(self.north, 1000, "2024-01-15")
        program = self._create_program(
            (0, 10), period_type="month", window_type="quarter", guarantee=500
        )
        for day, expected in (
            ("2024-01-20", [100]),
            ("2024-03-31", [100]),
            ("2024-04-01", [100, 400]),
            ("2024-07-01", [100, 400, 500]),
        ):
            with freeze_time(day):
                program._compute_now()
                self.assertEqual(self._dues(program), expected, day)

    def test_guarantee_follows_one_distributor(self):
        """One is looked at again; the other's statement stays as it was."""
        self._sell(self.north, 10000)
        self._sell(self.south, 20000)
        program = self._create_program(
            (0, 10),
            guarantee=500,
            partner_ids=[Command.set((self.north + self.south).ids)],
        )
        program._compute_now()
        program._compute_statements(self.north.ids)
        self.assertEqual(self._dues(program), [1000])
        self.assertEqual(self._dues(program, self.south), [2000])

    def test_guarantee_is_for_who_takes_part(self):
        """Named and excluded, one has none; nor after he has left."""
        self._sell(self.north, 10000, "2024-02-01")
        program = self._create_program(
            (0, 10),
            period_type="quarter",
            guarantee=500,
            partner_ids=[Command.set((self.north + self.south).ids)],
            excluded_partner_ids=[Command.set(self.south.ids)],
        )
        with freeze_time("2024-03-31"):
            program._compute_now()
        self.assertEqual(program.statement_ids.partner_id, self.north)
        self._approve(program.statement_ids)
        self.north.is_distributor = False
        program._compute_now()
        self.assertEqual(self._dues(program), [1000])

    # -- what changes midway -----------------------------------------------------------

    def test_moved_to_another_head_office(self):
        """What was settled stands on both sides; from the next window on they are
        measured with the new one."""
        branch = self._new_branch(self.north)
        self._sell(self.north, 6000, "2024-02-01")
        self._sell(branch, 6000, "2024-02-01")
        self._sell(self.south, 4000, "2024-02-01")
        for policy, second in (
            # 6,000 alone, and 10,000 together
            ("shared", {"North Trading": 600, "Branch": 1200, "South Trading": 800}),
            ("head", {"North Trading": 600, "South Trading": 2000}),
        ):
            program = self._create_program(
                (0, 10), (10000, 20), period_type="half_year", group_policy=policy
            )
            with freeze_time("2024-07-01"):
                program._compute_now()
            before = self._all_due(program)
            self._approve(program.statement_ids)
            branch.parent_id = self.south
            program._compute_now()
            self.assertEqual(self._all_due(program), before, policy)
            self.assertFalse(any(program.statement_ids.mapped("is_outdated")))
            sales = [
                self._sell(partner, amount, "2024-08-01")
                for partner, amount in (
                    (self.north, 6000),
                    (branch, 6000),
                    (self.south, 4000),
                )
            ]
            program._follow_ledger()
            gained = {
                name: due - before.get(name, 0)
                for name, due in self._all_due(program).items()
            }
            self.assertEqual(gained, second, policy)
            # A late return of the branch is taken back where it was earned.
            self._sell(branch, -6000, "2024-03-01")
            program._compute_statements(branch.ids)
            lost = {
                name: due - before.get(name, 0) - second[name]
                for name, due in self._all_due(program).items()
            }
            if policy == "shared":
                expected = {"North Trading": -600, "Branch": -1200, "South Trading": 0}
            else:
                expected = {"North Trading": -1800, "South Trading": 0}
            self.assertEqual(lost, expected, policy)
            program._compute_now()
            self.assertEqual(
                sum(self._all_due(program).values()),
                sum(before.values()) + sum(second.values()) - 1800,
            )
            self._undo(branch, sales)

    def _undo(self, branch, sales):
        branch.parent_id = self.north
        self._sell(branch, 6000, "2024-03-01")
        for sale in sales:
            sale.button_draft()

    def test_moved_within_a_window(self):
        """Months of a year: what is settled of the year keeps its group to the end."""
        branch = self._new_branch(self.north)
        for partner in (self.north, branch):
            self._sell(partner, 5000, "2024-01-15")
        program = self._create_program(
            (0, 1), (10000, 10), period_type="month", window_type="year"
        )
        with freeze_time("2024-02-01"):
            program._compute_now()
        self._approve(program.statement_ids)
        branch.parent_id = False
        program._compute_now()
        self.assertEqual(self._all_due(program), {"North Trading": 500, "Branch": 500})
        self._sell(branch, 1000, "2024-05-15")
        program._follow_ledger()
        self.assertEqual(self._all_due(program), {"North Trading": 500, "Branch": 600})
        # Taken back, nothing holds them together any more.
        program.statement_ids.filtered(lambda s: s.approval_state != "draft").with_user(
            self.sales_manager
        ).action_reject()
        program._compute_now()
        self.assertEqual(self._all_due(program), {"North Trading": 50, "Branch": 60})

    def test_a_newcomer_in_the_scope_of_a_later_version(self):
        """What he bought under the version before was not promised anything."""
        self._sell(self.north, 1000, "2024-02-01")
        self._sell(self.north, 1000, "2024-08-01")
        program = self._create_program(
            (0, 10), period_type="half_year", partner_ids=[Command.set(self.south.ids)]
        )
        version = self.env["distributor.rebate.program"].browse(
            program.action_new_version()["res_id"]
        )
        version.valid_from = "2024-07-01"
        version.partner_ids = self.south + self.north
        version.action_start()
        program._compute_now()
        self.assertEqual(self._dues(program), [100])
        self._approve(program.statement_ids)
        program._compute_now()
        self.assertEqual(self._dues(program), [100])

    def test_demoted_into_the_scope_of_a_later_version(self):
        """What was settled under the first version stands; the second one follows."""
        gold, silver = self.env["res.partner.grade"].create(
            [{"name": "Gold"}, {"name": "Silver"}]
        )
        self.north.grade_id = gold
        self._sell(self.north, 1000, "2024-02-01")
        program = self._create_program(
            (0, 10), period_type="half_year", grade_ids=[Command.set(gold.ids)]
        )
        version = self.env["distributor.rebate.program"].browse(
            program.action_new_version()["res_id"]
        )
        version.write({"valid_from": "2024-07-01", "grade_ids": silver})
        version.tier_ids.rate = 5
        version.action_start()
        program._compute_now()
        self._approve(program.statement_ids)
        self.north.grade_id = silver
        self._sell(self.north, 1000, "2024-08-01")
        program._compute_now()
        self.assertEqual(self._dues(program), [100, 50])

    def test_left_out_of_a_later_version(self):
        """What is open of the version before is still due."""
        self._sell(self.north, 1000, "2024-02-01")
        self._sell(self.north, 1000, "2024-05-01")
        self._sell(self.north, 1000, "2024-08-01")
        program = self._create_program((0, 10), period_type="quarter")
        version = self.env["distributor.rebate.program"].browse(
            program.action_new_version()["res_id"]
        )
        version.write({"valid_from": "2024-07-01", "excluded_partner_ids": self.north})
        version.action_start()
        program._compute_now()
        self.assertEqual(self._dues(program), [100, 100])
        self._approve(self._of(program)[0])
        program._compute_now()
        self.assertEqual(self._dues(program), [100, 100])

    def test_archived_midway(self):
        """An archived distributor keeps what he earned, and his returns count."""
        invoice = self._sell(self.north, 1000, "2024-02-01")
        program = self._create_program((0, 10), period_type="quarter")
        program._compute_now()
        self._approve(program.statement_ids)
        self.north.active = False
        invoice._reverse_moves([{"invoice_date": "2024-05-01"}], cancel=True)
        program._compute_now()
        self.assertEqual(self._dues(program), [100, -100])

    def test_merged_with_adjustments(self):
        """What somebody approved by hand is not lost with the statement it stood on."""
        self._sell(self.north, 1000)
        self._sell(self.south, 2000)
        program = self._create_program((0, 10))
        program._compute_now()
        for statement in program.statement_ids:
            self._adjust(statement, 7)
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        wizard._merge((self.north + self.south).ids, self.north)
        program._compute_now()
        self.assertEqual(self._dues(program), [314])

    def test_adjusted_supplement_outlives_the_next_period(self):
        """A supplement that was adjusted stays when a new period begins."""
        self._sell(self.north, 1000, "2024-01-15")
        program = self._create_program((0, 10), period_type="month")
        with freeze_time("2024-01-31"):
            program._compute_now()
            self._approve(program.statement_ids)
            self._sell(self.north, 100, "2024-01-20")
            program._compute_now()
            self._adjust(self._of(program)[-1], 5)
        self.assertEqual(self._dues(program), [100, 15])
        with freeze_time("2024-02-10"):
            self._sell(self.north, 200, "2024-02-05")
            program._compute_now()
        self.assertEqual(self._dues(program), [100, 15, 20])

    def test_fiscal_year_changed_after_settlement(self):
        """What was settled in years that were cut otherwise is not paid again."""
        self._sell(self.north, 1000)
        program = self._create_program(
            (0, 10), is_fiscal=True, period_type="year", date_to="2025-12-31"
        )
        company = self.company.sudo()
        company.write({"fiscalyear_last_month": "6", "fiscalyear_last_day": 30})
        self._sell(self.north, 1000, "2024-08-01")
        program._compute_now()
        self._approve(program.statement_ids)
        company.write({"fiscalyear_last_month": "12", "fiscalyear_last_day": 31})
        with self.assertRaisesRegex(UserError, "fiscal year was changed"):
            program._compute_now()
        self.assertEqual(self._dues(program), [100, 100])
