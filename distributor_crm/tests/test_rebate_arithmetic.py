# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal as D

from odoo.tests import BaseCase, tagged

from ..rebate.arithmetic import (
    METHODS,
    Tier,
    collected_part,
    entitlement,
    round_to,
    share,
)


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

    def test_more_returned_than_bought_takes_back(self):
        """What a purchase earned, its return in a later period takes back."""
        for method in METHODS:
            earned = entitlement(method, D365, D(2000)).earned
            self.assertEarned(method, D365, "-2000", -earned)
        self.assertEarned("retroactive", YEAR, "-49999.99", 0)
        for reward in ("lump", "goods"):
            self.assertEarned("retroactive", D365, "-2000", 0, reward=reward)

    def test_other_published_variants(self):
        """Each filled tier in full, and every rate on everything."""
        self.assertEarned("rolling", D365, 2000, 600)
        self.assertEarned("total", D365, 2000, 700)

    def test_rewards(self):
        lump = tiers((100, 50), (200, 120))
        self.assertEarned("retroactive", lump, "99.99", 0, reward="lump")
        self.assertEarned("retroactive", lump, 250, 120, reward="lump")
        self.assertEarned("total", lump, 250, 170, reward="lump")
        per_unit = tiers((0, 1), (100, "1.5"))
        self.assertEarned("retroactive", per_unit, 150, 225, reward="unit")
        self.assertEarned("incremental", per_unit, 150, 175, reward="unit")
        goods = {"reward": "goods", "multiple": D(12), "unit": D(1)}
        self.assertEarned("retroactive", tiers((0, 1)), 35, 2, **goods)
        self.assertEarned("retroactive", tiers((0, 1), (36, 2)), 36, 6, **goods)

    def test_shares_add_up(self):
        self.assertEqual(
            share(D("10.00"), [D(1), D(1), D(1)], D("0.01")),
            [D("3.33"), D("3.34"), D("3.33")],
        )
        self.assertEqual(share(D(5), [D(0), D(0)], D(1)), [D(5), D(0)])
        self.assertEqual(share(D(5), [], D(1)), [])

    def test_released_as_customers_pay(self):
        """In proportion, rounded on the cumulative figure."""
        cent = D("0.01")
        upto = [collected_part(D(10), D(100) * n, D(300), cent) for n in (1, 2, 3)]
        self.assertEqual(upto, [D("3.33"), D("6.67"), D("10.00")])
        self.assertEqual(collected_part(D(4000), D(10000), D(20000), cent), D(2000))
        self.assertEqual(collected_part(D(10), D(400), D(300), cent), D(10))
        self.assertEqual(collected_part(D(10), D(-1), D(300), cent), D(0))

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
