# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Working days with holidays and make-up days, which a weekly calendar cannot express."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta

DAY = timedelta(days=1)
# Longer than any run of holidays.
FAR = 366


@dataclass(frozen=True)
class WorkingDays:
    """Which days are worked.

    :ivar weekdays: those worked by rule, Monday is 0
    :ivar holidays: days off, whatever their weekday
    :ivar extra: days worked, whatever their weekday; they go before holidays
    """

    weekdays: Collection[int] = field(default=frozenset(range(5)))
    holidays: Collection[date] = field(default=frozenset())
    extra: Collection[date] = field(default=frozenset())

    def __contains__(self, day: date) -> bool:
        if day in self.extra:
            return True
        return day.weekday() in self.weekdays and day not in self.holidays

    def nth(self, year: int, month: int, number: int) -> date:
        """The n-th working day of a month; it may fall into a later one.

        :param number: from 1
        :raises ValueError: there is none within a year
        """
        if number < 1:
            raise ValueError("Working days are counted from 1")
        return self.after(date(year, month, 1) - DAY, number)

    def after(self, day: date, number: int) -> date:
        """The n-th working day after a day.

        :raises ValueError: there is none within a year
        """
        for _ in range(FAR):
            day += DAY
            if day in self:
                number -= 1
                if not number:
                    return day
        raise ValueError("There are too few working days in a year")

    def count(self, first: date, last: date) -> int:
        """How many working days there are from one day to another, both included."""
        days = (first + DAY * step for step in range((last - first).days + 1))
        return sum(day in self for day in days)
