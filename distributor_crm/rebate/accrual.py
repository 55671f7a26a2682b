# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What is accrued of a program's rebates on a day.

A window that is over accrues what it earned. The one that still runs accrues on the
basis of the program: what the reached tier gives, the part of the sales so far in what
the expected tier will give, or a fixed rate.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from .arithmetic import HUNDRED, ZERO, round_to, share
from .statements import Group, Member, Plan


@dataclass(frozen=True)
class Basis:
    """How the running window accrues.

    :ivar kind: "reached", "expected" or "fixed"
    :ivar is_over: the last window is over
    :ivar rate: of the fixed kind, in percent of the invoiced amount
    :ivar growth: how many times what was sold so far will be sold in the window
    :ivar ahead: how many times the baseline so far is that of the window
    :ivar is_target: the tiers ask for the attainment of a target, which is expected
    """

    kind: str
    is_over: bool = False
    rate: Decimal = ZERO
    growth: Decimal = Decimal(1)
    ahead: Decimal = Decimal(1)
    is_target: bool = False


class Accrual(Group):
    """Members measured together, and what each accrues."""

    def __init__(self, plan: Plan, members: Mapping[Hashable, Member], basis: Basis):
        super().__init__(plan, members)
        self.basis = basis

    def amounts(self) -> dict[Hashable, Decimal]:
        """Return what each member's rebates come to: of all windows, with approved
        adjustments, whatever was settled of it."""
        last = len(self.plan.windows) - 1
        running = self._running(last)
        windows = range(1, self.plan.windows[last] + 1)
        amounts = {
            name: running[name]
            + sum((self._earned(name, self._starts[w] - 1) for w in windows), ZERO)
            + sum((c.adjustment for c in member.closed), ZERO)
            + sum(member.adjustments.values(), ZERO)
            for name, member in self.members.items()
        }
        if self.plan.guarantee and self.plan.cumulated:
            for name in self.members:
                amounts[name] += self._top_up(name, last)
        return amounts

    def _earned(self, name, upto):
        return self._part(name, upto, len(self.plan.windows) - 1)[0]

    def _running(self, last):
        """Return what the last window gives each member."""
        if self.basis.is_over or self.basis.kind == "reached":
            return {name: self._earned(name, last) for name in self.members}
        parts = {}
        for name in self.members:
            if name not in parts:
                parts |= self._running_together(name, last)
        return parts

    def _running_together(self, name, last):
        """Return what the last window gives those who are measured with a member."""
        plan = self.plan
        circle = self._circle(name, plan.windows[last])
        if self.basis.kind == "fixed":
            kind = "amount"
            sold = self._sum(kind, circle.values(), last, last)
            amount = sold * self.basis.rate / HUNDRED
        else:
            kind = self._paid_on
            amount = self._expected(name, kind, last)
        weights = [self._sum(kind, (m,), last, last) for m in circle.values()]
        parts = share(round_to(amount, plan.unit), weights, plan.unit)
        return dict(zip(circle, parts, strict=True))

    def _expected(self, name, kind, last):
        """The part of the sales so far in what the window is expected to give."""
        plan, window = self.plan, self._window(name, last, last)
        if not window.value:
            return ZERO
        circle = self._circle(name, plan.windows[last])
        bases = self._by_version(kind, circle.values(), last, last)
        times, baseline = self._outlook(window)
        value = window.value * times
        measure = value
        if plan.relative:
            measure = value / baseline * HUNDRED if baseline > 0 else ZERO
        if plan.basis == "growth":
            grown = max(value - baseline, ZERO) if baseline > 0 else ZERO
            expected = {v: grown * b / window.value for v, b in bases.items()}
        else:
            expected = {v: b * times for v, b in bases.items()}
        paid = sum(
            (plan.versions[v].pay(measure, b) for v, b in expected.items()), ZERO
        )
        return self._bounded(last, paid) / times

    def _outlook(self, window):
        """Return how many times the sales so far are expected, and the whole baseline."""
        times, baseline = self.basis.growth, window.baseline * self.basis.ahead
        if self.basis.is_target and baseline > 0 and window.value > 0:
            # What is beyond the target already stays.
            times = max(baseline / window.value, Decimal(1))
        return times, baseline
