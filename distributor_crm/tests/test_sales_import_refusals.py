# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .sales_import_common import ORDERS, SalesImportCase


@tagged("post_install", "-at_install")
class TestSalesImportRefusals(SalesImportCase):
    """What cannot be imported is left out with its reason, the rest gets in."""

    def test_unknown_customer_and_product(self):
        record = self._import(customers=None, products=None)
        record.action_check()
        self.assertEqual(record.todo_count, 0)
        errors = dict(self._errors(record))
        self.assertIn("There is no customer C2.", errors[4])
        self.assertIn("There is no product P1.", errors[2])
        self.assertIn("There is no product P2.", errors[3])

    def test_bad_line_refuses_its_order_alone(self):
        orders = ORDERS.replace("2,10.50,21.00", "two,10.50,21.00")
        record = self._run(self._import(orders=orders))
        self.assertEqual(self._moves(record).mapped("ref"), ["A2"])
        self.assertEqual(
            self._errors(record),
            [
                (2, '"two" is not a number.'),
                (3, "The order is refused as a whole because of line 2."),
            ],
        )
        self.assertEqual(record.error_order_count, 1)
        # The error file, corrected, brings in the rest.
        data = base64.b64decode(record.sudo().error_file)
        again = self._run(self._import(orders=data.replace(b",two,", b",2,")))
        self.assertEqual(self._moves(again).mapped("ref"), ["A1", "A1"])

    def test_wrong_files_are_explained(self):
        for orders, text in (
            (b"\n", "orders.csv: The file is empty"),
            (b"order;date\nA1;2019", "- customer, accepted headers: Reseller Key"),
            (b"PK\x03\x04", "CSV UTF-8"),
        ):
            record = self._import(orders=orders)
            with self.subTest(orders=orders), self.assertRaisesRegex(UserError, text):
                record.action_check()
            self.assertEqual(record.state, "draft")

    def test_zero_byte_file_is_explained(self):
        record = self._import(orders=None, orders_filename="orders.csv")
        with self.assertRaisesRegex(UserError, "orders.csv: The file is empty"):
            record.action_check()
        with self.assertRaisesRegex(UserError, "Choose the file with the orders"):
            self._import(orders=None).action_check()

    def test_chinese_file(self):
        orders = "订单号,日期,客户编码,产品编码,数量,单价\nA1,2019/5/6,客1,品1,2,3\n"
        record = self._run(
            self._import(
                orders=orders.encode("gbk"),
                customers="客户编码,名称,国家\n客1,上海自行车,中国\n".encode("gbk"),
                products="产品编码,名称\n品1,头盔\n".encode("gbk"),
            )
        )
        invoice = self._moves(record)
        self.assertEqual(invoice.partner_id.name, "上海自行车")
        self.assertEqual(invoice.partner_id.country_id, self.env.ref("base.cn"))
        self.assertEqual(invoice.amount_total, 6)

    def test_currency_column(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        euro.rate_ids.unlink()
        euro.rate_ids = [Command.create({"name": "2019-05-06", "rate": 2})]
        lines = ORDERS.splitlines()
        orders = "\n".join(
            (f"{lines[0]},currency", f"{lines[1]},EUR", f"{lines[3]},EUR")
        )
        orders += "\nA3,2019-05-06,C1,P1,1,1,1,XXX\n"
        record = self._run(self._import(orders=orders))
        invoice = self._moves(record)
        self.assertEqual((invoice.ref, invoice.currency_id), ("A1", euro))
        self.assertEqual(invoice.amount_total_signed, 10.5)
        self.assertEqual(
            self._errors(record),
            [
                (3, "EUR has no exchange rate on 05/05/2019."),
                (4, "There is no active currency XXX."),
            ],
        )

    def test_closed_books(self):
        self.env.company.sale_lock_date = "2019-05-05"
        record = self._run(self._import())
        self.assertEqual(set(self._moves(record).mapped("ref")), {"A1"})
        self.assertEqual(
            self._errors(record), [(4, "The books are closed up to 05/05/2019.")]
        )
