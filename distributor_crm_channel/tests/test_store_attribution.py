# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.tests import tagged
from odoo.tools import hash_sign, mute_logger

from .store_common import StoreHttpCommon

WEBSITE = "odoo.addons.distributor_crm_channel.models.store.website"


@tagged("post_install", "-at_install")
class TestStoreAttribution(StoreHttpCommon):
    """Whose sale it is."""

    def setUp(self):
        super().setUp()
        self.browse_anew()

    def later(self, days):
        """The clock of links, some days on."""
        import time

        now = time.time() + days * 24 * 3600
        return patch(f"{WEBSITE}.time.time", return_value=now)

    def buys_from(self):
        """Return the store that gets a new cart."""
        self.add(self.rye)
        cart = self.cart()
        store = cart.store_id
        cart.action_cancel()
        return store

    def test_every_way_to_a_store(self):
        for path in (
            "/store/north-store",
            "/s/north-store",
            "/shop?store=north-store",
            f"/shop/plum-{self.plum.id}?store=north-store",
            "/?store=north-store",
        ):
            self.browse_anew()
            self.url_open(path)
            self.assertEqual(self.buys_from(), self.store, path)
        self.browse_anew()
        for path in ("/shop?store=nobody", "/shop?store=", "/shop?store=%00", "/shop"):
            self.assertEqual(self.url_open(path).status_code, 200, path)
            self.assertFalse(self.buys_from(), path)

    def test_last_or_first_link(self):
        for rule, expected in (("last", self.other), ("first", self.store)):
            self.website.store_link_rule = rule
            self.browse_anew()
            self.url_open("/s/north-store")
            self.url_open("/s/south-store")
            self.assertEqual(self.buys_from(), expected, rule)
        # the first one closed: the next link is the first
        self.store.action_suspend()
        self.url_open("/s/south-store")
        self.assertEqual(self.buys_from(), self.other)

    def test_days(self):
        self.website.store_link_days = 30
        self.url_open("/s/north-store")
        with self.later(29):
            self.assertEqual(self.buys_from(), self.store)
        with self.later(31):
            self.assertFalse(self.buys_from())
        with mute_logger("odoo.sql_db"), self._refused(IntegrityError, "store_days"):
            self.website.store_link_days = 0
            self.env.flush_all()

    def test_cookie_outlives_the_session(self):
        self.url_open("/s/north-store")
        kept = self.opener.cookies.get("store_link")
        self.assertTrue(kept)
        cookie = next(c for c in self.opener.cookies if c.name == "store_link")
        self.assertTrue(cookie.has_nonstandard_attr("HttpOnly"))
        self.browse_anew()
        self.assertFalse(self.buys_from())
        self.browse_anew()
        self.opener.cookies.set("store_link", kept)
        self.assertEqual(self.buys_from(), self.store)
        # the store of the cookie closed meanwhile
        self.browse_anew()
        self.opener.cookies.set("store_link", kept)
        self.store._close("Gone")
        self.assertFalse(self.buys_from())

    def test_forged_cookies_count_for_nothing(self):
        now = 1900000000
        link = [self.website.id, self.store.id, now]
        other_website = self.env["website"].create({"name": "Elsewhere"})
        good = hash_sign(self.env, "store_link", link)
        for value in (
            "x",
            "é",
            "AQ",
            "A" * 400,
            "A" * 4000,
            good[:-6] + "AAAAAA",
            hash_sign(self.env, "something_else", link),
            hash_sign(self.env, "store_link", [other_website.id, self.store.id, now]),
            hash_sign(self.env, "store_link", [self.website.id, 2**31 - 1, now]),
        ):
            self.browse_anew()
            self.opener.cookies.set("store_link", value.encode().decode("latin-1"))
            self.assertEqual(self.url_open("/shop").status_code, 200, value)
            self.assertFalse(self.buys_from(), value)

    def test_another_company_gets_nothing(self):
        self.url_open("/s/north-store")
        company = self.env["res.company"].create({"name": "Another"})
        self.store.sudo().write({"state": "closed", "closed_on": "2024-01-01"})
        foreign = self.store.copy(
            {
                "slug": "foreign",
                "company_id": company.id,
                "partner_id": self.env["res.partner"]
                .create({"name": "Foreign", "is_distributor": True})
                .id,
            }
        )
        foreign.action_open()
        self.assertEqual(self.url_open("/s/foreign").status_code, 404)
        self.assertFalse(self.buys_from())

    # -- logging in ------------------------------------------------------------------

    def test_cart_keeps_the_store_when_the_shopper_logs_in(self):
        shopper = self.portal_user("store_shopper")
        self.url_open("/s/north-store")
        self.add(self.plum)
        cart = self.cart()
        cookies = self.opener.cookies.copy()
        self.post(
            "/web/login",
            login="store_shopper",
            password="store_shopper",  # noqa: S106
        )
        self.url_open("/shop/cart")
        self.env.invalidate_all()
        self.assertTrue(cookies)
        self.assertEqual(cart.partner_id, shopper.partner_id)
        self.assertEqual(cart.store_id, self.store)
        self.assertEqual(cart.order_line.price_unit, 120)

    def test_own_orders_do_not_count(self):
        """An owner buys at his tier's prices, and his store earns nothing on it."""
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Tier",
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 30})
                ],
            }
        )
        self._enable_pricelists()
        self.tier.default_pricelist_id = pricelist
        self.north.specific_property_product_pricelist = pricelist
        self.portal_user("store_owner", self.north)
        self.authenticate("store_owner", "store_owner")
        page = self.markup("/store/north-store")[1]
        self.assertIn("This is your own store", page)
        self.assertIn("120.00", page)
        self.assertEqual(self.price_of(self.plum), 70)
        self.add(self.plum)
        cart = self.cart()
        self.assertFalse(cart.store_id)
        self.assertEqual(cart.order_line.price_reduce_taxexcl, 70)
        cart.action_cancel()
        self.website.store_own_orders = True
        self.assertEqual(self.buys_from(), self.store)

    def test_owner_who_logs_in_late(self):
        """A cart filled before he said who he is gets his tier's prices, not a sale."""
        self.portal_user("late_owner", self.north)
        self.url_open("/s/north-store")
        self.add(self.plum)
        cart = self.cart()
        self.assertEqual(cart.order_line.price_unit, 120)
        self.post("/web/login", login="late_owner", password="late_owner")  # noqa: S106
        self.url_open("/shop/cart")
        self.env.invalidate_all()
        self.assertFalse(cart.store_id)
        self.assertEqual(cart.order_line.price_unit, 100)

    def _enable_pricelists(self):
        self.env.ref("base.group_user").implied_ids += self.env.ref(
            "product.group_product_pricelist"
        )

    def test_tier_prices_are_for_the_tier_alone(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Tier",
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 30})
                ],
            }
        )
        self._enable_pricelists()
        self.tier.default_pricelist_id = pricelist
        self.south.specific_property_product_pricelist = pricelist
        self.portal_user("tier_owner", self.south)
        self.portal_user("plain_shopper")
        for login, price in ((None, 100), ("plain_shopper", 100), ("tier_owner", 70)):
            self.browse_anew()
            self.authenticate(login, login)
            self.url_open(f"/shop/change_pricelist/{pricelist.id}")
            self.assertEqual(self.price_of(self.plum), price, login)
        # neither when it names the website, as Odoo makes it by default
        self.assertEqual(pricelist.website_id, self.website)
        pricelist.website_id = False
        self.browse_anew()
        self.authenticate("tier_owner", "tier_owner")
        self.assertEqual(self.price_of(self.plum), 70)

    # -- binding ---------------------------------------------------------------------

    def bound(self, user):
        self.env.invalidate_all()
        return self.env["distributor.store.binding"]._get_store(
            user.partner_id, self.company
        )

    def test_binding_is_off_by_default(self):
        shopper = self.portal_user("unbound")
        self.authenticate("unbound", "unbound")
        self.url_open("/s/north-store")
        self.assertFalse(self.bound(shopper))

    def test_shopper_belongs_to_a_store(self):
        """What he buys later is the store's sale, without any link."""
        self.website.write({"store_binding": "all", "store_binding_days": 10})
        shopper = self.portal_user("bound")
        self.authenticate("bound", "bound")
        self.url_open("/s/north-store")
        self.assertEqual(self.bound(shopper), self.store)
        self.browse_anew()
        self.authenticate("bound", "bound")
        self.assertEqual(self.buys_from(), self.store)
        # the first stays, whatever link he follows
        self.url_open("/s/south-store")
        self.assertEqual(self.bound(shopper), self.store)
        self.assertEqual(self.buys_from(), self.store)
        # the last takes over
        self.website.store_binding_rule = "last"
        self.browse_anew()
        self.authenticate("bound", "bound")
        self.url_open("/s/south-store")
        self.assertEqual(self.bound(shopper), self.other)
        # and ends with its days
        binding = self.env["distributor.store.binding"].search(
            [("partner_id", "=", shopper.partner_id.id)]
        )
        self.assertEqual(len(binding), 1)
        yesterday = fields.Date.today() - timedelta(days=1)
        binding.write({"since": yesterday, "until": yesterday})
        self.assertFalse(self.bound(shopper))

    def test_new_customers_only(self):
        self.website.store_binding = "new"
        for login, is_old in (("old_one", True), ("new_one", False)):
            shopper = self.portal_user(login)
            if is_old:
                self.env["sale.order"].create(
                    {"partner_id": shopper.partner_id.id}
                ).action_confirm()
            self.browse_anew()
            self.authenticate(login, login)
            self.url_open("/s/north-store")
            self.assertEqual(bool(self.bound(shopper)), not is_old, login)

    def test_an_order_binds_a_guest(self):
        self.website.store_binding = "new"
        guest = self.env["res.partner"].create({"name": "Guest"})
        order = self.env["sale.order"].create(
            {
                "partner_id": guest.id,
                "website_id": self.website.id,
                "store_id": self.store.id,
            }
        )
        order.action_confirm()
        Binding = self.env["distributor.store.binding"]
        self.assertEqual(Binding._get_store(guest, self.company), self.store)

    def test_owner_is_not_bound_to_himself(self):
        self.website.store_binding = "all"
        owner = self.portal_user("bound_owner", self.north)
        self.authenticate("bound_owner", "bound_owner")
        self.url_open("/s/north-store")
        self.assertFalse(self.bound(owner))

    def test_one_store_at_a_time_in_the_database(self):
        values = {
            "partner_id": self.env["res.partner"].create({"name": "Shopper"}).id,
            "until": fields.Date.today(),
        }
        Binding = self.env["distributor.store.binding"]
        Binding.create({**values, "store_id": self.store.id})
        with mute_logger("odoo.sql_db"), self._refused(IntegrityError, "one_store"):
            Binding.create({**values, "store_id": self.other.id})
        with mute_logger("odoo.sql_db"), self._refused(IntegrityError, "in_order"):
            Binding.search([]).until = "2020-01-01"
            self.env.flush_all()
