# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, timedelta
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..growth import concentration, rfm, rhythm

POLICY = rhythm.Policy(90, 60, 1.5, 3, 6)
TODAY = date(2024, 6, 15)


@tagged("post_install", "-at_install")
class TestGrowthArithmetic(BaseCase):
    def test_equal_figures_have_equal_scores(self):
        self.assertEqual(rfm.scores({"a": 1, "b": 1, "c": 1}), dict.fromkeys("abc", 1))
        figures = {number: number for number in range(10)}
        self.assertEqual(
            list(rfm.scores(figures).values()), [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
        )
        swapped = dict(reversed(figures.items()))
        self.assertEqual(rfm.scores(swapped), rfm.scores(figures))

    def test_class_a_ends_with_who_reaches_the_cut(self):
        """R218: 50 + 30 make exactly 80 %: two are in A, not three."""
        sales = {1: Decimal(50), 2: Decimal(30), 3: Decimal(16), 4: Decimal(4)}
        found = concentration.classes(sales | {5: Decimal(-9)}, 80, 95)
        self.assertEqual(
            {key: letter for key, (letter, _share) in found.items()},
            {1: "a", 2: "a", 3: "b", 4: "c"},
        )

    def test_a_rhythm_is_the_median_between_days(self):
        """Two orders of a day are one; two days say nothing yet."""
        days = [TODAY - timedelta(days=back) for back in (100, 100, 90, 60, 50)]
        self.assertEqual(rhythm.rhythm(days), 10)
        self.assertIsNone(rhythm.rhythm(days[:3]))

    def test_the_lifecycle_follows_the_own_rhythm(self):
        for silence, state in (
            (15, "active"),
            (16, "at_risk"),
            (30, "at_risk"),
            (31, "sleeping"),
            (60, "sleeping"),
            (61, "lost"),
        ):
            days = [
                TODAY - timedelta(days=silence + back) for back in range(0, 200, 10)
            ]
            self.assertEqual(rhythm.lifecycle(days, TODAY, POLICY), state)
        first = [TODAY - timedelta(days=90)]
        self.assertEqual(rhythm.lifecycle(first, TODAY, POLICY), "new")
        self.assertEqual(rhythm.lifecycle([], TODAY, POLICY), "prospect")
