# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from base64 import b64encode

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .store_common import StoreHttpCommon, picture

SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>steal()</script></svg>"


@tagged("post_install", "-at_install")
class TestStoreDesign(StoreHttpCommon):
    """The owner decorates on the portal; nobody else gets near."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls.portal_user("north_owner", cls.north)
        cls.stranger = cls.portal_user("south_owner", cls.south)

    def setUp(self):
        super().setUp()
        self.path = f"/my/stores/{self.store.id}"
        self.authenticate("north_owner", "north_owner")

    def save(self, action="save", files=None, **values):
        return self.post(
            f"{self.path}/design", files=files, whole="1", action=action, **values
        )

    def draft(self):
        self.env.invalidate_all()
        return self.store._get_draft()

    # -- who -------------------------------------------------------------------------

    def routes(self):
        line = self.line(self.store, self.plum)
        return (
            ("GET", self.path, {}),
            ("GET", f"{self.path}/design", {}),
            ("GET", f"{self.path}/preview", {}),
            ("GET", f"{self.path}/products", {}),
            ("GET", f"{self.path}/orders", {}),
            ("POST", f"{self.path}/design", {"whole": "1", "theme": "ink"}),
            ("POST", f"{self.path}/design", {"action": "publish"}),
            ("POST", f"{self.path}/products", {"product_id": self.gin.id}),
            ("POST", f"{self.path}/products/{line.id}", {"price": "1"}),
            ("POST", f"{self.path}/products/{line.id}", {"action": "remove"}),
        )

    def call(self, method, path, values):
        return self.post(path, **values) if method == "POST" else self.url_open(path)

    def test_another_owner_is_led_home(self):
        self.authenticate("south_owner", "south_owner")
        for route in self.routes():
            response = self.call(*route)
            self.assertTrue(self.is_home(response), route)
            self.assertNotIn("North Store", response.text)
        for name in ("banner", "logo"):
            self.assertEqual(self.url_open(f"{self.path}/{name}").status_code, 404)
        self.assertNotIn("North Store", self.url_open("/my/stores").text)
        self.assertEqual(self.line(self.store, self.plum).price, 120)
        self.assertNotEqual(self.draft().theme, "ink")
        self.assertEqual(len(self.store.store_product_ids), 2)
        for number in (0, 2**31 - 1, 2**70):
            response = self.url_open(f"/my/stores/{number}/design")
            self.assertTrue(self.is_home(response) or response.status_code == 404)

    def test_visitors_must_log_in(self):
        routes = self.routes()
        self.authenticate(None, None)
        for method, path, values in routes:
            response = self.call(method, path, values)
            self.assertIn("/web/login", response.url, path)
        self.assertEqual(self.line(self.store, self.plum).price, 120)

    def test_a_line_of_another_store_is_not_reached_through_ones_own(self):
        foreign = self.line(self.other, self.plum)
        for action in ("save", "remove", "up"):
            response = self.post(
                f"{self.path}/products/{foreign.id}", action=action, price="1"
            )
            self.assertTrue(self.is_home(response))
        self.assertEqual(foreign.price, 90)

    def test_without_a_token_nothing_is_saved(self):
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_http"):
            response = self.url_open(
                f"{self.path}/design", data={"whole": "1", "theme": "ink"}
            )
        self.assertEqual(response.status_code, 400)
        self.assertNotEqual(self.draft().theme, "ink")

    def test_a_closed_store_is_not_changed(self):
        self.store._close("Gone")
        self.assertTrue(self.is_home(self.save(theme="ink")))
        page = self.url_open(f"{self.path}/design").text
        self.assertIn("nothing can be changed any more", page)

    # -- decorating ------------------------------------------------------------------

    def test_draft_preview_publish(self):
        page = self.save(
            theme="lotus",
            introduction="<p>Hello <b>all</b></p>",
            contact_phone="123",
        ).text
        self.assertIn("Saved as a draft", page)
        self.assertNotIn(
            "o_store_theme_lotus", self.url_open("/store/north-store").text
        )
        preview = self.url_open(f"{self.path}/preview").text
        self.assertIn("o_store_theme_lotus", preview)
        self.assertIn("Hello <b>all</b>", preview)
        # from the preview: nothing but the word to publish
        page = self.post(f"{self.path}/design", action="publish").text
        self.assertIn("this is what visitors see now", page)
        self.assertIn("o_store_theme_lotus", self.url_open("/store/north-store").text)
        self.assertEqual(self.store._get_design().contact_phone, "123")

    def test_preview_before_the_store_is_open(self):
        self.store.sudo().state = "preparing"
        page = " ".join(self.url_open(f"{self.path}/preview").text.split())
        self.assertIn("Plum Spirit", page)
        self.assertIn("120.00", page)

    def test_pictures(self):
        files = {"banner": ("b.png", picture((3000, 900)), "image/png")}
        files["logo"] = ("l.gif", picture((60, 60), "GIF"), "image/gif")
        self.save(files=files)
        draft = self.draft()
        self.assertTrue(draft.banner and draft.logo)
        self.assertEqual(self.url_open(f"{self.path}/banner").status_code, 200)
        self.save(remove_banner="1")
        draft = self.draft()
        self.assertFalse(draft.banner)
        self.assertTrue(draft.logo)

    def test_pictures_that_are_none(self):
        """The content decides: whatever the name and the type say."""
        behind = picture() + b"<script>steal()</script>"
        for name, content, kind in (
            ("x.svg", SVG, "image/svg+xml"),
            ("x.png", SVG, "image/png"),
            ("x.png", b"%PDF-1.4 nothing", "image/png"),
            ("x.png", b"", "image/png"),
            ("x.png", picture()[:40], "image/png"),
            ("x.bmp", picture(kind="BMP"), "image/png"),
            ("x.ico", picture(kind="ICO"), "image/png"),
        ):
            page = self.save(files={"logo": (name, content, kind)}, contact_name="Kept")
            self.assertFalse(self.draft().logo, name)
            told = "This is no picture" if content else "x.png is empty."
            self.assertIn(told, page.text)
            # nothing half done, nothing typed lost
            self.assertFalse(self.draft().contact_name)
            self.assertIn('value="Kept"', page.text)
        self.save(files={"logo": ("x.png", behind, "image/png")})
        shown = self.url_open(f"{self.path}/logo")
        self.assertNotIn(b"steal", shown.content)
        self.assertIn("image/", shown.headers["Content-Type"])

    def test_pictures_too_large(self):
        draft = self.store._get_draft()
        with self._refused(ValidationError, "larger than"):
            draft.banner = b64encode(b"\0" * (10 * 1024 * 1024 + 1))
        # many points in few bytes
        with self._refused(ValidationError, "too many points"):
            draft.banner = b64encode(picture((8000, 7000), "GIF"))
        # what the server reads is bounded, before it is read
        response = self.save(
            files={"logo": ("x.png", b"\0" * (25 * 1024 * 1024), "image/png")}
        )
        self.assertEqual(response.status_code, 413)

    def test_hostile_words(self):
        self.save(
            introduction="<p onmouseover='x()'>Hi</p><script>x()</script>"
            "<svg onload='x()'></svg><img src=x onerror='x()'>"
            "<a href='  javascript:x()'>a</a><a href='data:text/html,x()'>b</a>",
            theme="'><script>x()</script>",
            contact_name="<script>x()</script>",
            contact_email="a b@c",
        )
        page = self.save(
            introduction="<p>Hi</p><script>x()</script>",
            contact_name="<script>x()</script>",
            contact_phone="9" * 500,
        ).text
        self.assertNotIn("<script>x()", page)
        draft = self.draft()
        self.assertEqual(draft.introduction, "<p>Hi</p>")
        self.assertEqual(draft.theme, "plain")
        self.assertEqual(len(draft.contact_phone), 40)
        self.assertNotIn("<script>x()", self.url_open(f"{self.path}/preview").text)
        page = self.save(introduction="<p>" + "a" * 30000 + "</p>").text
        self.assertIn("too long", page)

    def test_coupons_that_are_not_offered(self):
        program = self.env["loyalty.program"].create(
            {
                "name": "Secret",
                "program_type": "promo_code",
                "trigger": "with_code",
                "rule_ids": [Command.create({"mode": "with_code", "code": "SECRET"})],
                "reward_ids": [Command.create({"discount": 90})],
            }
        )
        self.save(program_ids=[str(program.id), "x", "-1"])
        self.assertFalse(self.draft().program_ids)
        program.store_ok = True
        self.save(program_ids=[str(program.id)])
        self.assertEqual(self.draft().program_ids, program)

    # -- products --------------------------------------------------------------------

    def change(self, product, **values):
        line = self.line(self.store, product)
        return self.post(f"{self.path}/products/{line.id}", **values)

    def test_add_move_recommend_remove(self):
        self.post(f"{self.path}/products", product_id=self.gin.id)
        self.env.invalidate_all()
        names = self.store.store_product_ids.product_tmpl_id.mapped("name")
        self.assertEqual(names, ["Plum Spirit", "Rye Spirit", "Dry Gin"])
        self.change(self.gin, action="up")
        self.change(self.plum, action="up")
        self.change(self.rye, featured="1")
        self.env.invalidate_all()
        lines = self.store.store_product_ids.sorted()
        self.assertEqual(
            lines.product_tmpl_id.mapped("name"),
            ["Rye Spirit", "Plum Spirit", "Dry Gin"],
        )
        self.change(self.gin, action="remove")
        self.assertFalse(self.line(self.store, self.gin))

    def test_what_cannot_be_added(self):
        self.tier.store_categ_ids = self.spirits
        company = self.env["res.company"].create({"name": "Another"})
        hidden = self.gin.copy({"is_published": False})
        foreign = self.gin.copy({"company_id": company.id, "is_published": True})
        for wrong in (
            *(self.cup.id, self.plum.id, hidden.id, foreign.id),
            *("x", "", "-1", 2**80),
        ):
            page = self.post(f"{self.path}/products", product_id=wrong).text
            self.assertIn("cannot be added", page, wrong)
        self.assertEqual(len(self.store.store_product_ids), 2)

    def test_prices(self):
        for text, price in (("99.5", 99.5), ("80,25", 80.25), ("", 0)):
            self.change(self.plum, price=text)
            self.env.invalidate_all()
            self.assertEqual(self.line(self.store, self.plum).price, price)
        for wrong in ("0", "-5", "nan", "inf", "1e99", "1,000.00", "free", "<b>"):
            page = self.change(self.plum, price=wrong).text
            self.assertIn("Type a price above zero", page, wrong)
        self.env["distributor.price.rule"].create(
            {
                "scope": "product",
                "product_tmpl_id": self.plum.id,
                "channel": "shop",
                "floor_price": 90,
                "legal_basis": "agency",
                "legal_note": "Agency",
            }
        )
        page = self.change(self.plum, price="89.99").text
        self.assertIn("The lowest price is", page)
        self.assertIn("lowest", self.url_open(f"{self.path}/products").text)

    # -- orders ----------------------------------------------------------------------

    def test_orders_without_who_bought(self):
        """Every order of the store is on record (R185), nobody's name is (R186)."""
        buyer = self.env["res.partner"].create(
            {"name": "Secret Buyer", "street": "Hidden Road 1", "email": "s@b.example"}
        )
        for store in (self.store, self.other):
            self.env["sale.order"].create(
                {
                    "partner_id": buyer.id,
                    "store_id": store.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.plum.product_variant_id.id,
                                "price_store_id": store.id,
                            }
                        )
                    ],
                }
            ).action_confirm()
        orders = self.env["sale.order"].search([("partner_id", "=", buyer.id)])
        own = orders.filtered(lambda o: o.store_id == self.store)
        page = self.url_open(f"{self.path}/orders").text
        self.assertIn(own.name, page)
        self.assertIn("In preparation", page)
        self.assertIn("Plum Spirit", page)
        for hidden in ("Secret Buyer", "Hidden Road", "s@b", (orders - own).name):
            self.assertNotIn(hidden, page)
        # the order itself stays the shopper's
        self.assertTrue(self.is_home(self.url_open(f"/my/orders/{own.id}")))

    def test_portal_home_and_list(self):
        counters = self.rpc("/my/counters", counters=["store_count"])
        self.assertEqual(counters["store_count"], 1)
        page = self.url_open("/my/stores").text
        self.assertIn("North Store", page)
        self.assertNotIn("South Store", page)
