# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Scores from 1 to 5 by recency, frequency and money, and what they say together.

The SQL of the nightly job says the same; these functions are its definition.
"""

from collections.abc import Hashable, Mapping
from decimal import Decimal

PARTS = 5


def scores(
    figures: Mapping[Hashable, Decimal | int], parts: int = PARTS
) -> dict[Hashable, int]:
    """Return a score for each figure, the highest for the largest.

    A score is 1 plus the fifth in which the number of smaller figures falls. Equal
    figures have equal scores, whatever the order they come in.

    :param figures: the larger the better
    """
    ordered = sorted(figures.values())
    smaller = {}
    for place, figure in enumerate(ordered):
        smaller.setdefault(figure, place)
    return {
        key: 1 + parts * smaller[figure] // len(ordered)
        for key, figure in figures.items()
    }


def segment(recency: int, frequency: int, money: int) -> str:
    """Return the segment of three scores; the first rule that fits counts."""
    if recency >= 4 and frequency >= 4 and money >= 4:
        return "champion"
    if recency >= 3 and frequency >= 4:
        return "loyal"
    if recency >= 3 and money >= 4:
        return "big"
    if recency >= 4:
        return "promising"
    if recency <= 2 and (frequency >= 4 or money >= 4):
        return "slipping"
    if recency <= 2 and frequency <= 2:
        return "hibernating"
    return "regular"
