# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .store_common import StoreHttpCommon


@tagged("post_install", "-at_install")
class TestStoreRights(StoreHttpCommon):
    """Who sees and changes what, in the back office and over RPC."""

    def records(self):
        self.store._get_draft()
        self.env["distributor.store.visit"]._count(self.store)
        self.env["distributor.store.binding"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "S"}).id,
                "store_id": self.store.id,
                "until": fields.Date.today(),
            }
        )
        for name in ("product", "design", "visit", "binding"):
            model = self.env[f"distributor.store.{name}"]
            yield model.search([("store_id", "=", self.store.id)])

    def test_roles(self):
        rep = self._new_user("store_rep", "distributor_crm.group_sales_rep")
        keeper = self._new_user("store_keeper", "distributor_crm.group_account_manager")
        manager = self._new_user("store_boss", "distributor_crm.group_sales_manager")
        finance = self._new_user("store_money", "distributor_crm.group_finance")
        self.north.write({"user_id": rep.id, "account_manager_id": keeper.id})
        product, design, visit, binding = self.records()
        for user in (rep, keeper, manager, finance):
            self.assertTrue(product.with_user(user).read(["price"]), user.login)
            self.assertTrue(design.with_user(user).read(["theme"]))
            self.assertTrue(visit.with_user(user).read(["visits"]))
        with self.assertRaises(Exception):  # noqa: B017 - whatever refuses it
            binding.with_user(rep).read(["until"])
        with self._refused(UserError, "not allowed|access"):
            product[0].with_user(rep).price = 1
        with self._refused(UserError, "not allowed|access"):
            product[0].with_user(finance).price = 1
        product[0].with_user(keeper).price = 125
        design.with_user(keeper).theme = "jade"
        with self._refused(UserError, "not allowed|access"):
            visit.with_user(manager).visits = 9
        # another's portfolio
        foreign = self.line(self.other, self.plum)
        for user in (rep, keeper):
            self.assertFalse(
                foreign.with_user(user).search([("id", "=", foreign.id)]), user.login
            )
        with self._refused(UserError, "not allowed|access|record"):
            foreign.with_user(keeper).price = 1

    def test_which_decoration_it_is_is_closed(self):
        keeper = self._new_user("store_keeper", "distributor_crm.group_account_manager")
        self.north.account_manager_id = keeper
        draft = self.store._get_draft().with_user(keeper)
        for values in ({"is_published": True}, {"store_id": self.other.id}):
            with self._refused(UserError, "Publish"):
                draft.write(values)
        draft.action_publish()
        self.assertTrue(self.store._get_design())

    def test_strangers_see_nothing(self):
        found = list(self.records())
        for group in ("base.group_user", "base.group_portal", "base.group_public"):
            user = new_test_user(self.env, f"nobody_{group}", group)
            for records in found:
                with self.assertRaises(Exception, msg=(group, records)):  # noqa: B017
                    records.with_user(user).search([])

    def test_floor_is_the_companys_secret(self):
        portal = self.portal_user("floor_reader")
        rule = self.env["distributor.price.rule"].create(
            {
                "scope": "product",
                "product_tmpl_id": self.plum.id,
                "floor_price": 80,
                "legal_basis": "agency",
                "legal_note": "Agency contract",
            }
        )
        with self._refused(UserError, "access|allowed"):
            rule.with_user(portal).read(["floor_price"])

    def test_report_by_store(self):
        self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "B"}).id,
                "store_id": self.store.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.plum.product_variant_id.id,
                            "price_store_id": self.store.id,
                        }
                    )
                ],
            }
        ).action_confirm()
        self.env.flush_all()
        sums = self.env["sale.report"]._read_group(
            [("store_id", "=", self.store.id)], ["store_id"], ["price_subtotal:sum"]
        )
        self.assertEqual(sums, [(self.store, 120)])
        self.assertEqual(self.store.shop_order_count, 1)
