# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Netting what is taken back: the arithmetic, without a database."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.distributor_crm_expense.fee import netting

CENT = Decimal("0.01")
AMOUNTS = st.dictionaries(
    st.integers(1, 20),
    st.integers(-(10**7), 10**7).map(lambda cents: cents * CENT),
    max_size=8,
)


@tagged("post_install", "-at_install")
class TestNetting(BaseCase):
    @given(amounts=AMOUNTS)
    @settings(max_examples=200, deadline=None)
    def test_adds_up(self, amounts):
        """Nobody is paid less than 0, the net is paid, nothing is lost or made."""
        shares = netting.net(amounts)
        total = sum(amounts.values())
        if total < 0:
            self.assertIsNone(shares)
            return
        self.assertEqual(list(shares), list(amounts))
        for key, share in shares.items():
            self.assertGreaterEqual(share.paid, 0)
            self.assertLessEqual(share.paid, max(amounts[key], 0))
            self.assertEqual(share.paid + share.offset, amounts[key])
        self.assertEqual(sum(share.paid for share in shares.values()), total)
        self.assertEqual(sum(share.offset for share in shares.values()), 0)

    def test_by_hand(self):
        """30 taken back: all of the first 20, and 10 of the next 80."""
        amounts = {"a": Decimal(20), "b": Decimal(-30), "c": Decimal(80)}
        self.assertEqual(
            netting.net(amounts), {"a": (0, 20), "b": (0, -30), "c": (70, 10)}
        )
        self.assertEqual(netting.net({"a": Decimal(5), "b": Decimal(-5)})["a"].paid, 0)
        self.assertIsNone(netting.net({"a": Decimal(5), "b": Decimal("-5.01")}))

    @given(
        cents=st.integers(0, 10**8),
        weights=st.dictionaries(
            st.integers(1, 9), st.integers(0, 1000).map(Decimal), min_size=1
        ).filter(lambda weights: any(weights.values())),
    )
    @settings(max_examples=150, deadline=None)
    def test_split(self, cents, weights):
        """Shares are whole cents, add up, and are off their exact part by < a cent."""
        total = cents * CENT
        shares = netting.split(total, weights, CENT)
        self.assertEqual(sum(shares.values()), total)
        whole = sum(weights.values())
        for key, share in shares.items():
            self.assertEqual(share % CENT, 0)
            self.assertLess(abs(share - total * weights[key] / whole), CENT)
        with self.assertRaises(ValueError):
            netting.split(total, {1: Decimal(0)}, CENT)
