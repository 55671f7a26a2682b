# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import datetime
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..sales_import import (
    Source,
    read_customers,
    read_orders,
    read_products,
    write_report,
)
from ..sales_import.columns import CUSTOMER_COLUMNS, ORDER_COLUMNS, PRODUCT_COLUMNS
from ..sales_import.problems import ValueProblem
from ..sales_import.values import read_date, read_number
from .sales_import_reader_common import HEADER, ReaderCase


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
