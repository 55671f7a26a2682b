# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""From what was sold in each period to what each statement says.

Pure: plain values in and out. A statement's due is the entitlement on everything so
far, as the ledger stands now, less everything that was settled before. So a late
credit note, payment or correction shows in the next open statement by itself, and
running twice changes nothing.
"""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
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
    :ivar is_over: the last window has ended, so that its guarantee is due
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
    is_over: bool = True

    @property
    def is_fixed(self) -> bool:
        """Whether something is paid that is no part of what was bought."""
        lump = any(version.reward == "lump" for version in self.versions)
        return bool(self.guarantee) or lump

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
    :ivar until: the last period in which he earns; None for no end
    :ivar home: who is measured together has the same
    :ivar homes: with whom he was measured in windows in which something is settled,
        where that was another home
    """

    sales: Mapping[int, Mapping[int, Sums]] = field(default_factory=dict)
    collected: Mapping[int, Mapping[int, Mapping[int, Decimal]]] = field(
        default_factory=dict
    )
    baseline: Mapping[int, Decimal] = field(default_factory=dict)
    closed: Sequence[Closed] = ()
    adjustments: Mapping[tuple[int, int], Decimal] = field(default_factory=dict)
    promised: bool = False
    until: int | None = None
    home: Hashable = None
    homes: Mapping[int, Hashable] = field(default_factory=dict)


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
        self._moved = any(member.homes for member in members.values())
        for period, window in enumerate(plan.windows):
            self._starts.setdefault(window, period)

    # -- who is measured together --------------------------------------------------

    def _home(self, name, window):
        member = self.members[name]
        return member.homes.get(window, member.home)

    def _circle(self, name, window):
        """Those who are measured together with a member in a window, in their order."""
        if not self._moved:
            return self.members
        home = self._home(name, window)
        key = "circle", home, window
        if key not in self._cache:
            self._cache[key] = {
                other: member
                for other, member in self.members.items()
                if self._home(other, window) == home
            }
        return self._cache[key]

    def _key(self, kind, name, upto, as_of):
        """What a figure depends on, and nothing that it does not."""
        home = self._home(name, self.plan.windows[upto]) if self._moved else None
        return kind, home, upto, as_of if self.plan.reads_payments else None

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

    def _window(self, name, upto, as_of) -> _Window:
        """What a member's group has earned in the window of a period, up to it.

        :param as_of: payments count up to the cut-off of this period
        """
        plan = self.plan
        key = self._key("window", name, upto, as_of)
        if key in self._cache:
            return self._cache[key]
        everyone = self._circle(name, plan.windows[upto]).values()
        value = self._sum(plan.measure, everyone, upto, as_of)
        baseline = sum(
            (m.baseline.get(p, ZERO) for m in everyone for p in self._periods(upto)),
            ZERO,
        )
        measure = value
        if plan.relative:
            # Nothing to compare with: no growth, and no target attained.
            measure = value / baseline * HUNDRED if baseline > 0 else ZERO
        bases = self._by_version(self._paid_on, everyone, upto, as_of)
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

    @property
    def _paid_on(self):
        """What is added up to be paid on, and shared by."""
        return self.plan.measure if self.plan.basis == "growth" else self.plan.basis

    def _bounded(self, upto, earned):
        """Apply minimum, maximum and the guarantee of a complete window.

        Returns take back what the same purchase would have earned: the limits stand on
        both sides.
        """
        plan = self.plan
        if abs(earned) < plan.minimum:
            earned = ZERO
        if plan.maximum is not None:
            earned = min(max(earned, -plan.maximum), plan.maximum)
        if plan.guarantee and not plan.cumulated and self._is_complete(upto):
            earned = max(earned, plan.guarantee)
        return earned

    def _is_complete(self, period):
        """Whether a period ends its window, and that is over."""
        windows = self.plan.windows
        if period + 1 == len(windows):
            return self.plan.is_over
        return windows[period + 1] != windows[period]

    # -- shares --------------------------------------------------------------------

    def _shares(self, name, upto, as_of):
        """Each member's earned and released part of the window of one's group."""
        key = self._key("shares", name, upto, as_of)
        if key not in self._cache:
            self._cache[key] = self._cut(name, upto, as_of)
        return self._cache[key]

    def _weight(self, member, upto, as_of):
        weight = self._sum(self._paid_on, (member,), upto, as_of)
        # A fixed sum is no part of what was bought: who returned more than he bought
        # has no part in it, and does not raise that of the others.
        return max(weight, ZERO) if self.plan.is_fixed else weight

    def _cut(self, name, upto, as_of):
        plan = self.plan
        window = self._window(name, upto, as_of)
        circle = self._circle(name, plan.windows[upto])
        weights = [self._weight(member, upto, as_of) for member in circle.values()]
        earned = share(window.earned, weights, plan.unit)
        if not plan.on_collection:
            return dict(zip(circle, zip(earned, earned, strict=True), strict=True))
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
            for (name, member), part in zip(circle.items(), earned, strict=True)
        }

    def _part(self, name, upto, as_of):
        """A member's earned and released part, of his group's window up to a period."""
        until = self.members[name].until
        if until is not None and upto > until:
            if self.plan.windows[upto] != self.plan.windows[until]:
                return ZERO, ZERO
            upto = until
        return self._shares(name, upto, as_of)[name]

    def _earlier(self, name, window, as_of):
        """What a member may have received for all windows before one."""
        key = "earlier", name, as_of if self.plan.reads_payments else None
        upto = self._cache.setdefault(key, [ZERO])
        while len(upto) <= window:
            end = self._starts[len(upto)] - 1
            upto.append(upto[-1] + self._part(name, end, as_of)[1])
        return upto[window]

    def _before(self, name, period):
        """What a member may have received for the windows before that of a period."""
        return self._earlier(name, self.plan.windows[period], period)

    def _so_far(self, name, period):
        """What a member may have received up to a period, without a top-up."""
        return self._before(name, period) + self._part(name, period, period)[1]

    def _entitled(self, name, period):
        """What a member may have received in all when a period's statement is settled."""
        total = self._so_far(name, period)
        if self.plan.guarantee and self.plan.cumulated:
            total += self._top_up(name, period)
        return total

    def _top_up(self, name, period):
        """What is missing to the guarantee of all complete windows.

        It is the group's; the first member receives it.
        """
        window = self.plan.windows[period]
        circle = self._circle(name, window)
        if name != next(iter(circle)):
            return ZERO
        complete = window + self._is_complete(period)
        # What a window that still runs earns does not make up for those before it yet.
        so_far = self._so_far if self._is_complete(period) else self._before
        earned = sum(so_far(other, period) for other in circle)
        return max(self.plan.guarantee * complete - earned, ZERO)

    # -- statements ----------------------------------------------------------------

    def statements(self, name) -> dict[int, Figures]:
        """Return the open statements of a member, by period, at most one each."""
        member = self.members[name]
        closed_until = max((c.period for c in member.closed), default=-1)
        paid = _Ledger(self.plan)
        for statement in member.closed:
            paid.add(statement.period, statement.settled, statement.adjustment)
        found = {}
        # Somebody approved these by hand: they stay where they are, whatever follows.
        closed = {(c.period, c.number) for c in member.closed}
        for period, number in sorted(member.adjustments.keys() - closed):
            if period <= closed_until:
                found[period] = self._open(name, period, number, paid, closed_until)
        busy = self._busy(member)
        carried = sum((c.due - c.settled for c in member.closed[-1:]), ZERO)
        for period in sorted(busy | self._guaranteed(member) | self._together(member)):
            if period > closed_until:
                figures = self._open(name, period, 0, paid)
                # Without a sale of his own: where more is due than was waiting already.
                if period in busy or figures.due != carried:
                    found[period] = figures
                carried = figures.due - figures.settled
        if not found and member.closed:
            found = self._true_up(name, closed_until, paid)
        return found

    def _busy(self, member):
        """The periods of which a member has a statement."""
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
        return busy

    def _guaranteed(self, member):
        """The periods that end a window, where something may be due without a sale."""
        if not self.plan.guarantee:
            return set()
        ends = set(filter(self._is_complete, range(len(self.plan.windows))))
        return ends if member.until is None else set()

    def _together(self, member):
        """The periods in which others of the group may change what he has earned."""
        if len(self.members) == 1:
            return set()
        windows = {self.plan.windows[period] for period in member.sales}
        others = set().union(*map(self._busy, self.members.values()))
        return {period for period in others if self.plan.windows[period] in windows}

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
        return {period: figures} if figures.due else {}

    def _open(self, name, period, number, paid, upto=0) -> Figures:
        """Say what an open statement says, and count it as settled for the next ones.

        :param upto: the last closed period, where that is a later one
        """
        plan, member = self.plan, self.members[name]
        window = self._window(name, period, period)
        earned, released = self._part(name, period, period)
        adjustment = member.adjustments.get((period, number), ZERO)
        here = plan.windows[period]
        due = self._entitled(name, max(period, upto)) - paid.total + adjustment
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
