# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from .store_common import StoreHttpCommon


@tagged("post_install", "-at_install")
class TestStoreExclusive(StoreHttpCommon):
    """Styles that distributors alone sell (R214)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.south.grade_id = cls.env["res.partner.grade"].create({"name": "Other tier"})
        cls.plum.write(
            {"is_store_exclusive": True, "exclusive_grade_ids": cls.tier.ids}
        )

    def _status(self):
        return self.url_open(f"/shop/plum-spirit-{self.plum.id}").status_code

    def test_shop_keeps_it_back(self):
        """Not listed, not found by its address, not put into the cart."""
        shop = self.url_open("/shop?search=Spirit").text
        self.assertIn("Rye Spirit", shop)
        self.assertNotIn("Plum Spirit", shop)
        self.assertEqual(self._status(), 404)
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self.add(self.plum)

    def test_stores_of_the_tier_sell_it(self):
        """The store of the tier shows and sells it, that of another does neither."""
        self.assertNotIn("Plum Spirit", self.url_open("/store/south-store").text)
        self.assertEqual(self._status(), 404)
        self.assertIn("Plum Spirit", self.url_open("/store/north-store").text)
        self.assertEqual(self._status(), 200)
        self.add(self.plum)
        self.assertEqual(self.cart().order_line.price_unit, 120)

    def test_what_a_store_may_sell_no_more_leaves_the_cart(self):
        """Another tier, or another store, takes it out before it is paid."""
        self.url_open("/store/north-store")
        self.add(self.plum)
        cart = self.cart()
        self.assertFalse(cart._refresh_store())
        self.plum.exclusive_grade_ids = self.south.grade_id
        with self.assertRaisesRegex(ValidationError, "has been updated"):
            cart._check_cart_is_ready_to_be_paid()
        self.assertFalse(cart.order_line)
        self.assertIn("not sold here any more", cart.shop_warning)

    def test_orders_of_the_tier_alone(self):
        """Staff sells it to distributors of the tier, or through their stores."""
        shopper = self.env["res.partner"].create({"name": "Shopper"})

        def order(partner, **values):
            line = {"product_id": self.plum.product_variant_id.id}
            lines = [Command.create(line)]
            values = {"partner_id": partner.id, "order_line": lines, **values}
            return self.env["sale.order"].create(values)

        order(self.north)
        order(shopper, store_id=self.store.id)
        for partner in (shopper, self.south):
            with self.assertRaisesRegex(ValidationError, "stores alone"):
                order(partner)
