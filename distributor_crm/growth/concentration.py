# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Who makes 80 % of the sales (2:8原理, R218)."""

from collections.abc import Mapping
from decimal import Decimal


def classes(
    sales: Mapping[int, Decimal], cut_a: Decimal, cut_b: Decimal
) -> dict[int, tuple[str, Decimal]]:
    """Return class and cumulative share in percent of everybody with sales.

    Class A are the biggest, up to and with the one whose sales reach the first cut; equal
    sales are taken in the order of the ids. Who sold nothing, or gave back more than he
    bought, is in no class.

    :param cut_a: percent of all sales that class A makes
    :param cut_b: percent that A and B make together
    """
    positive = {key: amount for key, amount in sales.items() if amount > 0}
    total = sum(positive.values())
    found, before = {}, Decimal(0)
    for key in sorted(positive, key=lambda key: (-positive[key], key)):
        share = 100 * before / total
        letter = "a" if share < cut_a else "b" if share < cut_b else "c"
        before += positive[key]
        found[key] = letter, 100 * before / total
    return found
