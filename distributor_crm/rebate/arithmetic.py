# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a distributor has earned, given his measure and a ladder of tiers.

One pure function serves preview, accrual and settlement alike. All amounts are
`Decimal`; nothing is rounded before the end, and then once, half away from zero.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import NamedTuple

ZERO = Decimal(0)
HUNDRED = Decimal(100)


class Tier(NamedTuple):
    """A step of the ladder: from this threshold on, this rate.

    :ivar threshold: lower bound of the measure, inclusive; the next step's
        threshold ends it and the top step is open
    :ivar rate: percent, money per unit, money at once, or free units per multiple,
        as the reward says
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


def ladder(tiers: Iterable[Tier]) -> list[Tier]:
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

    A threshold belongs to the higher tier.
    """
    return bisect_right(steps, measure, key=lambda step: step.threshold) - 1


def round_to(amount: Decimal, unit: Decimal) -> Decimal:
    """Return `amount` as a multiple of `unit`, halves away from zero.

    :param unit: the currency's smallest unit, such as 0.01
    """
    return (amount / unit).quantize(Decimal(1), rounding=ROUND_HALF_UP) * unit


def share(total: Decimal, weights: Sequence[Decimal], unit: Decimal) -> list[Decimal]:
    """Cut `total` into parts in proportion to `weights`; they add up to it exactly.

    Rounded on the running total, so that nobody is off by more than one unit.
    Where the weights add up to nothing, the first gets all.
    """
    whole = sum(weights, ZERO)
    if not whole:
        return [total, *[ZERO] * (len(weights) - 1)] if weights else []
    parts, before, running = [], ZERO, ZERO
    for weight in weights:
        running += weight
        upto = round_to(total * running / whole, unit)
        parts.append(upto - before)
        before = upto
    return parts


def collected_part(
    amount: Decimal, collected: Decimal, basis: Decimal, unit: Decimal
) -> Decimal:
    """Return the part of `amount` that collection releases, never more than all.

    :param collected: what of `basis` was paid
    """
    if not basis:
        return amount
    ratio = min(max(collected / basis, ZERO), Decimal(1))
    return round_to(amount * ratio, unit)


# -- methods: how the rates of the ladder meet what is paid on -----------------------


def _retroactive(steps, reached, measure, basis):
    """The reached rate on everything."""
    return basis * steps[reached].rate


def slices(steps, reached, measure):
    """Yield the part of the measure that lies in each tier up to the reached one."""
    for position in range(reached + 1):
        upper = measure if position == reached else steps[position + 1].threshold
        yield upper - steps[position].threshold, steps[position].rate


def _spread(amount, measure, basis):
    """What is paid on may differ from what was measured: in proportion, then."""
    return amount if basis == measure or not measure else amount * basis / measure


def _incremental(steps, reached, measure, basis):
    """Each rate on the slice of the measure that lies in its tier."""
    paid = sum(part * rate for part, rate in slices(steps, reached, measure))
    return _spread(paid, measure, basis)


def _rolling(steps, reached, measure, basis):
    """The full amount of each filled lower tier, and the reached rate on everything."""
    filled = sum(
        steps[position + 1].threshold * steps[position].rate
        for position in range(reached)
    )
    return _spread(filled + measure * steps[reached].rate, measure, basis)


def _total(steps, reached, measure, basis):
    """Every rate up to the reached one, each on everything."""
    return basis * sum(step.rate for step in steps[: reached + 1])


METHODS: dict[str, Callable[..., Decimal]] = {
    "retroactive": _retroactive,
    "incremental": _incremental,
    "rolling": _rolling,
    "total": _total,
}


class Terms:
    """A ladder and how it pays: what one version of a program promises.

    :param method: a key of `METHODS`
    :param reward: "percent" of an amount, money per "unit", a "lump" sum at the
        reached tier, or free "goods" per multiple
    :param multiple: how many units bring the free ones
    :raises ValueError: the ladder is not one, or the method is unknown
    """

    __slots__ = ("method", "reward", "steps", "_multiple", "_pay")

    def __init__(self, method, tiers, reward="percent", multiple=Decimal(1)):
        if method not in METHODS:
            raise ValueError(f"unknown method {method!r}")
        if multiple <= 0:
            raise ValueError("free goods need a positive multiple")
        self.method = method
        self.reward = reward
        self.steps = ladder(tiers)
        self._pay = METHODS[method]
        self._multiple = multiple

    def pay(self, measure: Decimal, basis: Decimal) -> Decimal:
        """Return what is earned, not rounded.

        More returned than bought takes back what the same purchase would have
        earned; a lump sum and free goods are never taken back that way.

        :param measure: picks the tier
        :param basis: is paid on
        """
        if measure < 0:
            back = self.reward in ("percent", "unit")
            return -self.pay(-measure, -basis) if back else ZERO
        reached = reached_tier(self.steps, measure)
        if reached < 0:
            return ZERO
        if self.reward == "lump":
            paid = self.steps[: reached + 1] if self.method == "total" else []
            return sum((s.rate for s in paid), ZERO) or self.steps[reached].rate
        if self.reward == "goods":
            full = (basis / self._multiple).to_integral_value(ROUND_FLOOR)
            return full * self.steps[reached].rate
        amount = self._pay(self.steps, reached, measure, basis)
        return amount / HUNDRED if self.reward == "percent" else amount

    def reach(self, measure: Decimal) -> tuple[int, Decimal]:
        """Return the position of the reached tier and what is missing to the next."""
        reached = reached_tier(self.steps, measure)
        top = reached == len(self.steps) - 1
        return reached, ZERO if top else self.steps[reached + 1].threshold - measure


def entitlement(
    method: str,
    tiers: Sequence[Tier],
    measure: Decimal,
    basis: Decimal | None = None,
    unit: Decimal = Decimal("0.01"),
    **terms,
) -> Result:
    """Return what is earned on a cumulative measure (R005, R016).

    :param method: a key of `METHODS`
    :param tiers: the ladder, in any order
    :param measure: picks the tier
    :param basis: what is paid on; the measure when left out
    :param unit: the smallest unit of the currency
    :param terms: reward and multiple, as for `Terms`
    :raises ValueError: the ladder is not one, or the method is unknown
    """
    promised = Terms(method, tiers, **terms)
    paid = promised.pay(measure, measure if basis is None else basis)
    return Result(round_to(paid, unit), *promised.reach(measure))
