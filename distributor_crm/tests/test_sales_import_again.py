# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .sales_import_common import ORDERS, SalesImportCase

WORK = "odoo.addons.distributor_crm.models.sales_import.sales_import_work.SalesImport"


@tagged("post_install", "-at_install")
class TestSalesImportAgain(SalesImportCase):
    """Whatever is interrupted, repeated or refused: each order once, none lost."""

    def test_second_import_makes_nothing(self):
        self._run(self._import())
        before = self._moves()
        record = self._import()
        record.action_check()
        self.assertEqual((record.todo_count, record.skipped_count), (0, 2))
        record.action_import()
        self._work(record)
        self.assertEqual(self._moves(), before)
        self.assertEqual(record.run_ids.skipped_count, 2)
        self.assertFalse(record.error_line_count)

    def test_changed_order_is_not_silently_skipped(self):
        self._run(self._import())
        record = self._import(orders=ORDERS.replace("1,10.50,10.50", "2,10.50,21"))
        record.action_check()
        self.assertEqual([line for line, _reason in self._errors(record)], [4])
        self.assertIn("with other contents", self._errors(record)[0][1])

    def test_database_refuses_a_second_invoice(self):
        self._run(self._import())
        move = self._moves()[0]
        with self.assertRaises(Exception) as caught, mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint():
                move.copy().distributor_import_key = move.distributor_import_key
                self.env.flush_all()
        self.assertEqual(type(caught.exception).__name__, "UniqueViolation")
        self.assertFalse(move.copy().distributor_import_key)

    def test_killed_midway(self):
        """A process killed after its first chunk: the next one does the rest."""
        orders = ORDERS.splitlines(keepends=True)[0] + "".join(
            f"K{n},2019-05-06,C1,P1,1,{n},{n}\n" for n in range(1, 8)
        )
        record = self._import(orders=orders)
        record.action_check()
        record.action_import()
        module = f"{WORK.rpartition('.')[0]}.CHUNK_ORDERS"
        done = []

        class Killed(BaseException):
            pass

        def kill(run):
            done.append(run.order_done)
            if len(done) == 2:
                raise Killed

        with patch(module, 3):
            # Not assertRaises: it would roll back what was done before.
            try:
                record._as_user()._work(kill)
            except Killed:
                record.invalidate_recordset()
            self.assertEqual(len(self._moves(record)), 6)
            self.assertEqual(record.state, "running")
            self._work(record)
        self.assertEqual(record.state, "done")
        refs = self._moves(record).mapped("ref")
        self.assertEqual(refs, [f"K{n}" for n in range(1, 8)])
        self.assertEqual((record.run_ids.order_done, record.progress), (7, 100))

    def test_stop_and_resume(self):
        record = self._import()
        record.action_check()
        record.action_import()
        module = f"{WORK.rpartition('.')[0]}.CHUNK_ORDERS"
        with patch(module, 1):
            record._as_user()._work(lambda run: record.action_stop())
        record.invalidate_recordset()
        self.assertEqual(record.state, "stopped")
        self.assertEqual(set(self._moves(record).mapped("ref")), {"A2"})
        self.assertTrue(record.run_ids.date_end)
        self.assertEqual(record.progress, 50)
        record.action_resume()
        self._work(record)
        self.assertEqual((record.state, record.progress), ("done", 100))
        self.assertEqual(record.progress_text.split(",")[0], "2 of 2 orders")
        self.assertEqual(len(self._moves(record)), 3)

    def test_one_order_that_odoo_refuses(self):
        """The others of its chunk get in, and the error file has Odoo's words."""
        Move = self.env.registry["account.move"]
        post = Move.action_post

        def action_post(moves):
            if "A2" in moves.mapped("ref"):
                raise UserError("No A2 today")  # pylint: disable=translation-required
            return post(moves)

        record = self._import()
        with patch.object(Move, "action_post", action_post):
            self._run(record)
        self.assertEqual(set(self._moves(record).mapped("ref")), {"A1"})
        self.assertEqual(self._errors(record), [(4, "No A2 today")])
        self.assertEqual(record.run_ids.refused_count, 1)

    @mute_logger("odoo.addons.distributor_crm.models.sales_import.sales_import_work")
    def test_unexpected_error_of_one_order_is_told(self):
        Move = self.env.registry["account.move"]
        with patch.object(Move, "action_post", side_effect=ValueError("odd")):
            record = self._run(self._import())
        self.assertEqual(record.state, "done")
        self.assertFalse(self._moves(record))
        self.assertIn("ValueError('odd')", self._errors(record)[0][1])

    def test_failure_of_the_whole_is_shown(self):
        record = self._import()
        record.action_check()
        record.action_import()
        cls = self.env.registry["distributor.sales.import"]
        with (
            patch.object(cls, "_rollback"),
            patch.object(cls, "_get_files", side_effect=UserError("The file is gone")),
        ):
            self._work(record)
        self.assertEqual((record.state, record.message), ("failed", "The file is gone"))
        record.action_resume()
        self._work(record)
        self.assertEqual((record.state, record.message), ("done", False))

    def test_files_of_a_started_import_are_fixed(self):
        record = self._run(self._import())
        with self.assertRaisesRegex(UserError, "make a new one"):
            record.orders_file = base64.b64encode(b"other")
        other = self._import()
        other.action_check()
        other.date_order = "dmy"
        self.assertEqual(other.state, "draft", "to be checked again")

    def test_running_import_is_not_deleted(self):
        record = self._import()
        record.action_check()
        record.action_import()
        with self.assertRaisesRegex(UserError, "Stop the import"):
            record.unlink()

    def test_another_process_is_left_alone(self):
        record = self._import()
        record.action_check()
        record.action_import()
        cls = self.env.registry["distributor.sales.import.run"]
        empty = self.env["distributor.sales.import.run"]
        with patch.object(cls, "try_lock_for_update", lambda self: empty):
            self._work(record)
        self.assertFalse(self._moves(record))
        self.assertEqual(record.state, "running")

    def test_queries_do_not_grow_with_the_orders(self):
        """Beyond what Odoo itself needs for an invoice, an order costs no query."""

        def queries(orders):
            record = self._import(
                orders=ORDERS.splitlines(keepends=True)[0]
                + "".join(
                    f"{orders}Q{n},2019-05-06,C1,P1,1,1,1\n" for n in range(orders)
                )
            )
            record.action_check()
            record.action_import()
            self.env.flush_all()
            self.env.invalidate_all()
            sudo, moves = record._as_user(), self.env["account.move"]
            cls = self.env.registry["distributor.sales.import"]
            before = self.cr.sql_log_count
            with patch.object(cls, "_invoice", lambda self, plan, orders: moves):
                sudo._work()
            return self.cr.sql_log_count - before

        queries(2)
        few, many = queries(10), queries(50)
        self.assertLessEqual(many, few)
