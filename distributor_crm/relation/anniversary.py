# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Days that come round every year."""

from calendar import isleap
from datetime import date


def in_year(day: date, year: int) -> date:
    """Return a day of the year as it falls in another year; 29 February is kept on the
    28th where there is none."""
    if (day.month, day.day) == (2, 29) and not isleap(year):
        return date(year, 2, 28)
    return day.replace(year=year)


def next_anniversary(day: date, today: date) -> date:
    """Return when a day comes round next: today at the earliest, and not in its own
    year."""
    found = in_year(day, max(today.year, day.year + 1))
    return found if found >= today else in_year(day, found.year + 1)
