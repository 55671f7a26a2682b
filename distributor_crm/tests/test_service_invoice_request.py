# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from base64 import b64encode
from datetime import datetime

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .service_common import ServiceCommon, ServicePortalCase, picture

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
TAX_NUMBER = "91110000600037341L"
SPECIAL = {
    "kind": "special",
    "title": "North Ltd",
    "tax_number": TAX_NUMBER,
    "address": "1 Road",
    "phone": "010 1234",
    "bank_name": "Bank",
    "bank_account": "6222 0000",
    "email": "books@north.example",
}


class InvoiceRequestCommon(ServiceCommon):
    def _ask(self, order=None, **values):
        order = order or self._order(self.north)
        return self.env["distributor.invoice.request"].create(
            {
                "partner_id": self.north.id,
                "company_id": order.company_id.id,
                "order_id": order.id,
                "title": "North Ltd",
                "email": "books@north.example",
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestServiceInvoiceRequest(InvoiceRequestCommon):
    def test_once_and_in_time(self):
        """Not before there is something to invoice, and once per order (R019)."""
        draft = self._order(self.north, confirm=False)
        with self._refused(UserError, "yet"):
            self._ask(draft)
        request = self._ask()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                self._ask(request.order_id)
        request.action_cancel()
        self.env.flush_all()
        self._ask(request.order_id)
        self.assertEqual(request.order_id.invoice_request_count, 2)

    def test_special_needs_all(self):
        """Whoever deducts VAT names tax ID, address, phone and bank; the ID is real."""
        for name in ("tax_number", "address", "phone", "bank_name", "bank_account"):
            with self._refused(ValidationError, "needs"):
                self._ask(**{**SPECIAL, name: " "})
        with self._refused(ValidationError, "no tax ID"):
            self._ask(**{**SPECIAL, "tax_number": TAX_NUMBER[:-1] + "M"})
        request = self._ask(**{**SPECIAL, "tax_number": "9111 0000 6000 3734 1l"})
        self.assertEqual(request.tax_number, TAX_NUMBER)
        with self._refused(ValidationError, "needs"):
            request.bank_account = False

    def test_number_from_finance_alone(self):
        """Whoever asks enters no number of the invoice, not over RPC either (R019)."""
        requests = self.env["distributor.invoice.request"]
        request = requests.with_user(self.account_manager).create(
            {
                "partner_id": self.north.id,
                "order_id": self._order(self.north).id,
                "company_id": self.company.id,
                "title": "North Ltd",
                "email": "books@north.example",
                "document_number": "1",
                "document_name": "a.pdf",
            }
        )
        self.assertFalse(request.document_number or request.document_name)

    def test_of_ones_own_order(self):
        with self._refused(ValidationError, "no order"):
            self._ask(self._order(self.south))

    def test_finance_issues(self):
        """The number, the invoice of the order and a PDF go to the distributor."""
        request = self._ask()
        with self._refused(UserError, "finance"):
            request.with_user(self.sales_manager).action_issue()
        with self._refused(UserError, "finance"):
            request.with_user(self.sales_manager).document_number = "1"
        mine = request.with_user(self.finance)
        with self._refused(UserError, "number"):
            mine.action_issue()
        with self._refused(ValidationError, "PDF"):
            mine.document = b64encode(picture())
        invoice = request.order_id._create_invoices()
        invoice.action_post()
        mine.write(
            {
                "document_number": "0451",
                "document": b64encode(PDF),
                "document_name": "0451.pdf",
                "invoice_id": invoice.id,
            }
        )
        mine.action_issue()
        self.assertEqual(request.state, "issued")
        message = request.message_ids[0]
        self.assertIn(self.north, message.partner_ids)
        self.assertEqual(message.attachment_ids.raw, PDF)
        for values in ({"title": "X"}, {"document_number": "2"}, {"state": "refused"}):
            with self.assertRaises(UserError):
                mine.write(values)

    def test_invoice_of_another_order(self):
        request = self._ask()
        other = self._order(self.north)._create_invoices()
        other.action_post()
        request.with_user(self.finance).write(
            {"document_number": "1", "invoice_id": other.id}
        )
        with self._refused(UserError, "no invoice of"):
            request.with_user(self.finance).action_issue()

    def test_refused_with_a_reason(self):
        request = self._ask().with_user(self.finance)
        with self._refused(UserError, "reason"):
            request.action_refuse()
        request.refusal = "The name is misspelt"
        request.action_refuse()
        self.assertIn("misspelt", request.message_ids[0].body)

    def test_deadline_in_service_hours(self):
        """By the hours of order handling: asked for at night, it runs from the
        morning (R212)."""
        policy = self.env["distributor.case.policy"]._find(self.company, "order")
        policy.calendar_id.tz = "UTC"
        policy.solve_hours = 4
        order = self._order(self.north)
        with freeze_time("2026-03-02 02:00:00"):
            request = self._ask(order)
            self.assertFalse(request.is_overdue)
        self.assertEqual(request.deadline, datetime(2026, 3, 2, 12))
        request.invalidate_recordset()
        self.assertTrue(request.is_overdue)
        found = request.search([("is_overdue", "=", True), ("id", "=", request.id)])
        self.assertEqual(found, request)

    def test_the_next_starts_with_the_last(self):
        self._ask(**SPECIAL)
        model = self.env["distributor.invoice.request"]
        values = model._get_last_values(self.north, self.company)
        self.assertEqual(values["tax_number"], TAX_NUMBER)
        values = model._get_last_values(self.south, self.company)
        self.assertEqual(
            (values["title"], values["kind"]), (self.south.name, "ordinary")
        )


@tagged("post_install", "-at_install")
class TestServiceInvoiceRequestPortal(InvoiceRequestCommon, ServicePortalCase):
    def test_ask_on_the_portal(self):
        """From the order to the request; a second time, and of others, not."""
        order, other = self._order(self.north), self._order(self.south)
        self._login()
        page = self.url_open(f"/my/orders/{order.id}").text
        self.assertIn(f"/my/invoice-requests/new?order_id={order.id}", page)
        self.assertIn(
            "needs tax ID",
            self._post(
                "/my/invoice-requests/new",
                order_id=order.id,
                **{**SPECIAL, "bank_name": ""},
            ).text,
        )
        self.assertIn("We have your request", self._send(order))
        self.assertIn("alert-danger", self._send(order))
        self.assertIn("alert-danger", self._send(other))
        request = order.invoice_request_ids
        self.assertEqual(request.partner_id, self.north)
        self.assertIn(request.name, self.url_open(f"/my/orders/{order.id}").text)
        self.assertFalse(other.invoice_request_ids)

    def _send(self, order):
        values = {**SPECIAL, "state": "issued", "document_number": "1"}
        return self._post("/my/invoice-requests/new", order_id=order.id, **values).text

    def test_a_stranger_sees_nothing(self):
        request = self._ask(document_name="1.pdf")
        self._check_own_only(f"/my/invoice-requests/{request.id}")
        path = f"/my/invoice-requests/{request.id}/document"
        self.assertEqual(self.url_open(path).status_code, 404)
        request._set(state="issued", document_number="1", document=b64encode(PDF))
        self.assertEqual(self.url_open(path).content, PDF)
        self._login("south_owner")
        self.assertEqual(self.url_open(path).status_code, 404)
