# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a fee standard grants on sales, and how much of it is released by collection.

Pure arithmetic in one currency. A figure is always worked out anew from all that is
known of a month's sales; what is granted now is the difference to what was granted
before, so that nothing is granted twice and nothing is lost (R084, R085).
"""

from collections import defaultdict
from collections.abc import Hashable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple, TypeVar

from .netting import split

Key = TypeVar("Key", bound=Hashable)
ZERO, ONE = Decimal(0), Decimal(1)


class Sold(NamedTuple):
    """Sales less returns: units, amount without tax, and what of it was collected."""

    quantity: Decimal
    net: Decimal
    collected: Decimal


class Terms(NamedTuple):
    """What a standard grants: `percent` of net sales, or an amount per `unit`.

    :ivar cap: at most so much per customer and month; 0 for no cap
    """

    basis: str
    rate: Decimal = ZERO
    amount: Decimal = ZERO
    cap: Decimal = ZERO


class Entitlement(NamedTuple):
    """The whole fee of some sales, the share released, and the amount released."""

    full: Decimal
    rate: Decimal
    due: Decimal


def to_unit(amount: Decimal, unit: Decimal) -> Decimal:
    """Round to the smallest coin, halves away from zero."""
    return (amount / unit).quantize(ONE, ROUND_HALF_UP) * unit


def released_share(sold: Sold, mode: str) -> Decimal:
    """The share of a fee that collection releases (R085, R086): from 0 to 1.

    :param mode: `proportional` to what is collected, or `after_full` collection
    """
    if sold.net <= 0:
        # Nothing is left to collect; what was granted is taken back at once.
        return ONE
    if mode == "after_full":
        return ONE if sold.collected >= sold.net else ZERO
    return min(max(sold.collected / sold.net, ZERO), ONE)


def whole_fee(sold: Sold, terms: Terms, unit: Decimal) -> Decimal:
    """The fee on these sales if all of it is collected, before any cap."""
    if terms.basis == "percent":
        return to_unit(sold.net * terms.rate / 100, unit)
    if terms.basis == "unit":
        return to_unit(sold.quantity * terms.amount, unit)
    return ZERO


def _keep_cap(fees: Mapping[Key, Decimal], cap: Decimal, unit: Decimal):
    """Lower what is granted so that it adds up to no more than the cap."""
    if not cap or sum(fees.values(), ZERO) <= cap:
        return dict(fees)
    granted = {key: fee for key, fee in fees.items() if fee > 0}
    taken_back = sum((fee for fee in fees.values() if fee < 0), ZERO)
    return {**fees, **split(cap - taken_back, granted, unit)}


def entitlements(
    rows: Mapping[Key, tuple[Sold, Terms, Hashable]], mode: str, unit: Decimal
) -> dict[Key, Entitlement]:
    """What sales are entitled to by now.

    :param rows: sales, terms, and what shares one cap: the same customer, month and
        standard
    :param unit: the currency's smallest coin
    """
    groups = defaultdict(dict)
    for key, (sold, terms, shared) in rows.items():
        groups[shared, terms.cap][key] = whole_fee(sold, terms, unit)
    result = {}
    for (_shared, cap), fees in groups.items():
        for key, full in _keep_cap(fees, cap, unit).items():
            share = released_share(rows[key][0], mode)
            result[key] = Entitlement(full, share, to_unit(full * share, unit))
    return result


def kind_of_change(change: Decimal, net: Decimal, net_before: Decimal) -> str:
    """Why an earlier month's fee changes: a return, a payment that came back, or a
    collection that came later."""
    if change > 0:
        return "late_collection"
    return "return" if net < net_before else "bad_debt"
