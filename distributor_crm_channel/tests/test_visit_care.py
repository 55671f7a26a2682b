# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import time
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .visit_common import VisitCommon, picture

HOUR = 3600 * 1000


@tagged("post_install", "-at_install")
class TestVisitCare(VisitCommon):
    """Visits to distributors, and checks of stores (R030, R152, R153)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.distributor = cls.env["res.partner"].create(
            {
                "name": "North Trading",
                "is_company": True,
                "is_distributor": True,
                "account_manager_id": cls.care.id,
                "partner_latitude": 30.66,
                "partner_longitude": 104.06,
                "visit_interval_days": 30,
            }
        )

    def _here(self):
        return {
            "latitude": 30.6602,
            "longitude": 104.0601,
            "accuracy": 12,
            "fix_age": 2,
        }

    def _visit(self, **data):
        plan = self._event("plan", data={"customer_id": self.distributor.id, **data})
        answer = self._send(self.care, plan)[0]
        self.assertEqual(answer["status"], "done", answer)
        return self.env["distributor.visit"].browse(answer["visit_id"])

    def test_due_and_covered(self):
        """Due from the first day; visited, the next is due after the interval (R030)."""
        partner, today = self.distributor, fields.Date.context_today(self.distributor)
        coverage = self.env["distributor.visit.coverage"]
        self.assertEqual(partner.next_visit_due, today)
        self.env.flush_all()
        self.assertEqual(coverage.browse(partner.id).status, "due")
        visit = self._visit()
        self.assertEqual((visit.kind, visit.user_id), ("care", self.care))
        began = fields.Datetime.now()
        self._send(self.care, self._event("arrive", visit, **self._here()))
        with freeze_time(began + timedelta(minutes=9)):
            self._send(self.care, self._event("leave", visit, **self._here()))
        self.assertEqual((visit.state, visit.verdict), ("judged", "valid"))
        self.assertEqual(partner.last_visit_at, today)
        self.assertEqual(partner.next_visit_due, today + timedelta(days=30))
        self.env.flush_all()
        self.env.invalidate_all()
        line = coverage.with_user(self.care).browse(partner.id)
        self.assertEqual((line.status, line.made_30), ("done", 1))
        with freeze_time(began + timedelta(days=40)):
            self.env.invalidate_all()
            self.assertEqual(coverage.browse(partner.id).status, "over")

    def test_too_short_and_elsewhere(self):
        visit = self._visit()
        self._send(
            self.care,
            self._event("arrive", visit, **{**self._here(), "latitude": 30.9}),
        )
        self._send(self.care, self._event("leave", visit))
        self.assertEqual(visit.verdict, "invalid")
        self.assertIn("At the place", visit.verdict_reason)
        self.assertFalse(self.distributor.last_visit_at)

    def test_kept_on_the_phone_is_not_valid_by_itself(self):
        """How long a stay was that only the phone knows, a manager confirms (R050)."""
        visit = self._visit()
        now = time.time() * 1000
        self._send(
            self.care,
            self._event("arrive", visit, at=now - HOUR, **self._here()),
            self._event("leave", visit, at=now - HOUR / 2, **self._here()),
            now=now,
        )
        self.assertAlmostEqual(visit.minutes, 30, delta=1)
        self.assertEqual((visit.state, visit.verdict), ("judged", "pending"))
        duration = self._result(visit, "duration")
        self.assertEqual(duration.outcome, "unverifiable")
        duration.with_user(self.manager).action_confirm()
        self.assertEqual(visit.verdict, "valid")

    def test_by_phone_nobody_travels(self):
        method = self.env.ref("distributor_crm_channel.visit_method_phone")
        visit = self._visit(method_id=method.id)
        self._send(self.care, self._event("arrive", visit))
        self.assertNotIn("place", visit.result_ids.mapped("kind"))

    def test_check_of_a_display(self):
        """Photos and what stood on the shelf (R152); a photo may come later."""
        visit = self._visit(kind="check")
        self._send(self.care, self._event("arrive", visit, **self._here()))
        product = self.env["product.product"].create({"name": "Gin"})
        visit.with_user(self.care).write(
            {
                "count_ids": [
                    (0, 0, {"product_id": product.id, "quantity": 7, "facings": 3})
                ]
            }
        )
        self._send(self.care, self._event("leave", visit))
        self.assertEqual(visit.verdict, "invalid")
        self._send(
            self.care,
            self._event(
                "photo",
                visit,
                data={"name": "s.jpg", "content": picture(7, fields.Datetime.now())},
            ),
        )
        self.assertEqual(visit.verdict, "valid")
        self.assertEqual(visit.count_ids.quantity, 7)

    def test_forgotten(self):
        """Nobody checked out: closed by the clock, and never valid by itself."""
        visit = self._visit()
        self._send(self.care, self._event("arrive", visit, **self._here()))
        with freeze_time(fields.Datetime.now() + timedelta(hours=13)):
            self.env["distributor.visit"]._cron_close_forgotten()
        self.assertEqual(visit.state, "judged")
        self.assertNotEqual(visit.verdict, "valid")

    def test_plan_from_coverage(self):
        line = self.env["distributor.visit.coverage"].browse(self.distributor.id)
        line.with_user(self.care).action_plan()
        line.with_user(self.care).action_plan()
        visits = self.env["distributor.visit"].search(
            [("customer_id", "=", self.distributor.id)]
        )
        self.assertEqual((visits.state, visits.user_id), ("planned", self.care))

    def test_whose_visits_staff_sees(self):
        visit = self._visit()
        Visit = self.env["distributor.visit"]
        for user, sees in (
            (self.care, True),
            (self.manager, True),
            (self.assistant, True),
            (self.receptionist, False),
        ):
            found = Visit.with_user(user).search([("id", "=", visit.id)])
            self.assertEqual(bool(found), sees, user.login)
        answer = self._send(self.receptionist, self._event("arrive", visit))[0]
        self.assertEqual(answer["status"], "refused")
