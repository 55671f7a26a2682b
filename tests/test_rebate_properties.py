# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What holds of the arithmetic for every ladder and every amount."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.distributor_crm.rebate.arithmetic import (
    METHODS,
    Tier,
    entitlement,
    round_to,
)
from odoo.addons.distributor_crm.rebate.period import periods

CENT = Decimal("0.01")
amounts = st.integers(0, 10**11).map(lambda cents: Decimal(cents).scaleb(-2))
rates = st.integers(0, 10**6).map(lambda parts: Decimal(parts).scaleb(-4))
ladders = st.lists(
    st.builds(Tier, amounts, rates), max_size=8, unique_by=lambda tier: tier.threshold
)
methods = st.sampled_from(sorted(METHODS))


# The two other methods add rates up, and may exceed each of them.
@given(st.sampled_from(["incremental", "retroactive"]), ladders, amounts)
def test_between_nothing_and_the_highest_rate(method, tiers, measure):
    earned = entitlement(method, tiers, measure).earned
    highest = max((tier.rate for tier in tiers), default=Decimal(0))
    assert 0 <= earned <= round_to(measure * highest / 100, CENT)


@given(ladders, amounts, amounts)
def test_more_sales_never_earn_less_on_rising_rates(tiers, measure, more):
    rising = [
        Tier(step.threshold, rate)
        for step, rate in zip(
            sorted(tiers), sorted(tier.rate for tier in tiers), strict=True
        )
    ]
    for method in METHODS:
        before = entitlement(method, rising, measure).earned
        assert entitlement(method, rising, measure + more).earned >= before


@given(rates, amounts, methods)
def test_one_tier_from_zero_is_a_flat_rate(rate, measure, method):
    result = entitlement(method, [Tier(Decimal(0), rate)], measure)
    assert result == (round_to(measure * rate / 100, CENT), 0, 0)


@given(ladders, amounts)
def test_incremental_equals_the_sum_over_a_finer_ladder(tiers, measure):
    """A step that repeats the rate below it changes nothing."""
    doubled = {tier.threshold: tier for tier in tiers}
    for lower, upper in zip(sorted(tiers), sorted(tiers)[1:], strict=False):
        middle = (lower.threshold + upper.threshold) / 2
        doubled.setdefault(middle, Tier(middle, lower.rate))
    assert (
        entitlement("incremental", list(doubled.values()), measure).earned
        == entitlement("incremental", tiers, measure).earned
    )


@given(methods, ladders, amounts)
def test_what_is_missing_reaches_the_next_tier_and_no_cent_less(method, tiers, measure):
    result = entitlement(method, tiers, measure)
    top = result.reached == len(tiers) - 1
    assert (result.missing == 0) == top
    if not top:
        there = measure + result.missing
        assert entitlement(method, tiers, there).reached == result.reached + 1
        assert entitlement(method, tiers, there - CENT).reached == result.reached


@given(
    st.sampled_from(["month", "quarter", "half_year", "year", "whole"]),
    st.dates(date(1990, 1, 1), date(2040, 1, 1)),
    st.integers(0, 2000),
)
def test_periods_cover_every_day_once(kind, start, days):
    end = start + timedelta(days=days)
    spans = list(periods(kind, start, end))
    assert sum((span.end - span.start).days + 1 for span in spans) == days + 1
    assert spans[0].start == start and spans[-1].end == end
    assert len({span.label for span in spans}) == len(spans)
