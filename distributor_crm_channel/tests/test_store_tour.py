# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.tests import tagged

from .store_common import StoreHttpCommon


@tagged("post_install", "-at_install")
class TestStoreTour(StoreHttpCommon):
    def test_shopper_buys_through_a_link(self):
        """From the first click to the confirmed order, which carries the store."""
        self.portal_user("tour_shopper")
        transfer = self.env.ref("payment.payment_provider_transfer")
        self.env["payment.provider"].search([]).is_published = False
        transfer.write({"state": "enabled", "is_published": True})
        transfer._transfer_ensure_pending_msg_is_set()
        self.env["delivery.carrier"].search([]).website_published = False
        self.env["delivery.carrier"].create(
            {
                "name": "Post",
                "fixed_price": 0,
                "website_published": True,
                "product_id": self.env["product.product"]
                .create({"name": "Post", "type": "service"})
                .id,
            }
        )
        self.start_tour(
            "/s/north-store", "distributor_store_shopper_tour", login="tour_shopper"
        )
        order = self.env["sale.order"].search([("store_id", "=", self.store.id)])
        self.assertEqual((order.state, order.amount_total), ("sent", 120))
        order.action_confirm()
        self.assertEqual((order.state, order.store_id), ("sale", self.store))

    def test_owner_decorates(self):
        self.portal_user("tour_owner", self.north)
        self.start_tour(
            "/my/stores", "distributor_store_owner_tour", login="tour_owner"
        )
        self.browse_anew()
        page = self.markup("/store/north-store")[1]
        self.assertIn("o_store_theme_jade", page)
        self.assertIn("Spirits for every feast", page)
        self.assertIn("75.50", page)
        line = self.line(self.store, self.gin)
        self.assertEqual((line.price, line.featured), (75.5, True))

    def test_coupon_goes_with_the_store(self):
        """A code of the page counts, and the order stays the store's (R017)."""
        self.env["loyalty.program"].create(
            {
                "name": "Ten for guests",
                "program_type": "promo_code",
                "trigger": "with_code",
                "store_ok": True,
                "rule_ids": [
                    Command.create({"mode": "with_code", "code": "TENGUESTS"})
                ],
                "reward_ids": [Command.create({"discount": 10})],
            }
        )
        self.url_open("/store/north-store")
        self.url_open("/coupon/TENGUESTS?r=/store/north-store")
        self.add(self.plum)
        self.url_open("/shop/cart")
        cart = self.cart()
        self.assertEqual((cart.store_id, cart.amount_total), (self.store, 108))
