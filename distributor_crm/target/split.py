# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How the amount of a year is spread over its months, to the last cent."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

MONTHS = 12
CENT = Decimal("0.01")


def season(
    own: Sequence[Decimal], company: Sequence[Decimal] = ()
) -> tuple[str, list[Decimal]]:
    """Return where a season is taken from, and the weight of each month.

    A month with more returns than sales weighs nothing.

    :param own: net sales of each month of last year, of whom the target is for
    :param company: the same of the whole company
    :return: "own", "company" or "equal", and twelve weights
    """
    for source, sold in (("own", own), ("company", company)):
        weights = [max(amount, Decimal(0)) for amount in sold]
        if any(weights):
            return source, weights
    return "equal", [Decimal(1)] * MONTHS


def split(
    amount: Decimal, weights: Sequence[Decimal], unit: Decimal = CENT
) -> list[Decimal]:
    """Return the parts of an amount in proportion to weights, by largest remainder.

    The parts add up to the amount, and each is less than a unit from its exact share;
    what weighs nothing gets nothing. Of equal remainders the earlier gets the unit.

    :param amount: a whole number of units, not below zero
    :param weights: not below zero, one at least above
    :param unit: the smallest coin
    :raises ValueError: there is no way to split it so
    """
    count = Fraction(amount) / Fraction(unit)
    total = sum(map(Fraction, weights))
    if count.denominator != 1 or count < 0 or total <= 0 or min(weights) < 0:
        raise ValueError(f"{amount} cannot be split by {weights}")
    exact = [count * Fraction(weight) / total for weight in weights]
    units = [int(share) for share in exact]
    left = int(count) - sum(units)
    by_remainder = sorted(
        range(len(exact)), key=lambda place: (units[place] - exact[place], place)
    )
    for place in by_remainder[:left]:
        units[place] += 1
    return [number * unit for number in units]
