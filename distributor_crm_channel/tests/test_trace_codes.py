# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime

from odoo.tests import BaseCase, tagged

from ..territory import places
from ..trace.codes import Code, read_code
from ..trace.deliveries import Delivery, find_holders


@tagged("post_install", "-at_install")
class TestTraceCodes(BaseCase):
    def test_what_a_code_says(self):
        """Typed, from a link, or GS1 with brackets or separators (R145)."""
        for typed, expected in (
            (" sc2411-0042 ", Code("SC2411-0042")),
            ("SC 2411  0042", Code("SC 2411 0042")),
            ("https://shop.example/verify?code=sc1", Code("SC1")),
            ("HTTPS://shop.example/verify/SC%201/", Code("SC 1")),
            ("(01)06901234567892(10)L7", Code("L7", "06901234567892")),
            ("(01)06901234567892(10)L7(21)S9", Code("S9", "06901234567892")),
            ("010690123456789210L7\x1d21S9", Code("S9", "06901234567892")),
            ("]C1010690123456789217271231" + "10L7", Code("L7", "06901234567892")),
            ("0169", Code("0169")),
            ("", Code("")),
            (None, Code("")),
            ("x" * 65, Code("")),
            ("x" * 10000, Code("")),
            ("bad\x00code", Code("")),
            ("http://[", Code("")),
        ):
            with self.subTest(typed=typed):
                self.assertEqual(read_code(typed), expected)

    def _row(self, partner, out, back=0, lot=1, distributor=True):
        day = datetime(2026, 1, partner)
        return Delivery(1, lot, partner, distributor, out, back, day, day, 1)

    def test_who_has_a_lot(self):
        """What came back is taken off; several are several; nobody is nobody."""
        row = self._row
        for rows, kind, partners in (
            ([], "stock", []),
            ([row(1, 1)], "one", [1]),
            # delivered twice and returned once: it is with the other
            ([row(2, 1), row(1, 1, 1)], "one", [2]),
            ([row(1, 2, 1)], "one", [1]),
            ([row(1, 1, 1)], "stock", [1]),
            ([row(1, 5), row(2, 5)], "several", [1, 2]),
            # somebody else brought it back
            ([row(1, 1), row(2, 0, 1)], "stock", [1, 2]),
            ([row(1, 1, distributor=False)], "direct", [1]),
            ([row(1, 5), row(2, 1, distributor=False)], "several", [1, 2]),
            ([row(1, 0.1 + 0.2, 0.3)], "stock", [1]),
            ([row(1, 1), row(1, 1, lot=2)], "one", [1, 1]),
        ):
            with self.subTest(rows=rows):
                found = find_holders(rows)
                self.assertEqual(found.kind, kind)
                self.assertEqual([r.partner_id for r in found.deliveries], partners)

    def test_postal_codes(self):
        """A prefix is a stretch, too; ends are in it with all that starts so."""
        span = places.stretch("", "610000", "619999")
        for code, expected in (
            ("610000", True),
            ("6155", True),
            ("619999", True),
            ("620000", False),
            ("", None),
        ):
            self.assertIs(places.is_in(span, code), expected, code)
        self.assertIs(places.is_in(places.stretch("61", "", ""), "615000"), True)
        self.assertIs(places.is_in(places.stretch("", "", ""), ""), True)
        self.assertFalse(places.meet(span, places.stretch("62", "", "")))
        self.assertTrue(places.meet(span, places.stretch("6199", "", "")))
        self.assertTrue(places.meet(span, None))
        narrow = places.width(span)
        self.assertLess(places.width(places.stretch("6", "", "")), narrow)
        self.assertLess(narrow, places.width(places.stretch("612", "", "")))
