# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from base64 import b64encode
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

from openpyxl import load_workbook

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .service_common import ServicePortalCase, picture


@tagged("post_install", "-at_install")
class TestServiceKit(ServicePortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category = cls.env["product.category"].create({"name": "Gift / Boxes"})
        cls.goods.write(
            {
                "categ_id": cls.category.id,
                "default_code": "TB/1",
                "description_sale": "=1+1 for two",
                "image_1920": b64encode(picture()),
            }
        )
        cls.gold, cls.silver = cls.env["res.partner.grade"].create(
            [{"name": "Kit gold"}, {"name": "Kit silver"}]
        )
        cls.kit = cls.env["distributor.kit"].create(
            {
                "name": "Mid-Autumn",
                "company_id": cls.company.id,
                "categ_ids": [Command.set(cls.category.ids)],
                "text": "<p>Buy <b>two</b></p><script>alert(1)</script>",
            }
        )

    def unzip(self, file):
        return ZipFile(BytesIO(file.attachment_id.raw))

    def test_a_file_of_each_category(self):
        """Table, pictures and copy; a text that looks like a formula stays a text."""
        self.kit.action_publish()
        archive = self.unzip(self.kit.file_ids)
        names = archive.namelist()
        self.assertIn("copy.html", names)
        self.assertIn(f"pictures/TB_1_{self.goods.product_tmpl_id.id}.png", names)
        self.assertNotIn(b"script", archive.read("copy.html"))
        sheet = load_workbook(BytesIO(archive.read("products.xlsx"))).active
        row = [cell.value for cell in sheet[2]]
        self.assertEqual(row[:3], ["TB/1", "Twin Box", "=1+1 for two"])
        self.assertEqual(sheet["C2"].data_type, "s")
        self.assertEqual(row[4], 100)

    def test_incomplete_products_keep_a_kit_back(self):
        """Each product has a picture and a description before it is advertised (R209)."""
        for field in ("description_sale", "image_1920"):
            kept = self.goods[field]
            self.goods[field] = False
            with self.subTest(field), self._refused(UserError, "Twin Box"):
                self.kit.action_publish()
            self.goods[field] = kept
        self.kit.action_publish()
        self.assertEqual((self.kit.state, self.kit.version), ("published", 1))
        with self._refused(UserError, "empty"):
            self.kit.copy({"categ_ids": False}).action_publish()

    def test_versions_stay(self):
        self.kit.action_publish()
        self.goods.list_price = 120
        self.kit.action_publish()
        self.assertEqual(self.kit.file_ids.mapped("version"), [2, 1])
        self.assertEqual(self.kit._get_files(self.north).version, 2)

    def test_who_sees_it(self):
        """Its tiers, while it runs (R031)."""
        self.kit.action_publish()
        Kit = self.env["distributor.kit"]

        def sees():
            return self.kit in Kit.search(Kit._get_portal_domain(self.north))

        self.assertTrue(sees())
        self.kit.grade_ids = self.gold
        self.assertFalse(sees())
        self.north.grade_id = self.silver
        self.assertFalse(sees())
        self.north.grade_id = self.gold
        self.assertTrue(sees())
        yesterday = fields.Date.context_today(self.kit) - timedelta(days=1)
        self.kit.write({"date_from": yesterday, "date_to": yesterday})
        self.assertFalse(sees())
        self.kit.date_to = False
        self.kit.action_withdraw()
        self.assertFalse(sees())

    def test_roles(self):
        for user in (self.sales_rep, self.account_manager, self.finance):
            with self.assertRaises(AccessError):
                self.kit.with_user(user).action_publish()
        for name in ("state", "version"):
            with self.assertRaises(UserError):
                self.kit.with_user(self.channel_admin).write({name: "1"})
        self.kit.with_user(self.sales_manager).action_publish()

    # -- portal ------------------------------------------------------------------------

    def path(self, *parts):
        return "/".join(["/my/kits", str(self.kit.id), *map(str, parts)])

    def downloads(self):
        return self.env["distributor.kit.download"].search(
            [("kit_id", "=", self.kit.id)]
        )

    def test_download_is_noted(self):
        self.kit.action_publish()
        self._login()
        self.assertIn("Mid-Autumn", self.url_open("/my/kits").text)
        self.assertNotIn("<script>alert(1)", self.url_open(self.path()).text)
        response = self.url_open(self.path("file", self.kit.file_ids.id))
        self.assertIn("attachment", response.headers["Content-Disposition"])
        self.assertIn("products.xlsx", ZipFile(BytesIO(response.content)).namelist())
        log = self.downloads()
        self.assertEqual(
            (log.partner_id, log.user_id, log.version), (self.north, self.north_user, 1)
        )

    def test_others_get_nothing(self):
        self.kit.action_publish()
        self.kit.grade_ids = self.gold
        self.north.grade_id = self.gold
        file = self.kit.file_ids
        self._check_own_only(self.path())
        self._login("south_owner")
        self.assertNotIn("Mid-Autumn", self.url_open("/my/kits").text)
        self.assertTrue(self._is_home(self.url_open(self.path("file", file.id))))
        self.assertTrue(
            self._is_home(self._post(self.path("use"), address="https://a.b"))
        )
        self.assertFalse(self.downloads())
        self._login()
        self.kit.action_publish()
        for number in (file.id, 0, 2**40):
            self.assertTrue(self._is_home(self.url_open(self.path("file", number))))

    def test_use_is_declared_and_verified(self):
        self.kit.action_publish()
        self._login()
        page = self._post(self.path("use"), address="https://shop.example/1").text
        self.assertIn("Download a file of this kit first", page)
        self.url_open(self.path("file", self.kit.file_ids.id))
        for wrong in (
            "",
            "javascript:alert(1)",
            "shop.example",
            "https://x",
            "http://[",
        ):
            page = self._post(self.path("use"), address=wrong).text
            self.assertIn("alert-danger", page, wrong)
        self._post(self.path("use"), address="https://shop.example/1")
        log = self.downloads()
        self.assertEqual(log.usage_state, "declared")
        with self.assertRaises(AccessError):
            log.with_user(self.sales_rep).action_verify()
        log.with_user(self.account_manager).action_verify()
        self.assertEqual(log.checked_by_id, self.account_manager)
