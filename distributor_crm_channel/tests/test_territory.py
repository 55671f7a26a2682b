# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import TerritoryCommon


@tagged("post_install", "-at_install")
class TestTerritory(TerritoryCommon):
    def test_few_clicks(self):
        """A name is enough: the company's country, the user as area manager."""
        self.company.country_id = self.country
        with Form(self.env["distributor.territory"].with_user(self.admin)) as form:
            form.name = "Home"
        territory = form.record
        self.assertEqual(territory.area_ids.country_id, self.country)
        self.assertEqual(territory.user_id, self.admin)
        self.assertEqual(territory.area_summary, self.country.name)

    def test_needs_an_area(self):
        with self.assertRaises(ValidationError):
            self._create_territory(area_ids=[])
        territory = self._create_territory()
        with self.assertRaises(ValidationError):
            territory.area_ids = [Command.clear()]

    def test_state_belongs_to_country(self):
        with self.assertRaises(ValidationError):
            self._create_territory(
                {"country_id": self.abroad.id, "state_id": self.hill.id}
            )
        area = self._create_territory({"state_id": self.hill.id}).area_ids
        area.country_id = self.abroad
        self.assertFalse(area.state_id)

    def test_overlap(self):
        """Areas are apart only where both name a place and the names differ."""
        hill, dale = {"state_id": self.hill.id}, {"state_id": self.dale.id}
        for mine, theirs, expected in (
            ([{}], [{}], True),
            ([{}], [{"country_id": self.abroad.id}], False),
            ([{}], [hill], True),
            ([hill], [dale], False),
            ([hill, dale], [dale], True),
            ([{"city": "Springfield"}], [{"city": " SPRINGFIELD "}], True),
            ([{"city": "Springfield"}], [{"city": "Shelbyville"}], False),
            ([{**hill, "city": "Springfield"}], [{"city": "Springfield"}], True),
            ([{"zip_prefix": "10"}], [{"zip_prefix": "101"}], True),
            ([{"zip_prefix": "sw1 a"}], [{"zip_prefix": "SW1"}], True),
            ([{"zip_prefix": "10"}], [{"zip_prefix": "11"}], False),
            ([{"zip_prefix": "10"}], [{"city": "Springfield"}], True),
            ([{**hill, "zip_prefix": "10"}], [{**dale, "zip_prefix": "10"}], False),
        ):
            a, b = self._create_territory(*mine), self._create_territory(*theirs)
            self.assertIs(a._overlaps(b), expected, (mine, theirs))
            self.assertIs(b._overlaps(a), expected, (theirs, mine))

    def test_summary(self):
        territory = self._create_territory(
            {"state_id": self.hill.id, "city": "Springfield"},
            {"state_id": self.hill.id, "zip_prefix": "10"},
            {"country_id": self.abroad.id},
        )
        self.assertEqual(territory.area_summary, "Hill (DE): Springfield, 10…; Austria")

    def test_distributors_of_today(self):
        territory = self._create_territory()
        self._authorize(self.north, territory)
        self._authorize(self.south, territory, date_from=self._day(1))
        self._authorize(
            self.east, territory, date_from=self._day(-9), date_to=self._day(-1)
        )
        self.assertEqual(territory.distributor_ids, self.north)
        self.assertEqual(territory.distributor_count, 1)
        self.assertFalse(territory.is_exclusive)
        action = territory.action_view_distributors()
        self.assertEqual(self.env["res.partner"].search(action["domain"]), self.north)

    def test_partner_button(self):
        territory = self._create_territory()
        past = {"date_from": self._day(-9), "date_to": self._day(-1)}
        old = self._authorize(self.north, territory, **past)
        new = self._authorize(self.north, territory)
        self.assertEqual(self.north.distributor_authorization_count, 1)
        self.assertEqual(self.south.distributor_authorization_count, 0)
        action = self.north.action_view_distributor_authorizations()
        self.assertEqual(
            self.env[action["res_model"]].search(action["domain"]), new + old
        )
        self.assertEqual(action["context"], {"default_partner_id": self.north.id})

    def test_archive_waits_for_authorizations(self):
        territory = self._create_territory()
        authorization = self._authorize(self.north, territory, date_from=self._day(-9))
        with self.assertRaises(UserError):
            territory.action_archive()
        authorization.date_to = self._day(-1)
        territory.action_archive()
        self.assertFalse(territory.active)

    def test_company_stays_with_authorizations(self):
        other = self.env["res.company"].create({"name": "Other"})
        territory = self._create_territory(user_id=False).sudo()
        territory.company_id = other
        territory.company_id = self.company
        self._authorize(self.north, territory)
        with self.assertRaises(UserError):
            territory.company_id = other

    def test_names_unique_in_company(self):
        first = self._create_territory(name="Same")
        self.assertEqual(first.copy().name, "Same (copy)")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self._create_territory(name="Same")

    def test_history_is_not_deleted_with_the_territory(self):
        territory = self._create_territory()
        authorization = self._authorize(self.north, territory)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            territory.unlink()
        authorization.unlink()
        area = territory.area_ids
        territory.unlink()
        self.assertFalse(area.exists())
