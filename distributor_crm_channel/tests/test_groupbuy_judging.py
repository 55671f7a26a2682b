# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, timedelta
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..groupbuy import Code, Limits, Use, address_key, get_result, judge, phone_key
from ..groupbuy.judging import measure_variance

DAY = date(2026, 5, 1)
LIMITS = Limits(
    minor=Decimal(3),
    major=Decimal(15),
    photos=2,
    days=3,
    units_low=Decimal(1),
    units_high=Decimal(6),
    guests_high=14,
)


@tagged("post_install", "-at_install")
class TestGroupbuyJudging(BaseCase):
    """The verdict is the worst of what was found (R039-R042); no database is asked."""

    def _judge(self, *uses, expected=30):
        return judge(LIMITS, {1: Decimal(expected)}, uses)

    def _use(self, quantity=30, **values):
        return Use(
            **{
                "number": 1,
                "planned_on": DAY,
                "held_on": DAY,
                "guests": 100,
                "tables": 10,
                "photos": 2,
                "used": {1: Decimal(quantity)},
                **values,
            }
        )

    def test_edges_of_the_tolerance(self):
        for quantity, result in (
            (100, "consistent"),
            (97, "consistent"),
            (103, "consistent"),
            ("96.9", "minor"),
            (85, "minor"),
            (115, "minor"),
            ("84.9", "inconsistent"),
            ("115.1", "inconsistent"),
            (0, "inconsistent"),
        ):
            with self.subTest(quantity=quantity):
                use = self._use(quantity, tables=25, guests=250)
                found = judge(
                    LIMITS,
                    {1: Decimal(100)},
                    [use],
                )
                goods = [one for one in found if one.kind == "goods"]
                self.assertEqual(get_result(goods), result)

    def test_products_do_not_make_up_for_each_other(self):
        expected = {1: Decimal(50), 2: Decimal(50)}
        self.assertEqual(measure_variance(expected, {1: Decimal(100)}), 50)
        self.assertEqual(measure_variance(expected, dict(expected)), 0)
        self.assertEqual(measure_variance({}, {1: Decimal(1)}), 100)
        self.assertEqual(measure_variance({}, {}), 0)

    def test_uses_add_up(self):
        halves = [
            self._use(15, number=number, tables=5, guests=50) for number in (1, 2)
        ]
        self.assertFalse(self._judge(*halves))

    def test_what_is_found(self):
        for values, kind, result in (
            ({"photos": 1}, "photos", "inconsistent"),
            ({"held_on": None}, "unreported", "inconsistent"),
            ({"held_on": DAY + timedelta(days=4)}, "date", "minor"),
            ({"held_on": DAY - timedelta(days=3)}, None, "consistent"),
            ({"tables": 4, "guests": 40}, "tables", "minor"),
            ({"tables": 31}, "tables", "minor"),
            ({"tables": 5, "guests": 71}, "guests", "minor"),
            ({"codes": [Code("X", "own")]}, None, "consistent"),
            ({"codes": [Code("X", "other_order")]}, "other_order", "minor"),
            ({"codes": [Code("X", "unknown")]}, "unknown", "inconsistent"),
            ({"codes": [Code("X", "undelivered")]}, "undelivered", "inconsistent"),
            ({"codes": [Code("X", "repeated")]}, "repeated", "inconsistent"),
            ({"codes": [Code("X", "foreign")]}, "foreign", "diverted"),
        ):
            with self.subTest(values=values):
                found = self._judge(self._use(**values))
                self.assertEqual(get_result(found), result)
                self.assertEqual(kind, found[0].kind if found else None)

    def test_keys(self):
        """One phone and one address, however they are typed."""
        for phone in ("+86 138-0042-0001", "0086 13800420001", "13800420001"):
            self.assertEqual(phone_key(phone), "13800420001")
        self.assertEqual(phone_key("１３８００４２０００１"), "13800420001")
        self.assertEqual(phone_key("021 6329 8888"), phone_key("+86 (0)21-63298888"))
        self.assertEqual(phone_key(None), "")
        self.assertEqual(address_key("南京路 12号，３楼"), address_key("南京路12号3楼"))
        self.assertEqual(address_key("Hall 3,  NANJING Rd."), "hall3nanjingrd")
