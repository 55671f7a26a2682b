# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .test_service_shipping import ShippingCommon


@tagged("post_install", "-at_install")
class TestServiceReturnStock(ShippingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._order(cls.north, 5)
        cls.shipments = cls._ship(cls.order, 3)
        cls.shipments += cls._ship(cls.order)
        cls.invoice = cls.order._create_invoices()
        cls.invoice.action_post()

    def ask(self, quantity, **values):
        return self.env["distributor.return"].create(
            {
                "partner_id": self.north.id,
                "order_id": self.order.id,
                "company_id": self.company.id,
                "line_ids": [
                    Command.create(
                        {
                            "order_line_id": self.order.order_line.id,
                            "quantity": quantity,
                        }
                    )
                ],
                **values,
            }
        )

    def bring_back(self, pickings):
        for picking in pickings:
            for move in picking.move_ids:
                move.quantity = move.product_uom_qty
            picking.move_ids.picked = True
            picking._action_done()

    def test_approved_return_is_awaited(self):
        """From the shipments that went out, the first first; then credited once."""
        request = self.ask(4)
        self.assertEqual(request.state, "approved")
        quantities = request.picking_ids.sorted("id").move_ids.mapped("product_uom_qty")
        self.assertEqual(sorted(quantities), [1, 3])
        self.bring_back(request.picking_ids)
        self.assertEqual(request.state, "received")
        line = self.order.order_line
        self.assertEqual((line.qty_delivered, line._get_returnable()), (1, 1))
        request.with_user(self.finance).action_credit()
        self.assertEqual(request.move_ids.invoice_line_ids.quantity, 4)
        self.ask(1)
        self.assertEqual(line._get_returnable(), 0)

    def test_returns_by_other_ways_count(self):
        shipment = self.shipments[0]
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_model="stock.picking", active_id=shipment.id)
            .create({"picking_id": shipment.id})
        )
        wizard.product_return_moves.quantity = 2
        self.bring_back(wizard._create_return())
        self.assertEqual(self.order.order_line._get_returnable(), 3)

    def test_cancelled_return_is_not_awaited(self):
        request = self.ask(2)
        request.action_cancel()
        self.assertEqual(set(request.picking_ids.mapped("state")), {"cancel"})
        self.assertEqual(self.order.order_line._get_returnable(), 5)

    def test_time_runs_from_the_arrival(self):
        """Days in transit are not taken from the customer's seven (R207)."""
        today = fields.Date.context_today(self.order)
        self.order.delivered_on = today - timedelta(days=9)
        self.assertEqual(self.order._get_return_deadline(), today - timedelta(days=2))
        self.shipments.action_arrived()
        self.assertEqual(self.order._get_return_deadline(), today + timedelta(days=7))
