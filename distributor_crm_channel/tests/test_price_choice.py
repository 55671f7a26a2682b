# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged
from odoo.tools import float_round

from odoo.addons.distributor_crm_channel.price.choice import (
    CHANNELS,
    RETAIL,
    SCOPES,
    WHOLESALE,
    Case,
    Rule,
    RuleBook,
    choose,
    holds,
    judge,
    order,
    precedence,
)
from odoo.addons.distributor_crm_channel.price.normal import (
    effective_price,
    unit_price,
)

DAY = date(2026, 3, 1)
SMALL = st.integers(0, 3)
TREE = {1: (1,), 2: (1, 2), 3: (1, 2, 3)}


@st.composite
def rules(draw):
    scope = draw(st.sampled_from(SCOPES))
    key = draw(st.integers(1, 3)) if scope != "all" else 0
    first = DAY + timedelta(days=draw(st.integers(-5, 5)))
    last = draw(st.none() | st.integers(0, 8).map(lambda n: first + timedelta(n)))
    return Rule(
        id=draw(st.integers(1, 10**6)),
        scope=scope,
        key=key,
        depth=len(TREE[key]) if scope == "category" else 0,
        brand=draw(SMALL) if scope == "category" else 0,
        grade=draw(SMALL),
        channel=draw(st.sampled_from(("", *CHANNELS))),
        country=draw(SMALL),
        state=draw(SMALL),
        currency=draw(SMALL),
        first=first,
        last=last,
        floor=draw(st.integers(1, 200)),
    )


cases = st.builds(
    Case,
    day=st.just(DAY),
    variant=SMALL,
    product=SMALL,
    categories=st.sampled_from(list(TREE.values())),
    brand=SMALL,
    grade=SMALL,
    channel=st.sampled_from(CHANNELS),
    country=SMALL,
    state=SMALL,
    currency=SMALL,
)


@tagged("post_install", "-at_install")
class TestPriceChoice(BaseCase):
    """The most specific rule counts, in the order that is written down (R170)."""

    @settings(max_examples=150, deadline=None)
    @given(st.lists(rules(), max_size=8, unique_by=lambda rule: rule.id), cases)
    def test_one_rule_counts_whatever_their_order(self, some, case):
        chosen = choose(some, case)
        self.assertEqual(chosen, choose(reversed(some), case))
        self.assertEqual(chosen, RuleBook(some).choose(case))
        fitting = [rule for rule in some if holds(rule, case)]
        if chosen is None:
            self.assertFalse(fitting)
            return
        self.assertIn(chosen, fitting)
        for rule in fitting:
            self.assertLessEqual(order(chosen, case), order(rule, case))
            self.assertGreaterEqual(chosen.precedence, rule.precedence)

    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(rules(), max_size=6, unique_by=lambda rule: rule.id), cases, rules()
    )
    def test_a_rule_that_does_not_hold_changes_nothing(self, some, case, more):
        if not holds(more, case) and more.id not in {rule.id for rule in some}:
            self.assertEqual(choose(some, case), choose([*some, more], case))

    @settings(max_examples=200, deadline=None)
    @given(rules(), cases)
    def test_what_a_rule_names_is_what_it_holds_for(self, rule, case):
        if not holds(rule, case):
            return
        self.assertLessEqual(rule.first, case.day)
        self.assertTrue(rule.last is None or rule.last >= case.day)
        for name in ("grade", "country", "state"):
            self.assertIn(getattr(rule, name), (0, getattr(case, name)))
        if case.channel == WHOLESALE:
            self.assertEqual(rule.channel, WHOLESALE)

    def test_the_order_that_is_written_down(self):
        ranks = [
            precedence("variant"),
            precedence("product", grade=True, channel=True, state=True),
            precedence("product"),
            precedence("category", depth=3, brand=True),
            precedence("category", depth=3),
            precedence("category", depth=2, brand=True, grade=True),
            precedence("category", depth=1),
            precedence("brand", grade=True, channel=True, country=True),
            precedence("brand", grade=True),
            precedence("brand", channel=True, state=True),
            precedence("brand", channel=True, country=True),
            precedence("brand", channel=True),
            precedence("brand", state=True, country=True),
            precedence("brand", country=True),
            precedence("brand"),
            precedence("all", grade=True, channel=True, country=True, state=True),
            precedence("all"),
        ]
        self.assertEqual(ranks, sorted(ranks, reverse=True))
        self.assertEqual(len(ranks), len(set(ranks)))
        # a column of the database holds it
        top = precedence(
            "variant", depth=999, brand=True, grade=True, channel=True, state=True
        )
        self.assertLess(top, 2**31)

    def test_wholesale_is_a_price_of_its_own(self):
        rule = Rule(1, "all", 0, DAY)
        for channel in RETAIL:
            self.assertTrue(holds(rule, Case(DAY, 1, 1, channel=channel)))
        self.assertFalse(holds(rule, Case(DAY, 1, 1, channel=WHOLESALE)))

    @settings(max_examples=300, deadline=None)
    @given(
        st.integers(1, 10**7),
        st.integers(1, 10**7),
        st.integers(0, 5000),
    )
    def test_below_is_below(self, price, floor, tolerance):
        price, floor, tolerance = price / 100, floor / 100, tolerance / 100
        rule = Rule(1, "all", 0, DAY, floor=floor, tolerance=tolerance)
        verdict = judge(rule, price)
        limit = float_round(floor * (1 - tolerance / 100), precision_digits=2)
        self.assertEqual(verdict.state, "below" if price < limit else "ok")
        if verdict.state == "below":
            self.assertGreaterEqual(verdict.percent, 0)
            self.assertLessEqual(verdict.percent, 100)

    def test_band_and_free(self):
        band = Rule(1, "all", 0, DAY, kind="band", floor=80, ceiling=100)
        found = [judge(band, price).state for price in (79.99, 80, 100, 100.01)]
        self.assertEqual(found, ["below", "ok", "ok", "above"])
        self.assertEqual(judge(band, 100.004).state, "ok")
        self.assertEqual(judge(Rule(1, "all", 0, DAY, kind="free"), 1).state, "free")
        self.assertEqual(judge(None, 1).state, "free")
        self.assertEqual(judge(band, 60).percent, 25)

    def test_promotions_that_are_allowed_lower_no_price(self):
        """Free shipping, points, gifts leave the marked price alone (R171)."""
        self.assertEqual(effective_price(100, 80, True), 100)
        self.assertEqual(effective_price(100, 80, False), 80)
        self.assertEqual(effective_price(100, None, False), 100)
        # who pays more than the marked price pays for something else
        self.assertEqual(effective_price(100, 110, False), 100)

    def test_one_piece_without_shipping_and_tax(self):
        self.assertAlmostEqual(unit_price(236, shipping=10, pieces=2), 113)
        net = unit_price(113, has_tax=True, wants_tax=False, tax=13)
        self.assertAlmostEqual(net, 100)
        self.assertAlmostEqual(
            unit_price(net, has_tax=False, wants_tax=True, tax=13), 113
        )
