# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal as D

from odoo.tests import BaseCase, tagged

from ..rebate.arithmetic import Tier, entitlement, round_to


def tiers(*steps):
    return [Tier(D(str(threshold)), D(str(rate))) for threshold, rate in steps]


D365 = tiers((0, 10), (1000, 25))
LADDER = tiers((0, 10), (100, 20), (300, 30))
YEAR = tiers((50000, 1), (100000, 2), (200000, "3.5"))


@tagged("post_install", "-at_install")
class TestRebateArithmetic(BaseCase):
    def assertEarned(self, method, steps, measure, expected, **kw):
        result = entitlement(method, steps, D(str(measure)), **kw)
        self.assertEqual(result.earned, D(str(expected)), (method, measure))

    def test_published_examples(self):
        """Worked examples of other makers, recomputed by hand."""
        for method, steps, measure, expected in (
            ("incremental", D365, 2000, 350),
            ("retroactive", D365, 2000, 500),
            ("incremental", LADDER, 3800, 1100),
            ("incremental", LADDER, 1000, 260),
            ("retroactive", LADDER, 3800, 1140),
            ("retroactive", LADDER, 7000, 2100),  # the top tier is open
            ("retroactive", D365, 800, 80),  # 2,000 less a return of 1,200
        ):
            self.assertEarned(method, steps, measure, expected)

    def test_threshold_belongs_to_the_higher_tier(self):
        self.assertEarned("retroactive", YEAR, "49999.99", 0)
        self.assertEarned("retroactive", YEAR, "50000.00", 500)
        self.assertEarned("retroactive", YEAR, "99999.99", 1000)
        self.assertEarned("retroactive", YEAR, "100000.00", 2000)
        self.assertEarned("retroactive", YEAR, "200000.00", 7000)

    def test_incremental_has_no_cliff(self):
        self.assertEarned("incremental", YEAR, "50000.00", 0)
        self.assertEarned("incremental", YEAR, "100000.00", 500)
        self.assertEarned("incremental", YEAR, "200000.00", 2500)
        self.assertEarned("incremental", YEAR, "300000.00", 6000)

    def test_result_tells_tier_and_what_is_missing(self):
        below = entitlement("retroactive", YEAR, D("12345.67"))
        self.assertEqual(below, (D(0), -1, D("37654.33")))
        middle = entitlement("retroactive", YEAR, D("120000"))
        self.assertEqual(middle[1:], (1, D("80000")))
        top = entitlement("retroactive", YEAR, D("200000"))
        self.assertEqual(top[1:], (2, D(0)))

    def test_returns_beyond_sales_earn_nothing(self):
        """P3: never minus alone, not even where the ladder starts at zero."""
        self.assertEarned("retroactive", D365, "-500", 0)
        self.assertEarned("incremental", D365, "-500", 0)

    def test_rounded_once_half_away_from_zero(self):
        self.assertEarned("retroactive", tiers((0, 1)), "0.50", "0.01")
        self.assertEarned("retroactive", tiers((0, 1)), "0.49", "0.00")
        # 50 lines of 0.16 at 3%: 0.24, where rounding line by line gives nothing
        self.assertEarned("retroactive", tiers((0, 3)), D("0.16") * 50, "0.24")
        self.assertEqual(round_to(D("-0.005"), D("0.01")), D("-0.01"))
        self.assertEqual(round_to(D("12.37"), D("0.05")), D("12.35"))
        self.assertEqual(round_to(D("1234.5"), D("1")), D("1235"))

    def test_basis_may_differ_from_measure(self):
        half = {"basis": D(1000)}
        self.assertEarned("retroactive", D365, 2000, 250, **half)
        self.assertEarned("incremental", D365, 2000, 175, **half)

    def test_order_of_tiers_does_not_matter(self):
        self.assertEarned("incremental", YEAR[::-1], 300000, 6000)

    def test_no_tiers_earn_nothing(self):
        self.assertEqual(entitlement("retroactive", [], D(5)), (0, -1, 0))

    def test_refuses_what_is_no_ladder(self):
        for steps in (tiers((0, 1), (0, 2)), tiers((-1, 1)), tiers((0, -1))):
            with self.assertRaises(ValueError):
                entitlement("retroactive", steps, D(1))
        with self.assertRaises(ValueError):
            entitlement("astrology", YEAR, D(1))
