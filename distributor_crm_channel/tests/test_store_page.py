# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.tests import tagged

from .store_common import StoreHttpCommon, picture

HOSTILE = (
    "<p onclick='steal()'>Hello <b>you</b></p><script>steal()</script>"
    "<img src='https://spy.example/x.png' onerror='steal()'>"
    "<iframe src='https://spy.example'></iframe>"
    "<a href='javascript:steal()'>press</a><a href='https://ok.example'>go</a>"
    "<form action='https://spy.example'><input name='card'></form>"
    "<style>body{display:none}</style>"
)


@tagged("post_install", "-at_install")
class TestStorePage(StoreHttpCommon):
    def test_page_shows_what_the_store_chose_in_its_order(self):
        self.store.store_product_ids[0].sequence = 9
        status, page = self.markup("/store/north-store")
        self.assertEqual(status, 200)
        self.assertIn("North Store", page)
        self.assertLess(page.index("Rye Spirit"), page.index("Plum Spirit"))
        self.assertIn("120.00", page)
        self.assertNotIn("Clay Cup", page)
        self.line(self.store, self.plum).featured = True
        page = self.markup("/store/north-store")[1]
        self.assertLess(page.index("Plum Spirit"), page.index("Rye Spirit"))
        self.assertIn("Recommended", page)

    def test_what_may_not_be_sold_is_not_shown(self):
        """Unpublished, not on sale, of a category that the tier may not sell (R160)."""
        for change in (
            lambda: self.plum.write({"is_published": False}),
            lambda: self.plum.write({"sale_ok": False}),
            lambda: self.plum.action_archive(),
            lambda: self.tier.write(
                {"store_categ_ids": [Command.set(self.barware.ids)]}
            ),
        ):
            with self.subTest(change), self.env.cr.savepoint() as savepoint:
                change()
                page = self.markup("/store/north-store")[1]
                self.assertFalse("Plum Spirit" in page)
                savepoint.rollback()
        self.env.invalidate_all()
        self.tier.store_categ_ids = self.spirits
        self.assertIn("Plum Spirit", self.markup("/store/north-store")[1])

    def test_search_and_categories_stay_in_the_store(self):
        page = self.markup("/store/north-store?search=spirit+rye")[1]
        self.assertIn("Rye Spirit", page)
        self.assertFalse("Plum Spirit" in page)
        page = self.markup("/store/north-store?search=gin")[1]
        self.assertIn("Nothing found in this store", page)
        page = self.markup(f"/store/north-store?category={self.shelf.id}")[1]
        self.assertIn("Plum Spirit", page)
        self.assertNotIn("Rye Spirit", page)
        for wrong in (
            "?category=x",
            "?category=999999999999",
            "?search=" + "a" * 5000,
            "?search=%25%27%22%3Cscript%3E",
            "/page/99999",
        ):
            status, page = self.markup(f"/store/north-store{wrong}")
            self.assertEqual(status, 200, wrong)
            self.assertNotIn("<script>'", page)

    def test_pages(self):
        self.website.shop_ppg = 1
        first = self.markup("/store/north-store")[1]
        second = self.markup("/store/north-store/page/2")[1]
        self.assertIn("Plum Spirit", first)
        self.assertNotIn("Plum Spirit", second)
        self.assertIn("Rye Spirit", second)

    def test_stores_that_are_not_shown_tell_nothing(self):
        """Unknown, suspended, closed, another website's: one page, and no name."""
        elsewhere = self.env["website"].create({"name": "Elsewhere"})
        pages = []
        for change in (
            None,
            lambda: self.store.action_suspend(),
            lambda: self.store._close("Not paid"),
            lambda: self.store.sudo().write({"state": "preparing"}),
            lambda: self.store.write({"website_id": elsewhere.id}),
            lambda: self.store.write({"active": False}),
        ):
            with self.env.cr.savepoint() as savepoint:
                slug = "north-store" if change else "nobody"
                if change:
                    change()
                for path in (f"/store/{slug}", f"/s/{slug}"):
                    response = self.url_open(path)
                    self.assertEqual(response.status_code, 404)
                    self.assertNotIn("North Store", response.text)
                    self.assertIn("This store is not here", response.text)
                    pages.append(response.text.replace(slug, "").count("\n"))
                for name in ("banner", "logo"):
                    code = self.url_open(f"/store/{slug}/{name}").status_code
                    self.assertEqual(code, 404)
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertEqual(len(set(pages)), 1, "the pages differ and tell")

    def test_addresses_that_are_none(self):
        for slug in ("North-Store", "NORTH-STORE"):
            self.assertEqual(self.url_open(f"/store/{slug}").status_code, 200)
        for slug in ("a" * 300, "%00", "'%20or%201=1", "%F0%9F%8D%B6", "-"):
            self.assertEqual(self.url_open(f"/store/{slug}").status_code, 404, slug)

    def test_another_company_does_not_show_it(self):
        company = self.env["res.company"].create({"name": "Another"})
        self.website.company_id = company
        self.assertEqual(self.url_open("/store/north-store").status_code, 404)

    def test_introduction_is_harmless(self):
        self.store._get_draft().introduction = HOSTILE
        self.store._publish_design()
        page = self.markup("/store/north-store")[1]
        self.assertIn("Hello <b>you</b>", page)
        self.assertIn('href="https://ok.example"', page)
        for bad in ("steal()", "spy.example", "javascript:", 'name="card"'):
            self.assertNotIn(bad, page)

    def test_decoration_contact_and_meta(self):
        self.store._get_draft().write(
            {
                "banner": self.b64(picture((2000, 1000))),
                "theme": "jade",
                "introduction": "<p>Spirits for feasts</p>",
                "contact_phone": "+86 28 5550 0142",
            }
        )
        before = self.markup("/store/north-store")[1]
        self.assertNotIn("Spirits for feasts", before)
        self.store._publish_design()
        page = self.markup("/store/north-store")[1]
        self.assertIn("o_store_theme_jade", page)
        self.assertIn("tel:+86 28 5550 0142", page)
        self.assertIn('property="og:title" content="North Store"', page)
        self.assertIn('content="Spirits for feasts"', page)
        self.assertIn("/store/north-store/banner?v=", page)
        shown = self.url_open("/store/north-store/banner")
        self.assertEqual(shown.headers["Content-Type"], "image/jpeg")
        self.assertEqual(self.url_open("/store/north-store/logo").status_code, 404)

    def b64(self, content):
        from base64 import b64encode

        return b64encode(content)

    def test_coupons_shown(self):
        """A code is shown where the company lets it, to its tiers, in its days (R017)."""
        program = self.env["loyalty.program"].create(
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
        self.store._get_draft().program_ids = program
        self.store._publish_design()
        self.assertIn("TENGUESTS", self.markup("/store/north-store")[1])
        for values in (
            {"store_ok": False},
            {"ecommerce_ok": False},
            {"date_to": "2020-01-01"},
            {"store_grade_ids": [Command.set(self.tier.copy().ids)]},
        ):
            with self.env.cr.savepoint() as savepoint:
                program.write(values)
                page = self.markup("/store/north-store")[1]
                self.assertNotIn("TENGUESTS", page, values)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_sitemap_lists_open_stores_only(self):
        self.other.action_suspend()
        self.env["ir.attachment"].search([("url", "=like", "/sitemap%")]).unlink()
        sitemap = self.url_open("/sitemap.xml").text
        self.assertIn("/store/north-store", sitemap)
        self.assertNotIn("/store/south-store", sitemap)

    def test_shop_for_logged_in_only(self):
        self.website.ecommerce_access = "logged_in"
        self.assertIn("/web/login", self.url_open("/store/north-store").url)

    def test_visits_count_once_a_day_and_session(self):
        for _again in range(3):
            self.url_open("/store/north-store")
        self.assertEqual(self.store.visit_count, 1)
        self.browse_anew()
        self.url_open("/s/north-store")
        self.env.invalidate_all()
        self.assertEqual(self.store.visit_count, 2)
        robot = {"User-Agent": "Googlebot/2.1"}
        self.browse_anew()
        self.url_open("/store/north-store", headers=robot)
        self.env.invalidate_all()
        self.assertEqual(self.store.visit_count, 2)

    def test_days_that_are_over_are_folded(self):
        Visit = self.env["distributor.store.visit"]
        Visit.create(
            [
                {"store_id": store.id, "day": day}
                for store in (self.store, self.store, self.other)
                for day in ("2024-05-01", "2024-05-02")
            ]
        )
        Visit._count(self.store)
        Visit._count(self.store)
        Visit._gc_fold_days()
        Visit._gc_fold_days()
        rows = Visit.search([("store_id", "=", self.store.id)], order="day")
        self.assertEqual(rows.mapped("visits"), [2, 2, 1, 1])
