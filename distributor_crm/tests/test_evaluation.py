# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..rebate.period import Period
from .evaluation_common import QUARTER, TODAY, EvaluationCommon
from .service_common import no_commits


@tagged("post_install", "-at_install")
class TestEvaluationTemplate(EvaluationCommon):
    def test_weights_make_a_hundred(self):
        draft = self.make_template(kpi_ids=[self.kpi("Growth", "growth", 90)])
        with self._refused(UserError, "add up to 90"):
            draft.action_publish()
        with mute_logger("odoo.sql_db"), self._refused(IntegrityError, "weights"):
            draft.sudo().state = "published"
            draft.flush_recordset()

    def test_a_low_score_needs_a_band(self):
        draft = self.make_template(
            band_ids=[Command.create({"name": "A", "floor": 10})],
        )
        with self._refused(UserError, "begins at 0"):
            draft.action_publish()

    def test_published_is_frozen(self):
        """R150: figures rest on it, so that nobody changes it, whoever he is."""
        kpi, band = self.template.kpi_ids[0], self.template.band_ids[0]
        for act in (
            lambda: kpi.write({"weight": 10}),
            lambda: kpi.unlink(),
            lambda: band.write({"floor": 1}),
            lambda: self.template.write({"period_type": "year"}),
            lambda: self.template.write({"kpi_ids": [self.kpi("New", "growth", 1)]}),
            lambda: self.template.unlink(),
        ):
            with self._refused(UserError, "stays as it is"):
                act()
        with self._refused(UserError, "with its button"):
            self.template.with_user(self.channel_admin).state = "draft"

    def test_a_change_is_a_new_version(self):
        action = self.template.with_user(self.sales_manager).action_new_version()
        draft = self.template.browse(action["res_id"])
        self.assertEqual((draft.version, draft.origin_id), (2, self.template))
        again = self.template.action_new_version()
        self.assertEqual(again["res_id"], draft.id, "one draft at a time")
        draft.date_from = "2024-04-01"
        draft.kpi_ids[0].value_full = 40
        draft.action_publish()
        self.assertEqual(self.template.kpi_ids[0].value_full, 20)
        self.assertTrue(self.template._covers(QUARTER))
        second = Period(date(2024, 4, 1), date(2024, 6, 30))
        self.assertFalse(self.template._covers(second))
        self.assertTrue(draft._covers(second))

    def test_a_version_does_not_reach_back(self):
        self.compute()
        action = self.template.action_new_version()
        draft = self.template.browse(action["res_id"])
        draft.date_from = "2024-01-01"
        with self._refused(UserError, "evaluated by an earlier version"):
            draft.action_publish()

    def test_whom_it_is_for(self):
        gold = self.env["res.partner.grade"].create({"name": "E-Gold"})
        self.north.grade_id = gold
        template = self.make_template(grade_ids=[Command.set(gold.ids)])
        template.action_publish()
        self.assertEqual(self.compute(template).partner_id, self.north)
        dropship = self.make_template(mode="dropship")
        dropship.action_publish()
        self.assertFalse(self.compute(dropship))


@tagged("post_install", "-at_install")
class TestEvaluation(EvaluationCommon):
    def _sales(self):
        self._sell(self.north, 1000, "2023-02-01")
        self._sell(self.north, 1100, "2024-02-01")
        self._sell(self.south, 500, "2024-03-31")

    def test_computed(self):
        """Growth of 10 % is half of 20 %; who sold nothing before has no growth."""
        self._sales()
        self.compute()
        north, south = self.of(self.north), self.of(self.south)
        growth = self.line(north, "Growth")
        self.assertRecordValues(
            growth, [{"figure": 10, "points": 50, "weight": 62.5, "score": 31.25}]
        )
        self.assertEqual(north.total, 31.25)
        self.assertEqual((north.state, north.open_count), ("draft", 1))
        self.assertFalse(self.line(south, "Growth").is_known)
        self.assertEqual(south.unknown_count, 1)
        self.assertEqual((north.rank, south.rank, north.rank_count), (1, 2, 2))
        self.assertEqual(north.period, "2024-Q1")

    def test_again_changes_nothing(self):
        self._sales()
        first = self.compute()
        self.env.flush_all()
        written = first.mapped("write_date"), first.line_ids.mapped("write_date")
        count = self.cr.sql_log_count
        self.compute()
        self.assertEqual(self.compute(), first)
        self.assertEqual(
            written, (first.mapped("write_date"), first.line_ids.mapped("write_date"))
        )
        self.assertLess(self.cr.sql_log_count - count, 120)

    def test_a_credit_note_shows_until_it_is_judged_out(self):
        self._sales()
        self.compute()
        self._sell(self.north, -50, "2024-03-01")
        self.compute()
        north = self.of(self.north)
        self.assertEqual(self.line(north, "Growth").figure, 5)
        self.publish(north)
        self._sell(self.north, -50, "2024-03-02")
        self.compute()
        self.assertEqual(self.line(north, "Growth").figure, 5, "published is frozen")

    def test_one_a_template_distributor_and_period(self):
        self.compute()
        with mute_logger("odoo.sql_db"), self._refused(IntegrityError, "once"):
            self.of(self.north).sudo().copy()

    def test_queries_do_not_grow_with_distributors(self):
        self._sales()
        self.compute()
        counts = []
        for _round in range(2):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.compute()
            counts.append(self.cr.sql_log_count - before)
            self.env["res.partner"].create(
                [{"name": f"More {n}", "is_distributor": True} for n in range(20)]
            )
            self.compute()
        self.assertLess(counts[1], counts[0] + 10)

    def test_the_night_goes_on_where_it_broke_off(self):
        self._sales()
        with freeze_time(TODAY), no_commits(self):
            self.evaluations._compute_period(
                self.template, QUARTER, today=date(2024, 4, 10)
            )
            self.of(self.south).unlink()
            count = self.evaluations._compute_period(
                self.template, QUARTER, today=date(2024, 4, 10)
            )
            self.assertEqual(count, 1, "only who is missing today")
            self.evaluations._cron_evaluate()
        self.assertTrue(self.of(self.south))

    # -- judging ---------------------------------------------------------------------

    def test_grade(self):
        self._sales()
        self.compute()
        north = self.of(self.north)
        with self._refused(ValidationError, "say why"):
            self.line(north, "Display").with_user(self.account_manager).grade = 4
        with self._refused(ValidationError, "from 1 to 5"):
            self.judge(north, 6)
        self.judge(north, 4)
        self.assertEqual(self.line(north, "Display").judged_by_id, self.account_manager)
        self.assertEqual(north.total, 41)
        self.assertFalse(north.change_ids)
        self.assertEqual(self.line(north, "Display").weight, 20)

    def test_a_changed_grade_keeps_its_trail(self):
        self._sales()
        self.compute()
        north = self.of(self.north)
        self.judge(north, 4)
        with self._refused(ValidationError, "with a new reason"):
            self.line(north, "Display").with_user(self.sales_manager).grade = 2
        self.judge(north, 2, "The display was gone in May", self.sales_manager)
        self.assertRecordValues(
            north.change_ids,
            [
                {
                    "old_grade": 4,
                    "new_grade": 2,
                    "user_id": self.sales_manager.id,
                    "reason": "The display was gone in May",
                    "old_note": "Seen in the shop",
                }
            ],
        )
        for user in (self.channel_admin, self.account_manager):
            with self._refused(UserError, "on record"):
                north.change_ids.with_user(user).write({"reason": "x"})
            with self.assertRaises(AccessError):
                north.change_ids.with_user(user).unlink()

    def test_computed_kpis_are_not_graded(self):
        self.compute()
        line = self.line(self.of(self.north), "Growth").with_user(self.sales_manager)
        with self._refused(UserError, "nobody grades it"):
            line.write({"grade": 5, "note": "x"})
        with self._refused(UserError, "entered by hand"):
            line.write({"points": 100})

    def test_nobody_judges_himself_or_his_portfolio(self):
        self.compute()
        north = self.of(self.north)
        self.company.evaluation_own_portfolio = "never"
        with self._refused(AccessError, "somebody else judges"):
            self.judge(north, 4)
        self.judge(north, 4, user=self.sales_manager)
        self.sales_manager.partner_id.parent_id = self.south
        with self._refused(AccessError, "evaluates himself"):
            self.judge(self.of(self.south), 4, user=self.sales_manager)

    def test_grades_before_submitting(self):
        self.compute()
        with self._refused(UserError, "grade Display first"):
            self.of(self.north).with_user(self.account_manager).action_submit()

    # -- approval and publishing -----------------------------------------------------

    def test_who_judged_does_not_approve(self):
        self._sales()
        self.compute()
        north = self.of(self.north)
        self.judge(north, 4, user=self.sales_manager)
        north.with_user(self.account_manager).action_submit()
        with self._refused(UserError, "does not approve it"):
            north.with_user(self.sales_manager).action_publish()
        with self.assertRaises(AccessError):
            north.with_user(self.account_manager).action_publish()
        north.with_user(self.channel_admin).action_publish()
        self.assertEqual(north.state, "published")

    def test_published_is_frozen_with_its_checksum(self):
        self._sales()
        self.compute()
        north = self.publish(self.of(self.north))
        self.assertTrue(north.digest)
        self.assertTrue(north.is_intact)
        with self._refused(UserError, "not open for grades"):
            self.judge(north, 1, "Again")
        with self._refused(UserError, "buttons"):
            north.with_user(self.channel_admin).write({"total": 100})
        self.cr.execute(
            "UPDATE distributor_evaluation_line SET score = 60 WHERE id = %s",
            [north.line_ids[0].id],
        )
        self.env.invalidate_all()
        self.assertFalse(north.is_intact)

    def test_states_over_rpc(self):
        self.compute()
        north = self.of(self.north)
        for user in (self.account_manager, self.channel_admin):
            with self._refused(UserError, "buttons"):
                north.with_user(user).write({"state": "published"})
        with self._refused(UserError, "are computed"):
            self.evaluations.with_user(self.channel_admin).sudo(False).create(
                {
                    "template_id": self.template.id,
                    "partner_id": self.north.id,
                    "date_from": "2024-04-01",
                    "date_to": "2024-06-30",
                    "period": "x",
                }
            )

    def test_taken_back(self):
        self._sales()
        self.compute()
        north = self.of(self.north)
        self.judge(north, 4)
        north.with_user(self.account_manager).action_submit()
        north.with_user(self.account_manager).action_reset()
        self.assertEqual(north.state, "draft")
        self.assertFalse(north.review_ids)
        self.publish(north)
        with self._refused(UserError, "in status"):
            north.with_user(self.sales_manager).action_reset()

    def test_closes_after_the_days_to_comment(self):
        self._sales()
        self.compute()
        north = self.publish(self.of(self.north))
        for day, state in (("2024-04-24", "published"), ("2024-04-25", "closed")):
            with freeze_time(day), no_commits(self):
                self.evaluations._close_answered(date.fromisoformat(day))
            self.assertEqual(north.state, state)

    # -- what follows ----------------------------------------------------------------

    def test_a_good_band_is_rewarded(self):
        self._sell(self.north, 1000, "2023-02-01")
        self._pay_up(self._sell(self.north, 1300, "2024-02-01"))
        self.compute()
        north = self.publish(self.of(self.north))
        self.assertEqual(north.band_id.name, "A")
        todo = self.north.activity_ids
        self.assertEqual(todo.user_id, self.account_manager)
        self.assertIn("Reward", todo.summary)
        self.assertFalse(north.improvement_ids)

    def _pay_up(self, invoice):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"payment_date": "2024-03-01"})._create_payments()

    def test_a_bad_band_opens_a_plan_and_the_second_a_proposal(self):
        """R127: warned, helped, and then a person decides."""
        self._sales()
        before = Period(date(2023, 10, 1), date(2023, 12, 31))
        self._sell(self.north, 10, "2023-11-01")
        self.compute(period=before)
        first = self.publish(self.of(self.north, before), grade=1)
        plan = first.improvement_ids
        self.assertEqual(plan.user_id, self.account_manager)
        self.assertFalse(plan.proposes_end)
        self.assertIn("Collection", plan.action_ids.mapped("kpi_id.name"))
        self.assertEqual(plan.deadline, date(2024, 6, 9))
        self.compute()
        second = self.publish(self.of(self.north), grade=1)
        plan = second.improvement_ids
        self.assertTrue(plan.proposes_end)
        asked = plan.activity_ids.filtered(lambda a: "Second bad" in a.summary)
        self.assertTrue(asked.user_id.has_group("distributor_crm.group_sales_manager"))
        self.assertTrue(self.north.is_distributor, "never by itself")

    def test_a_plan_ends_with_a_result(self):
        plan = (
            self.env["distributor.improvement"]
            .with_user(self.account_manager)
            .create(
                {
                    "partner_id": self.north.id,
                    "date": "2024-04-01",
                    "deadline": "2024-06-01",
                    "state": "done",
                    "action_ids": [
                        Command.create({"name": "Train", "deadline": "2024-05-01"}),
                        Command.create({"name": "Visit", "deadline": "2024-05-01"}),
                    ],
                }
            )
        )
        self.assertEqual(plan.state, "open", "the state is not chosen")
        plan.action_ids[0].is_done = True
        self.assertEqual(plan.progress, 50)
        with self._refused(UserError, "what came of it"):
            plan.action_improved()
        plan.result = "Sells again"
        plan.action_improved()
        self.assertEqual(plan.state, "done")
        with self._refused(UserError, "is over"):
            plan.action_ids[1].is_done = True

    # -- who sees what ---------------------------------------------------------------

    def test_access(self):
        self._sales()
        self.compute()
        self.south.account_manager_id = self.sales_manager
        self.south.user_id = self.sales_manager
        for user, seen in (
            (self.sales_rep, self.north),
            (self.account_manager, self.north),
            (self.sales_manager, self.north + self.south),
            (self.finance, self.north + self.south),
        ):
            own = self.evaluations.with_user(user)
            self.assertEqual(own.search([]).partner_id, seen, user.login)
            self.assertEqual(
                own.env["distributor.evaluation.line"].search([]).partner_id, seen
            )
        for user in (self.sales_rep, self.finance):
            with self.assertRaises(AccessError):
                self.judge(self.of(self.north), 3, user=user)
            with self.assertRaises(AccessError):
                self.of(self.north).with_user(user).action_submit()
        with self.assertRaises(AccessError):
            self.judge(self.of(self.south), 3, user=self.account_manager)
        with self.assertRaises(AccessError):
            self.template.with_user(self.account_manager).action_retire()

    # -- tiers -----------------------------------------------------------------------

    def test_the_last_published_score_is_a_condition_of_tiers(self):
        self._sales()
        self.compute()
        rules = self.env["distributor.tier.rule"]
        keys = [("evaluation", "rolling_6")]
        with freeze_time(TODAY):
            self.assertFalse(rules._measure(self.company, keys))
            self.assertEqual(rules._get_empty(keys), {keys[0]: None})
            self.publish(self.of(self.north), grade=5)
            found = rules._measure(self.company, keys)
        self.assertEqual(
            float(found[self.north.id][keys[0]]), self.of(self.north).total
        )
        self.assertNotIn(self.south.id, found)
        with freeze_time("2025-01-10"):
            self.assertFalse(rules._measure(self.company, keys), "too long ago")
