# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date
from decimal import Decimal as D

from odoo.tests import BaseCase, tagged

from ..evaluation.chart import radar, trend
from ..evaluation.score import Kpi, band, evaluate
from ..evaluation.spans import last_complete


@tagged("post_install", "-at_install")
class TestEvaluationScore(BaseCase):
    def test_points(self):
        """Floors are inclusive; from … to … is linear, either way, and stays in 0..100."""
        bands = Kpi(1, "bands", bands=[(D(5), D(60)), (D(10), D(100))])
        up = Kpi(2, "target", zero=D(80), full=D(100))
        down = Kpi(3, "target", zero=D(10), full=D(0))
        scale = Kpi(4, "scale", zero=D(99), full=D(5))
        for kpi, figure, points in (
            (bands, 4.99, 0),
            (bands, 5, 60),
            (bands, 9.99, 60),
            (bands, 10, 100),
            (up, 80, 0),
            (up, 95, 75),
            (up, 120, 100),
            (up, -5, 0),
            (down, 0, 100),
            (down, 2.5, 75),
            (down, 11, 0),
            (scale, 4, 80),
        ):
            with self.subTest(kpi=kpi.kpi_id, figure=figure):
                self.assertEqual(kpi.points(D(str(figure))), points)

    def test_deductions_have_an_end(self):
        """Three points each, six at most."""
        kpi = Kpi(1, "deduction", each=D(3), most=D(6))
        self.assertEqual([kpi.points(D(n)) for n in (0, 1, 2, 5)], [0, -3, -6, -6])

    def test_what_is_not_known_is_left_out(self):
        kpis = [
            Kpi(1, "target", weight=D(50)),
            Kpi(2, "target", weight=D(30)),
            Kpi(3, "target", weight=D(20)),
        ]
        result = evaluate(kpis, {1: D(80), 2: None, 3: D(45)})
        self.assertEqual(result.total, D("70.00"))
        self.assertIsNone(result.lines[2].points)
        self.assertEqual(
            [result.lines[n].weight for n in (1, 2, 3)], [D("71.43"), 0, D("28.57")]
        )

    def test_nothing_known_is_no_score(self):
        kpis = [Kpi(1, "target", weight=D(100)), Kpi(2, "deduction", each=D(3))]
        self.assertIsNone(evaluate(kpis, {2: D(4)}).total)

    def test_lines_add_up_to_the_cent(self):
        """Three thirds make a hundred, whatever each is rounded to."""
        kpis = [Kpi(n, "target", weight=D("33.33")) for n in (1, 2, 3)]
        for figure in (D(100), D("66.67"), D("33.1")):
            result = evaluate(kpis, dict.fromkeys((1, 2, 3), figure))
            self.assertEqual(
                sum(line.score for line in result.lines.values()), result.total
            )
            self.assertEqual(result.total, figure)

    def test_no_score_below_zero(self):
        kpis = [
            Kpi(1, "target", weight=D(100)),
            Kpi(2, "deduction", each=D(3), most=D(6)),
        ]
        result = evaluate(kpis, {1: D(2), 2: D(9)})
        self.assertEqual(result.total, 0)
        self.assertEqual(result.lines[2].score, -2)

    def test_band(self):
        floors = {1: D(85), 2: D(60), 3: D(0)}
        for total, name in ((D(85), 1), (D("84.99"), 2), (D(0), 3), (None, None)):
            self.assertEqual(band(total, floors), name)

    def test_periods(self):
        day = date(2024, 5, 31)
        for kind, label in (
            ("month", "2024-04"),
            ("quarter", "2024-Q1"),
            ("year", "2023"),
        ):
            self.assertEqual(last_complete(kind, day).label, label)

    def test_charts(self):
        drawn = radar([("One", "1"), ("Two", "2"), ("Three", "3")], [100, 0, 50])
        self.assertTrue(drawn["shape"].startswith("150.0,50.0 150.0,150.0"))
        self.assertEqual(
            [s["anchor"] for s in drawn["spokes"]], ["middle", "start", "end"]
        )
        self.assertEqual(len(trend([1, 2, 200])["dots"]), 3)
