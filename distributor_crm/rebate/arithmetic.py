# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a distributor has earned, given his measure and a ladder of tiers.

One pure function serves preview, accrual and settlement alike. All amounts are
`Decimal`; nothing is rounded before the end, and then once, half away from zero.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

ZERO = Decimal(0)
HUNDRED = Decimal(100)


class Tier(NamedTuple):
    """A step of the ladder: from this threshold on, this rate.

    :ivar threshold: lower bound of the measure, inclusive; the next step's
        threshold ends it and the top step is open
    :ivar rate: percent
    """

    threshold: Decimal
    rate: Decimal


class Result(NamedTuple):
    """What the ladder gives for one measure.

    :ivar earned: the rebate, rounded to the currency
    :ivar reached: position of the reached tier in the ladder, -1 for none
    :ivar missing: what is missing to the next tier, 0 on the top one
    """

    earned: Decimal
    reached: int
    missing: Decimal


def ladder(tiers: Sequence[Tier]) -> list[Tier]:
    """Return the tiers from the lowest threshold to the highest.

    :raises ValueError: two tiers share a threshold, or one is negative
    """
    steps = sorted(tiers)
    if any(step.threshold < 0 or step.rate < 0 for step in steps):
        raise ValueError("thresholds and rates are never negative")
    if len({step.threshold for step in steps}) < len(steps):
        raise ValueError("two tiers start at the same threshold")
    return steps


def reached_tier(steps: Sequence[Tier], measure: Decimal) -> int:
    """Return the position of the tier that `measure` reaches, -1 for none.

    A threshold belongs to the higher tier. A negative measure (more returned than
    bought) reaches no tier, not even one that starts at 0.
    """
    return bisect_right([step.threshold for step in steps], measure) - 1


def round_to(amount: Decimal, unit: Decimal) -> Decimal:
    """Return `amount` as a multiple of `unit`, halves away from zero.

    :param unit: the currency's smallest unit, such as 0.01
    """
    return (amount / unit).quantize(Decimal(1), rounding=ROUND_HALF_UP) * unit


def _retroactive(steps, reached, measure, basis):
    """The reached rate on everything."""
    return basis * steps[reached].rate


def _slices(steps, reached, measure):
    """Yield the part of the measure that lies in each tier up to the reached one."""
    for position in range(reached + 1):
        upper = measure if position == reached else steps[position + 1].threshold
        yield upper - steps[position].threshold, steps[position].rate


def _incremental(steps, reached, measure, basis):
    """Each rate on the slice of the measure that lies in its tier.

    What is paid on may differ from what was measured: the basis is then spread
    over the slices in proportion.
    """
    paid = sum(part * rate for part, rate in _slices(steps, reached, measure))
    return paid if basis == measure or not measure else paid * basis / measure


METHODS: dict[str, Callable[..., Decimal]] = {
    "retroactive": _retroactive,
    "incremental": _incremental,
}


def entitlement(
    method: str,
    tiers: Sequence[Tier],
    measure: Decimal,
    basis: Decimal | None = None,
    unit: Decimal = Decimal("0.01"),
) -> Result:
    """Return what is earned on a cumulative measure (R005, R016).

    :param method: a key of `METHODS`
    :param tiers: the ladder, in any order
    :param measure: picks the tier
    :param basis: what is paid on; the measure when left out
    :param unit: the smallest unit of the currency
    :raises ValueError: the ladder is not one, or the method is unknown
    """
    if method not in METHODS:
        raise ValueError(f"unknown method {method!r}")
    steps = ladder(tiers)
    reached = reached_tier(steps, measure)
    top = reached == len(steps) - 1
    missing = ZERO if top else steps[reached + 1].threshold - measure
    if reached < 0:
        return Result(ZERO, reached, missing)
    amount = METHODS[method](
        steps, reached, measure, measure if basis is None else basis
    )
    return Result(round_to(amount / HUNDRED, unit), reached, missing)
