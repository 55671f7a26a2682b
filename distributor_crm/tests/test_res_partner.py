# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import DistributorCommon


@tagged("post_install", "-at_install")
class TestResPartner(DistributorCommon):
    def test_menu_default_spares_the_contacts(self):
        partner = (
            self.env["res.partner"]
            .with_context(default_is_distributor=True, default_is_company=True)
            .create(
                {
                    "name": "West Trading",
                    "child_ids": [
                        Command.create({"name": "Owner", "is_company": False}),
                        Command.create({"name": "Branch", "is_distributor": True}),
                    ],
                }
            )
        )
        self.assertTrue(partner.is_distributor)
        self.assertEqual(
            partner.child_ids.filtered("is_distributor").mapped("name"), ["Branch"]
        )

    def test_manager_fills_in_the_form(self):
        with Form(
            self.env["res.partner"]
            .with_user(self.sales_manager)
            .with_context(default_is_distributor=True, default_is_company=True)
        ) as form:
            form.name = "East Trading"
            form.account_manager_id = self.account_manager
        partner = form.save()
        self.assertTrue(partner.is_distributor)
        self.assertEqual(partner.rebate_statement_count, 0)

    def test_smart_button_counts_own_statements(self):
        self._sell(self.north, 1500)
        self._create_program().action_compute()
        partners = self.north + self.south
        self.assertEqual(partners.mapped("rebate_statement_count"), [1, 0])
        action = self.north.action_view_rebate_statements()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found.partner_id, self.north)

    def test_sellers_give_nobody_a_distributor(self):
        """Who looks after a distributor sees his figures: sales managers decide it."""
        rep = self._new_user("rep", "distributor_crm.group_sales_rep")
        theirs = self.north.with_user(rep)
        for values in (
            {"user_id": rep.id},
            {"account_manager_id": rep.id},
            {"account_manager_id": False},
            {"is_distributor": False},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                theirs.write(values)
        theirs.write({"phone": "1", "account_manager_id": theirs.account_manager_id.id})
        fresh = theirs.create({"name": "Fresh", "user_id": rep.id})
        with self.assertRaises(AccessError):
            fresh.account_manager_id = self.account_manager
        fresh.write({"is_distributor": True, "account_manager_id": rep.id})
        with self.assertRaises(AccessError):
            fresh.user_id = False
        with self.assertRaises(AccessError):
            theirs.create({"name": "x", "account_manager_id": self.account_manager.id})
        self.north.with_user(self.sales_manager).account_manager_id = rep
        self.assertEqual(self.north.account_manager_id, rep)
