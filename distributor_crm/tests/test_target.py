# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..rebate.period import Period
from .target_common import TargetCommon


@tagged("post_install", "-at_install")
class TestTargetSplit(TargetCommon):
    """A year becomes months by last year's season (R123)."""

    def test_own_season(self):
        target = self.make(1000)
        self.assertEqual(target.season_source, "own")
        self.assertEqual(self.months(target), [750, 0, 0, 0, 0, 250, *[0] * 6])

    def test_season_of_the_company_else_none(self):
        target = self.make(100, partner_id=self.south.id)
        self.assertEqual(target.season_source, "company")
        self.assertEqual(self.months(target)[0], 75)
        other = self.make(100, year=2030)
        self.assertEqual(other.season_source, "equal")
        self.assertAlmostEqual(sum(self.months(other)), 100)
        self.assertEqual(set(self.months(other)), {8.33, 8.34})

    def test_a_month_is_fixed_and_the_rest_split(self):
        target = self.make(1000)
        may = target.month_ids.filtered(lambda line: line.month == 5)
        target.write({"month_ids": [Command.update(may.id, {"amount": 200})]})
        self.assertTrue(may.is_fixed)
        self.assertEqual(target.month_gap, -200)
        with self._refused(UserError, "Split the rest"):
            target.action_submit()
        target.action_split()
        self.assertEqual(self.months(target), [600, 0, 0, 0, 200, 200, *[0] * 6])
        target.amount = 2000
        self.assertEqual(self.months(target)[4], 200, "still fixed")
        self.assertEqual(sum(self.months(target)), 2000)
        with self._refused(UserError, "make more than the whole year"):
            target.amount = 100
        target.action_split_all()
        self.assertEqual(self.months(target)[4], 0)

    def test_a_change_of_scope_splits_anew(self):
        target = self.make(1000)
        target.write({"scope": "company"})
        self.assertFalse(target.partner_id)
        self.assertEqual(self.months(target)[0], 750)

    def test_scope_and_reference_fit(self):
        for values in (
            {"scope": "partner", "partner_id": False},
            {"scope": "manager"},
            {"amount": 0},
            {"year": 26},
        ):
            with (
                self.subTest(values=values),
                mute_logger("odoo.sql_db"),
                self._refused(IntegrityError, "check constraint"),
            ):
                self.make(**{"amount": 10, "partner_id": self.north.id, **values})
                self.env.flush_all()

    def test_one_query_for_many(self):
        """The ledger is read once, however many targets."""
        few = self.make(100) + self.make(100, partner_id=self.south.id)
        more = self.env["res.partner"].create(
            [{"name": f"P{n}", "is_distributor": True} for n in range(20)]
        )
        many = self.Target.create(
            [{"year": 2024, "amount": 100, "partner_id": p.id} for p in more]
        )
        counts = []
        for targets in (few, few + many):
            self.env.invalidate_all()
            targets.mapped("amount")
            with self._count(counts):
                targets.mapped("forecast")
        self.assertLessEqual(counts[1], counts[0] + 2)

    def _count(self, counts):
        test = self

        class Counter:
            def __enter__(self):
                self.before = test.env.cr.sql_log_count

            def __exit__(self, *error):
                counts.append(test.env.cr.sql_log_count - self.before)

        return Counter()


@tagged("post_install", "-at_install")
class TestTargetFlow(TargetCommon):
    """Approved by another one, closed to everybody, replaced by a version."""

    def test_approval(self):
        target = self.make()
        target.action_submit()
        with self._refused(UserError, "nobody approves what he asked"):
            target.action_approve()
        self.assertEqual(target.state, "to_approve")
        target.with_user(self.channel_admin).action_approve()
        self.assertEqual(target.state, "approved")
        self.assertEqual(target.approved_by_id, self.channel_admin)

    def test_nobody_approves_what_measures_him(self):
        target = self.make(scope="manager", user_id=self.sales_manager.id)
        target.with_user(self.channel_admin).action_submit()
        with self._refused(UserError, "is measured by"):
            target.with_user(self.sales_manager).action_approve()

    def test_nobody_approves_what_he_entered_or_looks_after(self):
        self.south.account_manager_id = self.channel_admin
        target = self.make(partner_id=self.south.id)
        other = self.make(user=self.channel_admin)
        (target + other).with_user(self.account_manager).sudo().action_submit()
        with self._refused(UserError, "is measured by"):
            other.with_user(self.channel_admin).action_approve()
        with self._refused(UserError, "is measured by"):
            target.with_user(self.channel_admin).action_approve()
        with self._refused(UserError, "is measured by"):
            target.with_user(self.sales_manager).action_approve()
        other.with_user(self.sales_manager).action_approve()
        self.assertEqual(other.state, "approved")

    def test_closed_to_rpc(self):
        """Whatever a role sends, status and approved figures stay as they are."""
        target = self.approve(self.make())
        month = target.month_ids[:1]
        for user in (self.account_manager, self.sales_manager, self.channel_admin):
            own, line = target.with_user(user), month.with_user(user)
            for act in (
                lambda own=own: own.write({"state": "draft"}),
                lambda own=own: own.write({"amount": 1}),
                lambda own=own, line=line: own.write(
                    {"month_ids": [Command.update(line.id, {"amount": 1})]}
                ),
                lambda line=line: line.write({"amount": 1}),
                lambda own=own: own.unlink(),
                lambda own=own: own.action_split_all(),
            ):
                with self._refused(UserError, "no draft|buttons|on record"):
                    act()
        for user in (self.sales_rep, self.finance):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                target.with_user(user).write({"note": "x"})
        self.assertEqual((target.amount, target.state), (1200, "approved"))

    def test_born_approved(self):
        target = self.Target.with_context(default_state="approved").create(
            {
                "year": 2024,
                "amount": 5,
                "partner_id": self.north.id,
                "state": "approved",
                "version": 9,
            }
        )
        self.assertEqual((target.state, target.version), ("draft", 1))

    def test_months_are_twelve(self):
        target = self.make()
        with self._refused(AccessError, "twelve months|not allowed"):
            self.env["distributor.target.month"].with_user(self.sales_manager).create(
                {"target_id": target.id, "month": 1, "amount": 5}
            )

    def test_version(self):
        first = self.approve(self.make(1200))
        action = first.with_user(self.sales_manager).action_new_version()
        second = self.Target.browse(action["res_id"])
        self.assertEqual((second.version, second.state), (2, "draft"))
        self.assertEqual(
            first.with_user(self.sales_manager).action_new_version()["res_id"],
            second.id,
        )
        second.amount = 1500
        self.assertEqual(first.state, "approved", "holds until the other is approved")
        self.approve(second)
        self.assertEqual((first.state, second.state), ("superseded", "approved"))
        self.assertEqual(first.amount, 1200)

    def test_only_one_of_a_kind(self):
        self.make()
        with mute_logger("odoo.sql_db"), self._refused(IntegrityError, "_once"):
            self.make()
            self.env.flush_all()

    def test_withdraw(self):
        target = self.approve(self.make(scope="manager", user_id=self.sales_manager.id))
        with self._refused(AccessError, "measured by"):
            target.with_user(self.sales_manager).action_withdraw()
        target.with_user(self.channel_admin).action_withdraw()
        self.assertEqual(target.state, "superseded")

    def test_lines_do_not_overlap(self):
        """A line inside another one would count twice in a total."""
        parent = self.env["product.category"].create({"name": "Spirits"})
        child = self.env["product.category"].create(
            {"name": "Gift", "parent_id": parent.id}
        )
        self.approve(self.make(scope="category", categ_id=parent.id))
        inner = self.make(scope="category", categ_id=child.id)
        inner.action_submit()
        with self._refused(UserError, "overlap"):
            inner.with_user(self.channel_admin).action_approve()

    def test_who_sees_what(self):
        own = self.make()
        self.south.account_manager_id = self.sales_manager
        self.south.user_id = self.sales_manager
        other = self.make(partner_id=self.south.id)
        mine = self.make(scope="manager", user_id=self.account_manager.id)
        seen = self.env["distributor.target"].search([])
        self.assertEqual(seen.with_user(self.sales_rep).search([]), own)
        self.assertEqual(seen.with_user(self.account_manager).search([]), own + mine)
        self.assertEqual(seen.with_user(self.finance).search([]), own + other + mine)
        with self.assertRaises(AccessError):
            other.with_user(self.account_manager).read(["amount", "actual"])
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.make(user=self.account_manager, year=2025, partner_id=self.south.id)
        self.make(user=self.account_manager, year=2025).with_user(
            self.account_manager
        ).action_submit()

    def test_merge(self):
        """Where distributors become one, one target of a year holds."""
        kept = self.approve(self.make())
        gone = self.approve(self.make(partner_id=self.south.id))
        draft = self.make(year=2025, partner_id=self.south.id)
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo().create({})
        wizard._merge((self.north + self.south).ids, self.north)
        self.env.invalidate_all()
        self.assertEqual((kept.state, gone.state), ("approved", "superseded"))
        self.assertEqual(draft.partner_id, self.north)


@tagged("post_install", "-at_install")
class TestTargetFigures(TargetCommon):
    """What was sold of a target, read from the ledger."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._sell(cls.north, 500, "2024-01-31")
        cls._sell(cls.north, -100, "2024-02-01")
        cls._sell(cls.south, 40, "2024-04-10")
        cls._sell(cls.south, 60, "2024-05-01")

    def test_attainment(self):
        target = self.make(1000)  # January 750, June 250
        self.assertEqual((target.actual, target.last_year), (400, 400))
        self.assertEqual((target.due, target.gap), (750, -350))
        self.assertEqual(target.attainment, 40)
        self.assertEqual(target.pace, 53.3)
        # Three quarters of last year lay before April: 400 of 75 % are 533.33.
        self.assertAlmostEqual(target.forecast, 533.33)
        january = target.month_ids.filtered(lambda line: line.month == 1)
        self.assertEqual((january.actual, january.last_year), (500, 300))
        self.assertIn("<svg", target.chart)

    def test_rebates_never_count(self):
        move = self._sell(self.north, -50, "2024-03-01")
        move.sudo().is_distributor_rebate = True
        self.assertEqual(self.make().actual, 400)

    def test_every_scope(self):
        goods = self.env["product.category"].create({"name": "Goods"})
        inner = self.env["product.category"].create(
            {"name": "Inner", "parent_id": goods.id}
        )
        product = self.env["product.product"].create(
            {"name": "X", "categ_id": inner.id}
        )
        self._sell(self.south, 7, "2024-03-03", product=product)
        customer = self.env["res.partner"].create(
            {"name": "Shop", "country_id": self.china.id}
        )
        self._sell(customer, 1000, "2024-03-03", product=product)
        self.south.account_manager_id = self.sales_manager
        for expected, values in (
            (507, {"scope": "company"}),
            (400, {"scope": "manager", "user_id": self.account_manager.id}),
            (107, {"scope": "manager", "user_id": self.sales_manager.id}),
            (507, {"scope": "country", "country_id": self.china.id}),
            (107, {"scope": "state", "state_id": self.yunnan.id}),
            (7, {"scope": "category", "categ_id": goods.id}),
            (
                7,
                {
                    "scope": "partner_category",
                    "partner_id": self.south.id,
                    "categ_id": inner.id,
                },
            ),
        ):
            with self.subTest(values=values):
                target = self.make(**values)
                self.assertEqual(target.actual, expected)
                moves = self.env["account.move"].search(
                    target.action_view_invoices()["domain"]
                )
                self.assertNotIn(customer, moves.partner_id)

    def test_behind(self):
        behind = self.approve(self.make(1000))
        ahead = self.approve(self.make(10, partner_id=self.south.id))
        draft = self.make(1000, scope="company")
        self.assertTrue(behind.is_behind and draft.is_behind)
        self.assertFalse(ahead.is_behind)
        found = self.Target.search([("is_behind", "=", True)])
        self.assertEqual(found, behind)
        self.assertIn(ahead, self.Target.search([("is_behind", "=", False)]))
        with freeze_time("2023-05-05"):
            self.assertFalse(self.Target.search([("is_behind", "=", True)]))

    def test_report(self):
        """Approved targets by month; the rate of a group is that of its sums."""
        self.make(500, partner_id=self.south.id)
        target = self.approve(self.make(1000))
        self.env.flush_all()
        report = self.env["distributor.target.report"].with_user(self.account_manager)
        rows = report.search([])
        self.assertEqual(len(rows), 12)
        self.assertEqual(rows.target_id, target)
        [(amount, actual, before, due, rate)] = report._read_group(
            [],
            [],
            ["amount:sum", "actual:sum", "last_year:sum", "due:sum", "attainment:avg"],
        )
        self.assertEqual((amount, actual, before, due), (1000, 400, 400, 750))
        self.assertEqual(rate, 40)
        self.assertEqual(sum(rows.mapped("gap")), -350)
        behind = report.search([("is_behind", "=", True)])
        self.assertEqual(
            [row.date for row in behind], [date(2024, 1, 1), date(2024, 2, 1)]
        )
        figures = self.env["distributor.target.figure"].with_user(self.account_manager)
        self.assertEqual(
            {
                figure: value
                for figure, value in figures._read_group([], ["figure"], ["value:sum"])
            },
            {"1_target": 1000, "2_sold": 400, "3_before": 400},
        )

    def test_kpi_reads_approved_targets(self):
        """An approved target goes before what a rebate program asks for."""
        measure = self.env["distributor.evaluation.measure"]
        quarter = Period(date(2024, 1, 1), date(2024, 3, 31))
        partners = self.north + self.south
        target = self.make(1000)
        self.assertEqual(
            measure._measure("sales_target", self.company, partners, quarter), {}
        )
        self.approve(target)
        found = measure._measure("sales_target", self.company, partners, quarter)
        self.assertAlmostEqual(float(found[self.north.id]), 400 / 750 * 100)
        self.assertNotIn(self.south.id, found)

    def test_visits_are_judged_where_nothing_counts_them(self):
        """R148: without a source, a template that counts visits is not published."""
        measure = self.env["distributor.evaluation.measure"]
        # What an addon counts is its own to test; here nothing counts.
        for hook in ("_get_visits", "_get_display_checks"):
            self.patch(type(measure), hook, lambda *_args: None)
        quarter = Period(date(2024, 1, 1), date(2024, 3, 31))
        for source in ("visits", "display_checks"):
            found = measure._measure(source, self.company, self.north, quarter)
            self.assertEqual(found, {})
        template = self.env["distributor.evaluation.template"].create(
            {
                "name": "Visits",
                "company_id": self.company.id,
                "date_from": "2024-01-01",
                "kpi_ids": [
                    Command.create({"name": "Seen", "source": "visits", "weight": 100})
                ],
            }
        )
        with self._refused(UserError, "nothing counts this"):
            template.action_publish()

    def test_plan_tasks(self):
        self.env["distributor.portfolio"].sudo()._refresh(
            self.company, date(2024, 4, 10)
        )
        target = self.approve(self.make())
        action = target.with_user(self.account_manager).action_plan()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.portfolio_ids.partner_id, self.north)
        with self._refused(UserError, "Choose targets of distributors"):
            self.make(scope="company").action_plan()
