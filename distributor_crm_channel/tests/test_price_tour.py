# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import HttpCase, tagged

from .price_common import PriceCommon


@tagged("post_install", "-at_install")
class TestPriceTour(PriceCommon, HttpCase):
    def test_price_is_seen_and_reported(self):
        """From what was seen to the case, in the browser (R170, R172)."""
        self.make_rule(self.plum)
        action = "distributor_crm_channel.distributor_price_observation_action"
        self.start_tour(
            f"/odoo/action-{action}",
            "distributor_price_seen_tour",
            login="price_sales_manager",
        )
        seen = self.Seen.search([("product_code", "=", "PLUM")])
        self.assertEqual((seen.state, seen.partner_id), ("reported", self.north))

    def test_manager_allows(self):
        """Allow These Prices, with the reason, then the order is confirmed (R170)."""
        self.make_rule(self.plum)
        buyer = self.env["res.partner"].create({"name": "Buyer"})
        order = self.order_of(buyer, 80, user_id=self.sales_manager.id)
        self.start_tour(
            f"/odoo/sales/{order.id}",
            "distributor_price_allow_tour",
            login="price_sales_manager",
        )
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.prices_allowed_reason, "Clearance of the old label")
