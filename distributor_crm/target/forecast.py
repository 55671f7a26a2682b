# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Where a year will end if it goes on as it went so far (season-weighted run rate)."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .split import MONTHS

# With less of a usual year behind us, what was sold says nothing: half a month of it.
LEAST = Fraction(1, 24)


def month_number(day: date) -> int:
    """Return how months are counted here, so that they compare over years."""
    return day.year * MONTHS + day.month - 1


def elapsed_part(today: date) -> Fraction:
    """Return how much of this month is behind us; today counts."""
    return Fraction(today.day, monthrange(today.year, today.month)[1])


def elapsed(year: int, today: date) -> list[Fraction]:
    """Return how much of each month of a year is behind us, from 0 to 1."""
    now, part = month_number(today), elapsed_part(today)
    numbers = range(year * MONTHS, (year + 1) * MONTHS)
    return [
        Fraction(int(number < now)) if number != now else part for number in numbers
    ]


def forecast(
    sold: Sequence[Decimal], weights: Sequence[Decimal], behind: Sequence[Fraction]
) -> Decimal | None:
    """Return what a year will end at.

    What is behind us sold at a certain rate per weight; the rest is taken to sell at
    the same rate.

    :param sold: net sales of each month
    :param weights: the season; not below zero, one at least above
    :param behind: how much of each month is over, from 0 to 1
    :return: None where too little of the year is over to tell
    """
    total = sum(map(Fraction, weights))
    over = sum(
        Fraction(weight) * part for weight, part in zip(weights, behind, strict=True)
    )
    so_far = sum(
        Fraction(amount) for amount, part in zip(sold, behind, strict=True) if part
    )
    if all(part == 1 for part in behind):
        return _decimal(so_far)
    if over < LEAST * total:
        return None
    return _decimal(so_far * total / over)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
