# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .target_common import TargetCommon


@tagged("post_install", "-at_install")
class TestTargetRegion(TargetCommon):
    """Potential, share, coverage, growth and target of regions (A06, A07, R123)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._sell(cls.north, 450, "2024-02-01")
        cls._sell(cls.south, 40, "2024-02-01")
        cls.profiles = cls.env["distributor.region.profile"].with_user(
            cls.sales_manager
        )
        cls.regions = cls.env["distributor.region.report"].with_user(cls.sales_manager)

    def profile(self, state=None, **values):
        return self.profiles.create(
            {
                "year": 2024,
                "company_id": self.company.id,
                "country_id": self.china.id,
                "state_id": state and state.id,
                **values,
            }
        )

    def region(self, state=None, year=2024):
        self.env.flush_all()
        self.env.invalidate_all()
        domain = [("year", "=", year), ("country_id", "=", self.china.id)]
        return self.regions.search(
            [*domain, ("state_id", "=", state.id if state else False)]
        )

    def test_figures(self):
        self.profile(self.sichuan, potential=4500, cities="Chengdu, Leshan\nMianyang")
        self.north.city = "CHENGDU"
        self.env["res.partner"].create(
            {
                "name": "Sleeper",
                "is_distributor": True,
                "country_id": self.china.id,
                "state_id": self.sichuan.id,
            }
        )
        self.approve(self.make(1000, scope="state", state_id=self.sichuan.id))
        found = self.region(self.sichuan)
        self.assertEqual((found.sales, found.share), (450, 10))
        # Until 10 April: 300 a year before.
        self.assertEqual((found.before, found.growth), (300, 50))
        self.assertEqual((found.distributors, found.buyers, found.coverage), (2, 1, 50))
        self.assertEqual(found.missing_cities, "Leshan, Mianyang")
        self.assertEqual((found.target, found.due, found.pace), (1000, 750, 60))
        self.assertEqual(self.region(self.sichuan, 2023).sales, 400)
        action = found.action_view_distributors()
        self.assertIn(self.north, self.env["res.partner"].search(action["domain"]))
        moves = self.env["account.move"].search(found.action_view_invoices()["domain"])
        self.assertEqual(sum(moves.mapped("amount_untaxed")), 450)

    def test_a_country_is_one_region_or_its_provinces(self):
        """No sale stands in two regions."""
        self.assertEqual(self.region(self.sichuan).sales, 450)
        self.profile(potential=10000)
        self.assertFalse(self.region(self.sichuan))
        whole = self.region()
        self.assertEqual((whole.sales, whole.share), (490, 4.9))
        with self._refused(ValidationError, "would count twice"):
            self.profile(self.yunnan)
        [(sales, share)] = self.regions._read_group(
            [("year", "=", 2024)], [], ["sales:sum", "share:avg"]
        )
        self.assertEqual((sales, share), (490, 4.9))

    def test_white_areas(self):
        """Provinces without a distributor, of countries that are looked at by province."""
        self.assertFalse(self.regions.search([("is_white", "=", True)]))
        self.profile(self.sichuan, potential=1)
        self.env.flush_all()
        white = self.regions.search([("is_white", "=", True), ("year", "=", 2024)])
        self.assertIn(self.env.ref("base.state_cn_GD"), white.state_id)
        self.assertNotIn(self.sichuan, white.state_id)
        self.assertFalse(any(white.mapped("is_known")))

    def test_copy_to_next_year(self):
        profile = self.profile(self.sichuan, potential=5, competition="Three of them")
        action = profile.action_next_year()
        copied = self.profiles.browse(action["res_id"])
        self.assertEqual((copied.year, copied.competition), (2025, "Three of them"))

    def test_a_group_has_the_rate_of_its_sums(self):
        self.profile(self.sichuan, potential=900)
        self.profile(self.yunnan, potential=100)
        self.env.flush_all()
        [(share, growth)] = self.regions._read_group(
            [("year", "=", 2024)], [], ["share:avg", "growth:avg"]
        )
        self.assertEqual(share, 49)
        self.assertAlmostEqual(growth, (490 / 300 - 1) * 100)
