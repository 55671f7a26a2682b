# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .sales_import_common import SalesImportCase


@tagged("post_install", "-at_install")
class TestSalesImportAccess(SalesImportCase):
    """Channel administrators import, accountants or not; nobody else does."""

    def test_administrator_is_no_accountant(self):
        self.assertFalse(self.admin.has_group("account.group_account_invoice"))
        record = self._run(self._import())
        self.assertEqual(record.state, "done")
        self.assertEqual(record.user_id, self.admin)
        self.assertEqual(self._moves(record).create_uid, self.admin)
        for action in ("invoices", "customers", "products"):
            found = getattr(record, f"action_view_{action}")()
            model = self.env[found["res_model"]].with_user(self.admin)
            self.assertTrue(model.search_count(found["domain"]), action)

    def test_sales_manager_is_refused(self):
        record = self._import()
        manager = new_test_user(
            self.env, login="manager", groups="distributor_crm.group_sales_manager"
        )
        other = record.with_user(manager)
        for call in (
            *(other.action_check, other.action_import, other.action_stop),
            *(other.action_draft, lambda: other.read(["name"])),
            lambda: other.create({"name": "x"}),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_import_of_another_company_is_not_seen(self):
        other = self.env["res.company"].create({"name": "Other"})
        record = (
            self.env["distributor.sales.import"]
            .sudo()
            .create({"company_id": other.id, "name": "X"})
        )
        found = self.env["distributor.sales.import"].with_user(self.admin).search([])
        self.assertNotIn(record, found)

    def test_work_is_not_written_by_hand(self):
        record = self._run(self._import())
        with self.assertRaises(AccessError):
            record.run_ids.order_done = 5
