# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The days over which a figure is measured, seen from a day."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from ..rebate.period import Period

KINDS = (
    "rolling_3",
    "rolling_6",
    "rolling_12",
    "rolling_24",
    "year",
    "last_year",
    "quarter",
    "last_quarter",
)
ONE_DAY = timedelta(days=1)


def window(kind: str, today: date) -> Period:
    """Return the days of a window, both inclusive.

    :param kind: `rolling_N` is N months up to today; the others are calendar years and
        quarters: the running one up to today, or the last complete one
    """
    name, _, months = kind.partition("_")
    if name == "rolling":
        return Period(today - relativedelta(months=int(months)) + ONE_DAY, today)
    first = today.replace(day=1)
    if kind.endswith("quarter"):
        first -= relativedelta(months=(today.month - 1) % 3)
        length = relativedelta(months=3)
    else:
        first = first.replace(month=1)
        length = relativedelta(years=1)
    if kind.startswith("last_"):
        return Period(first - length, first - ONE_DAY)
    return Period(first, today)
