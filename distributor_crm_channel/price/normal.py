# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""From a price as it was seen to the price of one piece."""


def effective_price(marked: float, paid: float | None, is_allowed: bool) -> float:
    """Return the price that counts.

    A promotion that the rule allows (free shipping, points, a gift) leaves the marked
    price as it is; any other one counts with what is paid in the end (R171).

    :param paid: after coupons and discounts, None or 0 where it was not seen
    """
    return marked if is_allowed or not paid else min(marked, paid)


def unit_price(
    price: float,
    *,
    shipping: float = 0.0,
    pieces: int = 1,
    has_tax: bool = True,
    wants_tax: bool = True,
    tax: float = 0.0,
) -> float:
    """Return the price of one piece, without the shipping that it contained.

    :param pieces: of a bundle of the same product
    :param tax: in percent
    """
    price = (price - shipping) / max(pieces, 1)
    if has_tax and not wants_tax:
        return price / (1 + tax / 100)
    if wants_tax and not has_tax:
        return price * (1 + tax / 100)
    return price
