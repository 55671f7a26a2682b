# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What is taken back is kept from what is paid next, cent by cent, without the ORM."""

from collections.abc import Hashable, Mapping
from decimal import Decimal
from typing import NamedTuple, TypeVar

Key = TypeVar("Key", bound=Hashable)


class Share(NamedTuple):
    """One key's part of a payment: `paid` + `offset` is what was due to it."""

    paid: Decimal
    offset: Decimal


def net(amounts: Mapping[Key, Decimal]) -> dict[Key, Share] | None:
    """Set what one payee is due against what he has to give back.

    What is negative is kept from the others in the order in which they are given.
    Payments are never negative, add up to the net, and all offsets to 0.

    :param amounts: what is due by key, such as customer and product, in one currency
    :return: the shares by key; None when less than nothing is left: then it all waits
        for the next payment
    """
    debt = -sum((amount for amount in amounts.values() if amount < 0), Decimal(0))
    if sum(amounts.values(), Decimal(0)) < 0:
        return None
    shares = {}
    for key, amount in amounts.items():
        kept = min(debt, amount) if amount > 0 else Decimal(0)
        debt -= kept
        paid = max(amount, Decimal(0)) - kept
        shares[key] = Share(paid, amount - paid)
    return shares


def never_paid(amounts):
    """What of one sale's grants and take-backs is never paid, in their order.

    What takes back first takes back what was never paid.

    :param amounts: pairs of what was granted (less than 0: taken back), and whether
        that is never paid
    :return: a list, as long as `amounts`
    """
    result, pool = [], 0
    for amount, forfeited in amounts:
        part = amount if forfeited and amount > 0 else max(min(amount, 0), -pool)
        pool += part
        result.append(part)
    return result


def split(total: Decimal, weights: Mapping[Key, Decimal], unit: Decimal):
    """Share out an amount by weights, in whole units, to the last one.

    Each share is below its exact part by less than a unit; the units that are left go
    to the largest remainders, equal ones in the given order.

    :param weights: 0 or more each, not all 0
    :param unit: the smallest coin, such as 0.01
    """
    whole = sum(weights.values(), Decimal(0))
    if whole <= 0 or min(weights.values()) < 0:
        raise ValueError("Weights are 0 or more, and not all 0")
    exact = {key: total * weight / whole for key, weight in weights.items()}
    shares = {key: part // unit * unit for key, part in exact.items()}
    missing = int((total - sum(shares.values())) / unit)
    by_remainder = sorted(exact, key=lambda key: shares[key] - exact[key])
    for key in by_remainder[:missing]:
        shares[key] += unit
    return shares
