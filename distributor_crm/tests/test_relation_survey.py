# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..rebate.period import Period
from .common import DistributorCommon

TODAY = date(2024, 6, 20)


@tagged("post_install", "-at_install")
class TestSurvey(DistributorCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.north + cls.south
        cls.env["res.partner"].search(
            [("is_distributor", "=", True), ("id", "not in", partners.ids)]
        ).is_distributor = False
        cls.north.email, cls.south.email = "n@survey.example", "s@survey.example"
        cls.survey = cls.env.ref("distributor_crm.survey_satisfaction")
        cls.Rule = cls.env["distributor.survey.rule"].sudo()
        cls.Rule.search([]).active = False
        cls.Invitation = cls.env["distributor.survey.invitation"].sudo()

    @classmethod
    def make_rule(cls, **values):
        return cls.Rule.create(
            {
                "name": "How are we?",
                "company_id": cls.company.id,
                "survey_id": cls.survey.id,
                "event": "yearly",
                "start_on": "2024-06-01",
                "delay_days": 0,
                **values,
            }
        )

    def invite(self, today=TODAY):
        before = self.Invitation.search([])
        self.Rule._invite_all(today)
        return self.Invitation.search([]) - before

    def answer(self, invitation, *grades):
        """Answer the scales of a survey with these grades of 0 to 10."""
        answers = invitation.user_input_id
        scales = self.survey.question_ids.filtered(
            lambda question: question.question_type == "scale"
        )
        for question, grade in zip(scales, grades, strict=False):
            answers._save_lines(question, str(grade))
        answers._mark_done()

    def test_nobody_is_asked_twice_or_too_often(self):
        """Once an event and rule, whatever else runs not within the days of rest; and
        the job that runs again changes nothing (R226)."""
        self.make_rule(rest_days=30)
        first = self.invite()
        self.assertEqual(first.partner_id, self.north + self.south)
        self.assertFalse(self.invite())
        self.make_rule(name="Second", rest_days=30, start_on="2024-06-10")
        self.assertFalse(self.invite(TODAY + timedelta(days=10)))
        # Whose events are long past is not asked about any more.
        self.assertFalse(self.invite(TODAY + timedelta(days=60)))
        # A year later it is asked again, by one of the two.
        again = self.invite(date(2025, 6, 20))
        self.assertEqual(len(again), 2)
        self.assertEqual(set(again.mapped("source")), {"year,2025"})

    def test_who_does_not_want_to_be_asked_is_not(self):
        """Opt-out, blacklist and no address are respected."""
        self.make_rule()
        self.north.is_survey_opt_out = True
        self.env["mail.blacklist"]._add(self.south.email)
        self.south.invalidate_recordset()
        self.assertFalse(self.invite())
        self.env["mail.blacklist"]._remove(self.south.email)
        self.south.invalidate_recordset()
        self.south.email = False
        self.assertFalse(self.invite())
        self.south.email = "s@survey.example"
        invitation = self.invite()
        self.assertEqual(invitation.partner_id, self.south)
        mail = self.env["mail.mail"].search(
            [("model", "=", invitation._name), ("res_id", "=", invitation.id)]
        )
        self.assertIn(invitation.user_input_id.access_token, mail.body_html)
        self.assertEqual(mail.recipient_ids, self.south)

    def test_each_event_invites(self):
        """A solved complaint, a delivered order and a training, so many days later."""
        case = self.env["distributor.case"].create(
            {
                "partner_id": self.north.id,
                "company_id": self.company.id,
                "kind": "complaint",
                "subject": "Broken",
            }
        )
        case.action_solve()
        case.sudo().write({"solved_at": "2024-06-10 08:00:00"})
        order = self.env["sale.order"].create({"partner_id": self.south.id})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET delivered_on = '2024-06-10' WHERE id = %s",
            [order.id],
        )
        self.env.invalidate_all()
        self.make_rule(event="complaint", delay_days=5)
        self.make_rule(event="order", delay_days=5)
        self.make_rule(event="application")
        self.make_rule(event="training")
        self.assertFalse(self.invite(date(2024, 6, 14)))
        found = self.invite(date(2024, 6, 15))
        self.assertEqual(
            {(one.partner_id, one.source) for one in found},
            {
                (self.north, f"distributor.case,{case.id}"),
                (self.south, f"sale.order,{order.id}"),
            },
        )
        self.assertIn(order.name, found.mapped("label"))

    def test_the_job_asks_a_fixed_number_of_times(self):
        """Who is due is found by one statement a chunk, whatever their number."""
        rule = self.make_rule()
        self.env["res.partner"].create(
            [{"name": f"P{n}", "is_distributor": True} for n in range(20)]
        )
        self.env.flush_all()
        with self.assertQueryCount(1):
            rows = rule._get_due(TODAY, 0)
        self.assertEqual(len(rows), 22)

    def test_scores_and_what_follows_from_them(self):
        """The average of the scales; who is unhappy becomes a task, closed when done; the
        rule says how many of these are closed (R226, fourth step)."""
        rule = self.make_rule(low_score=60)
        good, bad = self.invite().sorted("partner_id")
        self.answer(good, 10, 8, 9, 8, 10)
        self.answer(bad, 2, 3)
        self.assertEqual((good.state, good.score, good.is_low), ("done", 90, False))
        self.assertEqual((bad.score, bad.is_low), (25, True))
        self.assertEqual(bad.activity_id.user_id, self.account_manager)
        self.assertEqual((rule.answer_rate, rule.score), (100, 57.5))
        self.assertEqual((rule.low_count, rule.closure_rate), (1, 0))
        bad.activity_id.with_user(self.account_manager).action_done()
        self.env.invalidate_all()
        self.assertEqual(rule.closure_rate, 100)
        report = self.env["distributor.survey.report"]
        rows = report._read_group(
            [("rule_id", "=", rule.id)], ["topic"], ["score:avg"], order="topic"
        )
        self.assertEqual(dict(rows)["satisfaction"], 60)
        self.assertEqual(self.south.survey_score, 25)

    def test_an_unhappy_one_becomes_a_case(self):
        """Where the rule says so; a second look at the answers opens no second one."""
        self.make_rule(follow_up="case")
        invitation = self.invite()[:1]
        self.answer(invitation, 0)
        self.assertEqual(invitation.case_id.partner_id, invitation.partner_id)
        invitation._take_answers()
        cases = self.env["distributor.case"].search(
            [("partner_id", "=", invitation.partner_id.id)]
        )
        self.assertEqual(cases, invitation.case_id)
        self.assertFalse(invitation.is_followed_up)
        invitation.case_id.action_solve()
        self.assertTrue(invitation.is_followed_up)

    def test_scorecards_read_the_scores(self):
        """The KPI is the average of the period by one query; who did not answer is not
        known."""
        self.make_rule()
        invitation = self.invite().filtered(lambda one: one.partner_id == self.north)
        self.answer(invitation, 7, 8)
        invitation.answered_on = TODAY
        self.env.flush_all()
        measure = self.env["distributor.evaluation.measure"]
        partners = self.north + self.south
        period = Period(date(2024, 4, 1), date(2024, 6, 30))
        with self.assertQueryCount(1):
            found = measure._measure("survey", self.company, partners, period)
        self.assertEqual(found, {self.north.id: 75})
        late = Period(date(2024, 7, 1), date(2024, 9, 30))
        self.assertFalse(measure._measure("survey", self.company, partners, late))

    def test_each_role_sees_its_own(self):
        """Scores of own distributors; nobody writes them; managers set the rules up."""
        self.make_rule()
        other = self.env["res.partner"].create(
            {"name": "East", "is_distributor": True, "email": "e@survey.example"}
        )
        found = self.invite()
        mine = found.filtered(lambda one: one.partner_id != other)
        for user, seen in (
            (self.sales_rep, mine),
            (self.account_manager, mine),
            (self.sales_manager, found),
        ):
            own = self.Invitation.with_user(user).search([("id", "in", found.ids)])
            self.assertEqual(own, seen.sorted(lambda o: found.ids.index(o.id)))
            with self.assertRaises(AccessError):
                own[:1].score = 100
        with self.assertRaises(AccessError):
            self.Rule.with_user(self.account_manager).create(
                {"name": "Mine", "survey_id": self.survey.id}
            )
        for user in (self.sales_rep, self.finance):
            with self.assertRaises(AccessError):
                self.survey.sudo(False).with_user(user).title = "Mine"
        # Whoever knew the link of an open survey could answer it.
        with self._refused(UserError, "not answered yet"):
            mine[:1].with_user(self.account_manager).action_view_answers()
        with self.assertRaises(AccessError):
            self.Invitation.with_user(self.finance).search([])
        rule = self.Rule.with_user(self.sales_manager).create(
            {
                "name": "Ours",
                "survey_id": self.survey.id,
                "grade_ids": [Command.set([])],
            }
        )
        self.assertTrue(rule.survey_id.title)
        self.survey.sudo(False).with_user(
            self.channel_admin
        ).title = "How are we doing today?"

    def test_invitations_follow_merged_partners(self):
        """Nothing that was answered is lost when two distributors become one."""
        self.make_rule()
        found = self.invite()
        self.answer(found[0], 5)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.north + self.south).ids, self.south)
        self.env.invalidate_all()
        self.assertEqual(found.exists().partner_id, self.south)
        self.assertEqual(len(found.exists()), 2)
