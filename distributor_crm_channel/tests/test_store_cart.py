# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from .store_common import StoreHttpCommon


@tagged("post_install", "-at_install")
class TestStoreCart(StoreHttpCommon):
    def test_shop_without_a_store_is_as_before(self):
        self.assertEqual(self.price_of(self.plum), 100)
        self.add(self.plum)
        cart = self.cart()
        self.assertFalse(cart.store_id)
        self.assertEqual(cart.order_line.price_unit, 100)

    def test_own_price_from_the_page_to_the_order(self):
        self.url_open("/store/north-store")
        self.assertEqual(self.price_of(self.plum), 120)
        self.assertEqual(self.price_of(self.gin), 70)
        self.add(self.plum, 2)
        self.add(self.rye)
        self.add(self.gin)
        cart = self.cart()
        self.assertEqual(cart.store_id, self.store)
        self.assertEqual(cart.order_line.mapped("price_unit"), [120, 50, 70])
        self.assertEqual(cart.order_line.mapped("discount"), [0, 0, 0])
        # carried: both chosen ones; the gin is the shop's
        self.assertEqual(len(cart.order_line.filtered("price_store_id")), 2)
        self.rpc("/shop/cart/update", line_id=cart.order_line[0].id, quantity=5)
        self.assertEqual(self.cart().order_line[0].price_unit, 120)

    def test_browser_names_no_price_and_no_store(self):
        """What a visitor posts never sets a price."""
        self.url_open("/store/north-store")
        self.add(
            self.plum,
            price_unit=1,
            price_store_id=self.other.id,
            store_id=self.other.id,
            technical_price_unit=1,
        )
        line = self.cart().order_line
        self.assertEqual((line.price_unit, line.price_store_id), (120, self.store))
        self.assertEqual(self.cart().store_id, self.store)

    def test_unpublished_product_is_not_sold(self):
        self.url_open("/store/north-store")
        self.plum.is_published = False
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self.add(self.plum)
        self.assertFalse(self.cart().order_line)
        # of a category that the tier may not sell: the shop's price, if at all
        self.plum.is_published = True
        self.tier.store_categ_ids = self.barware
        self.add(self.plum)
        self.assertEqual(self.cart().order_line.price_unit, 100)

    def test_price_of_the_page_that_was_looked_at_last(self):
        self.url_open("/store/north-store")
        self.add(self.plum)
        self.url_open("/store/south-store")
        self.assertEqual(self.price_of(self.plum), 90)
        self.add(self.plum)
        line = self.cart().order_line
        self.assertEqual((line.product_uom_qty, line.price_unit), (2, 90))
        self.assertEqual(line.price_store_id, self.other)

    def test_taxes_come_on_top_as_in_the_shop(self):
        tax = self.env["account.tax"].create(
            {"name": "Ten", "amount": 10, "type_tax_use": "sale"}
        )
        self.plum.taxes_id = tax
        self.website.show_line_subtotals_tax_selection = "tax_included"
        self.url_open("/store/north-store")
        self.assertEqual(self.price_of(self.plum), 132)
        self.assertIn("132.00", self.markup("/store/north-store")[1])
        self.add(self.plum)
        self.assertEqual(self.cart().amount_total, 132)

    def test_attributes_cost_more_on_top(self):
        size = self.env["product.attribute"].create(
            {
                "name": "Size",
                "create_variant": "always",
                "value_ids": [
                    Command.create({"name": "Small"}),
                    Command.create({"name": "Large"}),
                ],
            }
        )
        self.plum.attribute_line_ids = [
            Command.create(
                {
                    "attribute_id": size.id,
                    "value_ids": [Command.set(size.value_ids.ids)],
                }
            )
        ]
        large = self.plum.attribute_line_ids.product_template_value_ids[1]
        large.price_extra = 15
        variant = large.ptav_product_variant_ids
        self.url_open("/store/north-store")
        info = self.rpc(
            "/website_sale/get_combination_info",
            product_template_id=self.plum.id,
            product_id=variant.id,
            combination=large.ids,
            add_qty=1,
        )
        self.assertEqual(info["price"], 135)
        self.rpc(
            "/shop/cart/add",
            product_template_id=self.plum.id,
            product_id=variant.id,
            quantity=1,
        )
        self.assertEqual(self.cart().order_line.price_unit, 135)

    def test_currency_and_unit(self):
        """An own price is in the company's currency, for the product's unit."""
        money = self.env["res.currency"].create(
            {"name": "XTS", "symbol": "x", "rounding": 0.01}
        )
        self.env["res.currency.rate"].create(
            {"currency_id": money.id, "rate": 2, "name": "2020-01-01"}
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": money.id}
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Buyer"}).id,
                "pricelist_id": pricelist.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.plum.product_variant_id.id,
                            "product_uom_id": self.env.ref("uom.product_uom_dozen").id,
                            "price_store_id": self.store.id,
                        }
                    )
                ],
            }
        )
        self.assertEqual(order.order_line.price_unit, 120 * 2 * 12)

    def test_no_pricelist_discount_below_the_own_price(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Half",
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 50})
                ],
            }
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Buyer"}).id,
                "pricelist_id": pricelist.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.product_variant_id.id,
                            "price_store_id": self.store.id,
                        }
                    )
                    for product in (self.plum, self.rye)
                ],
            }
        )
        self.assertEqual(order.order_line.mapped("price_subtotal"), [120, 25])

    # -- what changes while the cart waits -------------------------------------------

    def fill(self):
        self.url_open("/store/north-store")
        self.add(self.plum)
        return self.cart()

    def told(self):
        return self.markup("/shop/cart")[1]

    def test_a_price_that_changed_is_told(self):
        cart = self.fill()
        self.line(self.store, self.plum).price = 130
        page = self.told()
        self.assertIn("changed from", page)
        self.assertEqual(cart.order_line.price_unit, 130)
        self.assertNotIn("changed from", self.told())

    def test_a_store_that_closed_leaves_the_cart(self):
        cart = self.fill()
        self.store._close("Gone")
        page = self.told()
        self.assertIn("North Store is closed. You buy from us now.", page)
        self.env.invalidate_all()
        self.assertFalse(cart.store_id)
        self.assertEqual(cart.order_line.price_unit, 100)

    def test_a_product_that_a_store_took_away(self):
        cart = self.fill()
        self.line(self.store, self.plum).unlink()
        self.assertIn("changed from", self.told())
        self.assertEqual(cart.order_line.price_unit, 100)

    def test_a_product_that_the_company_took_away(self):
        cart = self.fill()
        self.plum.is_published = False
        self.assertIn("is no longer on sale and left your cart", self.told())
        self.env.invalidate_all()
        self.assertFalse(cart.order_line)

    def test_checkout_goes_back_to_the_cart(self):
        self.fill()
        self.line(self.store, self.plum).price = 130
        response = self.url_open("/shop/checkout")
        self.assertIn("/shop/cart", response.url)
        self.assertIn("changed from", response.text)

    def test_payment_is_refused_once_and_an_order_in_payment_stands(self):
        cart = self.fill()
        self.line(self.store, self.plum).price = 130
        with self._refused(ValidationError, "cart has been updated"):
            cart._check_cart_is_ready_to_be_paid()
        cart._refresh_store()
        provider = self.env["payment.provider"].search([], limit=1)
        self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": self.env["payment.method"].search([], limit=1).id,
                "reference": "store-paying",
                "amount": cart.amount_total,
                "currency_id": cart.currency_id.id,
                "partner_id": self.north.id,
                "state": "pending",
                "sale_order_ids": [Command.set(cart.ids)],
            }
        )
        self.line(self.store, self.plum).price = 140
        self.store._close("Gone")
        self.assertFalse(cart._refresh_store())
        self.assertEqual((cart.store_id, cart.amount_total), (self.store, 130))
        cart.action_confirm()
        self.assertEqual((cart.state, cart.store_id), ("sale", self.store))

    # -- floors ----------------------------------------------------------------------

    def test_floor(self):
        """With a rule that has its legal basis, no store goes below it (5.12)."""
        line = self.line(self.store, self.plum)
        line.price = 60
        self.env["distributor.price.rule"].create(
            {
                "scope": "product",
                "product_tmpl_id": self.plum.id,
                "channel": "shop",
                "floor_price": 110,
                "legal_basis": "agency",
                "legal_note": "Agency contract",
            }
        )
        # a price that was set before is lifted, one that is set now refused
        self.url_open("/store/north-store")
        self.assertEqual(self.price_of(self.plum), 110)
        self.add(self.plum)
        self.assertEqual(self.cart().order_line.price_unit, 110)
        with self._refused(ValidationError, "The lowest price is"):
            line.price = 109.99
        line.price = 110

    def test_prices_and_products_that_are_none(self):
        line = self.line(self.store, self.plum)
        with mute_logger("odoo.sql_db"), self._refused(IntegrityError, "price"):
            line.price = -1
            self.env.flush_all()
        other = self.env["res.company"].create({"name": "Another"})
        foreign = self.gin.copy({"company_id": other.id, "is_published": True})
        hidden = self.gin.copy({"is_published": False})
        for product in (foreign, hidden):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.store.store_product_ids = [
                    Command.create({"product_tmpl_id": product.id})
                ]
        with mute_logger("odoo.sql_db"), self._refused(IntegrityError, "unique"):
            self.store.store_product_ids = [
                Command.create({"product_tmpl_id": self.plum.id})
            ]
            self.env.flush_all()

    def test_day_of_delivery_is_that_of_the_last_picking(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Buyer"}).id,
                "store_id": self.store.id,
                "order_line": [
                    Command.create({"product_id": self.plum.product_variant_id.id})
                ],
            }
        )
        order.action_confirm()
        self.assertEqual(order._get_store_shipping()[0], "waiting")
        picking = order.picking_ids
        picking.move_ids.write({"quantity": 1, "picked": True})
        picking.button_validate()
        picking.date_done = fields.Datetime.to_datetime("2024-02-03 12:00:00")
        self.assertEqual(str(order._get_delivery_day()), "2024-02-03")
        self.assertEqual(order._get_store_shipping()[0], "sent")
        self.assertTrue(order.delivered_on)
