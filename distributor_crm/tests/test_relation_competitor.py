# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from datetime import timedelta
from io import BytesIO

from PIL import Image

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import DistributorCommon


@tagged("post_install", "-at_install")
class TestCompetitor(DistributorCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category = cls.env["distributor.competitor.category"].create(
            {"name": "Manufacturer"}
        )
        cls.rival = cls.env["distributor.competitor"].create(
            {"name": "Rival", "category_id": cls.category.id}
        )
        cls.Observation = cls.env["distributor.competitor.observation"]

    def see(self, partner, user=None, **values):
        return self.Observation.with_user(user or self.account_manager).create(
            {"competitor_id": self.rival.id, "partner_id": partner.id, **values}
        )

    def picture(self):
        stream = BytesIO()
        Image.new("RGB", (4, 4), "red").save(stream, "PNG")
        return base64.b64encode(stream.getvalue())

    def test_what_is_shared_is_what_was_seen_within_a_year(self):
        """How many distributors and stores a competitor shares with us (R220)."""
        Store = self.env["distributor.store"]
        named, _other = Store.create(
            [
                {"name": name, "slug": name.lower(), "partner_id": self.north.id}
                for name in ("N1", "N2")
            ]
        )
        south = Store.create({"name": "S1", "slug": "s1", "partner_id": self.south.id})
        south.sudo().state = "open"
        self.see(self.north, store_id=named.id)
        self.see(self.south)
        self.see(self.south, kind="promotion")
        self.rival.invalidate_recordset()
        self.assertEqual(self.rival.observation_count, 3)
        self.assertEqual(self.rival.distributor_count, 2)
        self.assertEqual(self.rival.store_count, 2)
        self.Observation.search([("partner_id", "=", self.south.id)]).date = (
            fields.Date.today() - timedelta(days=400)
        )
        self.rival.invalidate_recordset()
        self.assertEqual((self.rival.distributor_count, self.rival.store_count), (1, 1))
        self.assertEqual(self.north.competitor_count, 1)

    def test_characteristics_belong_to_the_kind(self):
        """Further characteristics are data of the kind, not of the program (R220)."""
        self.rival.characteristics = [
            {
                "name": "abcdef0123456789",
                "type": "integer",
                "string": "Staff",
                "definition_changed": True,
                "value": 40,
            }
        ]
        other = self.env["distributor.competitor"].create(
            {"name": "Second", "category_id": self.category.id}
        )
        (staff,) = other.read(["characteristics"])[0]["characteristics"]
        self.assertEqual(staff["string"], "Staff")

    def test_photos_are_judged_by_their_content(self):
        """A picture is kept; what only calls itself one is not."""
        self.assertTrue(self.see(self.north, photo=self.picture()).photo)
        for content in (b"<svg onload='x'/>", b"%PDF-1.4 x %%EOF", b"MZ\x90"):
            with self._refused(UserError, "not accepted|as a picture"):
                self.see(self.north, photo=base64.b64encode(content))
        with self._refused(UserError, "not accepted"):
            self.see(self.north).photo = base64.b64encode(b"no picture")

    def test_place_and_day_are_checked(self):
        """A store of somebody else, a contact, or tomorrow: refused."""
        store = self.env["distributor.store"].create(
            {"name": "S1", "slug": "s1", "partner_id": self.south.id}
        )
        with self._refused(ValidationError, "must be one of North"):
            self.see(self.north, user=self.sales_manager, store_id=store.id)
        with self._refused(ValidationError, "the day on which"):
            self.see(self.north, date=fields.Date.today() + timedelta(days=2))
        person = self.env["res.partner"].create(
            {"name": "Li", "parent_id": self.north.id}
        )
        with self._refused(ValidationError, "no distributor"):
            self.see(person)

    def test_each_role_sees_its_own(self):
        """Own observations and those at own distributors; finance has no access."""
        east = self.env["res.partner"].create(
            {"name": "East", "is_company": True, "is_distributor": True}
        )
        here = self.see(self.north)
        there = self.see(east, user=self.sales_manager)
        everything = [("id", "in", (here + there).ids)]
        for user, seen in (
            (self.sales_rep, here),
            (self.account_manager, here),
            (self.sales_manager, here + there),
        ):
            found = self.Observation.with_user(user).search(everything, order="id")
            self.assertEqual(found, seen, user.name)
        with self.assertRaises(AccessError):
            there.with_user(self.sales_rep).note = "changed"
        with self.assertRaises(AccessError):
            self.Observation.with_user(self.finance).search([])
        with self.assertRaises(AccessError):
            self.rival.with_user(self.sales_rep).unlink()
