# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ..fee.entitlement import (
    Sold,
    Terms,
    entitlements,
    kind_of_change,
    released_share,
    to_unit,
    whole_fee,
)

CENT = Decimal("0.01")
D = Decimal
amounts = st.decimals(-100000, 100000, places=2)
solds = st.builds(Sold, st.decimals(-500, 500, places=1), amounts, amounts)
terms = st.one_of(
    st.builds(
        Terms,
        st.just("percent"),
        rate=st.decimals(0, 20, places=2),
        cap=st.sampled_from([D(0), D(100), D("33.33")]),
    ),
    st.builds(
        Terms,
        st.just("unit"),
        amount=st.decimals(0, 50, places=2),
        cap=st.sampled_from([D(0), D("250.5")]),
    ),
)
rows = st.dictionaries(
    st.integers(0, 20), st.tuples(solds, terms, st.sampled_from("ab")), max_size=8
)


class TestEntitlement(TestCase):
    """What collection releases of a fee (R084, R085)."""

    def test_proportional_to_collection(self):
        sold = Sold(D(10), D(1000), D(750))
        self.assertEqual(released_share(sold, "proportional"), D("0.75"))
        due = entitlements(
            {1: (sold, Terms("percent", rate=D(5)), "x")}, "proportional", CENT
        )[1]
        self.assertEqual((due.full, due.due), (D(50), D("37.50")))

    def test_after_full_collection_alone(self):
        for collected, share in ((D("999.99"), 0), (D(1000), 1), (D(1200), 1)):
            with self.subTest(collected):
                sold = Sold(D(1), D(1000), collected)
                self.assertEqual(released_share(sold, "after_full"), share)

    def test_overpaid_releases_no_more_than_all(self):
        sold = Sold(D(1), D(100), D(130))
        self.assertEqual(released_share(sold, "proportional"), 1)

    def test_nothing_left_to_collect_takes_back_at_once(self):
        sold = Sold(D(-1), D(-100), D(0))
        self.assertEqual(released_share(sold, "proportional"), 1)
        self.assertEqual(whole_fee(sold, Terms("percent", rate=D(5)), CENT), -5)

    def test_cap_is_shared_by_what_it_covers(self):
        terms = Terms("unit", amount=D(10), cap=D(100))
        sold = Sold(D(10), D(500), D(500))
        due = entitlements(
            {key: (sold, terms, "same") for key in range(3)}, "proportional", CENT
        )
        self.assertEqual(sum(one.full for one in due.values()), 100)
        self.assertEqual({one.full for one in due.values()}, {D("33.33"), D("33.34")})

    def test_halves_round_away_from_zero(self):
        self.assertEqual(to_unit(D("0.005"), CENT), CENT)
        self.assertEqual(to_unit(D("-0.005"), CENT), -CENT)

    def test_kind_of_change(self):
        self.assertEqual(kind_of_change(D(1), D(5), D(5)), "late_collection")
        self.assertEqual(kind_of_change(D(-1), D(4), D(5)), "return")
        self.assertEqual(kind_of_change(D(-1), D(5), D(5)), "bad_debt")

    @given(rows, st.sampled_from(["proportional", "after_full"]))
    def test_never_above_the_whole_fee_nor_the_cap(self, rows, mode):
        """No release exceeds the fee, and no group of sales its cap."""
        due = entitlements(rows, mode, CENT)
        self.assertEqual(due.keys(), rows.keys())
        groups = {}
        for key, one in due.items():
            self.assertLessEqual(abs(one.due), abs(one.full))
            self.assertEqual(one.due, one.due.quantize(CENT))
            _sold, terms, shared = rows[key]
            groups.setdefault((shared, terms.cap), []).append(one.full)
        for (_shared, cap), fulls in groups.items():
            if cap:
                self.assertLessEqual(sum(fulls), cap)

    @given(
        st.lists(solds, min_size=1, max_size=6),
        terms,
        st.sampled_from(["proportional", "after_full"]),
    )
    def test_differences_add_up_whatever_comes_between(self, history, terms, mode):
        """What is granted month by month is what the last month alone would grant."""
        granted = D(0)
        for sold in history:
            due = entitlements({0: (sold, terms, "x")}, mode, CENT)[0].due
            granted += due - granted
        last = entitlements({0: (history[-1], terms, "x")}, mode, CENT)[0].due
        self.assertEqual(granted, last)
