# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .visit_common import VisitCommon


@tagged("post_install", "-at_install")
class TestVisitJudge(VisitCommon):
    def test_all_four_hold(self):
        """A visit is valid when all four criteria of the source hold (R048-R052)."""
        visit = self._bring()
        self.assertEqual((visit.state, visit.policy_id), ("arrived", self.policy))
        self.assertEqual(visit.user_id, self.receptionist)
        self.assertEqual(self._judge(visit), "valid")
        self.assertEqual(visit.state, "judged")
        day = fields.Date.context_today(visit, visit.arrived_at)
        self.assertEqual(visit.protected_until, day + timedelta(days=30))
        self.assertRecordValues(visit.form_ids, [{"state": "draft", "name": "/"}])
        facts = {one.kind: one.source for one in visit.result_ids}
        self.assertEqual(
            facts,
            {"judgement": "person", "duration": "clock", "new_customer": "records"},
        )

    def test_each_criterion_fails_alone(self):
        """One that does not hold makes it invalid, and is named (R052)."""
        for no, named in (
            (("Wants to buy soon",), "Wants to buy soon"),
            (("Price",), "Accepts the product"),
        ):
            visit = self._bring(customer_phone=f"139{len(named):08}")
            self.assertEqual(self._judge(visit, *no), "invalid")
            self.assertIn(named, visit.verdict_reason)
            self.assertFalse(visit.form_ids)
            self.assertFalse(visit.protected_until)

    def test_length_is_measured(self):
        """Over 30:00 by the clock of the server; ≥ is a setting (R050)."""
        first = self._bring()
        self.assertEqual(self._judge(first, minutes=30), "invalid")
        self.assertIn("30:00", first.verdict_reason)
        second = self._bring(customer_phone="13900000001", customer_name="李四")
        self.assertEqual(self._judge(second, minutes=30, seconds=1), "valid")
        policy = self.policy.copy({"date_from": fields.Date.today()})
        duration = policy.criterion_ids.filtered(lambda one: one.kind == "duration")
        duration.operator = "ge"
        third = self._bring(customer_phone="13900000002", customer_name="王五")
        self.assertEqual(self._judge(third, minutes=30), "valid")

    def test_version_of_the_arrival(self):
        """A later policy changes nothing about visits that have arrived (R074)."""
        visit = self._bring()
        later = self.policy.copy({"date_from": fields.Date.today()})
        later.criterion_ids.filtered(lambda one: one.kind == "duration").minutes = 90
        self.assertEqual(self._judge(visit), "valid")
        self.assertEqual(visit.policy_id, self.policy)
        other = self._bring(customer_phone="13900000001", customer_name="李四")
        self.assertEqual(other.policy_id, later)
        self.assertEqual(self._judge(other), "invalid")
        with self._refused(UserError, "were judged by"):
            self.policy.write({"protection_days": 10})
        with self._refused(UserError, "were judged by"):
            self.policy.criterion_ids[:1].write({"minutes": 10})
        with self._refused(UserError, "were judged by"):
            self.policy.criterion_ids[:1].item_ids.unlink()
            self.policy.criterion_ids[:1].unlink()

    def test_receptionists_take_turns(self):
        """Position A first, then the next who is free (R066)."""
        one = self._bring()
        two = self._bring(self.colleague, customer_phone="13900000001")
        three = self._bring(self.stranger, customer_phone="13900000002")
        self.assertEqual(one.user_id, self.receptionist)
        self.assertEqual(two.user_id, self.other)
        self.assertFalse(three.user_id)
        with self._refused(UserError, "Nobody in the queue is free"):
            three.with_user(self.manager).action_assign()
        self._receive(two)
        three.with_user(self.manager).action_assign()
        self.assertEqual(three.user_id, self.other)

    def test_only_the_receptionist_judges(self):
        """Neither another one, nor somebody of the agency, nor a manager (R047)."""
        visit = self._bring()
        with self._refused(AccessError, "."):
            visit.with_user(self.other).action_start_reception()
        with self._refused(AccessError, "is received by"):
            visit.with_user(self.manager).action_start_reception()
        with self._refused(UserError, "a sales manager hands one over"):
            visit.with_user(self.receptionist).user_id = self.other
        with self._refused(UserError, "not changed after the arrival"):
            visit.with_user(self.receptionist).agent_id = self.stranger.partner_id
        visit.with_user(self.manager).user_id = self.other
        visit.with_user(self.manager).user_id = self.receptionist
        self.receptionist.partner_id.parent_id = self.agency
        with self._refused(AccessError, "of the agency"):
            visit.with_user(self.receptionist).action_start_reception()

    def test_queue_leaves_out_the_agency(self):
        self.receptionist.partner_id.visit_agency_id = self.agency
        self.assertEqual(self._bring().user_id, self.other)

    def test_one_reception_at_a_time(self):
        """Receptions of one person do not overlap, whatever the buttons say (R050)."""
        one = self._bring()
        two = self._bring(
            self.colleague,
            customer_phone="13900000001",
            user_id=self.receptionist.id,
        )
        one.with_user(self.receptionist).action_start_reception()
        with self._refused(UserError, "End that reception first"):
            two.with_user(self.receptionist).action_start_reception()

    def test_answers_are_needed(self):
        visit = self._bring()
        self._receive(visit)
        judging = visit.with_user(visit.user_id)
        with self._refused(UserError, "Answer these first: Wants to buy soon"):
            judging.action_judge()
        visit.result_ids.filtered(lambda one: one._is_asked()).with_user(
            visit.user_id
        ).action_yes()
        with self._refused(UserError, "Say in words"):
            judging.action_judge()
        with self._refused(UserError, "is measured"):
            self._result(visit, "duration").with_user(visit.user_id).action_yes()

    def test_nothing_is_written_by_hand(self):
        """States, verdicts and times are closed over RPC too."""
        visit = self._bring()
        mine = visit.with_user(visit.user_id)
        for values in (
            {"verdict": "valid"},
            {"state": "signed"},
            {"arrived_at": "2020-01-01"},
            {"minutes": 99},
            {"protected_until": "2099-01-01"},
        ):
            with self._refused(UserError, "set by its buttons"):
                mine.write(values)
        with self._refused(AccessError, "."):
            self._result(visit, "duration").with_user(visit.user_id).write(
                {"outcome": "passed"}
            )
        born = (
            self.env["distributor.visit"]
            .with_user(self.receptionist)
            .with_context(default_verdict="valid")
            .create(
                {
                    "kind": "promoter",
                    "agency_id": self.agency.id,
                    "customer_name": "Eve",
                    "state": "judged",
                    "verdict": "valid",
                }
            )
        )
        self.assertEqual((born.state, born.verdict), ("planned", "pending"))
        self._judge(visit)
        with self._refused(UserError, "is judged"):
            mine.write({"customer_phone": "1"})
        with self._refused(UserError, "stay on record"):
            visit.with_user(self.admin).unlink()

    def test_manager_confirms_minutes(self):
        """A time that was not measured needs a manager and a reason (R050)."""
        visit = self._bring()
        with freeze_time(fields.Datetime.now() + timedelta(hours=2)):
            self._receive(visit, minutes=2)
            with self._refused(AccessError, "sales manager"):
                visit.with_user(visit.user_id)._confirm_minutes(40, "Forgot to start")
            with self._refused(UserError, "no longer than"):
                visit.with_user(self.manager)._confirm_minutes(400, "Forgot")
            visit.with_user(self.manager)._confirm_minutes(40, "Forgot to start")
            self._answer(visit)
            visit.with_user(visit.user_id).action_judge()
        self.assertEqual(visit.verdict, "valid")
        self.assertEqual(self._result(visit, "duration").source, "manager")

    def test_group_is_one(self):
        """Spouses are one group, and one visit (R046)."""
        visit = self._bring(member_ids=self._members(("李四", "139 1111 2222")))
        self.assertEqual(visit.member_count, 2)
        again = self._bring(
            self.colleague, customer_name="李四", customer_phone="13911112222"
        )
        self.assertEqual(again.match_level, "certain")

    def test_survey_and_signature(self):
        """Criteria that are switched on: questionnaire, signature of the customer."""
        survey = self.env["survey.survey"].create({"title": "Needs"})
        self._criterion("survey", survey_id=survey.id)
        self._criterion("signature")
        visit = self._bring()
        self._receive(visit)
        self._answer(visit)
        with self._refused(UserError, "Answer these first: survey, signature"):
            visit.with_user(visit.user_id).action_judge()
        action = visit.with_user(visit.user_id).action_start_survey()
        self.assertIn("/survey/", action["url"])
        visit.survey_input_id._mark_done()
        pixel = b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
        visit.with_user(visit.user_id).customer_signature = pixel
        visit.with_user(visit.user_id).action_judge()
        self.assertEqual(visit.verdict, "valid")
        self.assertEqual(visit.customer_signed_by, "张三")

    def test_place_is_a_status(self):
        """Out of range does not stop the check-in; unsure waits for a manager."""
        place = self.company.partner_id
        place.write({"partner_latitude": 30.66, "partner_longitude": 104.06})
        self._criterion("place")
        for latitude, accuracy, state, outcome in (
            (30.6601, 15, "in", "passed"),
            (30.70, 15, "out", "failed"),
            (30.66, 5000, "unverifiable", "unverifiable"),
            (None, None, "unverifiable", "unverifiable"),
        ):
            visit = self._plan(
                customer_name=f"C{latitude}{accuracy}", customer_phone=False
            )
            answer = self._send(
                self.agent,
                self._event(
                    "arrive",
                    visit,
                    latitude=latitude,
                    longitude=latitude and 104.06,
                    accuracy=accuracy,
                    fix_age=1,
                ),
            )
            self.assertEqual(answer[0]["status"], "done", answer)
            self.assertEqual(visit.geo_state, state)
            self.assertEqual(self._result(visit, "place").outcome, outcome)
            visit._leave()
            visit._cancel("Next")

    def test_manager_reviews_what_is_unsure(self):
        self._criterion("place")
        visit = self._bring()
        self.assertEqual(self._judge(visit), "pending")
        place = self._result(visit, "place")
        with self._refused(AccessError, "sales manager"):
            place.with_user(visit.user_id).action_confirm()
        place.with_user(self.manager).action_confirm()
        self.assertEqual(visit.verdict, "valid")
        self.assertTrue(visit.form_ids)
