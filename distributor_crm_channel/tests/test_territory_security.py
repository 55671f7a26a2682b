# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import READERS, TerritoryCommon


@tagged("post_install", "-at_install")
class TestTerritorySecurity(TerritoryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.territory = cls._create_territory()
        cls.authorization = cls._authorize(cls.north, cls.territory)

    def _records(self):
        return self.territory, self.territory.area_ids, self.authorization

    def test_sellers_and_finance_read(self):
        changes = ({"name": "X"}, {"city": "X"}, {"date_to": self.today})
        for group in READERS:
            user = self._new_user(f"reader_{group}", group)
            for record, change in zip(self._records(), changes, strict=True):
                own = record.with_user(user)
                self.assertEqual(own.search([("id", "=", own.id)]), own, group)
                self.assertTrue(own.read(["display_name"]))
                for forbidden in (
                    lambda own=own, change=change: own.write(change),
                    lambda own=own: own.copy(),
                    lambda own=own: own.unlink(),
                ):
                    with self.assertRaises(AccessError, msg=group):
                        forbidden()
            with self.assertRaises(AccessError):
                self.authorization.with_user(user).action_end()
            self.assertEqual(self.territory.with_user(user).distributor_ids, self.north)

    def test_administrator_writes(self):
        territory, area, authorization = (
            record.with_user(self.admin) for record in self._records()
        )
        area.city = "Springfield"
        authorization.action_end()
        territory.name = "Renamed"
        authorization.unlink()
        territory.unlink()
        self.assertFalse(territory.exists())

    def test_strangers_see_nothing(self):
        for group in ("base.group_user", "base.group_portal", "base.group_public"):
            user = new_test_user(self.env, f"stranger_{group}", group)
            for record in self._records():
                with self.assertRaises(AccessError, msg=(group, record)):
                    record.with_user(user).search([])

    def test_partner_form_stays_open_to_strangers(self):
        """Who may not see authorizations can still open a contact."""
        user = new_test_user(self.env, "territory_stranger", "base.group_user")
        arch = self.north.with_user(user).get_view(view_type="form")["arch"]
        self.assertNotIn("distributor_authorization_count", arch)

    def test_companies_apart(self):
        other = self.env["res.company"].create({"name": "Other"})
        user = new_test_user(
            self.env,
            "territory_elsewhere",
            "distributor_crm.group_channel_admin",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for record in self._records():
            own = record.with_user(user)
            self.assertFalse(own.search([("id", "=", record.id)]))
            with self.assertRaises(AccessError):
                own.read(["display_name"])
        # what one company promised binds no other
        self._authorize(
            self.south,
            self._create_territory({"country_id": self.abroad.id}),
            exclusive=True,
        )
        theirs = (
            self.env["distributor.territory"]
            .with_user(user)
            .create(
                {
                    "name": "Theirs",
                    "area_ids": [Command.create({"country_id": self.abroad.id})],
                    "authorization_ids": [
                        Command.create({"partner_id": self.north.id})
                    ],
                }
            )
        )
        self.assertEqual(theirs.authorization_ids.company_id, other)

    def test_menus(self):
        menus = {
            self.env.ref(f"distributor_crm_channel.distributor_{name}_menu").id
            for name in ("territory", "authorization")
        }
        seller = self._new_user("menu_rep", "distributor_crm.group_sales_rep")
        stranger = self._new_user("menu_stranger", "base.group_user")
        menu = self.env["ir.ui.menu"]
        self.assertLessEqual(menus, menu.with_user(seller)._visible_menu_ids())
        self.assertFalse(menus & menu.with_user(stranger)._visible_menu_ids())
