# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.distributor_crm.tests.service_common import ServiceCommon, no_commits


class ShippingCommon(ServiceCommon):
    """Goods in stock, and orders that ship them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        ) or cls.env["stock.warehouse"].create(
            {"name": "Main", "code": "MAIN", "company_id": cls.company.id}
        )
        cls.goods.is_storable = True
        cls.env["stock.quant"].sudo()._update_available_quantity(
            cls.goods, cls.warehouse.lot_stock_id, 100
        )

    @classmethod
    def _ship(cls, order, quantity=None):
        """Ship an order, or so much of it; return the shipment."""
        picking = order.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )
        picking.move_ids.quantity = quantity or sum(
            picking.move_ids.mapped("product_uom_qty")
        )
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True, cancel_backorder=False)._action_done()
        return picking


@tagged("post_install", "-at_install")
class TestServiceShipping(ShippingCommon):
    def steps(self, order):
        return order.notice_ids.sorted("step").mapped("step")

    def test_shipped_is_told_with_its_tracking(self):
        order = self._order(self.north)
        picking = order.picking_ids
        if "carrier_tracking_ref" in picking._fields:
            picking.carrier_tracking_ref = "SF123456"
        self._ship(order)
        notice = order.notice_ids.filtered(lambda n: n.step == "3_shipped")
        self.assertEqual(notice.key, picking.name)
        if "carrier_tracking_ref" in picking._fields:
            self.assertEqual(notice.tracking, "SF123456")
            self.assertTrue(
                order.message_ids.filtered(lambda m: "SF123456" in (m.body or ""))
            )
        self.assertEqual(self.steps(order), ["1_accepted", "3_shipped"])

    def test_each_part_that_ships_is_told(self):
        order = self._order(self.north)
        self._ship(order, 1)
        self.assertFalse(order.delivered_on)
        self._ship(order)
        self.assertEqual(self.steps(order), ["1_accepted", "3_shipped", "3_shipped"])
        self.assertTrue(order.delivered_on)

    def test_arrival_is_told_once_all_arrived(self):
        order = self._order(self.north)
        first = self._ship(order, 1)
        first.action_arrived()
        self.assertNotIn("4_delivered", self.steps(order))
        self._ship(order).action_arrived()
        first.action_arrived()
        self.assertEqual(self.steps(order).count("4_delivered"), 1)

    def test_arrival_is_assumed_after_days(self):
        old, new = self._order(self.north), self._order(self.north)
        picking = self._ship(old)
        self._ship(new)
        picking.date_done = fields.Datetime.now() - timedelta(days=4)
        for _again in range(2):
            with no_commits(self):
                self.env["stock.picking"]._cron_assume_arrival()
        self.assertIn("4_delivered", self.steps(old))
        self.assertNotIn("4_delivered", self.steps(new))

    def test_what_is_printed_is_in_process(self):
        order = self._order(self.north)
        order.picking_ids.do_print_picking()
        self.assertIn("2_processing", self.steps(order))

    def test_only_what_was_shipped_arrives(self):
        with self.assertRaises(UserError):
            self._order(self.north).picking_ids.action_arrived()
