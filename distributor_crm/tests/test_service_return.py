# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .service_common import ServiceCommon, ServicePortalCase, picture


class ReturnCommon(ServiceCommon):
    """A delivered and invoiced order of three lines."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cups = cls.env["product.product"].create(
            {
                "name": "Cups",
                "type": "consu",
                "list_price": 18,
                "invoice_policy": "order",
                "taxes_id": [Command.clear()],
            }
        )
        cls.company.return_auto_approve = False
        cls.order = cls._delivered(cls.north)

    @classmethod
    def _delivered(cls, partner):
        order = cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.cups.id,
                            "name": "Cups",
                            "product_uom_qty": 9,
                        }
                    ),
                    Command.create({"display_type": "line_section", "name": "Gifts"}),
                    Command.create(
                        {
                            "product_id": cls.goods.id,
                            "name": "Twin Box",
                            "product_uom_qty": 5,
                            "discount": 10,
                        }
                    ),
                ],
            }
        )
        order.action_confirm()
        for line in order.order_line.filtered("product_id"):
            line.qty_delivered = line.product_uom_qty
        return order

    def ask(self, quantity=2, order=None, **values):
        order = order or self.order
        return self.env["distributor.return"].create(
            {
                "partner_id": order.partner_id.id,
                "order_id": order.id,
                "company_id": self.company.id,
                "line_ids": [
                    Command.create(
                        {"order_line_id": order.order_line[-1].id, "quantity": quantity}
                    )
                ],
                **values,
            }
        )

    def invoice(self):
        invoice = self.order._create_invoices()
        invoice.action_post()
        return invoice


@tagged("post_install", "-at_install")
class TestServiceReturn(ReturnCommon):
    def test_never_more_than_was_delivered(self):
        """Delivered less what is asked back already, whoever asks (R020)."""
        self.ask(3)
        with self._refused(ValidationError, "2"):
            self.ask(3)
        second = self.ask(2)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.ask(0.01)
        second.action_cancel()
        self.ask(2)
        for quantity in (0, -1):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.ask(quantity)

    def test_foreign_and_undelivered_orders(self):
        foreign = self._delivered(self.south)
        with self.assertRaises(ValidationError):
            self.ask(order=foreign, partner_id=self.north.id)
        with self.assertRaises(ValidationError):
            self.ask(1, order=self._order(self.north))
        request = self.ask(1)
        with self.assertRaises(ValidationError):
            request.line_ids.order_line_id = foreign.order_line[-1]

    def test_in_time_is_approved_at_once(self):
        """Seven days without a reason, counted from delivery (R207)."""
        self.company.return_auto_approve = True
        today = fields.Date.context_today(self.order)
        self.assertEqual(self.ask(1).state, "approved")
        self.order.delivered_on = today - timedelta(days=7)
        self.assertEqual(self.ask(1).state, "approved")
        self.order.delivered_on = today - timedelta(days=8)
        late = self.ask(1)
        self.assertEqual((late.state, late.is_in_time), ("submitted", False))
        self.assertEqual(late.activity_ids.user_id, self.account_manager)
        self.company.return_window_days = 8
        self.assertEqual(self.ask(1).state, "approved")

    def test_credit_note_of_what_came_back(self):
        """Odoo's own reversal, of the chosen quantity alone, for accounting to post."""
        invoice = self.invoice()
        request = self.ask(2)
        request.with_user(self.account_manager).action_approve()
        request.with_user(self.account_manager).action_receive()
        request.with_user(self.finance).action_credit()
        credit = request.move_ids
        self.assertEqual((credit.state, credit.move_type), ("draft", "out_refund"))
        self.assertEqual(credit.reversed_entry_id, invoice)
        self.assertEqual(credit.invoice_line_ids.product_id, self.goods)
        self.assertEqual(credit.invoice_line_ids.quantity, 2)
        self.assertAlmostEqual(credit.amount_untaxed, 180)
        self.assertEqual(
            credit.invoice_line_ids.sale_line_ids, self.order.order_line[-1]
        )
        credit.action_post()
        self.assertEqual(self.order.order_line[-1].qty_invoiced, 3)
        self.assertEqual(request.state, "done")

    def test_nothing_is_refunded_twice(self):
        invoice = self.invoice()
        request = self.ask(3)
        request.action_approve()
        request.with_user(self.finance).action_credit()
        with self._refused(UserError, "already"):
            request.with_user(self.finance).action_credit()
        self.assertEqual(len(request.move_ids), 1)
        # What accounting credited by itself is not credited again, either.
        other = self.ask(2)
        other.action_approve()
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        wizard.refund_moves()
        other.with_user(self.finance).action_credit()
        self.assertFalse(other.move_ids)

    def test_cancelled_credit_note_makes_room(self):
        self.invoice()
        request = self.ask(2)
        request.action_approve()
        request.with_user(self.finance).action_credit()
        request.move_ids.button_cancel()
        request.with_user(self.finance).action_credit()
        standing = request.move_ids.filtered(lambda move: move.state != "cancel")
        self.assertEqual(standing.invoice_line_ids.quantity, 2)

    def test_exchange_sends_goods_at_no_price(self):
        """What replaces goods is free, and counts in no rebate."""
        request = self.ask(2, kind="exchange")
        request.action_approve()
        with self._refused(UserError, "exchange"):
            request.with_user(self.finance).action_credit()
        with self.assertRaises(UserError):
            request.action_replace()
        request.action_receive()
        request.with_user(self.account_manager).action_replace()
        line = request.replacement_id.order_line
        self.assertEqual(
            (line.product_id, line.product_uom_qty, line.price_total),
            (self.goods, 2, 0),
        )
        self.assertTrue(line.rebate_exclusion)
        self.assertEqual(request.replacement_id.state, "sale")
        with self.assertRaises(UserError):
            request.action_replace()

    def test_who_decides(self):
        request = self.ask(1)
        for user in (self.sales_rep, self.finance):
            with self.assertRaises(AccessError):
                request.with_user(user).action_approve()
        with self.assertRaises(AccessError):
            request.with_user(self.account_manager).action_credit()
        with self._refused(UserError, "reason"):
            request.with_user(self.account_manager).action_refuse()
        request.with_user(self.account_manager).refusal = "Opened"
        request.with_user(self.account_manager).action_refuse()
        self.assertEqual(self.order.order_line[-1].return_quantity, 0)
        for name in ("state", "is_in_time", "decided_by_id"):
            with self.assertRaises(UserError):
                request.with_user(self.account_manager).write({name: False})
        with self.assertRaises(UserError):
            request.with_user(self.account_manager).line_ids.write({"quantity": 2})

    def test_who_sees_which(self):
        request = self.ask(1)
        self.north.account_manager_id = self.north.user_id = False
        for user, sees in (
            (self.sales_rep, 0),
            (self.account_manager, 0),
            (self.sales_manager, 1),
            (self.finance, 1),
        ):
            for record in (request, request.line_ids):
                found = record.with_user(user).search_count([("id", "=", record.id)])
                self.assertEqual(found, sees, user.login)
        with self.assertRaises(AccessError):
            request.with_user(self.north_user).read(["name"])


@tagged("post_install", "-at_install")
class TestServiceReturnPortal(ReturnCommon, ServicePortalCase):
    def send(self, order=None, files=None, quantity="1", **values):
        order = order or self.order
        line = order.order_line[-1]
        data = {
            "order_id": order.id,
            "kind": "refund",
            "reason": "none",
            f"quantity_{line.id}": quantity,
            **values,
        }
        return self._post("/my/returns/new", files=files, **data)

    def returns(self):
        return self.env["distributor.return"].search(
            [("company_id", "=", self.company.id)]
        )

    def test_ask_and_take_back(self):
        self._login()
        page = self.url_open(f"/my/orders/{self.order.id}").text
        self.assertIn(f"/my/returns/new?order_id={self.order.id}", page)
        page = self.url_open(f"/my/returns/new?order_id={self.order.id}").text
        self.assertIn("Twin Box", page)
        response = self.send(
            files=[("files", ("a.jpg", picture("JPEG"), "image/jpeg"))],
            reason="damaged",
            description="<i>torn</i>",
        )
        request = self.returns()
        self.assertIn(f"/my/returns/{request.id}", response.url)
        self.assertEqual(request.line_ids.quantity, 1)
        self.assertEqual(request.evidence_ids.mimetype, "image/jpeg")
        self.assertTrue(request.evidence_ids.attachment_id)
        self.assertIn("&lt;i&gt;torn", response.text)
        self._post(f"/my/returns/{request.id}/cancel")
        self.assertEqual(request.state, "cancelled")
        self.assertIn(
            "alert-danger", self._post(f"/my/returns/{request.id}/cancel").text
        )

    def test_bad_input_asks_nothing(self):
        foreign = self._delivered(self.south)
        self._login()
        line = foreign.order_line[-1]
        for values in (
            {"quantity": "6"},
            {"quantity": "-1"},
            {"quantity": "nan"},
            {"quantity": "1e99"},
            {"quantity": "one"},
            {"quantity": ""},
            {"reason": "nonsense"},
            {"kind": "nonsense"},
            {"reason": "damaged"},
            {"order_id": foreign.id, f"quantity_{line.id}": "1"},
            {"order_id": "0"},
            {"order_id": "x"},
        ):
            page = self.send(**values).text
            self.assertIn("alert-danger", page, values)
        self.order.delivered_on = fields.Date.today() - timedelta(days=99)
        self.assertIn("over", self.send().text)
        self.assertFalse(self.returns())

    def test_own_alone(self):
        request = self.ask(1)
        self._check_own_only(f"/my/returns/{request.id}")
        self._login("south_owner")
        self.assertTrue(self._is_home(self._post(f"/my/returns/{request.id}/cancel")))
        page = self.url_open(f"/my/returns/new?order_id={self.order.id}").text
        self.assertNotIn("Twin Box", page)
        self.assertEqual(request.state, "submitted")
