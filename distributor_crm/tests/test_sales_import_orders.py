# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import datetime
from decimal import Decimal

from odoo.tests import tagged

from ..models.sales_import.messages import LINES
from .sales_import_reader_common import HEADER, ReaderCase


@tagged("post_install", "-at_install")
class TestReaderOrders(ReaderCase):
    """Lines become orders; an order with one bad line is refused as a whole."""

    def test_lines_become_orders(self):
        book = self._book(
            "A1,2019-05-06,C1,P1,2,10.50,21",
            "A2,2019-05-05,C2,P1,1,10.50,10.5",
            "A1,2019-05-06,C1,P2,3,1,3",
        )
        order = book.orders["A1"]
        self.assertEqual([line.row for line in order.lines], [2, 4])
        self.assertEqual(order.amount, Decimal("24.00"))
        self.assertEqual(order.date, datetime.date(2019, 5, 6))
        self.assertEqual([o.number for o in book.good()], ["A2", "A1"], "by date")

    def test_bad_lines(self):
        for code, line in (
            ("no_date", "A1,,C1,P1,2,10.50,21"),
            ("no_date", "A1,NULL,C1,P1,2,10.50,21"),
            ("bad_date", "A1,2019-02-30,C1,P1,2,10.50,21"),
            ("bad_date", "A1,43591,C1,P1,2,10.50,21"),
            ("far_date", "A1,2109-05-06,C1,P1,2,10.50,21"),
            ("ambiguous_date", "A1,05/06/2019,C1,P1,2,10.50,21"),
            ("no_customer", "A1,2019-05-06,,P1,2,10.50,21"),
            ("no_product", "A1,2019-05-06,C1, ,2,10.50,21"),
            ("no_quantity", "A1,2019-05-06,C1,P1,,10.50,21"),
            ("zero_quantity", "A1,2019-05-06,C1,P1,0,10.50,0"),
            ("not_a_number", "A1,2019-05-06,C1,P1,two,10.50,21"),
            ("not_a_number", "A1,2019-05-06,C1,P1,2,1e3,21"),
            ("negative_price", "A1,2019-05-06,C1,P1,2,-10.50,-21"),
            ("no_price", "A1,2019-05-06,C1,P1,2,,"),
            ("amount", "A1,2019-05-06,C1,P1,2,10.50,21.02"),
            ("too_big", "A1,2019-05-06,C1,P1,1,9999999999999,9999999999999"),
            ("digits", "A1,2019-05-06,C1,P1,1000,1.2345,1234.50"),
            ("digits", "A1,2019-05-06,C1,P1,0.001,100,0.1"),
            ("too_many_cells", "A1,2019-05-06,C1,P1,1,1,234.50,234.50"),
            ("too_long", f"A1,2019-05-06,{'C' * 300},P1,2,10.50,21"),
        ):
            with self.subTest(line=line):
                book = self._book(line, "A1,2019-05-06,C1,P9,1,1,1")
                self.assertEqual(self._codes(book), [code])
                self.assertEqual(book.orders["A1"].problems[0][0], 2)
                self.assertFalse(book.good())
                self.assertIn(code, LINES, "the user gets a sentence")

    def test_a_cent_of_rounding_is_accepted(self):
        book = self._book("A1,2019-05-06,C1,P1,3,3.33,10")
        self.assertFalse(book.orders["A1"].problems)

    def test_line_without_order_number(self):
        book = self._book(",2019-05-06,C1,P1,2,10.50,21")
        self.assertEqual([(r, p.code) for r, p in book.stray], [(2, "no_order")])

    def test_order_with_two_heads(self):
        for code, second in (
            ("two_dates", "A1,2019-05-07,C1,P2,1,1,1"),
            ("two_customers", "A1,2019-05-06,C2,P2,1,1,1"),
        ):
            book = self._book("A1,2019-05-06,C1,P1,2,10.50,21", second)
            self.assertEqual(self._codes(book), [code])

    def test_order_with_two_currencies(self):
        header = f"{HEADER},currency"
        book = self._book(
            "A1,2019-05-06,C1,P1,2,10.50,21,USD",
            "A1,2019-05-06,C1,P2,2,10.50,21,EUR",
            header=header,
        )
        self.assertEqual(self._codes(book), ["two_currencys"])

    def test_file_concatenated_with_itself(self):
        lines = ["A1,2019-05-06,C1,P1,2,10.50,21", "A1,2019-05-06,C1,P2,1,1,1"]
        book = self._book(*lines, "A2,2019-05-06,C1,P1,1,1,1", *lines)
        self.assertEqual(self._codes(book), ["order_twice"])
        self.assertEqual([order.number for order in book.good()], ["A2"])

    def test_two_equal_lines_among_others_are_legal(self):
        line = "A1,2019-05-06,C1,P1,2,10.50,21"
        book = self._book(line, line, "A1,2019-05-06,C1,P2,1,1,1")
        self.assertEqual(len(book.good()[0].lines), 3)

    def test_returns(self):
        book = self._book(
            "A1,2019-05-06,C1,P1,2,10.50,21",
            "A1,2019-05-06,C1,P2,-3,1,-3",
            "A2,2019-05-06,C1,P2,(3),1,-3",
        )
        mixed, back = book.orders["A1"], book.orders["A2"]
        self.assertEqual(
            [(kind, [line[1:] for line in lines]) for kind, lines in mixed.documents()],
            [("out_invoice", [("P1", 2, 10.5)]), ("out_refund", [("P2", 3, 1)])],
        )
        self.assertEqual([kind for kind, _ in back.documents()], ["out_refund"])
        self.assertNotEqual(mixed.key("out_invoice"), mixed.key("out_refund"))

    def test_price_from_the_amount(self):
        header = "order,date,customer,product,quantity,amount"
        book = self._book(
            "A1,2019-05-06,C1,P1,4,10",
            "A2,2019-05-06,C1,P1,3,10",
            "A3,2019-05-06,C1,P1,3000,10",
            header=header,
        )
        self.assertEqual(book.orders["A1"].lines[0].price, 2.5)
        self.assertEqual(book.orders["A2"].lines[0].price, 3.33)
        self.assertEqual(self._codes(book, "A3"), ["amount"])

    def test_digest_knows_an_order_again(self):
        lines = ["A1,2019-05-06,C1,P1,2,10.50,21", "A1,2019-05-06,C1,P2,1,1,1"]
        same = self._book(*reversed(lines)).orders["A1"].digest()
        self.assertEqual(self._book(*lines).orders["A1"].digest(), same)
        self.assertNotEqual(self._book(lines[0]).orders["A1"].digest(), same)
