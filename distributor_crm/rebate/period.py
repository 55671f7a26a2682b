# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The periods into which a program's time is cut."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
# From the shortest to the longest.
KINDS = ("half_month", *MONTHS, "whole")
ONE_DAY = timedelta(days=1)


class Period(NamedTuple):
    """Two days, both inclusive."""

    start: date
    end: date

    @property
    def label(self) -> str:
        """The shortest text that names the period: 2019, 2019-H1, 2019-Q3, 2019-05."""
        first, after = self.start, self.end + ONE_DAY
        months = (after.year - first.year) * 12 + after.month - first.month
        calendar = first.day == after.day == 1 and months in MONTHS.values()
        if calendar and (first.month - 1) % months == 0:
            number = (first.month - 1) // months + 1
            return {
                1: f"{first.year}-{first.month:02}",
                3: f"{first.year}-Q{number}",
                6: f"{first.year}-H{number}",
                12: f"{first.year}",
            }[months]
        return f"{self.start} – {self.end}"

    @property
    def cuts(self) -> tuple[date, date]:
        """The first day, and the first day after."""
        return self.start, self.end + ONE_DAY

    def a_year_before(self) -> "Period":
        """Return the same days of the year before."""
        return self._shifted(-12)

    def _shifted(self, months):
        """Whole months stay whole: the end is the day before a shifted day."""
        move = relativedelta(months=months)
        return Period(self.start + move, self.end + ONE_DAY + move - ONE_DAY)


def periods(
    kind: str, start: date, end: date, first_month: int = 1
) -> Iterator[Period]:
    """Yield the periods that cover `start` to `end`, cut at both ends.

    :param kind: one of `KINDS`; "whole" is one period
    :param first_month: the month in which years begin, for fiscal years
    """
    if kind == "whole":
        yield Period(start, end)
        return
    day = start
    while day <= end:
        after = _next_start(kind, day, first_month)
        yield Period(day, min(after - ONE_DAY, end))
        day = after


def _next_start(kind, day, first_month):
    """Return the first day after the period that holds `day`."""
    if kind == "half_month" and day.day <= 15:
        return day.replace(day=16)
    length = MONTHS.get(kind, 1)
    offset = first_month - 1
    months = day.year * 12 + day.month - 1 - offset
    months = months // length * length + length + offset
    return date(months // 12, months % 12 + 1, 1)


def window_of(spans: Sequence[Period], windows: Sequence[Period]) -> list[int]:
    """Return for each span the position of the window that it begins in."""
    starts = [window.start for window in windows]
    return [bisect_right(starts, span.start) - 1 for span in spans]
