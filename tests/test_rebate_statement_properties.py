# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What holds of statements for every plan, whatever was sold, returned, paid and settled.

A plain loop, which shares nothing with the engine but the arithmetic of a ladder, says
what each distributor may have received in all.
"""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.distributor_crm.rebate.arithmetic import METHODS, Terms, Tier
from odoo.addons.distributor_crm.rebate.statements import (
    Closed,
    Group,
    Member,
    Plan,
    Sums,
)

ZERO = Decimal(0)
UNITS = [Decimal("0.01"), Decimal("0.05"), Decimal(1)]
NAMES = "abc"
amounts = st.integers(-120000, 300000).map(lambda cents: Decimal(cents).scaleb(-2))
positive = st.integers(0, 300000).map(lambda cents: Decimal(cents).scaleb(-2))


# -- any plan, any ledger --------------------------------------------------------------


@st.composite
def terms(draw, reward):
    methods = sorted(METHODS) if reward in ("percent", "unit") else ["retroactive"]
    ladder = draw(
        st.lists(
            st.builds(
                Tier,
                st.sampled_from([0, 10, 100, 110, 500, 1000, 2500]).map(Decimal),
                st.sampled_from(["0", "0.5", "1", "2.25", "10"]).map(Decimal),
            ),
            max_size=4,
            unique_by=lambda tier: tier.threshold,
        )
    )
    return Terms(draw(st.sampled_from(methods)), ladder, reward, multiple=Decimal(12))


@st.composite
def plans(draw):
    reward = draw(st.sampled_from(["percent", "unit", "lump", "goods"]))
    windows = []
    for number, length in enumerate(
        draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    ):
        windows += [number] * length
    measure = draw(st.sampled_from(["amount", "quantity", "collected"]))
    relative = draw(st.booleans())
    bases = ["amount", "quantity", "collected"] + ["growth"] * relative
    money = st.sampled_from([0, 5, 50]).map(Decimal)
    return Plan(
        versions=[draw(terms(reward)) for _n in range(draw(st.integers(1, 2)))],
        windows=windows,
        unit=Decimal(1) if reward == "goods" else draw(st.sampled_from(UNITS)),
        measure=measure,
        basis=draw(st.sampled_from(bases)),
        relative=relative,
        minimum=draw(money),
        maximum=draw(st.sampled_from([None, Decimal(40), Decimal(1000)])),
        guarantee=draw(money),
        cumulated=draw(st.booleans()),
        on_collection=draw(st.booleans()),
        carry=draw(st.booleans()),
        is_over=draw(st.booleans()),
    )


@st.composite
def sales(draw, plan):
    found = {}
    for period in draw(st.sets(st.integers(0, len(plan.windows) - 1), max_size=4)):
        versions = draw(st.sets(st.integers(0, len(plan.versions) - 1), min_size=1))
        found[period] = {
            version: Sums(draw(amounts), draw(amounts), 1) for version in versions
        }
    return found


@st.composite
def members(draw, plan):
    last = len(plan.windows) - 1
    sold = draw(sales(plan))
    collected = {
        period: {
            version: draw(st.dictionaries(st.integers(0, last), amounts, max_size=2))
            for version in versions
        }
        for period, versions in sold.items()
        if plan.reads_payments
    }
    baseline = draw(st.dictionaries(st.integers(0, last), positive, max_size=3))
    return Member(
        sold,
        collected,
        baseline,
        promised=draw(st.booleans()) and bool(plan.guarantee),
    )


@st.composite
def ledgers(draw):
    plan = draw(plans())
    names = NAMES[: draw(st.integers(1, 3))]
    return plan, {name: draw(members(plan)) for name in names}


# -- the plain loop ----------------------------------------------------------------------


def rounded(amount, unit):
    return (amount / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit


class Oracle:
    """What a group has earned in all when a period is settled."""

    def __init__(self, plan, found):
        self.plan, self.members = plan, found

    def total(self, kind, window, upto, version=None):
        total = ZERO
        for member in self.members.values():
            source = member.collected if kind == "collected" else member.sales
            for period, by_version in source.items():
                if self.plan.windows[period] != window or period > upto:
                    continue
                for number, what in by_version.items():
                    if version not in (None, number):
                        continue
                    if kind == "collected":
                        total += sum((a for u, a in what.items() if u <= upto), ZERO)
                    else:
                        total += getattr(what, kind)
        return total

    def earned(self, window, upto, as_of):
        """Of one window; payments count until `as_of`."""
        plan = self.plan
        ends = [p for p, w in enumerate(plan.windows) if w == window]
        until = min(upto, ends[-1])
        value = self._sum(plan.measure, window, until, as_of)
        baseline = sum(
            (
                amount
                for member in self.members.values()
                for period, amount in member.baseline.items()
                if plan.windows[period] == window and period <= until
            ),
            ZERO,
        )
        measure = value
        if plan.relative:
            measure = value * 100 / baseline if baseline > 0 else ZERO
        kind = plan.measure if plan.basis == "growth" else plan.basis
        paid = ZERO
        for version, promised in enumerate(plan.versions):
            basis = self._sum(kind, window, until, as_of, version)
            if plan.basis == "growth":
                grown = max(value - baseline, ZERO) if baseline > 0 else ZERO
                basis = grown * basis / value if value else ZERO
            if self._sold(kind, window, until, version):
                paid += promised.pay(measure, basis)
        paid = rounded(paid, plan.unit)
        if abs(paid) < plan.minimum:
            paid = ZERO
        if plan.maximum is not None:
            paid = min(max(paid, -plan.maximum), plan.maximum)
        if plan.guarantee and not plan.cumulated and self.over(window, upto):
            paid = max(paid, plan.guarantee)
        return paid

    def over(self, window, upto):
        ends = [p for p, w in enumerate(self.plan.windows) if w == window]
        last = ends[-1] == len(self.plan.windows) - 1
        return upto >= ends[-1] and (self.plan.is_over or not last)

    def _sold(self, kind, window, until, version):
        return any(
            self.plan.windows[period] == window and period <= until and version in found
            for member in self.members.values()
            for period, found in (
                member.collected if kind == "collected" else member.sales
            ).items()
        )

    def _sum(self, kind, window, until, as_of, version=None):
        if kind != "collected":
            return self.total(kind, window, until, version)
        return sum(
            (
                amount
                for member in self.members.values()
                for period, by_version in member.collected.items()
                if self.plan.windows[period] == window and period <= until
                for number, paid in by_version.items()
                if version in (None, number)
                for day, amount in paid.items()
                if day <= as_of
            ),
            ZERO,
        )

    def entitled(self, period):
        """In all, of the whole group, nothing held back."""
        window = self.plan.windows[period]
        earned = [self.earned(w, period, period) for w in range(window + 1)]
        total = sum(earned, ZERO)
        if self.plan.guarantee and self.plan.cumulated:
            over = sum(self.over(w, period) for w in range(window + 1))
            # What a window that still runs earns comes on top.
            running = earned[-1] if over <= window else ZERO
            complete = total - running
            total = max(complete, self.plan.guarantee * over) + running
        return total


# -- what holds --------------------------------------------------------------------------


def settle_all(plan, found, name, upto=None):
    """Close a member's open statements one after the other; return what was settled."""
    member = found[name]
    before = Group(plan, found).statements(name)
    steps = 0
    while before:
        first = min(before)
        figures = before.pop(first)
        if upto is not None and first > upto:
            break
        closed = Closed(first, figures.number, figures.due, figures.settled)
        closed = closed._replace(
            adjustment=member.adjustments.pop((first, figures.number), ZERO)
        )
        member = replace(member, closed=[*member.closed, closed])
        found[name] = member
        after = Group(plan, found).statements(name)
        # What is settled in its order changes nothing for what follows.
        if before:
            assert {p: f.due for p, f in after.items()} == {
                p: f.due for p, f in before.items()
            }
        before = after
        steps += 1
        if plan.carry and steps > 20:
            # What is carried waits for ever where nothing follows.
            (last,) = before.values()
            assert last.due < 0
            return last.due
    return ZERO


def waiting(plan, open_statements):
    """What open statements bring in all: paid, and still carried at the end."""
    total = sum((f.settled for f in open_statements.values()), ZERO)
    if open_statements:
        last = open_statements[max(open_statements)]
        total += last.due - last.settled
    return total


@settings(max_examples=120)
@given(ledgers())
def test_open_statements_of_a_group_bring_what_it_is_entitled_to(ledger):
    plan, found = ledger
    if plan.on_collection:
        plan = replace(plan, on_collection=False)
    group = Group(plan, found)
    for period in range(len(plan.windows)):
        everything = sum((group._entitled(name, period) for name in found), ZERO)
        assert everything == Oracle(plan, found).entitled(period)
    for name in found:
        opened = group.statements(name)
        if opened:
            expected = group._entitled(name, max(opened))
            assert waiting(plan, opened) == expected


@settings(max_examples=120)
@given(ledgers())
def test_settling_in_order_changes_nothing_of_the_total(ledger):
    plan, found = ledger
    for name in found:
        expected = waiting(plan, Group(plan, found).statements(name))
        rest = settle_all(plan, found, name)
        assert sum((c.settled for c in found[name].closed), ZERO) + rest == expected


@settings(max_examples=120)
@given(ledgers(), st.data())
def test_what_changes_behind_settled_statements_is_due_in_the_next(ledger, data):
    plan, found = ledger
    for name in found:
        settle_all(plan, found, name, data.draw(st.integers(0, len(plan.windows) - 1)))
    changed = {
        name: replace(data.draw(members(plan)), closed=found[name].closed)
        for name in found
    }
    group = Group(plan, changed)
    for name, member in changed.items():
        opened = group.statements(name)
        settled = sum((c.settled for c in member.closed), ZERO)
        if opened:
            last = max(opened)
            assert settled + waiting(plan, opened) == group._entitled(name, last)
        elif member.closed:
            until = max(c.period for c in member.closed)
            assert settled == group._entitled(
                name, min(until + 1, len(plan.windows) - 1)
            )
        assert len(group.recomputed(name)) == len(member.closed)


@settings(max_examples=80, deadline=None)
@given(ledgers())
def test_parts_add_up_and_the_order_of_members_moves_one_unit_at_most(ledger):
    plan, found = ledger
    turned = dict(reversed(found.items()))
    one, other = Group(plan, found), Group(plan, turned)
    for period in range(len(plan.windows)):
        parts = one._shares("a", period, period)
        whole = one._window("a", period, period)
        assert (
            sum((earned for earned, _released in parts.values()), ZERO) == whole.earned
        )
        for earned, released in parts.values():
            assert abs(released) <= abs(earned)
        if all(one._weight(m, period, period) >= 0 for m in found.values()) and any(
            one._weight(m, period, period) for m in found.values()
        ):
            again = other._shares("a", period, period)
            for name in found:
                assert abs(parts[name][0] - again[name][0]) <= plan.unit


@settings(max_examples=80, deadline=None)
@given(ledgers())
def test_nobody_receives_more_than_the_group_that_returned_nothing(ledger):
    """A part is never above what the whole group earned, where nobody returned more
    than he bought."""
    plan, found = ledger
    group = Group(plan, found)
    for period in range(len(plan.windows)):
        weights = [group._weight(member, period, period) for member in found.values()]
        whole = group._window("a", period, period).earned
        for earned, _released in group._shares("a", period, period).values():
            if min(weights) >= 0 and whole >= 0:
                assert 0 <= earned <= whole


@settings(max_examples=80, deadline=None)
@given(ledgers(), positive.filter(bool), st.data())
def test_an_adjustment_is_paid_once_and_never_lost(ledger, extra, data):
    plan, found = ledger
    name = "a"
    opened = Group(plan, found).statements(name)
    if not opened:
        return
    period = data.draw(st.sampled_from(sorted(opened)))
    without = waiting(plan, opened)
    adjusted = {(period, opened[period].number): extra}
    found[name] = replace(found[name], adjustments=dict(adjusted))
    assert waiting(plan, Group(plan, found).statements(name)) == without + extra
    rest = settle_all(plan, found, name)
    assert sum((c.settled for c in found[name].closed), ZERO) + rest == without + extra
