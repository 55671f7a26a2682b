# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import gzip
from unittest.mock import patch

from odoo.tests import tagged

from ..sales_import import (
    Source,
    read_customers,
    source,
)
from ..sales_import.columns import CUSTOMER_COLUMNS, ORDER_COLUMNS
from .sales_import_reader_common import HEADER, ReaderCase


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
