# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import csv
import io
from unittest.mock import patch

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

ORDERS = """order,date,customer,product,quantity,price,amount
A1,2019-05-06,C1,P1,2,10.50,21.00
A1,2019-05-06,C1,P2,-3,1.00,-3.00
A2,2019-05-05,C2,P1,1,10.50,10.50
"""
CUSTOMERS = """code,name,city,state,country,type
C1,First Bikes,Seattle,Washington,United States,Warehouse
C2,Second Bikes,Nowhere,Nostate,Nocountry,
"""
PRODUCTS = """code,name,cost,category,subcategory
P1,Helmet,6.12,Accessories,Helmets
P2,Sock,0.10,Clothing,
"""
WORK = "odoo.addons.distributor_crm.models.sales_import.sales_import_work.SalesImport"


class SalesImportCase(AccountTestInvoicingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(
            cls.env,
            login="import_admin",
            groups="distributor_crm.group_channel_admin",
            company_id=cls.env.company.id,
        )
        # The test has one transaction: the work must not commit it.
        cls.classPatch(
            cls.env.registry["distributor.sales.import"],
            "_may_commit",
            lambda self: False,
        )
        cls.env["distributor.sales.import"]._forget_files()

    def _import(self, orders=ORDERS, customers=CUSTOMERS, products=PRODUCTS, **values):
        """An import of these files as the channel administrator uploads it."""
        files = {"orders": orders, "customers": customers, "products": products}
        for name, text in files.items():
            if text is not None:
                data = text if isinstance(text, bytes) else text.encode()
                values[f"{name}_file"] = base64.b64encode(data)
                values[f"{name}_filename"] = f"{name}.csv"
        return self.env["distributor.sales.import"].with_user(self.admin).create(values)

    def _run(self, record):
        """Check and import, as the scheduled action does."""
        record.action_check()
        record.action_import()
        self._work(record)
        return record

    def _work(self, record):
        record.with_user(SUPERUSER_ID)._cron_work()
        record.invalidate_recordset()

    def _moves(self, record=None):
        domain = [("distributor_import_key", "!=", False)]
        if record:
            domain.append(("distributor_import_id", "=", record.id))
        return self.env["account.move"].search(domain, order="ref, move_type")

    def _errors(self, record):
        """(line, reason) of the error file, as a spreadsheet would read it."""
        data = base64.b64decode(record.sudo().error_file or b"").decode("utf-8-sig")
        return [(int(row["Line"]), row["Reason"]) for row in self._rows(data)]

    def _rows(self, text):
        return list(csv.DictReader(io.StringIO(text)))


@tagged("post_install", "-at_install")
class TestSalesImport(SalesImportCase):
    """Orders become posted invoices, once each, and what is wrong is told."""

    def test_check_writes_nothing(self):
        record = self._import()
        record.action_check()
        self.assertRecordValues(
            record,
            [
                {
                    "state": "checked",
                    "line_count": 3,
                    "order_count": 2,
                    "todo_count": 2,
                    "skipped_count": 0,
                    "customer_count": 2,
                    "customer_new_count": 2,
                    "product_count": 2,
                    "product_new_count": 2,
                    "date_from": fields.Date.to_date("2019-05-05"),
                    "date_to": fields.Date.to_date("2019-05-06"),
                    "amount_total": 28.50,
                    "error_order_count": 0,
                    "error_line_count": 0,
                }
            ],
        )
        self.assertIn("1 customers name a country", record.notice)
        self.assertFalse(self._moves())
        self.assertFalse(self.env["res.partner"].search([("ref", "=", "C1")]))

    def test_invoices_and_credit_notes(self):
        record = self._run(self._import())
        self.assertEqual(record.state, "done")
        moves = self._moves(record)
        self.assertRecordValues(
            moves,
            [
                {
                    "ref": "A1",
                    "move_type": "out_invoice",
                    "amount_total": 21.0,
                    "state": "posted",
                },
                {
                    "ref": "A1",
                    "move_type": "out_refund",
                    "amount_total": 3.0,
                    "state": "posted",
                },
                {
                    "ref": "A2",
                    "move_type": "out_invoice",
                    "amount_total": 10.5,
                    "state": "posted",
                },
            ],
        )
        day = fields.Date.to_date("2019-05-06")
        for move in moves[:2]:
            self.assertEqual((move.invoice_date, move.date), (day, day))
            self.assertEqual(move.invoice_origin, "A1")
            self.assertEqual(move.company_id, self.env.company)
            self.assertFalse(move.invoice_line_ids.tax_ids)
        self.assertEqual(moves[0].invoice_line_ids.product_id.default_code, "P1")
        self.assertEqual(moves[1].invoice_line_ids.quantity, 3)
        self.assertEqual(record.invoice_count, 3)
        self.assertLess(moves[2].name, moves[0].name, "numbered by date")
        self.assertEqual(record.run_ids.invoice_count, 2)
        self.assertEqual(record.run_ids.refund_count, 1)
        self.assertEqual(record.progress, 100)

    def test_ledger_is_that_of_a_plain_invoice(self):
        """The shortcut for untaxed lines leaves the items as Odoo makes them."""
        self._run(self._import())
        for move in self._moves():
            line = move.invoice_line_ids
            plain = self.env["account.move"].create(
                {
                    "move_type": move.move_type,
                    "partner_id": move.partner_id.id,
                    "invoice_date": move.invoice_date,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": line.product_id.id,
                                "quantity": line.quantity,
                                "price_unit": line.price_unit,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
            plain.action_post()
            names = ("account_id", "debit", "credit", "amount_currency", "name")
            names += ("amount_residual", "price_subtotal", "date_maturity", "quantity")
            values = [
                {name: line[name] for name in names if name != "name"}
                for line in plain.line_ids
            ]
            for value in values:
                value["account_id"] = value["account_id"].id
            self.assertRecordValues(move.line_ids, values)

    def test_distributors_and_products(self):
        record = self._run(self._import())
        first, second = (
            self.env["res.partner"].search([("ref", "=", ref)]) for ref in ("C1", "C2")
        )
        self.assertTrue(first.is_distributor and first.is_company)
        self.assertEqual(first.state_id, self.env.ref("base.state_us_48"))
        self.assertEqual(first.country_id, self.env.ref("base.us"))
        self.assertEqual(first.category_id.name, "Warehouse")
        self.assertFalse(second.country_id or second.state_id)
        products = (
            self.env["product.product"]
            .with_user(self.admin)
            .search([("distributor_import_id", "=", record.id)], order="default_code")
        )
        self.assertEqual(products.mapped("default_code"), ["P1", "P2"])
        self.assertEqual(products[0].standard_price, 6.12)
        self.assertEqual(products[0].type, "consu")
        self.assertEqual(products[0].categ_id.complete_name, "Accessories / Helmets")
        self.assertEqual(products[1].categ_id.name, "Clothing")
        self.assertFalse(products.taxes_id)
        self.assertEqual(
            (record.made_customer_count, record.made_product_count), (2, 2)
        )

    def test_existing_records_are_used(self):
        partner = self.env["res.partner"].create(
            {"name": "Mine", "ref": "C1", "is_company": True}
        )
        product = self.env["product.product"].create(
            {"name": "Mine", "default_code": "P1", "active": False}
        )
        record = self._run(self._import())
        self.assertTrue(partner.is_distributor, "the customers file says so")
        self.assertEqual(partner.name, "Mine")
        invoice = self._moves(record)[0]
        self.assertEqual(invoice.partner_id, partner)
        self.assertEqual(invoice.invoice_line_ids.product_id, product)
        self.assertEqual(record.made_customer_count, 1)

    def test_records_of_another_company_are_not_used(self):
        other = self.env["res.company"].create({"name": "Other"})
        partner = self.env["res.partner"].create(
            {"name": "X", "ref": "C1", "is_company": True, "company_id": other.id}
        )
        record = self._run(self._import())
        invoice = self._moves(record)[0]
        self.assertNotEqual(invoice.partner_id, partner)
        self.assertEqual(invoice.partner_id.company_id, self.env.company)

    def test_two_customers_with_one_reference(self):
        self.env["res.partner"].create(
            [{"name": name, "ref": "C1", "is_company": True} for name in "XY"]
        )
        record = self._import()
        record.action_check()
        self.assertEqual(
            self._errors(record),
            [
                (n, "Several customers have the reference C1: make it unique.")
                for n in (2, 3)
            ],
        )

    def test_taxes_on_demand(self):
        record = self._run(self._import(apply_taxes=True))
        taxes = self.env.company.account_sale_tax_id
        self.assertTrue(taxes)
        self.assertEqual(self._moves(record).invoice_line_ids.tax_ids, taxes)

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


@tagged("post_install", "-at_install")
class TestSalesImportAgain(SalesImportCase):
    """Whatever is interrupted, repeated or refused: each order once, none lost."""

    def test_second_import_makes_nothing(self):
        self._run(self._import())
        before = self._moves()
        record = self._import()
        record.action_check()
        self.assertEqual((record.todo_count, record.skipped_count), (0, 2))
        record.action_import()
        self._work(record)
        self.assertEqual(self._moves(), before)
        self.assertEqual(record.run_ids.skipped_count, 2)
        self.assertFalse(record.error_line_count)

    def test_changed_order_is_not_silently_skipped(self):
        self._run(self._import())
        record = self._import(orders=ORDERS.replace("1,10.50,10.50", "2,10.50,21"))
        record.action_check()
        self.assertEqual([line for line, _reason in self._errors(record)], [4])
        self.assertIn("with other contents", self._errors(record)[0][1])

    def test_database_refuses_a_second_invoice(self):
        self._run(self._import())
        move = self._moves()[0]
        with self.assertRaises(Exception) as caught, mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint():
                move.copy().distributor_import_key = move.distributor_import_key
                self.env.flush_all()
        self.assertEqual(type(caught.exception).__name__, "UniqueViolation")
        self.assertFalse(move.copy().distributor_import_key)

    def test_killed_midway(self):
        """A process killed after its first chunk: the next one does the rest."""
        orders = ORDERS.splitlines(keepends=True)[0] + "".join(
            f"K{n},2019-05-06,C1,P1,1,{n},{n}\n" for n in range(1, 8)
        )
        record = self._import(orders=orders)
        record.action_check()
        record.action_import()
        module = f"{WORK.rpartition('.')[0]}.CHUNK_ORDERS"
        done = []

        class Killed(BaseException):
            pass

        def kill(run):
            done.append(run.order_done)
            if len(done) == 2:
                raise Killed

        with patch(module, 3):
            # Not assertRaises: it would roll back what was done before.
            try:
                record._as_user()._work(kill)
            except Killed:
                record.invalidate_recordset()
            self.assertEqual(len(self._moves(record)), 6)
            self.assertEqual(record.state, "running")
            self._work(record)
        self.assertEqual(record.state, "done")
        refs = self._moves(record).mapped("ref")
        self.assertEqual(refs, [f"K{n}" for n in range(1, 8)])
        self.assertEqual((record.run_ids.order_done, record.progress), (7, 100))

    def test_stop_and_resume(self):
        record = self._import()
        record.action_check()
        record.action_import()
        module = f"{WORK.rpartition('.')[0]}.CHUNK_ORDERS"
        with patch(module, 1):
            record._as_user()._work(lambda run: record.action_stop())
        record.invalidate_recordset()
        self.assertEqual(record.state, "stopped")
        self.assertEqual(set(self._moves(record).mapped("ref")), {"A2"})
        self.assertTrue(record.run_ids.date_end)
        record.action_resume()
        self._work(record)
        self.assertEqual(record.state, "done")
        self.assertEqual(len(self._moves(record)), 3)

    def test_one_order_that_odoo_refuses(self):
        """The others of its chunk get in, and the error file has Odoo's words."""
        Move = self.env.registry["account.move"]
        post = Move.action_post

        def action_post(moves):
            if "A2" in moves.mapped("ref"):
                raise UserError("No A2 today")
            return post(moves)

        record = self._import()
        with patch.object(Move, "action_post", action_post):
            self._run(record)
        self.assertEqual(set(self._moves(record).mapped("ref")), {"A1"})
        self.assertEqual(self._errors(record), [(4, "No A2 today")])
        self.assertEqual(record.run_ids.refused_count, 1)

    @mute_logger("odoo.addons.distributor_crm.models.sales_import.sales_import_work")
    def test_unexpected_error_of_one_order_is_told(self):
        Move = self.env.registry["account.move"]
        with patch.object(Move, "action_post", side_effect=ValueError("odd")):
            record = self._run(self._import())
        self.assertEqual(record.state, "done")
        self.assertFalse(self._moves(record))
        self.assertIn("ValueError('odd')", self._errors(record)[0][1])

    def test_failure_of_the_whole_is_shown(self):
        record = self._import()
        record.action_check()
        record.action_import()
        cls = self.env.registry["distributor.sales.import"]
        with (
            patch.object(cls, "_rollback"),
            patch.object(cls, "_get_files", side_effect=UserError("The file is gone")),
        ):
            self._work(record)
        self.assertEqual((record.state, record.message), ("failed", "The file is gone"))
        record.action_resume()
        self._work(record)
        self.assertEqual((record.state, record.message), ("done", False))

    def test_files_of_a_started_import_are_fixed(self):
        record = self._run(self._import())
        with self.assertRaisesRegex(UserError, "make a new one"):
            record.orders_file = base64.b64encode(b"other")
        other = self._import()
        other.action_check()
        other.date_order = "dmy"
        self.assertEqual(other.state, "draft", "to be checked again")

    def test_running_import_is_not_deleted(self):
        record = self._import()
        record.action_check()
        record.action_import()
        with self.assertRaisesRegex(UserError, "Stop the import"):
            record.unlink()

    def test_another_process_is_left_alone(self):
        record = self._import()
        record.action_check()
        record.action_import()
        cls = self.env.registry["distributor.sales.import.run"]
        empty = self.env["distributor.sales.import.run"]
        with patch.object(cls, "try_lock_for_update", lambda self: empty):
            self._work(record)
        self.assertFalse(self._moves(record))
        self.assertEqual(record.state, "running")

    def test_queries_do_not_grow_with_the_orders(self):
        """Beyond what Odoo itself needs for an invoice, an order costs no query."""

        def queries(orders):
            record = self._import(
                orders=ORDERS.splitlines(keepends=True)[0]
                + "".join(
                    f"{orders}Q{n},2019-05-06,C1,P1,1,1,1\n" for n in range(orders)
                )
            )
            record.action_check()
            record.action_import()
            self.env.flush_all()
            self.env.invalidate_all()
            sudo, moves = record._as_user(), self.env["account.move"]
            cls = self.env.registry["distributor.sales.import"]
            before = self.cr.sql_log_count
            with patch.object(cls, "_invoice", lambda self, plan, orders: moves):
                sudo._work()
            return self.cr.sql_log_count - before

        queries(2)
        self.assertEqual(queries(10), queries(50))


@tagged("post_install", "-at_install")
class TestSalesImportAccess(SalesImportCase):
    """Channel administrators import, accountants or not; nobody else does."""

    def test_administrator_is_no_accountant(self):
        self.assertFalse(self.admin.has_group("account.group_account_invoice"))
        record = self._run(self._import())
        self.assertEqual(record.state, "done")
        self.assertEqual(record.user_id, self.admin)
        self.assertEqual(self._moves(record).create_uid, self.admin)
        for action in ("invoices", "customers", "products"):
            found = getattr(record, f"action_view_{action}")()
            model = self.env[found["res_model"]].with_user(self.admin)
            self.assertTrue(model.search_count(found["domain"]), action)

    def test_sales_manager_is_refused(self):
        record = self._import()
        manager = new_test_user(
            self.env, login="manager", groups="distributor_crm.group_sales_manager"
        )
        other = record.with_user(manager)
        for call in (
            *(other.action_check, other.action_import, other.action_stop),
            *(other.action_draft, lambda: other.read(["name"])),
            lambda: other.create({"name": "x"}),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_import_of_another_company_is_not_seen(self):
        other = self.env["res.company"].create({"name": "Other"})
        record = (
            self.env["distributor.sales.import"]
            .sudo()
            .create({"company_id": other.id, "name": "X"})
        )
        found = self.env["distributor.sales.import"].with_user(self.admin).search([])
        self.assertNotIn(record, found)

    def test_work_is_not_written_by_hand(self):
        record = self._run(self._import())
        with self.assertRaises(AccessError):
            record.run_ids.order_done = 5
