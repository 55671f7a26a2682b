# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_rebate_engine import EngineCommon


@tagged("post_install", "-at_install")
class TestRebateRun(EngineCommon):
    """Large ledgers are computed in the background, a program a step."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._sell(cls.north, 1000)
        cls.first = cls._create_program((0, 10), sequence=1)
        cls.second = cls._create_program((0, 20), sequence=2, stacking="cascade")
        cls.programs = cls.first + cls.second

    def _start(self):
        return self.env["distributor.rebate.run"]._start(self.programs)

    def _cron(self):
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 60
        ):
            self.env["distributor.rebate.run"].sudo()._cron_work()

    def test_button_goes_to_the_background_on_large_ledgers(self):
        program = self.first.with_user(self.sales_manager)
        with patch.object(type(program), "_is_ledger_large", lambda self: True):
            action = program.action_compute()
        self.assertEqual(action["res_model"], "distributor.rebate.run")
        run = self.env["distributor.rebate.run"].browse(action["res_id"])
        self.assertEqual((run.state, run.progress), ("running", 0))
        self.assertEqual(run.user_id, self.sales_manager)
        self.assertFalse(self.first.statement_ids)
        self._cron()
        self.assertEqual((run.state, run.progress), ("done", 100))
        self.assertEqual(self._dues(self.first), [100])

    def test_programs_that_build_on_others_come_later(self):
        run = self._start()
        self.assertEqual(run.step_ids.mapped("wave"), [0, 1])
        late = run.sudo().step_ids[1]
        late._work()
        self.assertEqual(late.state, "waiting")
        self._cron()
        self.assertEqual(self._dues(self.second), [180])

    def test_stopped_and_resumed(self):
        run = self._start()
        run.sudo().step_ids[0]._work()
        self.assertEqual((run.step_done, run.progress), (1, 50))
        run.with_user(self.sales_manager).action_stop()
        self._cron()
        self.assertEqual((run.state, run.step_done), ("stopped", 1))
        run.with_user(self.sales_manager).action_resume()
        self._cron()
        self.assertEqual((run.state, run.step_done), ("done", 2))

    def test_one_that_fails_does_not_stop_the_others(self):
        self.first.action_reset_to_draft()
        self.first.write(
            {"measure": "quantity", "uom_id": self.env.ref("uom.product_uom_kgm").id}
        )
        self.first.action_start()
        self._sell(self.north, 5, product=self.product_a)
        run = self._start()
        self._cron()
        self.assertEqual(run.step_ids.mapped("state"), ["failed", "done"])
        self.assertEqual(run.state, "failed")
        self.assertIn("do not convert", run.message)
        self.first.action_reset_to_draft()
        self.first.measure = "amount"
        self.first.action_start()
        run.action_resume()
        self._cron()
        self.assertEqual(run.state, "done")

    def test_nightly_run_takes_all_programs_once(self):
        Run = self.env["distributor.rebate.run"].sudo()
        Run._cron_nightly()
        Run._cron_nightly()
        run = Run.search([])
        self.assertEqual(len(run), 1)
        self.assertLessEqual(self.programs, run.step_ids.program_id)

    def test_only_those_who_compute_stop_and_resume(self):
        run = self._start()
        with self.assertRaises(AccessError):
            run.with_user(self.sales_rep).action_stop()
        with self.assertRaises(AccessError):
            run.with_user(self.finance).write({"state": "done"})

    def test_the_number_of_queries_is_that_of_the_programs(self):
        """Forty distributors with three invoices cost what one with one invoice does."""
        partners = self.env["res.partner"].create(
            [{"name": f"P{n}", "is_distributor": True} for n in range(40)]
        )
        few = self._count_queries()
        for partner in partners:
            for amount in range(1, 4):
                self._sell(partner, amount)
        many = self._count_queries()
        self.assertEqual(len(self.programs.statement_ids), 82)
        # Records of the set-up that are read or not, as the cache has it.
        self.assertLessEqual(many, few + 3)
        self.assertLess(many, 35 * len(self.programs))

    def _count_queries(self):
        """Compute everything anew; return how many queries that took."""
        self.programs.statement_ids.sudo().unlink()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.programs._compute_now()
        return self.env.cr.sql_log_count - before
