# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Stand-ins, leavers and signatures that do not come."""

from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .test_approval import ApprovalCommon

REMINDER = "base_tier_validation.mail_act_tier_validation_reminder"


@tagged("post_install", "-at_install")
class TestApprovalAbsence(ApprovalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step.write(
            {
                "review_type": "individual",
                "reviewer_id": cls.sales_manager.id,
                "reviewer_group_id": False,
                "exclude_requester": True,
            }
        )
        cls.today = fields.Date.today()

    def _submit(self, user=None):
        self.statement.with_user(user or self.finance).action_submit()
        return self.statement.review_ids

    def _delegate(self, absent, stand_in, start=0, end=None, **kwargs):
        return self.env["distributor.delegation"].create(
            {
                "user_id": absent.id,
                "stand_in_id": stand_in.id,
                "date_from": self.today + timedelta(days=start),
                "date_to": end is not None and self.today + timedelta(days=end),
                **kwargs,
            }
        )

    def test_stand_in_signs_for_the_absent(self):
        review = self._submit()
        stand_in = self.second_manager
        with self._refused(UserError, "not your turn"):
            self.statement.with_user(stand_in).action_approve()
        self._delegate(self.sales_manager, stand_in, end=5)
        self.assertEqual(review.reviewer_ids, self.sales_manager + stand_in)
        self.assertTrue(self.statement.with_user(stand_in).can_review)
        self.statement.with_user(stand_in).action_approve()
        self.assertRecordValues(
            self.statement.signature_ids,
            [{"user_id": stand_in.id, "for_user_id": self.sales_manager.id}],
        )
        self.assertEqual(review.signed_for_id, self.sales_manager)

    def test_the_absent_may_still_sign(self):
        self._delegate(self.sales_manager, self.second_manager)
        self._submit()
        self.statement.with_user(self.sales_manager).action_approve()
        self.assertFalse(self.statement.signature_ids.for_user_id)

    def test_dates_count_on_the_day(self):
        """Before and after his days he signs nothing, whatever a list still shows."""
        self._delegate(self.sales_manager, self.second_manager, start=2, end=3)
        review = self._submit()
        mine = self.statement.with_user(self.second_manager)
        for day, asked in ((1, False), (2, True), (3, True), (4, False)):
            with freeze_time(self.today + timedelta(days=day)):
                self.env["tier.review"].sudo()._cron_follow_up()
                self.assertEqual(self.second_manager in review.reviewer_ids, asked, day)
        with (
            freeze_time(self.today + timedelta(days=4)),
            self._refused(UserError, "not your turn"),
        ):
            review.sudo().reviewer_ids += self.second_manager
            mine.action_approve()

    def test_never_for_what_he_asked_himself(self):
        self._delegate(self.sales_manager, self.second_manager)
        review = self._submit(self.second_manager)
        self.assertEqual(review.reviewer_ids, self.sales_manager)
        with self._refused(UserError, "not your turn"):
            self.statement.with_user(self.second_manager).action_approve()

    def test_nor_in_place_of_who_asked(self):
        """A requester does not approve through his stand-in either."""
        self._delegate(self.sales_manager, self.second_manager)
        with self._refused(UserError, "Nobody else can sign"):
            self._submit(self.sales_manager)

    def test_stand_in_of_the_stand_in(self):
        third = self.channel_admin
        self._delegate(self.sales_manager, self.second_manager)
        self._delegate(self.second_manager, third)
        self._delegate(third, self.sales_manager)  # a circle ends
        review = self._submit()
        self.assertEqual(
            review.reviewer_ids, self.sales_manager + self.second_manager + third
        )
        self.statement.with_user(third).action_approve()
        self.assertEqual(review.signed_for_id, self.sales_manager)

    def test_one_person_signs_once_for_whomever(self):
        """Who signed for another does not sign the next step in his own name."""
        self.step.sequence = 1
        self._create_step("Next", "group_sales_manager", sequence=2)
        self._delegate(self.sales_manager, self.second_manager)
        self._submit()
        self.statement.with_user(self.second_manager).action_approve()
        second = self.statement.review_ids[1]
        self.assertFalse(
            second.reviewer_ids & (self.second_manager + self.sales_manager)
        )

    def test_nobody_makes_himself_a_stand_in(self):
        Delegation = self.env["distributor.delegation"]
        values = {"user_id": self.sales_manager.id, "stand_in_id": self.sales_rep.id}
        with self.assertRaises(AccessError):
            Delegation.with_user(self.sales_rep).create(values)
        own = Delegation.with_user(self.sales_rep).create(
            {"stand_in_id": self.account_manager.id}
        )
        self.assertEqual(own.user_id, self.sales_rep)
        with self.assertRaises(AccessError):
            own.user_id = self.sales_manager
        # Who stands in sees it, and changes nothing; the administrator may.
        theirs = own.with_user(self.account_manager)
        self.assertEqual(theirs.stand_in_id, self.account_manager)
        with self.assertRaises(AccessError):
            theirs.user_id = self.sales_manager
        self.assertFalse(Delegation.with_user(self.finance).search([]))
        Delegation.with_user(self.channel_admin).create(values)

    def test_sensible_delegations_only(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self._delegate(self.finance, self.finance)
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self._delegate(self.finance, self.sales_rep, start=3, end=2)
        self.sales_rep.active = False
        with self.assertRaises(ValidationError):
            self._delegate(self.finance, self.sales_rep)

    def test_a_leaver_hands_over_to_his_stand_in(self):
        """T17: open reviews go to who stands in, also when he is named afterwards."""
        review = self._submit()
        self._delegate(self.sales_manager, self.second_manager)
        self.sales_manager.active = False
        self.assertEqual(review.reviewer_ids, self.second_manager)
        self.statement.with_user(self.second_manager).action_approve()
        self.assertEqual(review.signed_for_id, self.sales_manager)

    def test_a_leaver_without_a_stand_in_is_flagged(self):
        """T17: somebody is told; the one he names takes over."""
        review = self._submit()
        self.sales_manager.active = False
        self.assertIn(self.channel_admin, review.reviewer_ids)
        activities = self.statement.activity_ids
        self.assertIn(self.channel_admin, activities.user_id)
        self.assertIn("they have left", activities[0].note)
        self._delegate(self.sales_manager, self.second_manager)
        self.statement.with_user(self.second_manager).action_approve()
        self.assertEqual(self.statement.state, "approved")
        self.assertFalse(self.statement.activity_ids)

    def test_leaver_of_a_step_that_escalates_to_nobody(self):
        """Those who set up users are told where the step names nobody."""
        self.step.write({"escalation_days": 0, "escalation_group_id": False})
        self.channel_admin.group_ids += self.env.ref("base.group_erp_manager")
        review = self._submit()
        self.sales_manager.active = False
        self.assertFalse(review.reviewer_ids)
        self.assertIn(self.channel_admin, self.statement.activity_ids.user_id)

    def test_no_request_that_nobody_can_answer(self):
        self.sales_manager.active = False
        with self._refused(UserError, "missing or have left"):
            self._submit()

    def test_remind_then_escalate(self):
        """After three days the reviewer is reminded, after seven others are asked."""
        self.step.write({"notify_reminder_delay": 3, "escalation_days": 7})
        now = fields.Datetime.now()
        review = self._submit()
        for days, reminded, escalated in (
            (2, False, False),
            (4, True, False),
            (8, True, True),
        ):
            with freeze_time(now + timedelta(days=days)):
                self.env["tier.definition"].sudo()._cron_send_review_reminder()
                self.env["tier.review"].sudo()._cron_follow_up()
            self.assertEqual(bool(review.last_reminder_date), reminded, days)
            self.assertEqual(bool(review.escalated_on), escalated, days)
        self.assertIn(self.channel_admin, review.reviewer_ids)
        users = self.statement.activity_ids.user_id
        self.assertIn(self.sales_manager, users)
        self.assertIn(self.channel_admin, users)
        self.statement.with_user(self.channel_admin).action_approve()
        self.assertEqual(self.statement.state, "approved")
        self.assertFalse(self.statement.activity_ids)

    def test_several_reviewers_are_reminded_each(self):
        self._delegate(self.sales_manager, self.second_manager)
        review = self._submit()
        review.sudo()._send_review_reminder()
        self.assertEqual(
            self.statement.activity_ids.user_id,
            self.sales_manager + self.second_manager,
        )

    def test_waiting_steps_are_not_reminded(self):
        """Only whose turn it is."""
        self.step.sequence = 1
        late = self._create_step(
            "Later", "group_finance", sequence=2, notify_reminder_delay=1
        )
        self._submit()
        with freeze_time(fields.Datetime.now() + timedelta(days=5)):
            self.assertFalse(late._get_review_needing_reminder())
