# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import datetime
import gzip
from decimal import Decimal
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from ..models.sales_import.messages import FILES, LINES
from ..sales_import import (
    FileProblem,
    Source,
    read_customers,
    read_orders,
    read_products,
    source,
    write_report,
)
from ..sales_import.book import Rules
from ..sales_import.columns import CUSTOMER_COLUMNS, ORDER_COLUMNS, PRODUCT_COLUMNS
from ..sales_import.problems import ValueProblem
from ..sales_import.values import read_date, read_number

HEADER = "order,date,customer,product,quantity,price,amount"


class ReaderCase(BaseCase):
    def _source(self, *lines, header=HEADER, encoding="utf-8", **options):
        text = "\n".join((header, *lines)) + "\n"
        return Source(text.encode(encoding), ORDER_COLUMNS, "orders.csv", **options)

    def _book(self, *lines, rules=None, **options):
        return read_orders(self._source(*lines, **options), rules or Rules())

    def _codes(self, book, number="A1"):
        return [problem.code for _row, problem in book.orders[number].problems]

    def _assert_file_problem(self, code, data, columns=ORDER_COLUMNS):
        with self.assertRaises(FileProblem) as caught:
            list(Source(data, columns).rows())
        self.assertEqual(caught.exception.problem.code, code)
        self.assertIn(code, FILES, "the user gets a sentence")
        return caught.exception.problem.params


@tagged("post_install", "-at_install")
class TestReaderFiles(ReaderCase):
    """Files that are wrong as a whole are refused; every usual form is understood."""

    GOOD = f"{HEADER}\nA1,2019-05-06,C1,P1,2,10.50,21\n"

    def test_empty_files(self):
        for data in (b"", gzip.compress(b""), b"\xef\xbb\xbf", b" \n\n"):
            self._assert_file_problem("empty", data)

    def test_header_without_lines(self):
        self._assert_file_problem("no_rows", HEADER.encode())

    def test_not_csv(self):
        for code, data in (
            ("workbook", b"PK\x03\x04rest of an xlsx"),
            ("workbook", b"\xd0\xcf\x11\xe0 an old xls"),
            ("not_csv", b"%PDF-1.4"),
            ("not_csv", self.GOOD.encode() + b"\x00\x01"),
            ("not_csv", gzip.compress(gzip.compress(self.GOOD.encode()))),
            ("broken_archive", gzip.compress(self.GOOD.encode())[:-12]),
            ("broken_archive", b"\x1f\x8b garbage"),
        ):
            with self.subTest(data=data[:10]):
                self._assert_file_problem(code, data)

    def test_undecodable(self):
        self._assert_file_problem("encoding", self.GOOD.encode() + b"\xff\xfe\xff,")

    def test_unclosed_quote_names_the_line(self):
        params = self._assert_file_problem(
            "broken_quotes", self.GOOD.encode() + b'A2,2019-05-06,"C1,P1,1,1,1\n'
        )
        self.assertEqual(params["line"], 3)

    def test_bomb_is_not_unpacked(self):
        rows = (self.GOOD + "A1,2019-05-06,C1,P1,2,10.50,21\n" * 5000).encode()
        with patch.object(source, "MAX_BYTES", 10000):
            self._assert_file_problem("too_large", gzip.compress(rows))

    def test_too_many_rows(self):
        with patch.object(source, "MAX_ROWS", 1):
            self._assert_file_problem(
                "too_many_rows", (self.GOOD + "A2,2019-05-06,C1,P1,2,1,2\n").encode()
            )

    def test_missing_columns_are_named(self):
        params = self._assert_file_problem(
            "missing_columns", b"order,date,price\n1,2,3"
        )
        names = [name for name, _headers in params["columns"]]
        self.assertEqual(names, ["customer", "product", "quantity"])
        self.assertIn("客户编码", params["columns"][0][1])

    def test_duplicate_header(self):
        self._assert_file_problem(
            "duplicate_header", b"order,Date,date,customer,product,quantity,price\n1"
        )

    def test_encodings(self):
        line = "订单1,2019年5月6日,客户1,产品1,2,10.50,21"
        header = "订单编号,日期,客户编码,产品编码,数量,单价（元）,金额"
        for encoding in ("utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"):
            with self.subTest(encoding=encoding):
                book = self._book(line, header=header, encoding=encoding)
                self.assertEqual(book.orders["订单1"].customer, "客户1")
                self.assertFalse(book.orders["订单1"].problems)

    def test_western_text_is_not_taken_for_chinese(self):
        text = "ResellerKey,ResellerName\n1,Café René\n2,Bébé Vélos\n".encode("cp1252")
        self._assert_file_problem("encoding", text, CUSTOMER_COLUMNS)
        chosen = Source(text, CUSTOMER_COLUMNS, encoding="cp1252")
        self.assertEqual(read_customers(chosen).rows["1"].name, "Café René")

    def test_delimiters(self):
        for delimiter in ",;\t|":
            with self.subTest(delimiter=delimiter):
                line = 'A1,2019-05-06,"C,;1",P1,2,10.50,21'
                header, line = (
                    text.replace('"C,;1"', "@")
                    .replace(",", delimiter)
                    .replace("@", '"C,;1"')
                    for text in (HEADER, line)
                )
                book = self._book(line, header=header)
                self.assertEqual(book.orders["A1"].customer, "C,;1")

    def test_separator_hint_of_excel(self):
        book = self._book(header="sep=;\n" + self.GOOD.replace(",", ";"))
        self.assertEqual(list(book.orders), ["A1"])

    def test_header_names_do_not_depend_on_case_and_spaces(self):
        header = " ORDER_no. ,OrderDate,Reseller Key,SKU,qty,Unit  Price (USD),Total"
        book = self._book("A1,2019-05-06,C1,P1,2,10.50,21", header=header)
        self.assertFalse(book.orders["A1"].problems)

    def test_gzip(self):
        data = gzip.compress(self.GOOD.encode())
        self.assertEqual(len(list(Source(data, ORDER_COLUMNS).rows())), 1)


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
            ("too_long", f"A1,2019-05-06,{'C' * 200},P1,2,10.50,21"),
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


@tagged("post_install", "-at_install")
class TestReaderValues(BaseCase):
    """A cell is read in the one way it can be read, or refused."""

    def test_numbers(self):
        for text, comma, expected in (
            ("1,234.56", "", "1234.56"),
            ("1,234,567", "", "1234567"),
            ("1.234.567,8", "", "1234567.8"),
            ("12,5", "", "12.5"),
            ("1,234", "thousands", "1234"),
            ("1,234", "decimal", "1.234"),
            ("1,234", "either", "1234"),
            ("1.234", "decimal", "1234"),
            ("1 234.5", "", "1234.5"),
            ("￥１２．５", "", "12.5"),
            ("-3", "", "-3"),
            ("3-", "", "-3"),
            ("+3", "", "3"),
        ):
            with self.subTest(text=text, comma=comma):
                self.assertEqual(read_number(text, comma), Decimal(expected))

    def test_not_numbers(self):
        for text, comma, code in (
            ("1,234", "", "ambiguous_number"),
            ("12,34,5", "", "not_a_number"),
            ("1.2.3", "", "not_a_number"),
            ("--3", "", "not_a_number"),
            ("1.5", "decimal", "not_a_number"),
            ("12,5", "thousands", "not_a_number"),
            ("NaN", "", "not_a_number"),
            ("Infinity", "", "not_a_number"),
        ):
            with self.subTest(text=text), self.assertRaises(ValueProblem) as caught:
                read_number(text, comma)
            self.assertEqual(caught.exception.problem.code, code)

    def test_dates(self):
        expected = datetime.date(2019, 5, 6)
        for text, order in (
            *(("2019-05-06", ""), ("2019/5/6", ""), ("2019.05.06", "")),
            *(("20190506", ""), ("2019年5月6日", ""), ("2019-05-06T10:11:12Z", "")),
            *(("2019-05-06 00:00:00.000", ""), ("06.05.2019", "")),
            *(("06/05/2019", "dmy"), ("05/06/2019", "mdy"), ("05-06-2019", "mdy")),
        ):
            with self.subTest(text=text):
                self.assertEqual(read_date(text, order), expected)
        self.assertEqual(read_date("31/12/2019"), datetime.date(2019, 12, 31))
        self.assertEqual(read_date("12/31/2019"), datetime.date(2019, 12, 31))


@tagged("post_install", "-at_install")
class TestReaderMastersAndReport(ReaderCase):
    """Customers and products are read by key; refused rows go out as they came in."""

    def test_customers(self):
        text = (
            "ResellerKey,BusinessType,ResellerName,City,StateProvinceName,Country_Region\n"
            '7,Warehouse,"Bikes, Ltd",Seattle,Washington,United States\n'
            "8,NULL,,Seattle,,\n,,No key,,,\n7,Warehouse,Other,,,\n"
        )
        found = read_customers(Source(text.encode(), CUSTOMER_COLUMNS))
        self.assertEqual(list(found.rows), ["7"])
        self.assertEqual(found.rows["7"].name, "Bikes, Ltd")
        self.assertEqual(found.rows["7"].country, "United States")
        self.assertEqual(
            [(row, problem.code) for row, problem in found.problems],
            [(3, "no_name"), (4, "no_key"), (5, "two_rows")],
        )

    def test_products(self):
        text = "Product,ProductKey,StandardCost,Subcategory\nHelmet,1,12.03,Helmets\n"
        found = read_products(Source(text.encode(), PRODUCT_COLUMNS))
        self.assertEqual(found.rows["1"], ("1", "Helmet", "", "Helmets", 12.03))

    def test_product_column_is_the_code_where_there_is_a_name(self):
        found = read_products(Source(b"product,name\nP1,Helmet\n", PRODUCT_COLUMNS))
        self.assertEqual(found.rows["P1"].name, "Helmet")

    def test_report_can_be_corrected_and_imported(self):
        file = self._source("A1,x,客户,P1,2,-3,-6", "A2,2019-05-06,C1,P1,2,3,6")
        report = write_report([(file, {2: "a reason"})], ("File", "Line", "Reason"))
        self.assertTrue(report.startswith(b"\xef\xbb\xbf"), "Excel needs the mark")
        text = report.decode("utf-8-sig").splitlines()
        self.assertEqual(text[0], f"File,Line,Reason,{HEADER}")
        self.assertEqual(text[1:], ["orders.csv,2,a reason,A1,x,客户,P1,2,-3,-6"])
        again = Source(report.replace(b",x,", b",2019-05-06,"), ORDER_COLUMNS)
        self.assertEqual(read_orders(again).line_count, 1)

    def test_report_runs_no_formula(self):
        file = self._source('A1,x,"=HYPERLINK(1)",@P1,2,-3,-6')
        report = write_report([(file, {2: "+1 reason"})], ("File", "Line", "Reason"))
        self.assertIn("'+1 reason,A1,x,'=HYPERLINK(1),'@P1,2,-3,-6", report.decode())
