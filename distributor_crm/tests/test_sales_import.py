# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .sales_import_common import SalesImportCase


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
        self.assertIn("country is not known (left blank): 1", record.notice)
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
            self.assertEqual(move.invoice_date_due, day, "due then, not today")
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
                    "invoice_date_due": move.invoice_date,
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

    def test_payment_terms_of_the_customer_count(self):
        terms = self.env.ref("account.account_payment_term_30days")
        self.env["res.partner"].create(
            {
                "name": "Mine",
                "ref": "C1",
                "is_company": True,
                "property_payment_term_id": terms.id,
            }
        )
        invoice = self._moves(self._run(self._import()))[0]
        due = fields.Date.to_date("2019-06-05")
        self.assertEqual(invoice.invoice_payment_term_id, terms)
        self.assertEqual(invoice.invoice_date_due, due)

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
