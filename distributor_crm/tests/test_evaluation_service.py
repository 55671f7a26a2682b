# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import DistributorCommon
from .service_common import no_commits


@tagged("post_install", "-at_install")
class TestServicePlan(DistributorCommon):
    """R003, R222: what a tier is promised is planned, and what is not done shows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gold = cls.env["res.partner.grade"].create({"name": "S-Gold"})
        cls.north.grade_id = cls.gold
        kind = "distributor_crm.activity_type_care_"
        cls.training, cls.orders = (
            cls.env["mail.activity.plan"].create(
                {
                    "name": name,
                    "res_model": "res.partner",
                    "template_ids": [
                        Command.create(
                            {
                                "activity_type_id": cls.env.ref(kind + name).id,
                                "responsible_type": "on_demand",
                                "delay_count": 7,
                                "delay_from": "after_plan_date",
                            }
                        )
                    ],
                }
            )
            for name in ("training", "orders")
        )
        cls.monthly, cls.quarterly = cls.env["distributor.service.plan"].create(
            [
                {"grade_id": cls.gold.id, "plan_id": cls.orders.id, "months": 1},
                {"grade_id": cls.gold.id, "plan_id": cls.training.id, "months": 3},
            ]
        )
        cls.reports = cls.env["distributor.service.report"]

    def run_care(self, day):
        with freeze_time(day), no_commits(self):
            self.env["res.partner"]._cron_care()

    def states(self, day):
        with freeze_time(day):
            self.env.flush_all()
            self.env.invalidate_all()
            found = self.reports.search([("partner_id", "=", self.north.id)])
            return sorted(
                (row.plan_id.name, str(row.deadline), row.state) for row in found
            )

    def finish(self, day, plan):
        with freeze_time(day):
            self.env["distributor.service.promise"].search(
                [("plan_id", "=", plan.id)]
            ).activity_id.action_feedback()
            self.env.flush_all()

    def test_each_plan_has_its_own_frequency(self):
        self.run_care("2024-01-01")
        self.run_care("2024-01-31")
        self.assertEqual(
            self.states("2024-01-02"),
            [("orders", "2024-01-08", "due"), ("training", "2024-01-08", "due")],
        )
        self.finish("2024-01-09", self.orders)
        self.run_care("2024-02-01")
        self.assertEqual(
            self.states("2024-02-01"),
            [
                ("orders", "2024-01-08", "done"),
                ("orders", "2024-02-08", "due"),
                ("training", "2024-01-08", "overdue"),
            ],
        )
        self.assertFalse(self.north.care_started_on, "the tier's own plan has its day")

    def test_what_was_dropped_stays_on_record(self):
        self.run_care("2024-01-01")
        promise = self.env["distributor.service.promise"].search(
            [("plan_id", "=", self.training.id)]
        )
        promise.activity_id.unlink()
        self.assertIn(("training", "2024-01-08", "dropped"), self.states("2024-01-02"))
        row = self.reports.search([("state", "=", "dropped")])
        self.assertEqual((row.promised, row.done, row.missed), (1, 0, 1))

    def test_postponing_keeps_no_promise(self):
        self.run_care("2024-01-01")
        promise = self.env["distributor.service.promise"].search(
            [("plan_id", "=", self.training.id)]
        )
        promise.activity_id.date_deadline = date(2024, 3, 1)
        self.assertIn(("training", "2024-01-08", "overdue"), self.states("2024-01-09"))
        self.finish("2024-01-11", self.training)
        self.reports.invalidate_model()
        row = self.reports.search([("plan_id", "=", self.training.id)])
        self.assertEqual((row.done, row.late, row.days_late), (1, 1, 3))

    def test_the_tier_s_own_plan_is_on_record_too(self):
        self.south.grade_id = self.env["res.partner.grade"].create(
            {"name": "S-Own", "care_plan_id": self.training.id}
        )
        self.run_care("2024-01-01")
        self.assertTrue(self.reports.search([("partner_id", "=", self.south.id)]))

    def test_constraints_and_access(self):
        with mute_logger("odoo.sql_db"), self._refused(IntegrityError, "once"):
            self.monthly.copy()
        with mute_logger("odoo.sql_db"), self._refused(IntegrityError, "months"):
            self.monthly.months = 0
            self.monthly.flush_recordset()
        self.run_care("2024-01-01")
        self.north.account_manager_id = self.sales_manager
        for user, seen in (
            (self.account_manager, False),
            (self.sales_manager, True),
            (self.sales_rep, True),
        ):
            rows = self.reports.with_user(user).search(
                [("partner_id", "=", self.north.id)]
            )
            self.assertEqual(bool(rows), seen, user.login)
        with self.assertRaises(AccessError):
            self.monthly.with_user(self.account_manager).months = 9
        with self.assertRaises(AccessError):
            self.env["distributor.service.promise"].with_user(
                self.sales_manager
            ).search([]).unlink()
