# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a criterion may look at, and how a fact is compared: plain values in and out.

A fact is None where nobody has said it; a criterion about it is then neither met nor
missed.
"""

from typing import NamedTuple

from odoo.tools import float_compare
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

NUMBER, CHOICE, RATING, TEXT = "number", "choice", "rating", "text"


class Fact(NamedTuple):
    """What is looked at: whose it is, what kind of value, and in which field."""

    subject: str
    kind: str
    label: str
    field: str


FACTS = {
    "shop_count": Fact("application", NUMBER, _lt("Number of shops"), "shop_count"),
    "verified_shop_count": Fact(
        "application", NUMBER, _lt("Number of verified shops"), "verified_shop_count"
    ),
    "knows_operations": Fact(
        "application", CHOICE, _lt("Knows how to run a shop"), "knows_operations"
    ),
    "knows_category": Fact(
        "application", CHOICE, _lt("Knows our category"), "knows_category"
    ),
    "is_full_time": Fact("application", CHOICE, _lt("Full-time"), "is_full_time"),
    "hours_week": Fact("application", NUMBER, _lt("Hours a week"), "hours_week"),
    "experience_years": Fact(
        "application", NUMBER, _lt("Years of experience"), "experience_years"
    ),
    "ability": Fact("application", CHOICE, _lt("Distribution ability"), "ability"),
    "age_band": Fact("application", CHOICE, _lt("Age"), "age_band"),
    "promotion_budget": Fact(
        "application", NUMBER, _lt("Monthly promotion budget"), "promotion_budget"
    ),
    "accepts_policy": Fact(
        "application", CHOICE, _lt("Accepts the policy"), "policy_answer"
    ),
    "source": Fact("application", CHOICE, _lt("How they know us"), "source"),
    "customer_base": Fact(
        "application", NUMBER, _lt("Customers they can reach"), "customer_base"
    ),
    "market_view": Fact(
        "application", TEXT, _lt("Their view of the market"), "market_view"
    ),
    "rating": Fact("shop", RATING, _lt("Shop rating"), "rating_id"),
    "positive_rate": Fact("shop", NUMBER, _lt("Positive reviews (%)"), "positive_rate"),
    "followers": Fact("shop", NUMBER, _lt("Followers"), "followers"),
    "monthly_visitors": Fact(
        "shop", NUMBER, _lt("Visitors a month"), "monthly_visitors"
    ),
    "ownership": Fact("shop", CHOICE, _lt("How they came by the shop"), "ownership"),
    "in_category": Fact("shop", CHOICE, _lt("Sells our category"), "in_category"),
    "other_goods": Fact("shop", CHOICE, _lt("Sells other goods"), "other_goods"),
    "category_share": Fact(
        "shop", NUMBER, _lt("Share of our category in sales (%)"), "category_share"
    ),
}
OPERATORS = {
    NUMBER: {"gt", "ge", "eq", "set"},
    RATING: {"gt", "ge", "eq", "set"},
    CHOICE: {"eq", "in", "set"},
    TEXT: {"set"},
}


def is_met(kind: str, operator: str, fact, wanted) -> bool | None:
    """Return whether a fact meets what is wanted; None where it is not known.

    :param fact: number, rank of a rating, code of a choice, text; None if not known
    :param wanted: the number, the rank, or the set of codes
    """
    if fact is None:
        return None
    if operator == "set":
        return True
    if kind == CHOICE:
        return fact in wanted
    order = float_compare(fact, wanted, precision_digits=2)
    return {"gt": order > 0, "ge": order >= 0, "eq": order == 0}[operator]
