# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""From what was sold in each period to what each statement says.

Pure: plain values in and out. A statement's due is the entitlement on everything so
far, as the ledger stands now, less everything that was settled before. So a late
credit note, payment or correction shows in the next open statement by itself, and
running twice changes nothing.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate
from typing import NamedTuple

from .arithmetic import HUNDRED, ZERO, Terms, collected_part, round_to, share


class Sums(NamedTuple):
    """What the ledger holds of one member in one period, under one version.

    :ivar amount: sales without tax, in company currency
    :ivar quantity: in the program's unit
    :ivar lines: number of invoice lines
    """

    amount: Decimal = ZERO
    quantity: Decimal = ZERO
    lines: int = 0


@dataclass(frozen=True)
class Plan:
    """What a program promises.

    :ivar versions: terms, by the position of the version
    :ivar windows: for each period, the position of its cumulation window
    :ivar unit: smallest unit of what is paid: of the currency, or 1 for goods
    :ivar measure: what picks the tier: "amount", "quantity" or "collected"
    :ivar basis: what is paid on: the same three, or "growth" over the baseline
    :ivar relative: thresholds are percentages of a baseline or target
    :ivar minimum: less than this in a window is not paid at all
    :ivar maximum: more than this in a window is not paid; None for no limit
    :ivar guarantee: what a window pays at least, when it is complete
    :ivar cumulated: the guarantee adds up over the windows, so do the earnings
    :ivar on_collection: released as customers pay
    :ivar carry: a negative due waits for the next statement, else it is invoiced
    """

    versions: Sequence[Terms]
    windows: Sequence[int]
    unit: Decimal = Decimal("0.01")
    measure: str = "amount"
    basis: str = "amount"
    relative: bool = False
    minimum: Decimal = ZERO
    maximum: Decimal | None = None
    guarantee: Decimal = ZERO
    cumulated: bool = False
    on_collection: bool = False
    carry: bool = True

    @property
    def reads_payments(self) -> bool:
        """Whether collected amounts matter."""
        return self.on_collection or "collected" in (self.measure, self.basis)

    def settles(self, due: Decimal) -> Decimal:
        """Return what a statement with this due pays or takes back."""
        return ZERO if due < 0 and self.carry else due


class Closed(NamedTuple):
    """A statement that was submitted or approved: its figures stand.

    :ivar settled: what it pays or takes back, adjustments included
    """

    period: int
    number: int
    due: Decimal
    settled: Decimal
    adjustment: Decimal = ZERO


@dataclass
class Member:
    """A distributor in a group that is measured together.

    :ivar sales: per period, and in it per version
    :ivar collected: per period, in it per version, and in that per period until whose
        cut-off it was paid
    :ivar closed: in order of period and number
    :ivar adjustments: per period and number of an open statement
    :ivar promised: has a statement in every period, sales or not
    """

    sales: Mapping[int, Mapping[int, Sums]] = field(default_factory=dict)
    collected: Mapping[int, Mapping[int, Mapping[int, Decimal]]] = field(
        default_factory=dict
    )
    baseline: Mapping[int, Decimal] = field(default_factory=dict)
    closed: Sequence[Closed] = ()
    adjustments: Mapping[tuple[int, int], Decimal] = field(default_factory=dict)
    promised: bool = False


class Figures(NamedTuple):
    """What a statement says. Amounts without a window in their name are of the period,
    or of the window up to the period's end.
    """

    number: int
    lines: int
    basis: Decimal
    quantity: Decimal
    window_basis: Decimal
    collected: Decimal
    measure: Decimal
    baseline: Decimal
    version: int
    reached: int
    missing: Decimal
    earned: Decimal
    released: Decimal
    settled_before: Decimal
    true_up: Decimal
    adjustment: Decimal
    due: Decimal
    settled: Decimal


class _Window(NamedTuple):
    """A group's window up to a period: what is measured, earned and paid on."""

    measure: Decimal  # as the ladder is asked: an amount, a quantity or a percentage
    value: Decimal  # what was bought
    baseline: Decimal
    earned: Decimal
    version: int


class Group:
    """Members measured together, and the statements of each.

    :param members: by any key, in an order that never changes
    """

    def __init__(self, plan: Plan, members: Mapping[Hashable, Member]):
        self.plan = plan
        self.members = members
        self._cache = {}
        self._starts = {}
        for period, window in enumerate(plan.windows):
            self._starts.setdefault(window, period)

    # -- sums over the window ------------------------------------------------------

    def _periods(self, upto):
        """The periods of the window of `upto`, up to it."""
        return range(self._starts[self.plan.windows[upto]], upto + 1)

    def _by_version(self, kind, members, upto, as_of):
        """Add up amount, quantity or collected amount per version."""
        sums = defaultdict(Decimal)
        periods = self._periods(upto)
        for member in members:
            for period in periods:
                if kind == "collected":
                    for version, paid in member.collected.get(period, {}).items():
                        sums[version] += sum(
                            (paid[until] for until in paid if until <= as_of), ZERO
                        )
                else:
                    for version, found in member.sales.get(period, {}).items():
                        sums[version] += getattr(found, kind)
        return sums

    def _sum(self, kind, members, upto, as_of):
        return sum(self._by_version(kind, members, upto, as_of).values(), ZERO)

    def _window(self, upto, as_of) -> _Window:
        """What the group has earned in the window of a period, up to it.

        :param as_of: payments count up to the cut-off of this period
        """
        plan = self.plan
        key = upto, as_of if plan.reads_payments else None
        if key in self._cache:
            return self._cache[key]
        everyone = self.members.values()
        value = self._sum(plan.measure, everyone, upto, as_of)
        baseline = sum(
            (m.baseline.get(p, ZERO) for m in everyone for p in self._periods(upto)),
            ZERO,
        )
        measure = value
        if plan.relative:
            # Nothing to compare with: no growth, and no target attained.
            measure = value / baseline * HUNDRED if baseline > 0 else ZERO
        kind = plan.measure if plan.basis == "growth" else plan.basis
        bases = self._by_version(kind, everyone, upto, as_of)
        if plan.basis == "growth":
            grown = max(value - baseline, ZERO) if baseline > 0 else ZERO
            bases = {v: grown * b / value if value else ZERO for v, b in bases.items()}
        paid = sum((plan.versions[v].pay(measure, b) for v, b in bases.items()), ZERO)
        found = _Window(
            measure=measure,
            value=value,
            baseline=baseline,
            earned=self._bounded(upto, round_to(paid, plan.unit)),
            version=max(bases, default=len(plan.versions) - 1),
        )
        self._cache[key] = found
        return found

    def _bounded(self, upto, earned):
        """Apply minimum, maximum and the guarantee of a complete window."""
        plan = self.plan
        if 0 <= earned < plan.minimum:
            earned = ZERO
        if plan.maximum is not None:
            earned = min(earned, plan.maximum)
        if plan.guarantee and not plan.cumulated and self._is_last(upto):
            earned = max(earned, plan.guarantee)
        return earned

    def _is_last(self, period):
        """Whether a period ends its window."""
        windows = self.plan.windows
        return period + 1 == len(windows) or windows[period + 1] != windows[period]

    # -- shares --------------------------------------------------------------------

    def _shares(self, upto, as_of):
        """Each member's earned and released part of the group's window."""
        key = "shares", upto, as_of if self.plan.reads_payments else None
        if key not in self._cache:
            self._cache[key] = self._cut(upto, as_of)
        return self._cache[key]

    def _cut(self, upto, as_of):
        plan = self.plan
        window = self._window(upto, as_of)
        kind = plan.measure if plan.basis == "growth" else plan.basis
        weights = [self._sum(kind, (m,), upto, as_of) for m in self.members.values()]
        earned = share(window.earned, weights, plan.unit)
        if not plan.on_collection:
            return dict(
                zip(self.members, zip(earned, earned, strict=True), strict=True)
            )
        return {
            name: (
                part,
                collected_part(
                    part,
                    self._sum("collected", (member,), upto, as_of),
                    self._sum("amount", (member,), upto, as_of),
                    plan.unit,
                ),
            )
            for (name, member), part in zip(self.members.items(), earned, strict=True)
        }

    def _earlier(self, name, window, as_of):
        """What a member may have received for all windows before one."""
        if not window:
            return ZERO
        key = "earlier", name, window, as_of if self.plan.reads_payments else None
        if key not in self._cache:
            end = self._starts[window] - 1
            self._cache[key] = (
                self._earlier(name, window - 1, as_of)
                + self._shares(end, as_of)[name][1]
            )
        return self._cache[key]

    def _entitled(self, name, period):
        """What a member may have received in all when a period's statement is settled."""
        window = self.plan.windows[period]
        total = self._earlier(name, window, period)
        total += self._shares(period, period)[name][1]
        # A cumulated guarantee is the group's; its first member receives it.
        if (
            self.plan.guarantee
            and self.plan.cumulated
            and name == next(iter(self.members))
        ):
            total += self._top_up(period)
        return total

    def _top_up(self, period):
        """What is missing to the guarantee of all complete windows."""
        window = self.plan.windows[period]
        complete = window + 1 if self._is_last(period) else window
        earned = sum(
            self._earlier(name, window, period) + self._shares(period, period)[name][1]
            for name in self.members
        )
        return max(self.plan.guarantee * complete - earned, ZERO)

    # -- statements ----------------------------------------------------------------

    def statements(self, name) -> dict[int, Figures]:
        """Return the open statements of a member, by period, at most one each."""
        member = self.members[name]
        closed_until = max((c.period for c in member.closed), default=-1)
        paid = _Ledger(self.plan)
        for statement in member.closed:
            paid.add(statement.period, statement.settled, statement.adjustment)
        busy = set(member.sales)
        # A payment releases something on its own day, whether something was sold or not.
        busy.update(
            until
            for by_version in member.collected.values()
            for paid in by_version.values()
            for until in paid
        )
        busy.update(period for period, _number in member.adjustments)
        if member.promised:
            busy.update(range(len(self.plan.windows)))
        found = {
            period: self._open(name, period, 0, paid)
            for period in sorted(busy)
            if period > closed_until
        }
        if not found and member.closed:
            found = self._true_up(name, closed_until, paid)
        return found

    def _true_up(self, name, closed_until, paid):
        """A statement of its own for what changed behind all closed ones, if anything."""
        member = self.members[name]
        following = closed_until + 1 < len(self.plan.windows)
        period = closed_until + 1 if following else closed_until
        number = 0
        if not following:
            last = max(c.number for c in member.closed if c.period == closed_until)
            number = last + 1
        figures = self._open(name, period, number, paid)
        kept = (period, number) in member.adjustments
        if figures.due or kept:
            return {period: figures}
        return {}

    def _open(self, name, period, number, paid) -> Figures:
        """Say what an open statement says, and count it as settled for the next ones."""
        plan, member = self.plan, self.members[name]
        window = self._window(period, period)
        earned, released = self._shares(period, period)[name]
        adjustment = member.adjustments.get((period, number), ZERO)
        here = plan.windows[period]
        due = self._entitled(name, period) - paid.total + adjustment
        settled = plan.settles(due)
        before = paid.by_window[here]
        own = [] if number else list(member.sales.get(period, {}).values())
        # Percentages are asked of the ladder; people want to know how much to buy.
        terms = plan.versions[window.version]
        reached, missing = terms.reach(window.measure)
        if plan.relative:
            missing = missing * window.baseline / HUNDRED
        figures = Figures(
            number=number,
            lines=sum(s.lines for s in own),
            basis=sum((s.amount for s in own), ZERO),
            quantity=sum((s.quantity for s in own), ZERO),
            window_basis=self._sum("amount", (member,), period, period),
            collected=self._sum("collected", (member,), period, period),
            measure=window.measure,
            baseline=window.baseline,
            version=window.version,
            reached=reached,
            missing=missing,
            earned=earned,
            released=released,
            settled_before=before,
            true_up=due - adjustment - (released - before),
            adjustment=adjustment,
            due=due,
            settled=settled,
        )
        paid.add(period, settled, adjustment)
        return figures

    def recomputed(self, name) -> list[Decimal]:
        """Return what each closed statement would be due today."""
        member = self.members[name]
        before = accumulate(
            (c.settled - c.adjustment for c in member.closed), initial=ZERO
        )
        return [
            self._entitled(name, c.period) - paid + c.adjustment
            for c, paid in zip(member.closed, before, strict=False)
        ]


class _Ledger:
    """What was settled so far, in all and by window; adjustments come on top."""

    def __init__(self, plan):
        self._windows = plan.windows
        self.total = ZERO
        self.by_window = defaultdict(Decimal)

    def add(self, period, settled, adjustment):
        self.total += settled - adjustment
        self.by_window[self._windows[period]] += settled - adjustment


def forecast(measure: Decimal, elapsed: int, whole: int) -> Decimal:
    """Return what a period will bring if it goes on as it began.

    :param elapsed: days since its start
    :param whole: days of the period
    """
    return measure * whole / elapsed if 0 < elapsed < whole else measure


def in_order(closed: Iterable[Closed]) -> list[Closed]:
    """Return closed statements in the order in which they were due."""
    return sorted(closed, key=lambda c: (c.period, c.number))
