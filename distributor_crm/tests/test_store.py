# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestStore(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env, "store_manager", "distributor_crm.group_account_manager"
        )
        cls.owner = cls.env["res.partner"].create(
            {
                "name": "Owner",
                "is_distributor": True,
                "account_manager_id": cls.manager.id,
            }
        )

    def make(self, slug, **values):
        return self.env["distributor.store"].create(
            {"name": slug, "slug": slug, "partner_id": self.owner.id, **values}
        )

    def test_mode_is_told_in_the_readers_language(self):
        """What takes its choices from the store's modes takes their translation too."""
        self.env["res.lang"]._activate_lang("fr_FR")
        mode = self.env["ir.model.fields.selection"].search(
            [
                ("field_id.model", "=", "distributor.store"),
                ("field_id.name", "=", "mode"),
                ("value", "=", "resale"),
            ]
        )
        mode.with_context(lang="fr_FR").name = "Revente"
        french = self.env(context={"lang": "fr_FR"})
        for model in ("application", "agreement", "agreement.template"):
            field = self.env[f"distributor.{model}"]._fields["mode"]
            labels = dict(field._description_selection(french))
            self.assertEqual(labels["resale"], "Revente", model)

    def test_address_is_one_of_its_own(self):
        """Two stores never share an address, however it is written."""
        self.make("river")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.make("river")

    def test_address_is_readable_and_not_a_page(self):
        for slug in ("River", "a b", "-a", "a-", "", "shop", "店", "a" * 64):
            with self.subTest(slug), self.assertRaises(ValidationError):
                self.make(slug)

    def test_third_level_is_refused_by_the_database(self):
        """Pay over three levels is pyramid selling: no way leads there (R014)."""
        second = self.make("second", parent_id=self.make("first").id)
        self.assertEqual(second.level, 2)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.make("third", parent_id=second.id)

    def test_state_is_set_by_buttons_alone(self):
        store = self.make("own").with_user(self.manager)
        with self.assertRaises(UserError):
            store.state = "open"
        store.action_open()
        self.assertEqual((store.state, bool(store.opened_on)), ("open", True))
        made = self.env["distributor.store"].with_user(self.manager)
        made = made.with_context(default_state="open").create(
            {
                "name": "x",
                "slug": "x1",
                "partner_id": self.owner.id,
                "state": "open",
            }
        )
        self.assertEqual(made.state, "preparing")
