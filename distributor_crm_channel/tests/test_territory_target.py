# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

from psycopg2 import IntegrityError

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.distributor_crm.tests.target_common import TargetCommon


@tagged("post_install", "-at_install")
class TestTerritoryTarget(TargetCommon):
    """Sales and targets of territories, by the address of distributors (R123)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.north.write({"city": " CHENGDU", "zip": "610 000"})
        cls._sell(cls.north, 500, "2024-01-31")
        cls._sell(cls.south, 40, "2024-04-10")
        cls.territory = cls.make_territory("West", {"state_id": cls.sichuan.id})

    @classmethod
    def make_territory(cls, name, *areas):
        return cls.env["distributor.territory"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "area_ids": [
                    Command.create({"country_id": cls.china.id, **area})
                    for area in areas
                ],
            }
        )

    def test_who_is_inside(self):
        """Every area narrows by state, city and postal prefix; nobody counts twice."""
        for expected, areas in (
            (self.north, [{"state_id": self.sichuan.id}]),
            (self.north + self.south, [{}]),
            (self.north, [{"state_id": self.sichuan.id}, {"city": "Chengdu"}]),
            (self.north, [{"city": "Chengdu", "zip_prefix": "61"}]),
            (self.env["res.partner"], [{"city": "Chengdu", "zip_prefix": "62"}]),
        ):
            with self.subTest(areas=areas):
                territory = self.make_territory(str(areas), *areas)
                inside = territory._get_partners_inside()
                self.assertEqual(inside & (self.north + self.south), expected)
                sales = {self.north: 500, self.south: 40}
                self.assertEqual(territory.sales, sum(sales[p] for p in expected))

    def test_growth(self):
        self.assertEqual(self.territory.sales_before, 300)
        self.assertAlmostEqual(self.territory.growth, 66.7)
        self.assertEqual(self.territory.inside_count, 1)
        moves = self.env["account.move"].search(
            self.territory.action_view_invoices()["domain"]
        )
        self.assertEqual(moves.mapped("amount_untaxed"), [500])

    def test_target(self):
        target = self.make(1000, scope="territory", territory_id=self.territory.id)
        self.assertEqual((target.actual, target.last_year), (500, 400))
        self.assertEqual(self.months(target)[0], 750)
        self.assertIn("West", target.display_name)
        self.assertFalse(self.territory.target_id)
        self.approve(target)
        self.territory.invalidate_recordset()
        self.assertEqual(self.territory.target_id, target)
        self.assertEqual(self.territory.target_pace, 66.7)
        report = self.env["distributor.target.report"]
        rows = report.search([("territory_id", "=", self.territory.id)])
        self.assertEqual(sum(rows.mapped("actual")), 500)
        figures = self.env["distributor.target.figure"]
        self.assertEqual(
            len(figures.search([("territory_id", "=", self.territory.id)])), 36
        )
        other = self.make_territory("East", {"state_id": self.yunnan.id})
        self.approve(self.make(10, scope="territory", territory_id=other.id))
        with (
            mute_logger("odoo.sql_db"),
            self._refused(IntegrityError, "territory_once"),
        ):
            for _number in range(2):
                self.make(1, scope="territory", territory_id=other.id)
            self.env.flush_all()

    def test_import(self):
        wizard = self.env["distributor.target.import"].create(
            {
                "company_id": self.company.id,
                "file": base64.b64encode(
                    b"Target For,Reference,Target\nTerritory,West,50\n"
                ),
                "filename": "targets.csv",
            }
        )
        wizard.action_check()
        self.assertFalse(wizard.bad_count, wizard.bad_ids.mapped("problem"))
        target = self.Target.search(wizard.action_import()["domain"])
        self.assertEqual(target.territory_id, self.territory)
