# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged

from odoo.addons.distributor_crm.tests.service_common import no_commits

from ..models.violation.ladder import deadline, pick_band, pick_steps
from .violation_common import ViolationCommon

BANDS = [("minor", "<=", 10), ("major", ">", 10)]


@tagged("-at_install", "post_install")
class TestViolationLadder(BaseCase):
    """The arithmetic, without a database."""

    def test_bands(self):
        for severity, band in (
            (0, "minor"),
            (9.999, "minor"),
            (10.004, "minor"),
            (10.01, "major"),
            (100, "major"),
        ):
            self.assertEqual(pick_band(severity, BANDS), band, severity)
        self.assertIsNone(pick_band(5, [("major", ">", 10)]))
        self.assertIsNone(pick_band(5, []))

    def test_the_highest_rung_reached_counts(self):
        steps = [
            ("warn", "any", 1),
            ("days", "any", 2),
            ("out", "any", 3),
            ("late", "not_corrected", 1),
        ]
        self.assertEqual(pick_steps(1, "none", steps), ["warn"])
        self.assertEqual(pick_steps(2, "corrected", steps), ["days"])
        self.assertEqual(pick_steps(7, "none", steps), ["out"])
        self.assertEqual(pick_steps(1, "not_corrected", steps), ["late", "warn"])
        self.assertEqual(pick_steps(0, "none", steps), [])

    def test_several_penalties_on_one_rung(self):
        steps = [("withdraw", "any", 1), ("blacklist", "any", 1)]
        self.assertEqual(pick_steps(4, "none", steps), ["withdraw", "blacklist"])

    def test_hours_are_natural(self):
        start = datetime(2026, 3, 7, 18, 30)
        self.assertEqual(deadline(start, 48), datetime(2026, 3, 9, 18, 30))
        self.assertEqual(deadline(start, 0.5), datetime(2026, 3, 7, 19, 0))
        self.assertEqual(deadline(start, days=30) - start, timedelta(days=30))


@tagged("post_install", "-at_install")
class TestViolationClock(ViolationCommon):
    """Deadlines under a moved clock, in three time zones and over a change of clocks."""

    # The clocks go forward in New York on 8 March 2026, in Berlin on 29 March; Shanghai
    # has no summer time.
    ZONES = (
        ("Asia/Shanghai", datetime(2026, 3, 7, 12, 0), "3/7/26, 8:00", "3/9/26, 8:00"),
        (
            "America/New_York",
            datetime(2026, 3, 7, 12, 0),
            "3/7/26, 7:00",
            "3/9/26, 8:00",
        ),
        (
            "Europe/Berlin",
            datetime(2026, 3, 28, 12, 0),
            "3/28/26, 1:00",
            "3/30/26, 2:00",
        ),
    )

    def test_48_hours_are_48_hours_wherever_they_are_read(self):
        for zone, read, start, end in self.ZONES:
            with self.subTest(zone=zone):
                self.contacts[0].tz = zone
                with freeze_time(read):
                    case = self._notify(self._report(severity=5))
                self._deliver(case, read)
                self.assertEqual(case.correct_deadline - read, timedelta(hours=48))
                said = case._say_moment(read, self.contacts[0])
                self.assertIn(start, said.replace("\u202f", " "))
                self.assertIn(zone, said)
                said = case._say_moment(case.correct_deadline, self.contacts[0])
                self.assertIn(end, said.replace("\u202f", " "))
                with freeze_time(case.correct_deadline):
                    case._say_corrected("Done.")
                other = self._deliver(self._notify(self._report(severity=5)), read)
                with freeze_time(other.correct_deadline + timedelta(seconds=1)):
                    with self._refused(UserError, "time to correct it ended"):
                        other._say_corrected("Done.")

    def test_the_run_does_what_is_due_and_nothing_twice(self):
        read = datetime(2026, 3, 7, 12, 0)
        case = self._deliver(self._notify(self._report(severity=5)), read)
        for hours, activities in ((47.9, 0), (48.1, 1), (48.2, 1), (72, 1)):
            with freeze_time(read + timedelta(hours=hours)), no_commits(self):
                self.Violation._cron_follow()
                self.assertEqual(len(case.activity_ids), activities, hours)

    def test_many_cases_are_followed_in_few_queries(self):
        read = datetime(2026, 3, 7, 12, 0)
        cases = self.Violation._report(
            [
                {
                    "policy": "diversion",
                    "partner_id": self.north.id,
                    "company_id": self.company.id,
                    "occurred_at": self.happened,
                    "facts": str(number),
                }
                for number in range(60)
            ]
        )
        cases._set(state="confirmed", delivered_at=read, appeal_deadline=read)
        self.env.flush_all()
        with freeze_time(read + timedelta(hours=1)), no_commits(self):
            # What is closed costs the same for one and for sixty.
            with self.assertQueryCount(30):
                self.Violation._cron_follow()
                self.env.flush_all()
        self.assertEqual(set(cases.mapped("state")), {"closed"})

    def test_reports_are_taken_in_by_the_thousand(self):
        def report(count, start):
            return self.Violation._report(
                [
                    {
                        "policy": "price_below_floor",
                        "partner_id": self.north.id,
                        "company_id": self.company.id,
                        "occurred_at": self.happened,
                        "facts": "Below",
                        "severity": 5,
                        "key": f"shop/{start + number}",
                    }
                    for number in range(count)
                ]
            )

        report(1, 0)
        self.env.flush_all()
        with self.assertQueryCount(75):
            cases = report(30, 100)
            self.env.flush_all()
        self.assertEqual(len(cases), 30)
