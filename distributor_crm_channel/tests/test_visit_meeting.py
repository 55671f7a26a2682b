# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .visit_work_common import MONDAY, VisitWorkCommon

# The Friday of the first week, at 14:00 by the company's clock (UTC here).
FRIDAY = 4


@tagged("post_install", "-at_install")
class TestVisitMeeting(VisitWorkCommon):
    """R064, R065: Monday and Friday at 14:00, with figures that stay as they were shown."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(cls._day(0, 8)):
            cls.series = cls.env["distributor.visit.meeting.series"].create(
                {
                    "user_id": cls.manager.id,
                    "agency_ids": [(6, 0, (cls.agency | cls.rival).ids)],
                }
            )

    def _meeting(self, day=FRIDAY):
        with freeze_time(self._day(0, 8)):
            self.series._prepare_sheets()
        return self.series.meeting_ids.filtered(
            lambda one: one.start_at == self._day(day, 14)
        )

    def _row(self, rows, agent):
        return next(row for row in rows if row["agent_id"] == agent.id)

    def test_monday_and_friday_at_two_in_the_calendar(self):
        with freeze_time(self._day(0, 8)):
            self.series.action_schedule()
        events = self.series.event_id.recurrence_id.calendar_event_ids
        self.assertEqual(len(events), 104)
        self.assertEqual({event.start.weekday() for event in events}, {0, 4})
        self.assertEqual({event.start.hour for event in events}, {14})
        self.assertIn(self.agency, events[0].partner_ids)
        with self._refused(UserError, "already"):
            self.series.action_schedule()
        meetings = self.series.meeting_ids.sorted("start_at")
        self.assertEqual(
            meetings.mapped("start_at"),
            [self._day(day, 14) for day in (0, 4, 7)],
        )
        self.assertEqual(meetings[1].event_id.start, self._day(4, 14))
        with freeze_time(self._day(0, 9)):
            self.assertFalse(self.series._prepare_sheets())

    def test_which_days_are_looked_back_on(self):
        """Friday looks on its week; Monday on the week before, and plans its own."""
        friday, monday = self._meeting(), self._meeting(7)
        self.assertEqual(
            (friday.date_from, friday.date_to), (MONDAY, MONDAY + timedelta(days=4))
        )
        self.assertEqual(friday.plan_from, MONDAY + timedelta(days=7))
        self.assertEqual(
            (monday.date_from, monday.date_to), (MONDAY, MONDAY + timedelta(days=6))
        )
        self.assertEqual(monday.plan_from, MONDAY + timedelta(days=7))

    def test_the_figures_of_the_week(self):
        """R065: valid visits, invalid by criterion, sales, conversion, penalties, checks."""
        self._visit(day=0, sold=500)
        self._visit(day=1)
        invalid = self._visit(day=2, verdict="invalid")
        criterion = self.policy.criterion_ids.filtered(lambda c: c.kind == "duration")
        self.env["distributor.visit.result"].sudo().create(
            {
                "visit_id": invalid.id,
                "criterion_id": criterion.id,
                "kind": "duration",
                "outcome": "failed",
            }
        )
        self._visit(self.rex, day=3)
        self._visit(day=5)  # after the meeting
        self._penalty(30, day=1, final=False)
        meeting = self._meeting()
        with freeze_time(self._day(FRIDAY, 15)):
            rows = meeting._get_figures()
        lin = self._row(rows, self.lin)
        self.assertEqual((lin["valid"], lin["invalid"]), (2, 1))
        self.assertEqual((lin["deals"], lin["deal_amount"]), (1, 500))
        self.assertEqual(lin["failed_duration"], 1)
        self.assertEqual(lin["reasons"], f"{criterion.name}: 1")
        self.assertEqual(self._row(rows, self.rex)["valid"], 1)
        nobody = next(row for row in rows if not row["agent_id"])
        self.assertEqual((nobody["penalties"], nobody["penalty_amount"]), (1, 30))

    def test_frozen_figures_stay(self):
        visit = self._visit(day=0, sold=500)
        meeting = self._meeting()
        with freeze_time(self._day(FRIDAY, 13)), self._refused(UserError, "begins"):
            meeting.with_user(self.manager).action_freeze()
        with freeze_time(self._day(FRIDAY, 14.2)):
            self.env["distributor.visit.meeting"]._cron_follow()
        self.assertEqual(meeting.state, "frozen")
        self.assertTrue(meeting.checksum)
        self.assertTrue(meeting.attachment_id.raw)
        visit.found_false = True
        self._visit(day=1)
        line = meeting.line_ids.filtered(lambda one: one.agent_id == self.lin)
        self.assertEqual((line.valid, line.deals, line.conversion), (1, 1, 100))
        self.assertEqual(self._row(meeting._get_figures(), self.lin)["valid"], 1)
        for record, values in (
            (meeting, {"checksum": "x"}),
            (meeting, {"line_ids": [(5,)]}),
            (line, {"valid": 9}),
        ):
            with self._refused(AccessError, "."):
                record.with_user(self.manager).write(values)
        with self._refused(UserError, "frozen"):
            meeting.with_user(self.manager).write({"date_from": MONDAY})

    def test_a_missing_report_is_told_once(self):
        meeting = self._meeting()
        mine = meeting.agency_line_ids.filtered(
            lambda one: one.agency_id == self.agency
        )
        with freeze_time(self._day(FRIDAY, 12)):
            mine._report("12", "Two more people at the east gate")
        self.assertEqual(meeting.missing_count, 1)
        with freeze_time(self._day(FRIDAY, 14.2)):
            self.env["distributor.visit.meeting"]._cron_follow()
            self.env["distributor.visit.meeting"]._cron_follow()
        told = meeting.activity_ids.filtered(lambda a: "missing" in a.summary)
        self.assertEqual(len(told), 1)
        self.assertEqual(told.user_id, self.manager)
        self.assertIn(self.rival.name, told.summary)
        self.assertNotIn(self.agency.name, told.summary)

    def test_a_report_says_something(self):
        line = self._meeting().agency_line_ids[0]
        for groups, plan in (("", ""), ("-1", "x"), ("many", "x"), ("1e9", "x")):
            with self._refused(UserError, "Say"):
                line._report(groups, plan)

    def test_minutes_of_the_meeting(self):
        meeting = self._meeting()
        action = meeting.with_user(self.manager).action_view_minutes()
        minutes = (
            self.env["distributor.minutes"]
            .with_user(self.manager)
            .with_context(**action["context"])
            .create({"text": "More people in the east"})
        )
        self.assertEqual(minutes.visit_meeting_id, meeting)
        self.assertEqual(meeting.minutes_count, 1)

    def test_shares_of_a_group_are_those_of_its_sums(self):
        self._visit(day=0, sold=500)
        self._visit(day=1)
        self._visit(self.wei, day=1)
        self._visit(self.wei, day=1, sold=2)
        ((share,),) = self.env["distributor.visit.day"]._read_group(
            [("agency_id", "=", self.agency.id)], aggregates=["conversion:avg"]
        )
        self.assertEqual(share, 50)
