# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The periods into which a program's time is cut."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


class Period(NamedTuple):
    """Two days, both inclusive."""

    start: date
    end: date

    @property
    def label(self) -> str:
        """The shortest text that names the period: 2019, 2019-H1, 2019-Q3, 2019-05."""
        first, after = self.start, self.end + timedelta(days=1)
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


def periods(kind: str, start: date, end: date) -> Iterator[Period]:
    """Yield the calendar periods that cover `start` to `end`, cut at both ends.

    :param kind: a key of `MONTHS`, or "whole" for one period
    """
    if kind == "whole":
        yield Period(start, end)
        return
    length = MONTHS[kind]
    day = start
    while day <= end:
        index = (day.year * 12 + day.month - 1) // length * length + length
        after = date(index // 12, index % 12 + 1, 1)
        yield Period(day, min(after - timedelta(days=1), end))
        day = after
