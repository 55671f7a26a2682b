# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, timedelta

from odoo.tests import BaseCase, tagged

from ..rebate.period import periods

YEAR = date(2024, 1, 1), date(2024, 12, 31)


@tagged("post_install", "-at_install")
class TestRebatePeriod(BaseCase):
    def test_labels(self):
        for kind, count, first, last in (
            ("month", 12, "2024-01", "2024-12"),
            ("quarter", 4, "2024-Q1", "2024-Q4"),
            ("half_year", 2, "2024-H1", "2024-H2"),
            ("year", 1, "2024", "2024"),
            ("whole", 1, "2024", "2024"),
        ):
            spans = list(periods(kind, *YEAR))
            self.assertEqual(len(spans), count)
            self.assertEqual((spans[0].label, spans[-1].label), (first, last))

    def test_every_day_belongs_to_one_period(self):
        start, end = date(2023, 11, 17), date(2025, 2, 3)
        for kind in ("month", "quarter", "half_year", "year", "whole"):
            spans = list(periods(kind, start, end))
            self.assertEqual(spans[0].start, start)
            self.assertEqual(spans[-1].end, end)
            for before, after in zip(spans, spans[1:], strict=False):
                self.assertEqual(before.end + timedelta(days=1), after.start)

    def test_cut_periods_are_named_by_their_days(self):
        first, *_rest = periods("month", date(2024, 2, 10), date(2024, 3, 31))
        self.assertEqual(first.label, "2024-02-10 – 2024-02-29")

    def test_fiscal_year_in_one_period(self):
        (span,) = periods("whole", date(2024, 4, 1), date(2025, 3, 31))
        self.assertEqual(span.label, "2024-04-01 – 2025-03-31")
