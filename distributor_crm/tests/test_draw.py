# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The draw of spot checks (R109): repeatable, fair, and steered by nobody."""

import hashlib
import random
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.distributor_crm import draw

KEYS = st.lists(st.integers(1, 10**6), max_size=40, unique=True)
SEED = st.text("0123456789abcdef", min_size=32, max_size=32)


@tagged("post_install", "-at_install")
class TestDraw(BaseCase):
    @given(keys=KEYS, seed=SEED, count=st.integers(0, 50), shuffle=st.randoms())
    @settings(max_examples=150, deadline=None)
    def test_repeatable(self, keys, seed, count, shuffle):
        """The same seed and population give the same draw, however they are listed."""
        drawn = draw.draw(keys, count, seed)
        shuffled = keys + keys[:3]
        shuffle.shuffle(shuffled)
        self.assertEqual(draw.draw(shuffled, count, seed), drawn)
        self.assertEqual(len(drawn), min(count, len(keys)))
        self.assertLessEqual(set(drawn), set(keys))
        self.assertEqual(draw.fingerprint(shuffled), draw.fingerprint(keys))

    @given(keys=KEYS, seed=SEED, count=st.integers(0, 20))
    @settings(max_examples=100, deadline=None)
    def test_redraw_takes_the_next(self, keys, seed, count):
        """More are drawn by going on: nobody who was drawn drops out."""
        order = draw.order(keys, seed)
        self.assertCountEqual(order, keys)
        self.assertEqual(draw.draw(keys, count + 1, seed)[:count], order[:count])
        # Whoever is left out does not change the order of the others.
        self.assertEqual(
            draw.order(keys[1:], seed), [k for k in order if k in keys[1:]]
        )

    def test_known_order(self):
        """The published algorithm, worked out here by itself: it never changes."""
        by_hand = sorted(
            range(1, 11),
            key=lambda key: hashlib.sha256(f"5eed:{key}".encode()).hexdigest(),
        )
        self.assertEqual(draw.order(range(1, 11), "5eed"), by_hand)
        self.assertEqual(draw.ALGORITHM, "sha256-order-1")

    def test_fair(self):
        """Over many seeds each of ten is drawn about equally often."""
        source = random.Random(7)
        counts = Counter()
        for _number in range(2000):
            counts.update(draw.draw(range(10), 3, f"{source.getrandbits(128):032x}"))
        # 600 expected, standard deviation about 20
        self.assertTrue(all(500 < counts[key] < 700 for key in range(10)), counts)

    def test_refused(self):
        for arguments in ((range(3), 1, ""), (range(3), 1, "x", "dice"), ((), -1, "x")):
            with self.assertRaises(ValueError):
                draw.draw(*arguments)
        self.assertNotEqual(draw.new_seed(), draw.new_seed())
        self.assertEqual(len(draw.new_seed()), 32)
