# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What holds of earnings and withdrawals for every amount."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.distributor_crm.earning.arithmetic import (
    bases,
    charges,
    draw,
    holder_key,
    on_margin,
    on_rate,
    paid_share,
    round_running,
    rounded,
)

CENT = Decimal("0.01")
units = st.sampled_from([CENT, Decimal(1), Decimal("0.001"), Decimal("0.05")])
amounts = st.integers(0, 10**10).map(lambda cents: Decimal(cents).scaleb(-2))
signed = st.integers(-(10**10), 10**10).map(lambda cents: Decimal(cents).scaleb(-2))
rates = st.integers(0, 10**6).map(lambda parts: Decimal(parts).scaleb(-4))
documents = st.lists(st.tuples(signed, signed, amounts), max_size=5)


@given(documents)
def test_share_is_a_share(rows):
    assert 0 <= paid_share(rows) <= 1


@given(st.lists(amounts.filter(bool), min_size=1, max_size=5))
def test_paid_in_full_is_all_and_unpaid_is_nothing(totals):
    assert paid_share([(total, total, total) for total in totals]) == 1
    assert paid_share([(total, Decimal(0), total) for total in totals]) == 0


@given(amounts.filter(bool), amounts)
def test_refund_paid_back_leaves_what_remains_paid(total, back):
    back = min(back, total)
    rows = [(total, total, total), (-back, back, back)]
    assert paid_share(rows) == 1


@given(st.lists(amounts, max_size=8), amounts, amounts)
def test_bases_are_what_was_paid_for_the_goods(goods, other, deductions):
    found = bases(goods, other, deductions)
    assert all(0 <= base <= price for base, price in zip(found, goods, strict=True))
    gross = sum(goods) + other
    if other == 0 and gross:
        assert sum(found) == max(gross - deductions, 0)
    # Nobody's part of a coupon depends on how the goods are split into lines.
    if goods:
        assert sum(found) == sum(bases([sum(goods)], other, deductions))


@given(st.lists(amounts, max_size=8), rates, units)
def test_lines_add_up_to_the_rounded_sum(prices, rate, unit):
    exact = [on_rate(Fraction(price), rate) for price in prices]
    parts = round_running(exact, unit)
    assert sum(parts) == rounded(sum(exact, Fraction(0)), unit)
    for part, value in zip(parts, exact, strict=True):
        assert abs(Fraction(part) - value) <= Fraction(unit)
    # A further line changes none before it.
    assert round_running(exact[:-1], unit) == parts[:-1]


@given(signed, units)
def test_rounding_is_half_away_from_zero_and_odd(amount, unit):
    value = rounded(amount, unit)
    assert abs(value - amount) <= unit / 2
    assert rounded(-amount, unit) == -value
    assert rounded(value, unit) == value


@given(amounts, amounts, st.fractions(0, 1))
def test_margin_is_never_a_debt(price, cost, paid):
    margin = on_margin(Fraction(price) * paid, cost, paid)
    assert 0 <= margin <= Fraction(price) * paid
    if price >= cost:
        assert margin == (Fraction(price) - Fraction(cost)) * paid


@given(amounts, amounts, rates, rates, units)
def test_charges_add_up(amount, fixed, percent, tax, unit):
    parts = charges(amount, fixed, percent, tax, unit)
    assert parts.fee + parts.tax + parts.net == amount
    assert parts.fee >= 0 and parts.tax >= 0


@given(st.lists(signed, max_size=10), amounts)
def test_draw_takes_what_is_asked_or_all_there_is(balances, amount):
    items = list(enumerate(balances))
    drawn = draw(items, amount)
    there = max(sum(balances, Decimal(0)), Decimal(0))
    assert sum((part for _key, part in drawn), Decimal(0)) == min(amount, there)
    for key, part in drawn:
        assert 0 < part <= balances[key]
    # The oldest first: nothing is left in an item before the last drawn one, but what
    # debts used up.
    assert [key for key, _part in drawn] == sorted(key for key, _part in drawn)


@given(st.text())
def test_names_compare_without_case_width_and_spaces(name):
    key = holder_key(name)
    assert holder_key(f"  {name} ") == key
    assert not set(key) & set(" \t\n\u3000")
    assert holder_key("Ｌi  wei") == holder_key("LI WEI")


def test_w5_and_d2_by_hand():
    (base,) = bases([Decimal(200)], Decimal(0), Decimal(0))
    assert round_running([on_rate(base, Decimal(5))], CENT) == [Decimal(10)]
    assert round_running([on_rate(base, Decimal("2.5"))], CENT) == [Decimal(5)]
    assert bases([Decimal(200)], Decimal(0), Decimal(80)) == [120]
