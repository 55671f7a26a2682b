# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How fast a distributor sells what he holds, and how long it lasts (R114)."""

SPAN = 90  # days over which deliveries tell the pace where no earlier count does


def daily_sales(quantity, before, delivered, days, delivered_in_span):
    """Return how many units a distributor sells a day.

    What was counted before, and came since, and is not there any more, was sold. Without
    an earlier count, or where more is there than can be, what was delivered lately is
    taken for what he sells.

    :param quantity: counted now
    :param before: counted last time; None where never
    :param delivered: since then
    :param days: since then
    :param delivered_in_span: in the last SPAN days
    """
    if before is not None and days > 0:
        sold = before + delivered - quantity
        if sold >= 0:
            return sold / days
    return max(delivered_in_span, 0) / SPAN


def days_of_stock(quantity, pace):
    """Return for how many days a quantity lasts; None where nothing is sold."""
    return quantity / pace if pace > 0 else None


def level(days, low, high):
    """Return whether stock is short, ok or heavy, or idle where nothing of it sells.

    :param days: None where nothing is sold
    """
    if days is None:
        return "idle"
    if days < low:
        return "short"
    return "heavy" if days > high else "ok"
