# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Which days an evaluation is about."""

from datetime import date

from dateutil.relativedelta import relativedelta

from ..rebate.period import MONTHS, ONE_DAY, Period


def span(kind: str, day: date) -> Period:
    """Return the calendar month, quarter or year that holds a day."""
    length = MONTHS[kind]
    first = day.replace(day=1) - relativedelta(months=(day.month - 1) % length)
    return Period(first, first + relativedelta(months=length) - ONE_DAY)


def last_complete(kind: str, today: date) -> Period:
    """Return the last month, quarter or year that is over."""
    return span(kind, span(kind, today).start - ONE_DAY)
