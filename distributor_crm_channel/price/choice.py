# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Which rule a price is held against, and what the comparison says (R170, R171).

Of the rules that hold on a day for a product, a tier, a channel and a place, the most
specific one counts, looked at in this order:

1. the product: a variant, then a product, then a category (the nearest first, one that
   names a brand too before one that does not), then a brand, then all products;
2. the tier: named before any;
3. the channel: named before any;
4. the place: a province, then a country, then any;
5. the currency: the one of the price before another;
6. the rule that was made first.

A rule without a channel holds for all retail channels. What distributors pay themselves
is a price of its own kind: a rule holds for it only if it names that channel.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from odoo.tools import float_round

WHOLESALE = "wholesale"
RETAIL = ("shop", "direct", "platform", "groupbuy", "premises")
CHANNELS = (*RETAIL, WHOLESALE)
SCOPES = ("all", "brand", "category", "product", "variant")
MAX_DEPTH = 255

FREE, FLOOR, BAND = "free", "floor", "band"


@dataclass(frozen=True, slots=True)
class Rule:
    """One price rule, as far as a choice and a comparison need it.

    :param scope: one of ``SCOPES``; ``key`` is the id that it names, 0 for all
    :param depth: of the category, 1 for one without a parent; otherwise 0
    :param brand: that a rule of a category is narrowed to, 0 for none
    :param grade: tier, 0 for any; so are channel (empty), country and state
    :param first: day from which it holds; ``last``: the last one, None for ever
    :param kind: ``free``, ``floor`` or ``band``
    :param tolerance: how far below the floor nobody minds, in percent
    :param with_tax: whether floor and ceiling contain taxes
    :param promotions: ids of the promotions that do not lower a price
    :param refuses: whether a sale below is refused, not put up for approval
    """

    id: int
    scope: str
    key: int
    first: date
    last: date | None = None
    depth: int = 0
    brand: int = 0
    grade: int = 0
    channel: str = ""
    country: int = 0
    state: int = 0
    currency: int = 0
    kind: str = FLOOR
    floor: float = 0.0
    ceiling: float = 0.0
    tolerance: float = 0.0
    with_tax: bool = True
    promotions: frozenset = frozenset()
    refuses: bool = False

    @property
    def precedence(self) -> int:
        """How specific it is, see :func:`precedence`."""
        return precedence(
            self.scope,
            depth=self.depth,
            brand=bool(self.brand),
            grade=bool(self.grade),
            channel=bool(self.channel),
            country=bool(self.country),
            state=bool(self.state),
        )


class Case(NamedTuple):
    """What is sold or seen: the product and where, by whom, in what currency, when.

    :param categories: the product's category and those above it
    """

    day: date
    variant: int
    product: int
    categories: tuple[int, ...] = ()
    brand: int = 0
    grade: int = 0
    channel: str = ""
    country: int = 0
    state: int = 0
    currency: int = 0


class Verdict(NamedTuple):
    """What the comparison says.

    :param state: ``free``, ``ok``, ``below`` or ``above``
    :param percent: how far below the floor, in percent of it; 0 elsewhere
    """

    state: str
    percent: float = 0.0


def precedence(
    scope: str,
    *,
    depth: int = 0,
    brand: bool = False,
    grade: bool = False,
    channel: bool = False,
    country: bool = False,
    state: bool = False,
) -> int:
    """Return a number that is higher the more specific a rule is.

    It packs steps 1 to 4 of the order above, small enough for a column of a database.
    """
    number = SCOPES.index(scope)
    number = number * (MAX_DEPTH + 1) + min(depth, MAX_DEPTH)
    number = number * 2 + brand
    number = number * 2 + grade
    number = number * 2 + channel
    return number * 3 + (2 if state else 1 if country else 0)


def holds(rule: Rule, case: Case) -> bool:
    """Whether a rule holds in a case at all."""
    return (
        rule.first <= case.day
        and (rule.last is None or case.day <= rule.last)
        and rule.grade in (0, case.grade)
        and rule.country in (0, case.country)
        and rule.state in (0, case.state)
        and _covers_channel(rule.channel, case.channel)
        and _covers_product(rule, case)
    )


def _covers_channel(named: str, channel: str) -> bool:
    return named == channel if named else channel != WHOLESALE


def _covers_product(rule: Rule, case: Case) -> bool:
    if rule.brand not in (0, case.brand):
        return False
    match rule.scope:
        case "variant":
            return rule.key == case.variant
        case "product":
            return rule.key == case.product
        case "category":
            return rule.key in case.categories
        case "brand":
            return bool(case.brand) and rule.key == case.brand
    return True


def order(rule: Rule, case: Case) -> tuple:
    """Return what the rules that hold are sorted by: the first one counts."""
    return -rule.precedence, rule.currency != case.currency, rule.id


def choose(rules: Iterable[Rule], case: Case) -> Rule | None:
    """Return the rule that counts in a case, None where no rule holds."""
    found = [rule for rule in rules if holds(rule, case)]
    return min(found, key=lambda rule: order(rule, case), default=None)


class RuleBook:
    """The rules of a company, found by what they name instead of one by one."""

    def __init__(self, rules: Iterable[Rule]):
        self.rules = tuple(rules)
        self._by_key = defaultdict(list)
        for rule in self.rules:
            self._by_key[rule.scope, rule.key].append(rule)

    def __bool__(self):
        return bool(self.rules)

    def candidates(self, case: Case) -> Iterator[Rule]:
        """The rules that may concern the product."""
        keys = [("variant", case.variant), ("product", case.product), ("all", 0)]
        keys += [("category", category) for category in case.categories]
        keys += [("brand", case.brand)] if case.brand else []
        for key in keys:
            yield from self._by_key.get(key, ())

    def choose(self, case: Case) -> Rule | None:
        """Return the rule that counts in a case, None where no rule holds."""
        return choose(self.candidates(case), case)


def judge(rule: Rule | None, price: float, digits: int = 2) -> Verdict:
    """Hold a price against a rule.

    :param price: in the rule's currency, with tax if the rule's amounts have it
    :param digits: decimals of that currency; what is less is no difference
    """
    if rule is None or rule.kind == FREE:
        return Verdict("free")
    price = _round(price, digits)
    if price < _round(rule.floor * (1 - rule.tolerance / 100), digits):
        return Verdict("below", _round((1 - price / rule.floor) * 100, 2))
    if rule.kind == BAND and price > _round(rule.ceiling, digits):
        return Verdict("above")
    return Verdict("ok")


def _round(number: float, digits: int) -> float:
    """Round half up, as the database rounds what it knows exactly."""
    return float_round(number, precision_digits=digits)
