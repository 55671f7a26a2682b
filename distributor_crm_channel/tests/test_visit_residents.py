# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .visit_work_common import MONDAY, VisitWorkCommon


@tagged("post_install", "-at_install")
class TestVisitResidents(VisitWorkCommon):
    """R129: the weekly report says what resident representatives did at their posts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Week = cls.env["distributor.channel.week"]
        cls.env["distributor.visit.post"].search(
            [("kind", "=", "resident")]
        ).active = False
        cls.resident_post, cls.empty_post = cls.env["distributor.visit.post"].create(
            [
                {"name": name, "kind": "resident", "date_from": "2026-01-01"}
                for name in ("At the wholesaler", "At the market")
            ]
        )
        cls.resident = cls.receptionist.partner_id

    def _week(self):
        rows = self.Week._get_residents(self.company, MONDAY)
        return {(row["post"], row["person"]): row for row in rows}

    def _check(self, shifts, *results):
        spot = self.env["distributor.visit.spot"].create(
            {"date": shifts[0].date, "inspector_id": self.rep.id, "wanted": 9}
        )
        self.env["distributor.visit.spot.line"].sudo().create(
            [
                {
                    "spot_id": spot.id,
                    "roster_id": shift.id,
                    "result": result,
                    "checked_by_id": self.rep.id,
                    "checked_at": shift.start_at,
                }
                for shift, result in zip(shifts, results, strict=True)
            ]
        )

    def test_week_by_post_and_person(self):
        shifts = [
            self._shift(self.resident, day, self.resident_post) for day in range(4)
        ]
        self._shift(self.resident, 7, self.resident_post)  # next week
        self._shift(self.lin, 0)  # no resident's post
        self._check(shifts[:1], "late")
        self._check(shifts[1:2], "absent")
        with freeze_time(self._day(2, 6)):
            self.env["distributor.visit.absence"].create(
                {
                    "agent_id": self.resident.id,
                    "date_from": self._day(2, 8),
                    "date_to": self._day(2, 20),
                    "reason": "Ill",
                }
            )
        # Received during the shift of the fourth day: two, one of them valid.
        self._visit(self.lin, day=3)
        self._visit(self.wei, day=3, verdict="invalid")
        self._visit(self.lin, day=3, state="cancelled")
        self._visit(self.lin, day=3, arrived_at=self._day(3, 20))
        row = self._week()["At the wholesaler", self.resident.name]
        self.assertEqual(
            [
                row[name]
                for name in (
                    "shifts",
                    "present",
                    "announced",
                    "empty",
                    "visits",
                    "valid",
                )
            ],
            [4, 2, 1, 1, 2, 1],
        )

    def test_posts_without_anybody(self):
        """A post that nobody was put on stands there too, while it is open."""
        week = self._week()
        self.assertEqual(week["At the market", ""]["shifts"], 0)
        self.empty_post.date_to = MONDAY - timedelta(days=1)
        self.assertNotIn(("At the market", ""), self._week())

    def test_printed(self):
        self._shift(self.resident, 0, self.resident_post)
        week = self.Week._make(self.company, MONDAY)
        self.assertEqual(len(week.figures["residents"]), 2)
        text = self.env["ir.actions.report"]._render_qweb_html(
            "distributor_crm_channel.distributor_channel_week_report", week.ids
        )[0]
        self.assertIn(b"Resident Representatives", text)
        self.assertIn(self.resident.name.encode(), text)
        self.assertIn(b"Nobody on the roster", text)

    def test_other_companies(self):
        other = self.env["res.company"].create({"name": "Sister"})
        self.assertEqual(self.Week._get_residents(other, MONDAY), [])
