# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""In which rhythm a distributor orders, and what its silence means (R157, R224)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median

# Fewer gaps than two say nothing about a rhythm.
LEAST_ORDERS = 3


@dataclass(frozen=True)
class Policy:
    """How long is too long, in own rhythms; and what else a company asks.

    :ivar rhythm_days: taken where nothing is known
    """

    new_days: int
    rhythm_days: int
    risk_factor: float
    sleep_factor: float
    lost_factor: float


def rhythm(days: Iterable[date]) -> float | None:
    """Return the median of the days between two orders; orders of a day are one.

    :return: None where fewer than three days are known
    """
    ordered = sorted(set(days))
    if len(ordered) < LEAST_ORDERS:
        return None
    return median((later - earlier).days for earlier, later in pairwise(ordered))


def lifecycle(days: Iterable[date], today: date, policy: Policy) -> str:
    """Return the state that orders on these days lead to."""
    ordered = sorted(set(days))
    if not ordered:
        return "prospect"
    own = rhythm(ordered)
    usual = policy.rhythm_days if own is None else own
    silence = (today - ordered[-1]).days
    for factor, state in (
        (policy.lost_factor, "lost"),
        (policy.sleep_factor, "sleeping"),
        (policy.risk_factor, "at_risk"),
    ):
        if silence > factor * usual:
            return state
    return "new" if (today - ordered[0]).days <= policy.new_days else "active"
