# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.sql_db import Cursor
from odoo.tests import tagged

from .common import DistributorCommon


@tagged("post_install", "-at_install")
class TestRebateSimulation(DistributorCommon):
    """What-if: a changed program over any period, writing nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for day, north, south in (
            ("2023-03-15", 900, 4000),
            ("2024-02-15", 1500, 800),
            ("2024-05-15", 700, 2500),
        ):
            cls._sell(cls.north, north, day)
            cls._sell(cls.south, south, day)
        cls.program = cls._create_program()

    def _simulate(self, steps=None, program=None, user=None, **values):
        program = (program or self.program).with_user(user or self.sales_manager)
        simulation = self.env["distributor.rebate.simulation"].with_user(
            user or self.sales_manager
        )
        simulation = simulation.browse(program.action_simulate()["res_id"])
        if steps:
            values["tier_ids"] = [
                Command.clear(),
                *(Command.create({"threshold": t, "rate": r}) for t, r in steps),
            ]
        simulation.write(values)
        simulation.action_compare()
        return simulation

    def _found(self, simulation):
        return {
            r.partner_id.name: (r.today, r.what_if, r.difference)
            for r in simulation.result_ids
        }

    def _paid(self, program):
        program.action_compute()
        paid = dict.fromkeys(program.statement_ids.partner_id.mapped("name"), 0)
        for statement in program.statement_ids:
            paid[statement.partner_id.name] += statement.settled
        return {name: round(amount, 2) for name, amount in paid.items()}

    def test_today_beside_what_if(self):
        """2,200 and 3,300 sold: 2% of each today, 1% and 5% with other tiers."""
        simulation = self._simulate([(2000, 1), (3000, 5)])
        self.assertEqual(
            self._found(simulation),
            {"North Trading": (44, 22, -22), "South Trading": (66, 165, 99)},
        )
        self.assertRecordValues(
            simulation,
            [{"today_total": 110, "what_if_total": 187, "difference_total": 77}],
        )
        Bar = self.env["distributor.rebate.simulation.bar"]
        bars = Bar.with_user(self.sales_manager).search(
            simulation.action_view_chart()["domain"]
        )
        self.assertEqual(
            {(b.partner_id.name, b.scenario): b.amount for b in bars},
            {
                ("North Trading", "today"): 44,
                ("North Trading", "what_if"): 22,
                ("South Trading", "today"): 66,
                ("South Trading", "what_if"): 165,
            },
        )

    def test_same_terms_same_money(self):
        for row in self._found(self._simulate()).values():
            self.assertEqual((row[0], row[2]), (row[1], 0))

    def test_as_if_it_were_created(self):
        """The what-if says what the program then pays, by whatever terms."""
        wine = self._create_product(name="Wine")
        self._sell(self.north, 640, "2024-06-15", product=wine)
        self._sell(self.north, -333.33, "2024-08-15")
        branch = self.env["res.partner"].create(
            {
                "name": "Branch",
                "is_company": True,
                "is_distributor": True,
                "parent_id": self.north.id,
            }
        )
        self._sell(branch, 1234.56, "2024-07-15")
        unit = self.env.ref("uom.product_uom_unit")
        for steps, values in (
            ([(500, 3)], {"method": "incremental"}),
            ([(0, 1), (1000, 2)], {"method": "total", "period_type": "quarter"}),
            ([(1000, 4)], {"period_type": "month", "window_type": "year"}),
            ([(1000, 4)], {"group_policy": "head", "maximum": 100}),
            ([(0, 5)], {"product_ids": [Command.set(wine.ids)]}),
            ([(0, 5)], {"excluded_product_ids": [Command.set(wine.ids)]}),
            ([(0, 5)], {"partner_ids": [Command.set(self.south.ids)]}),
            (
                [(0, 5)],
                {
                    "partner_ids": [Command.set(self.south.ids)],
                    "guarantee": 900,
                    "period_type": "quarter",
                    "window_type": "quarter",
                },
            ),
            ([(100, 2)], {"scale": "growth", "basis": "growth"}),
            ([(110, 2)], {"scale": "growth", "baseline": "year"}),
            (
                [(2, 7)],
                {
                    "measure": "quantity",
                    "basis": "quantity",
                    "reward": "unit",
                    "uom_id": unit.id,
                },
            ),
            ([(1000, 250)], {"reward": "lump"}),
            ([(0, 5)], {"measure": "collected", "basis": "collected"}),
        ):
            with self.subTest(values):
                simulation = self._simulate(steps, user=self.channel_admin, **values)
                found = {
                    r.partner_id.name: r.what_if
                    for r in simulation.result_ids
                    if r.what_if or r.basis_what_if
                }
                action = simulation.action_create_program()
                program = self.program.browse(action["res_id"])
                self.assertEqual(program.state, "draft")
                program.action_start()
                paid = self._paid(program)
                self.assertEqual(found, {n: p for n, p in paid.items() if n in found})
                self.assertFalse({n for n, p in paid.items() if p and n not in found})

    def test_another_period(self):
        """Over 2023: 900 and 4,000 sold; it opens for the year before in one click."""
        simulation = self._simulate([(1000, 10)])
        simulation.action_year_earlier()
        self.assertEqual(str(simulation.date_from), "2023-01-01")
        self.assertEqual(
            self._found(simulation),
            {"North Trading": (0, 0, 0), "South Trading": (80, 400, 320)},
        )

    def test_versions_apply_to_their_sales(self):
        """Today's side follows the versions; another period, the one of its time."""
        version = self.program.browse(self.program.action_new_version()["res_id"])
        version.valid_from = "2024-05-01"
        version.tier_ids = [
            Command.clear(),
            Command.create({"threshold": 0, "rate": 10}),
        ]
        version.action_start()
        simulation = self._simulate()
        self.assertEqual(
            simulation.tier_ids.mapped("rate"), [10], "it starts from the latest terms"
        )
        self.assertEqual(
            {name: row[0] for name, row in self._found(simulation).items()},
            self._paid(self.program),
        )
        simulation.write({"date_from": "2024-05-01", "date_to": "2024-12-31"})
        simulation.action_compare()
        self.assertEqual(self._found(simulation)["North Trading"], (70, 70, 0))
        simulation.write({"date_from": "2023-01-01", "date_to": "2023-12-31"})
        simulation.action_compare()
        self.assertEqual(self._found(simulation)["South Trading"], (80, 400, 320))

    def test_it_writes_nothing(self):
        """Neither programs, tiers, statements nor evidence, not even on flush."""
        self.program.action_compute()
        self.env.flush_all()
        statements = self.program.statement_ids.read()
        terms = self.program.read()
        tiers = self.program.tier_ids.read()
        written = []
        execute = Cursor.execute

        def spy(cursor, query, params=None, log_exceptions=True):
            text = getattr(query, "code", query)
            if any(word in text for word in ("INSERT INTO", "UPDATE", "DELETE FROM")):
                written.append(" ".join(text.split()))
            return execute(cursor, query, params, log_exceptions)

        with patch.object(Cursor, "execute", spy):
            simulation = self._simulate([(0, 50)], period_type="month")
            self.env.flush_all()
        self.assertTrue(written)
        for text in written:
            self.assertIn("distributor_rebate_simulation", text)
        self.env.invalidate_all()
        self.assertEqual(self.program.statement_ids.read(), statements)
        self.assertEqual(self.program.read(), terms)
        self.assertEqual(self.program.tier_ids.read(), tiers)
        self.assertEqual(simulation.what_if_total, 2750)

    def test_queries_do_not_grow_with_distributors(self):
        def count():
            simulation = self._simulate([(0, 5)])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            simulation.action_compare()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before, len(simulation.result_ids)

        few, rows = count()
        partners = self.env["res.partner"].create(
            [
                {"name": f"D{n}", "is_company": True, "is_distributor": True}
                for n in range(20)
            ]
        )
        for partner in partners:
            self._sell(partner, 1000)
        many, more = count()
        self.assertEqual(more, rows + 20)
        self.assertLessEqual(many, few)

    def test_changed_terms_forget_the_result(self):
        simulation = self._simulate()
        simulation.maximum = 5
        self.assertFalse(simulation.result_ids)
        simulation.action_compare()
        self.assertEqual(simulation.what_if_total, 10)

    def test_in_words(self):
        simulation = self._simulate([(500, 7)])
        self.assertIn("2%", simulation.formula_today)
        self.assertIn("7%", simulation.formula_what_if)
        self.assertNotIn("7%", simulation.formula_today)

    def test_a_version_from_it(self):
        simulation = self._simulate([(500, 7)], user=self.channel_admin)
        version = self.program.browse(simulation.action_create_version()["res_id"])
        self.assertRecordValues(
            version, [{"origin_id": self.program.id, "state": "draft", "version": 2}]
        )
        self.assertEqual(version.tier_ids.mapped("rate"), [7])
        with self.assertRaisesRegex(UserError, "draft version"):
            simulation.action_create_version()
        version.unlink()
        simulation.period_type = "month"
        with self.assertRaisesRegex(UserError, "Settled Every"):
            simulation.action_create_version()

    def test_terms_that_do_not_fit(self):
        for values in (
            {"period_type": "year", "window_type": "month"},
            {"basis": "quantity"},
            {"basis": "growth"},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self._simulate(**values)
        with self.assertRaises(UserError):
            self._simulate(tier_ids=[Command.clear()])

    def test_who_may(self):
        simulation = self._simulate(user=self.finance)
        self.assertTrue(simulation.result_ids)
        with self.assertRaises(AccessError):
            self._simulate(user=self.account_manager)
        with self.assertRaises(AccessError):
            simulation.with_user(self.sales_manager).read(["today_total"])
        with self.assertRaises(AccessError):
            simulation.action_create_program()
        with self.assertRaises(AccessError):
            simulation.action_create_version()

    def test_other_companies_stay_out(self):
        other = self.setup_other_company()["company"]
        program = self._create_program(company_id=other.id, account_id=False)
        simulation = self._simulate()
        simulation.program_id = program
        with self.assertRaises(AccessError):
            simulation.action_compare()

    def test_claims_too(self):
        """A program that claims feed is simulated like any other."""
        program = self._create_program(name="Gifts", kind="group_buy", tier_ids=False)
        claim = self.env["distributor.rebate.claim"].create(
            {
                "program_id": program.id,
                "partner_id": self.north.id,
                "date": "2024-02-01",
                "unit_amount": 100,
            }
        )
        claim.action_submit()
        claim.with_user(self.sales_manager).action_approve()
        simulation = self._simulate([(0, 80)], program=program)
        self.assertEqual(self._found(simulation), {"North Trading": (100, 80, -20)})
