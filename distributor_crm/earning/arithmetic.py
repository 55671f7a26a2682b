# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The arithmetic of earnings and withdrawals.

Shares are fractions, so that nothing is rounded before the end; the end is the
currency's smallest unit, halves away from zero.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import NamedTuple, TypeVar
from unicodedata import normalize

from ..rebate.arithmetic import round_to

Exact = Decimal | Fraction
Key = TypeVar("Key")


def rounded(amount: Exact, unit: Decimal) -> Decimal:
    """Return an exact amount as a multiple of `unit`, halves away from zero."""
    steps = Fraction(amount) / Fraction(unit)
    count = floor(abs(steps) + Fraction(1, 2))
    return unit * (count if steps >= 0 else -count)


def paid_share(documents: Iterable[tuple[Decimal, Decimal, Decimal]]) -> Fraction:
    """Return which part of an order was really paid.

    :param documents: of each invoice, and with minus of each credit note: the order's
        part of it; what was paid of the whole document, and its total, both in its
        own currency
    :return: 0 to 1; 1 where nothing is to be paid, as a coupon covers it all
    """
    total, money = Fraction(0), Fraction(0)
    for part, paid, whole in documents:
        total += Fraction(part)
        if whole:
            money += Fraction(part) * Fraction(paid) / Fraction(whole)
    if total <= 0:
        return Fraction(1)
    return min(max(money / total, Fraction(0)), Fraction(1))


def bases(
    goods: Sequence[Decimal], other: Decimal, deductions: Decimal
) -> list[Fraction]:
    """Take coupons and store credit off the goods, in proportion to their prices.

    :param goods: price of each line of goods, less what was credited
    :param other: price of everything else, such as delivery, that earns nothing but
        bears its part of the deductions
    :param deductions: what coupons, credit and gift cards took off, as a positive number
    """
    goods = [max(price, Decimal(0)) for price in goods]
    gross = Fraction(sum(goods)) + Fraction(max(other, Decimal(0)))
    if not gross:
        return [Fraction(0)] * len(goods)
    left = max(gross - Fraction(max(deductions, Decimal(0))), Fraction(0)) / gross
    return [Fraction(price) * left for price in goods]


def on_rate(base: Fraction, rate: Decimal) -> Fraction:
    """Return what a base earns at a rate in percent."""
    return base * Fraction(rate) / 100


def on_margin(base: Fraction, cost: Decimal, paid: Fraction) -> Fraction:
    """Return the margin on what was paid over the distributor's own price; never less
    than nothing.

    :param base: what was paid for the goods
    :param cost: the distributor's own price of all of them
    :param paid: the part of the order that was paid
    """
    return max(base - Fraction(cost) * paid, Fraction(0))


def round_running(amounts: Sequence[Fraction], unit: Decimal) -> list[Decimal]:
    """Round amounts so that they add up to their rounded sum.

    Rounded on the running total: nobody is off by more than one unit, and a further
    line changes none before it.
    """
    parts, running, before = [], Fraction(0), Decimal(0)
    for amount in amounts:
        running += amount
        now = rounded(running, unit)
        parts.append(now - before)
        before = now
    return parts


class Charges(NamedTuple):
    """What leaves a withdrawal before it reaches the bank; it adds up to the amount."""

    fee: Decimal
    tax: Decimal
    net: Decimal


def charges(
    amount: Decimal, fixed: Decimal, percent: Decimal, tax: Decimal, unit: Decimal
) -> Charges:
    """Return fee, withheld tax and what is paid out of an amount.

    :param fixed: fee in money
    :param percent: fee in percent of the amount, on top
    :param tax: withheld tax in percent of the amount
    """
    fee = round_to(fixed + amount * percent / 100, unit)
    withheld = round_to(amount * tax / 100, unit)
    return Charges(fee, withheld, amount - fee - withheld)


def draw(
    items: Sequence[tuple[Key, Decimal]], amount: Decimal
) -> list[tuple[Key, Decimal]]:
    """Take an amount out of what stands on an account, the oldest first.

    :param items: balance of each item, oldest first; negative ones, such as reversals,
        use up the oldest positive ones before anything is drawn
    :return: what is drawn from which item; adds up to `amount`, or to all there is
    """
    debt = -sum((balance for _key, balance in items if balance < 0), Decimal(0))
    drawn = []
    for key, balance in items:
        if balance <= 0:
            continue
        used = min(debt, balance)
        debt -= used
        part = min(balance - used, amount)
        if part > 0:
            drawn.append((key, part))
            amount -= part
    return drawn


def holder_key(name: str) -> str:
    """Return a name as it is compared: without differences of width, case or spaces."""
    return "".join(normalize("NFKC", name or "").casefold().split())
