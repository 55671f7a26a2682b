# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..target.chart import scale, year_chart
from ..target.forecast import elapsed, forecast
from ..target.regions import missing_cities
from ..target.split import season, split

cents = st.integers(0, 10**11).map(lambda number: Decimal(number) / 100)
twelve = st.lists(cents, min_size=12, max_size=12).filter(any)


@tagged("post_install", "-at_install")
class TestTargetArithmetic(BaseCase):
    @given(amount=cents, weights=twelve)
    def test_split_is_exact_and_fair(self, amount, weights):
        """To the cent; each month is less than a cent from its share, and of two months
        the heavier one never gets less."""
        parts = split(amount, weights)
        self.assertEqual(sum(parts), amount)
        total = sum(weights)
        for part, weight in zip(parts, weights, strict=True):
            share = Fraction(amount) * Fraction(weight) / Fraction(total)
            self.assertLess(abs(Fraction(part) - share), Fraction(1, 100))
            self.assertGreaterEqual(part, 0)
            if not weight:
                self.assertEqual(part, 0)
        by_weight = sorted(zip(weights, parts, strict=True))
        for (light, less), (heavy, more) in zip(by_weight, by_weight[1:], strict=False):
            if heavy > light:
                self.assertGreaterEqual(more, less)

    @given(amount=st.integers(0, 10**9), weights=twelve)
    def test_split_of_coins_without_cents(self, amount, weights):
        """A currency whose smallest coin is 1."""
        parts = split(Decimal(amount), weights, Decimal(1))
        self.assertEqual(sum(parts), amount)
        self.assertTrue(all(part == int(part) for part in parts))

    def test_split_refuses(self):
        for amount, weights in (
            (Decimal("0.001"), [Decimal(1)]),
            (Decimal(-1), [Decimal(1)]),
            (Decimal(1), [Decimal(0)]),
            (Decimal(1), [Decimal(2), Decimal(-1)]),
        ):
            with (
                self.subTest(amount=amount, weights=weights),
                self.assertRaises(ValueError),
            ):
                split(amount, weights)

    def test_largest_remainder_by_hand(self):
        self.assertEqual(
            split(Decimal(1), [Decimal(1)] * 3),
            [Decimal("0.34"), Decimal("0.33"), Decimal("0.33")],
        )

    def test_season_falls_back(self):
        nothing = [Decimal(0)] * 12
        own = [Decimal(-5), Decimal(5), *nothing[2:]]
        self.assertEqual(season(own, nothing), ("own", [0, 5, *nothing[2:]]))
        self.assertEqual(season(nothing, own)[0], "company")
        self.assertEqual(season(nothing, nothing), ("equal", [1] * 12))
        self.assertEqual(season([Decimal(-1)] * 12, ())[0], "equal")

    def test_elapsed(self):
        self.assertEqual(elapsed(2024, date(2023, 12, 31)), [0] * 12)
        self.assertEqual(elapsed(2024, date(2025, 1, 1)), [1] * 12)
        found = elapsed(2024, date(2024, 2, 1))
        self.assertEqual(found[:3], [1, Fraction(1, 29), 0])
        self.assertEqual(elapsed(2024, date(2024, 1, 31))[0], 1)

    @given(
        rate=st.integers(0, 500),
        weights=twelve,
        day=st.dates(date(2024, 1, 1), date(2024, 12, 31)),
    )
    def test_forecast_of_a_steady_rate(self, rate, weights, day):
        """Whoever sold a certain percentage of last year's season until today ends at
        that percentage of last year."""
        behind = elapsed(2024, day)
        sold = [
            w * part * Fraction(rate, 100)
            for w, part in zip(map(Fraction, weights), behind, strict=True)
        ]
        found = forecast(sold, weights, behind)
        if found is not None:
            exact = Fraction(sum(weights)) * Fraction(rate, 100)
            self.assertAlmostEqual(
                float(found), float(exact), delta=float(exact) * 1e-9 + 1e-9
            )

    def test_forecast_by_hand(self):
        """Three months of 100 each, in a season where they make a fifth of the year."""
        weights = [Decimal(n) for n in (10, 5, 5, 10, 10, 10, 10, 10, 10, 10, 5, 5)]
        behind = elapsed(2024, date(2024, 3, 31))
        sold = [Decimal(100)] * 3 + [Decimal(0)] * 9
        self.assertEqual(forecast(sold, weights, behind), Decimal(1500))

    def test_forecast_is_silent_too_early(self):
        equal = [Decimal(1)] * 12
        sold = [Decimal(100)] + [Decimal(0)] * 11
        self.assertIsNone(forecast(sold, equal, elapsed(2024, date(2024, 1, 15))))
        self.assertIsNotNone(forecast(sold, equal, elapsed(2024, date(2024, 1, 16))))
        self.assertIsNone(forecast(sold, equal, elapsed(2024, date(2023, 1, 16))))
        # Nothing was sold in January a year ago: nothing can be said by it.
        late = [Decimal(0), *equal[1:]]
        self.assertIsNone(forecast(sold, late, elapsed(2024, date(2024, 1, 31))))

    def test_forecast_of_a_year_that_is_over(self):
        sold = [Decimal(100)] * 12
        weights = [Decimal(0)] * 11 + [Decimal(1)]
        self.assertEqual(forecast(sold, weights, elapsed(2023, date(2024, 5, 5))), 1200)

    @given(most=st.floats(1, 1e12))
    def test_scale_holds_what_is_drawn(self, most):
        top, marks = scale(most)
        self.assertGreaterEqual(top, most)
        self.assertLessEqual(top, most * 3)
        self.assertTrue(2 <= len(marks) <= 6)

    @given(
        rows=st.lists(
            st.tuples(st.floats(0, 1e9), st.floats(-1e9, 1e9), st.floats(0, 1e9)),
            min_size=12,
            max_size=12,
        )
    )
    def test_chart_stays_in_its_frame(self, rows):
        chart = year_chart(*zip(*rows, strict=True), [True] * 12)
        for bar in chart["bars"]:
            for kind in ("target", "actual"):
                y, height = bar[f"{kind}_y"], bar[f"{kind}_height"]
                self.assertGreaterEqual(y, 0)
                self.assertGreaterEqual(height, 0)
                self.assertLessEqual(y + height, chart["bottom"] + 0.2)
            self.assertLessEqual(bar["x"] + bar["width"], chart["width"])

    def test_missing_cities(self):
        self.assertEqual(
            missing_cities(
                ["Chengdu", " Leshan ", "", "Mianyang"], ["CHENGDU", "mianyang "]
            ),
            ["Leshan"],
        )
