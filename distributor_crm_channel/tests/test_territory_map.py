# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo.tests import tagged

from .trace_common import TraceCommon


@tagged("post_install", "-at_install")
class TestTerritoryMap(TraceCommon):
    """What is aimed at, who is there, and where nobody is (A06, A07, R128)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.north.city = "Upper Town"
        cls.profile = cls.env["distributor.territory.profile"].create(
            {
                "territory_id": cls.north_land.id,
                "potential": 1000,
                "cities": "upper  town, Lower Town\nFar Town",
            }
        )
        cls.branch = cls.env["res.partner"].create(
            {
                "name": "Branch",
                "parent_id": cls.north.id,
                "type": "other",
                "is_distributor_outlet": True,
                "outlet_since": cls.now.date() - timedelta(days=60),
                "country_id": cls.country.id,
                "state_id": cls.hill.id,
                "city": "Lower Town",
            }
        )

    def coverage(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["distributor.territory.coverage"].search(
            [("company_id", "=", self.company.id), ("country_id", "=", self.country.id)]
        )

    def test_map(self):
        land = self.north_land
        self.assertEqual((land.outlet_count, land.new_outlet_count), (2, 1))
        self.assertEqual((land.city_count, land.covered_city_count), (3, 2))
        self.assertEqual(land.white_cities, "Far Town")
        self.assertEqual(land.potential, 1000)
        self.branch.active = False
        land.invalidate_recordset()
        self.assertEqual(land.white_cities, "Lower Town, Far Town")

    def test_coverage_counts_each_outlet_once(self):
        """In the narrowest territory; by county and by the month it was won in."""
        self._territory("Germany", {})
        town = self._territory("Town", {"state_id": self.hill.id, "city": "LOWER town"})
        rows = self.coverage()
        mine = rows.filtered(lambda row: row.distributor_id == self.north)
        self.assertEqual(
            {row.partner_id: row.territory_id for row in mine},
            {self.north: self.north_land, self.branch: town},
        )
        self.assertEqual(set(mine.mapped("county")), {"Upper Town", "Lower Town"})
        self.assertFalse(any(mine.mapped("is_buying")))
        self._sell(self.north, 10, str(self.now.date()))
        self.assertTrue(
            all(
                self.coverage()
                .filtered(lambda r: r.distributor_id == self.north)
                .mapped("is_buying")
            )
        )
        [[month, count]] = self.env["distributor.territory.coverage"]._read_group(
            [("partner_id", "=", self.branch.id), ("company_id", "=", self.company.id)],
            ["since:month"],
            ["__count"],
        )
        self.assertEqual(count, 1)
        self.assertEqual(month, self.branch.outlet_since.replace(day=1))

    def test_gaps(self):
        self.south_land.authorization_ids.unlink()
        self.south_land.user_id = False
        self.north_land.quota = 3
        self.env.flush_all()
        gaps = self.env["distributor.territory.gap"].search(
            [("company_id", "=", self.company.id)]
        )
        found = {
            (
                gap.kind,
                gap.territory_id.name or gap.state_id.name,
                gap.place,
                gap.missing,
            )
            for gap in gaps
        }
        for expected in (
            ("no_territory", "Moor", False, 1),
            ("no_distributor", "Dale Land", False, 1),
            ("no_manager", "Dale Land", False, 1),
            ("few", "Hill Land", False, 2),
            ("city", "Hill Land", "Far Town", 1),
        ):
            self.assertIn(expected, found)
        self.assertNotIn(
            "Hill", {name for kind, name, *_ in found if kind == "no_territory"}
        )
        cities = {place for kind, _name, place, _n in found if kind == "city"}
        self.assertEqual(cities, {"Far Town"})
        action = gaps.filtered(lambda gap: gap.state_id == self.moor).action_open()
        made = (
            self.env["distributor.territory"]
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual(made.area_ids.state_id, self.moor)

    def test_profile_begins_with_the_regions(self):
        """What the province's profile says is taken over, and then one's own (A06)."""
        self.env["distributor.region.profile"].create(
            {
                "company_id": self.company.id,
                "country_id": self.country.id,
                "state_id": self.dale.id,
                "potential": 700,
                "competition": "Two others",
                "cities": "Dale Town",
            }
        )
        profile = self.env["distributor.territory.profile"].create(
            {"territory_id": self.south_land.id, "industry": "Hotels"}
        )
        self.assertEqual((profile.potential, profile.competition), (700, "Two others"))
        self.assertEqual(profile.industry, "Hotels")
        action = profile.action_next_year()
        copy = profile.browse(action["res_id"])
        self.assertEqual((copy.year, copy.potential), (profile.year + 1, 700))

    def test_reports_keep_companies_apart(self):
        other = self.env["res.company"].create({"name": "Other"})
        for model in ("coverage", "gap"):
            rows = self.env[f"distributor.territory.{model}"].with_user(self.sales_rep)
            self.assertFalse(rows.search([("company_id", "=", other.id)]))
            self.assertTrue(rows.search([], limit=1))
