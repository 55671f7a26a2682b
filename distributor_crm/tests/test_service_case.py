# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .service_common import ServiceCommon, no_commits


@tagged("post_install", "-at_install")
class TestServiceCase(ServiceCommon):
    def make(self, **values):
        return self.env["distributor.case"].create(
            {
                "subject": "Box came broken",
                "kind": "complaint",
                "partner_id": self.north.id,
                "contact_id": self.contacts[0].id,
                **values,
            }
        )

    def late(self, case, *names):
        """Let deadlines of a case have passed an hour ago."""
        case._set(**{n: fields.Datetime.now() - timedelta(hours=1) for n in names})
        self.env.flush_all()

    def test_account_manager_is_first_responsible(self):
        """He answers, whoever opens the case; without one, who sells (R035)."""
        case = self.make()
        self.assertEqual(case.user_id, self.account_manager)
        self.assertEqual(case.activity_ids.user_id, self.account_manager)
        self.south.account_manager_id = False
        other = self.make(partner_id=self.south.id, contact_id=False)
        self.assertEqual(other.user_id, self.sales_rep)

    def test_deadlines_count_service_hours_alone(self):
        """Sixteen hours a day from eight to midnight; the night does not count (R212)."""
        calendar = self.env.ref("distributor_crm.service_calendar")
        calendar.tz = "UTC"
        policy = self.env["distributor.case.policy"]._find(self.company, "complaint")
        policy.write({"response_hours": 2, "solve_hours": 20})
        late = datetime(2024, 3, 15, 23)
        self.assertEqual(policy._plan(2, late), datetime(2024, 3, 16, 9))
        self.assertEqual(policy._plan(20, late), datetime(2024, 3, 17, 11))
        self.assertAlmostEqual(
            policy._count_hours(late, datetime(2024, 3, 16, 9)), 2, places=4
        )
        self.assertEqual(calendar.hours_per_day, 16)

    def test_each_company_has_its_deadlines(self):
        company = self.env["res.company"].create({"name": "New one"})
        policies = self.env["distributor.case.policy"].search(
            [("company_id", "=", company.id)]
        )
        self.assertEqual(len(policies), 6)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            policies[0].copy()

    def test_first_public_message_of_ours_answers(self):
        """Notes and the distributor's own words are no answer."""
        case = self.make()
        case.message_post(body="internal", author_id=self.account_manager.partner_id.id)
        case.message_post(
            body="when?",
            author_id=self.contacts[0].id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertFalse(case.first_response_at)
        case.with_user(self.account_manager).message_post(
            body="Tomorrow", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertTrue(case.first_response_at)
        self.assertEqual(case.state, "in_progress")
        self.assertFalse(case.activity_ids)

    def test_the_clock_stands_still_while_we_wait(self):
        case = self.make()
        calendar = self.env.ref("distributor_crm.service_calendar")
        calendar.tz = "UTC"
        now = fields.Datetime.now()
        case._set(solve_deadline=case.policy_id._plan(10, now - timedelta(days=2)))
        case.action_wait()
        case._set(waiting_since=now - timedelta(days=2))
        self.assertFalse(case.is_overdue)
        case.message_post(
            body="here",
            author_id=self.contacts[0].id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(case.state, "in_progress")
        self.assertAlmostEqual(
            case.policy_id._count_hours(fields.Datetime.now(), case.solve_deadline),
            10,
            places=1,
        )

    def test_missed_deadlines_are_told_once_a_level(self):
        case = self.make()
        policy = case.policy_id
        policy.escalation_user_id = self.sales_manager

        def run():
            with no_commits(self):
                self.env["distributor.case"]._cron_escalate()

        def told():
            return case.activity_ids.filtered(lambda a: a.user_id == self.sales_manager)

        run()
        self.assertFalse(told())
        self.late(case, "response_deadline")
        self.assertTrue(case.is_overdue)
        run()
        run()
        self.assertEqual((case.escalation_level, len(told())), (1, 1))
        self.late(case, "solve_deadline")
        run()
        run()
        self.assertEqual((case.escalation_level, len(told())), (2, 2))
        self.assertTrue(case.was_late)

    def test_waiting_and_solved_cases_are_not_late(self):
        waiting, solved = self.make(), self.make()
        waiting.action_wait()
        solved.action_solve()
        for case in waiting | solved:
            self.late(case, "response_deadline", "solve_deadline")
        with no_commits(self):
            self.env["distributor.case"]._cron_escalate()
        self.assertEqual((waiting | solved).mapped("escalation_level"), [0, 0])
        found = self.env["distributor.case"].search([("is_overdue", "=", True)])
        self.assertFalse(found & (waiting | solved))

    def test_solved_ones_close_after_days(self):
        case, fresh = self.make(), self.make()
        (case | fresh).action_solve()
        case._set(solved_at=fields.Datetime.now() - timedelta(days=8))
        with no_commits(self):
            self.env["distributor.case"]._cron_escalate()
        self.assertEqual((case.state, fresh.state), ("closed", "solved"))

    def test_reopened_gets_a_new_deadline(self):
        case = self.make()
        case.action_solve()
        case._set(escalation_level=2)
        case.action_reopen()
        self.assertEqual(
            (case.state, case.reopen_count, case.escalation_level),
            ("in_progress", 1, 1),
        )
        self.assertGreater(case.solve_deadline, fields.Datetime.now())

    def test_complaint_becomes_an_opportunity_once(self):
        case = self.make().with_user(self.account_manager)
        action = case.action_create_lead()
        self.assertEqual(case.action_create_lead()["res_id"], action["res_id"])
        self.assertEqual(case.lead_ids.distributor_case_id, case)
        self.assertEqual(case.lead_ids.partner_id, self.contacts[0])

    def test_finance_reads_a_case_without_its_opportunities(self):
        case = self.make()
        case.with_user(self.account_manager).action_create_lead()
        own = case.with_user(self.finance)
        self.env.invalidate_all()
        self.assertEqual(own.read(["subject", "lead_count"])[0]["lead_count"], 0)

    def test_ratings_average_over_what_was_rated(self):
        first, second, _third = self.make(), self.make(), self.make()
        (first | second).action_solve()
        first._rate("5", "fine")
        second._rate("2", "slow")
        groups = self.env["distributor.case"]._read_group(
            [("partner_id", "=", self.north.id)], [], ["rating:avg"]
        )
        self.assertEqual(groups[0][0], 3.5)
        for wrong in ("0", "6", "", "1.5", None):
            with self.subTest(wrong), self.assertRaises(UserError):
                first._rate(wrong, "")

    def test_status_and_times_are_closed(self):
        """Buttons alone set them, whatever a caller over RPC tries."""
        case = self.make().with_user(self.account_manager)
        for name, value in (
            ("state", "closed"),
            ("rating", 5),
            ("solve_deadline", False),
        ):
            with self.subTest(name), self.assertRaises(UserError):
                case.write({name: value})
        made = (
            self.env["distributor.case"]
            .with_user(self.account_manager)
            .with_context(default_state="closed", default_rating=5)
            .create({"subject": "x", "partner_id": self.north.id, "rating": 5})
        )
        self.assertEqual((made.state, made.rating), ("new", 0))

    def test_order_of_a_colleague_may_be_named(self):
        order = self._order(self.north, user_id=self.sales_manager.id)
        case = self.make().with_user(self.account_manager)
        case.order_id = order.id
        self.assertEqual(case.order_id.id, order.id)

    def test_foreign_orders_stores_and_contacts_are_refused(self):
        order = self._order(self.south)
        for values in (
            {"order_id": order.id},
            {"store_id": self._store(self.south, "south-case").id},
            {"contact_id": self.contacts[1].id},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.make(**values)

    def test_who_sees_which(self):
        case = self.make()
        self.north.user_id = self.north.account_manager_id = False
        for user, sees in (
            (self.sales_rep, False),
            (self.account_manager, False),
            (self.sales_manager, True),
            (self.finance, True),
        ):
            found = (
                self.env["distributor.case"]
                .with_user(user)
                .search([("id", "=", case.id)])
            )
            self.assertEqual(bool(found), sees, user.login)
        for user in (self.finance, self.account_manager, self.north_user):
            with self.assertRaises(AccessError):
                case.with_user(user).action_solve()
        with self.assertRaises(AccessError):
            case.with_user(self.north_user).read(["subject"])
