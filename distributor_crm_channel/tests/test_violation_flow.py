# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation, UniqueViolation

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.distributor_crm.tests.service_common import no_commits

from .violation_common import ViolationCommon

NOON = datetime(2026, 3, 3, 12, 0)


@tagged("post_install", "-at_install")
class TestViolationFlow(ViolationCommon):
    """A breach played through (R144, R172-R184)."""

    # -- notice and proof --------------------------------------------------------------

    def test_no_notice_without_evidence(self):
        case = self._report()
        with self._refused(UserError, "no evidence yet"):
            case.with_user(self.account_manager).action_notify()
        self._notify(case)
        self.assertEqual(case.state, "notified")

    def test_no_deadline_runs_before_the_delivery_is_proved(self):
        """Nothing is punished without a notice that can be proved delivered."""
        case = self._notify(self._report(severity=5))
        self.assertFalse(case.answer_deadline)
        with freeze_time(fields.Datetime.now() + timedelta(days=30)):
            self.assertFalse(case.is_ripe)
            with self._refused(UserError, "delivery of the notice is not proved"):
                self._judge(case)
        with (
            mute_logger("odoo.sql_db"),
            self._refused(CheckViolation, "punished_is_told"),
        ):
            case._set(state="confirmed")
            case.flush_recordset()

    def test_deadlines_run_from_the_delivery_to_the_hour(self):
        """48 natural hours to correct and to answer, from the proof (R173)."""
        with freeze_time(NOON):
            case = self._notify(self._report(severity=5))
        self._deliver(case, NOON + timedelta(hours=5))
        self.assertEqual(case.correct_deadline, NOON + timedelta(hours=53))
        self.assertEqual(case.answer_deadline, NOON + timedelta(hours=53))
        # What is read again later moves no deadline.
        self._deliver(case, NOON + timedelta(hours=9))
        self.assertEqual(case.correct_deadline, NOON + timedelta(hours=53))

    def test_what_is_beyond_the_band_has_nothing_to_correct(self):
        case = self._deliver(self._notify(self._report(severity=10.5)))
        self.assertFalse(case.correct_deadline)
        self.assertTrue(case.answer_deadline)

    def test_a_hand_over_needs_its_proof(self):
        with freeze_time(NOON):
            case = self._notify(self._report())
        handler = case.with_user(self.account_manager)
        Attachment = self.env["ir.attachment"]
        with freeze_time(NOON + timedelta(hours=10)):
            at = NOON + timedelta(hours=3)
            with self._refused(UserError, "attach the proof"):
                handler._record_hand_over(at, "Mr. Wu, by courier", Attachment)
            proof = Attachment.create({"name": "receipt.png", "raw": b"x"})
            with self._refused(UserError, "not later than now"):
                handler._record_hand_over(NOON + timedelta(hours=11), "Wu", proof)
            with self._refused(UserError, "after it was written"):
                handler._record_hand_over(NOON - timedelta(hours=1), "Wu", proof)
            handler._record_hand_over(at, "Mr. Wu, by courier", proof)
        self.assertEqual(case.delivered_at, at)
        self.assertRecordValues(
            case.notice_ids,
            [
                {
                    "delivered_how": "handover",
                    "delivered_to": "Mr. Wu, by courier",
                    "recorded_by_id": self.account_manager.id,
                }
            ],
        )

    def test_a_mail_alone_proves_nothing_unless_the_rules_say_so(self):
        with freeze_time(NOON):
            case = self._notify(self._report())
        message = case.notice_ids.message_id
        message.notification_ids.notification_status = "sent"
        with freeze_time(NOON + timedelta(hours=72)), no_commits(self):
            self.Violation._cron_follow()
            self.assertFalse(case.delivered_at)
            self.floor.mail_proof_hours = 24
            message.notification_ids.notification_status = "bounce"
            self.Violation._cron_follow()
            self.assertFalse(case.delivered_at)
            message.notification_ids.notification_status = "sent"
            self.Violation._cron_follow()
        self.assertEqual(case.delivered_at, NOON + timedelta(hours=24))
        self.assertEqual(case.notice_ids.delivered_how, "mail_sent")

    def test_notices_are_nobody_s_to_write(self):
        case = self._notify(self._report())
        notice = case.notice_ids.with_user(self.channel_admin)
        with self._refused((AccessError, UserError), ""):
            notice.write({"delivered_at": NOON, "delivered_how": "portal"})
        with self._refused((AccessError, UserError), ""):
            notice.unlink()
        with self._refused(UserError, "buttons"):
            case.with_user(self.channel_admin).write({"delivered_at": NOON})

    def test_what_somebody_was_accused_of_stays(self):
        case = self._notify(self._report())
        with self._refused(UserError, "was told already"):
            case.with_user(self.sales_manager).facts = "Something else"

    # -- correction and watch ----------------------------------------------------------

    def test_corrected_watched_and_closed_with_a_warning(self):
        """Up to 10%: notice, 48 hours, watched for 30 days with re-checks (R172)."""
        with freeze_time(NOON):
            case = self._deliver(self._notify(self._report(severity=5)), NOON)
        with freeze_time(NOON + timedelta(hours=47)):
            case._say_corrected("The price is 100 again.")
            self.assertTrue(case.activity_ids)
        with freeze_time(NOON + timedelta(hours=50)), no_commits(self):
            case.with_user(self.account_manager).action_accept_correction()
            self.assertEqual(case.state, "watched")
            self.assertFalse(case.activity_ids)
        end = NOON + timedelta(hours=50, days=30)
        self.assertEqual(case.watch_until, end)
        looks = 0
        for day in range(1, 31):
            with freeze_time(NOON + timedelta(hours=49, days=day)), no_commits(self):
                self.Violation._cron_follow()
                self.Violation._cron_follow()
                looks += len(case.activity_ids)
                case.activity_ids.action_done()
        self.assertEqual(looks, 4, "every 7 days within 30")
        self.assertEqual(case.state, "watched")
        with freeze_time(end + timedelta(seconds=1)), no_commits(self):
            self.Violation._cron_follow()
        self.assertEqual(case.state, "closed")
        self.assertEqual(case.penalty_ids.mapped("kind"), ["warning"])
        self.assertEqual(case.offence_number, 1)

    def test_seen_again_while_watched_is_not_corrected(self):
        case = self._report(severity=5, key="shop/1")
        self._deliver(self._notify(case), NOON)
        with freeze_time(NOON + timedelta(hours=20)):
            case.with_user(self.account_manager).action_accept_correction()
        again = self._report(
            severity=5, key="shop/1", occurred_at=NOON + timedelta(days=3)
        )
        self.assertEqual(again, case)
        self.assertEqual(case.state, "answered")
        self.assertEqual(case.outcome, "not_corrected")
        self.assertTrue(case.activity_ids)

    def test_seen_again_before_the_deadline_proves_nothing(self):
        case = self._report(severity=5, key="shop/1")
        self._deliver(self._notify(case), NOON)
        self._report(severity=5, key="shop/1", occurred_at=NOON + timedelta(hours=40))
        self.assertEqual(case.state, "notified")
        self._report(severity=5, key="shop/1", occurred_at=NOON + timedelta(hours=49))
        self.assertEqual(case.outcome, "not_corrected")

    def test_not_corrected_waits_for_the_deadline(self):
        case = self._deliver(self._notify(self._report(severity=5)), NOON)
        handler = case.with_user(self.account_manager)
        with freeze_time(NOON + timedelta(hours=48)):
            with self._refused(UserError, "time to correct runs until"):
                handler.action_not_corrected()
        with freeze_time(NOON + timedelta(hours=48, seconds=1)):
            handler.action_not_corrected()
        self.assertEqual(case.outcome, "not_corrected")

    # -- answers -----------------------------------------------------------------------

    def test_an_answer_in_the_second_of_the_deadline_is_in_time(self):
        case = self._deliver(self._notify(self._report()), NOON)
        end = case.answer_deadline
        with freeze_time(end + timedelta(minutes=1)):
            with self._refused(UserError, "time to answer ended on"):
                case._answer("Too late?")
        with freeze_time(end):
            case._answer("In time.")
        self.assertEqual(case.state, "answered")

    def test_a_late_answer_is_admitted_by_a_manager_with_a_reason(self):
        case = self._deliver(self._notify(self._report()), NOON)
        late = case.answer_deadline + timedelta(minutes=1)
        with freeze_time(late):
            with self._refused(UserError, "Only sales managers"):
                case.with_user(self.account_manager)._admit_late("Ill", "In hospital")
            with self._refused(UserError, "Say why"):
                case.with_user(self.sales_manager)._admit_late("Ill", " ")
            case.with_user(self.sales_manager)._admit_late("Ill", "In hospital")
        self.assertEqual(case.state, "answered")
        self.assertIn("In hospital", case.message_ids[0].body)

    # -- judging -----------------------------------------------------------------------

    def test_nobody_is_judged_while_he_can_answer(self):
        case = self._deliver(self._notify(self._report("diversion")), NOON)
        with freeze_time(NOON + timedelta(hours=48)):
            with self._refused(UserError, "can answer and correct until"):
                self._judge(case)
        with freeze_time(NOON + timedelta(hours=48, seconds=1)):
            self._judge(case)
        self.assertEqual(case.state, "judged")

    def test_the_second_opinion_is_another_person_s(self):
        case = self._deliver(self._notify(self._report("diversion")), NOON)
        with freeze_time(NOON + timedelta(hours=49)):
            self._judge(case)
            with self._refused(AccessError, "Somebody else confirms"):
                case.with_user(self.sales_manager).action_confirm()
            with self._refused((AccessError, UserError), ""):
                case.with_user(self.account_manager).action_confirm()
            case.with_user(self.second_manager).action_confirm()
        self.assertEqual(case.state, "confirmed")
        self.assertEqual(case.penalty_ids.mapped("state"), ["done"])
        self.assertEqual(case.notice_ids.mapped("kind"), ["charge", "decision"])

    def test_repeated_offences_climb_the_ladder(self):
        """Warning, then 30 days, then the authorization (R144)."""
        kinds = []
        for _number in range(3):
            case = self._confirmed("diversion")
            kinds.append((case.offence_number, case.penalty_ids.mapped("kind")))
        self.assertEqual(kinds, [(1, ["warning"]), (2, ["suspend"]), (3, ["withdraw"])])

    def test_offences_long_ago_and_lifted_ones_do_not_count(self):
        old = self._confirmed("diversion", occurred_at=datetime(2024, 1, 1))
        lifted = self._confirmed("diversion")
        lifted.with_user(self.third_manager)._lift("It was another shop.")
        self.assertEqual(old.state, "confirmed")
        other = self._confirmed("diversion", self.south)
        self.assertEqual(other.offence_number, 1)
        self.assertEqual(self._confirmed("diversion").offence_number, 1)

    def test_without_a_legal_opinion_only_a_warning_follows(self):
        """Resale price floors have legal weight (AML art. 18): off by default."""
        case = self._confirmed("price_below_floor", severity=30)
        self.assertEqual(case.penalty_ids.mapped("kind"), ["warning"])
        self._with_opinion()
        case = self._confirmed("price_below_floor", severity=30)
        self.assertEqual(
            set(case.penalty_ids.mapped("kind")), {"withdraw", "blacklist"}
        )

    def test_only_channel_administrators_store_an_opinion(self):
        with self._refused(AccessError, ""):
            self.floor.with_user(self.sales_manager)._store_opinion("Mine")
        with self._refused((AccessError, UserError), ""):
            self.floor.with_user(self.channel_admin).legal_approved_at = NOON

    def test_serious_penalties_need_the_chain(self):
        """Who judged neither approves nor is asked; another sales manager signs."""
        case = self._deliver(self._notify(self._report("undeclared_shop")), NOON)
        with freeze_time(NOON + timedelta(hours=49)):
            self._judge(case)
            self.assertTrue(case.is_serious)
            with self._refused(UserError, "Ask for the approval"):
                case.with_user(self.second_manager).action_confirm()
            case.with_user(self.sales_manager).action_submit()
            self.assertNotIn(self.sales_manager, case.reviewer_ids)
            with self._refused(UserError, "between the first opinion and the approval"):
                case.penalty_ids.with_user(self.sales_manager).duration_days = 5
            case.with_user(self.second_manager).action_confirm()
        self.assertEqual(case.state, "confirmed")
        self.assertEqual(case.penalty_ids.state, "in_force")

    def test_amounts_stay_within_the_rules_and_say_why(self):
        """False customer: 100 to 200 a group, by circumstances (R072)."""
        policy = self.env.ref("distributor_crm_channel.policy_false_customer")
        step = policy.step_ids.filtered(lambda s: s.kind == "money")
        step.write(
            {
                "amount": 100,
                "amount_max": 200,
                "currency_id": self.company.currency_id.id,
            }
        )
        case = self._deliver(self._notify(self._report("false_customer")), NOON)
        with freeze_time(NOON + timedelta(hours=49)):
            self._judge(case)
        money = case.penalty_ids.filtered(lambda p: p.kind == "money")
        money = money.with_user(self.sales_manager)
        self.assertEqual(case.amount, 100)
        with self._refused(ValidationError, "allow"):
            money.write({"amount": 201, "reason": "Brazen"})
        with self._refused(ValidationError, "Say why"):
            money.amount = 150
        money.write({"amount": 150, "reason": "Two of five were real"})
        self.assertEqual(case.amount, 150)

    # -- appeal ------------------------------------------------------------------------

    def test_an_appeal_a_minute_late_is_refused_in_words(self):
        case = self._confirmed("diversion")
        read = fields.Datetime.now() + timedelta(hours=50)
        self._deliver(case, read)
        end = read.replace(microsecond=0) + timedelta(hours=168)
        self.assertEqual(case.appeal_deadline, end)
        with freeze_time(end + timedelta(minutes=1)):
            self.assertTrue(case.is_final)
            with self._refused(UserError, "time to appeal ended on"):
                case._appeal("It was not me.")
            case.with_user(self.third_manager)._admit_late("Not me", "Post strike")
        self.assertEqual(case.state, "appealed")
        self.assertFalse(case.is_final)

    def test_the_appeal_is_decided_by_a_third_person(self):
        case = self._confirmed("diversion")
        self._deliver(case)
        case._appeal("It was not me.")
        for user in (self.sales_manager, self.second_manager):
            with self._refused(AccessError, "Somebody else decides"):
                case.with_user(user)._decide_appeal("No.", False)
        case.with_user(self.third_manager)._decide_appeal("The code is yours.", False)
        self.assertEqual(case.state, "upheld")
        self.assertTrue(case.is_final)

    def test_nothing_is_final_before_the_decision_was_delivered(self):
        case = self._confirmed("diversion")
        with freeze_time(fields.Datetime.now() + timedelta(days=400)):
            case.invalidate_recordset(["is_final"])
            self.assertFalse(case.is_final)
            self.assertNotIn(case, self.Violation.search([("is_final", "=", True)]))

    def test_the_rules_may_let_sanctions_wait_for_the_appeal(self):
        self._confirmed("diversion")
        policy = self.diversion.copy(
            {"date_from": "2026-03-01", "appeal_suspends": True}
        )
        policy.step_ids = [Command.create({"kind": "suspend", "duration_days": 10})]
        case = self._confirmed("diversion")
        self.assertEqual(case.policy_id, policy)
        self.assertEqual(case.penalty_ids.state, "waiting")
        self._deliver(case)
        with freeze_time(case.appeal_deadline + timedelta(seconds=1)), no_commits(self):
            self.Violation._cron_follow()
            self.assertEqual(case.penalty_ids.state, "in_force")

    # -- never twice -------------------------------------------------------------------

    def test_one_kind_once_a_case(self):
        case = self._confirmed("diversion")
        with mute_logger("odoo.sql_db"), self._refused(UniqueViolation, "_once"):
            self.env["distributor.violation.penalty"].create(
                {"violation_id": case.id, "kind": "warning"}
            )
            self.env.flush_all()

    def test_confirming_again_is_refused(self):
        case = self._confirmed("diversion")
        with self._refused(UserError, "only in status"):
            case.with_user(self.third_manager).action_confirm()

    # -- rules -------------------------------------------------------------------------

    def test_rules_that_judged_stay_and_a_case_keeps_its_version(self):
        case = self._report("diversion")
        with self._refused(UserError, "new version"):
            self.diversion.answer_hours = 1
        with self._refused(UserError, "new version"):
            self.diversion.step_ids[0].offence_from = 2
        action = self.diversion.with_user(self.channel_admin).action_new_version()
        version = self.env["distributor.violation.policy"].browse(action["res_id"])
        self.assertEqual(len(version.step_ids), len(self.diversion.step_ids))
        version.write({"date_from": "2026-03-05", "answer_hours": 1})
        self.assertEqual(self._report("diversion").policy_id, self.diversion)
        later = self._report("diversion", occurred_at=datetime(2026, 3, 5, 12))
        self.assertEqual(later.policy_id, version)
        self.assertEqual(case.policy_id, self.diversion)

    def test_a_company_s_own_rules_go_first(self):
        own = self.diversion.copy(
            {"company_id": self.company.id, "date_from": "2020-01-01"}
        )
        self.assertEqual(self._report("diversion").policy_id, own)

    # -- announcement ------------------------------------------------------------------

    def test_the_announcement_names_nobody(self):
        """Told to the group, with as little of the person as possible (R175)."""
        case = self._notify(self._report(severity=5, store_id=False))
        self.assertFalse(case.announcement)
        self._deliver(case)
        for word in (self.north.name, "80", "100"):
            self.assertNotIn(word, case.announcement)
        self.assertIn(case.name, case.announcement)
        with self._refused(UserError, "in which group"):
            case.with_user(self.account_manager)._announce("")
        case.with_user(self.account_manager)._announce("WeChat group 3")
        self.assertEqual(case.announced_by_id, self.account_manager)

    # -- dismissal ---------------------------------------------------------------------

    def test_a_dismissed_case_does_nothing_and_says_why(self):
        case = self._deliver(self._notify(self._report("diversion")))
        with self._refused(UserError, "Say why"):
            case.with_user(self.sales_manager)._dismiss("")
        case.with_user(self.sales_manager)._dismiss("The lot was sold to another.")
        self.assertEqual(case.state, "dismissed")
        self.assertEqual(case.notice_ids.mapped("kind"), ["charge", "end"])
