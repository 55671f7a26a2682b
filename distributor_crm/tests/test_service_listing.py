# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .service_common import ServicePortalCase, no_commits


@tagged("post_install", "-at_install")
class TestServiceListing(ServicePortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category = cls.env["product.category"].create({"name": "New goods"})
        cls.kit = cls.env["distributor.kit"].create(
            {
                "name": "New in May",
                "company_id": cls.company.id,
                "categ_ids": [Command.set(cls.category.ids)],
            }
        )
        cls.policy = cls.env["distributor.listing.policy"].create(
            {"company_id": cls.company.id}
        )
        # Tasks are given and followed by the server.
        cls.Task = cls.env["distributor.listing.task"].sudo()

    def give(self):
        return self.Task._give(self.kit.sudo(), self.north).sudo(False)

    def run_on(self, day):
        with freeze_time(day), no_commits(self):
            self.Task._cron_follow()

    def test_five_days_of_either_kind(self):
        friday = date(2024, 3, 15)
        self.assertEqual(self.policy._add_days(friday, 5), date(2024, 3, 20))
        self.policy.day_kind = "working"
        self.assertEqual(self.policy._add_days(friday, 5), date(2024, 3, 22))

    def test_reminded_on_day_three_and_four_then_proposed(self):
        """Never silent, never twice; what follows is a manager's decision (R169)."""
        with freeze_time("2024-03-11"):
            task = self.give()
        self.assertEqual(str(task.due), "2024-03-16")
        for day, count in ((13, 0), (14, 1), (14, 1), (15, 2), (16, 2)):
            self.run_on(f"2024-03-{day}")
            self.assertEqual(task.reminder_count, count, day)
        self.assertEqual(task.state, "open")
        self.run_on("2024-03-17")
        self.run_on("2024-03-18")
        self.assertEqual(task.state, "overdue")
        self.assertEqual(len(task.activity_ids), 1)

    def test_the_right_is_cancelled_by_a_manager_alone(self):
        store = self._store(self.north, "listing")
        store.action_open()
        task = self.give()
        task._set(state="overdue")
        for user in (self.sales_rep, self.account_manager):
            with self.assertRaises(UserError):
                task.with_user(user).action_cancel_right()
        with self.assertRaises(AccessError):
            task.with_user(self.finance).action_cancel_right()
        self.assertEqual(store.state, "open")
        task.with_user(self.sales_manager).action_cancel_right()
        self.assertEqual((task.state, store.state), ("cancelled", "suspended"))

    def test_extended(self):
        task = self.give()
        task._set(state="overdue", due=fields.Date.today() - timedelta(days=0))
        task.with_user(self.sales_manager).action_extend()
        self.assertEqual(task.state, "open")
        self.assertGreater(task.due, fields.Date.today())

    def test_one_task_a_kit(self):
        self.give()
        self.assertFalse(self.give())
        self.policy.active = False
        self.assertFalse(self.Task._give(self.kit, self.south))

    def test_declared_on_the_portal_and_verified(self):
        task = self.give()
        url = f"/my/listings/{task.id}/declare"
        self._login("south_owner")
        self.assertTrue(self._is_home(self._post(url, addresses="https://s.example")))
        self.assertNotIn("New in May", self.url_open("/my/listings").text)
        self._login()
        self.assertIn("New in May", self.url_open("/my/listings").text)
        for wrong in ("", "javascript:alert(1)", "https://a.example\nb"):
            self.assertIn("alert-danger", self._post(url, addresses=wrong).text)
        self._post(url, addresses="https://a.example/1\n\nhttps://b.example/2")
        self.assertEqual(task.state, "declared")
        self.assertEqual(task.addresses.count("https"), 2)
        task.with_user(self.account_manager).action_reject()
        self.assertEqual(task.state, "open")
        self._post(url, addresses="https://a.example/1")
        task.with_user(self.account_manager).action_verify()
        self.assertEqual(
            (task.state, task.checked_by_id), ("done", self.account_manager)
        )

    def test_download_starts_the_time(self):
        self.kit.attachment_ids = self.env["ir.attachment"].create(
            {"name": "a.txt", "raw": b"text"}
        )
        self.kit.action_publish()
        self._login()
        file = self.kit.file_ids.filtered(lambda file: not file.categ_id)
        self.url_open(f"/my/kits/{self.kit.id}/file/{file.id}")
        self.assertEqual(self.kit.listing_count, 1)

    def test_call_after_the_sale(self):
        """Off until the company says after how many days; once an order (R156)."""
        order = self._order(self.north)
        order.order_line.qty_delivered = 2
        order.delivered_on = fields.Date.today() - timedelta(days=3)

        def run():
            with no_commits(self):
                self.env["sale.order"]._cron_plan_calls()
            return self.north.activity_ids

        self.assertFalse(run())
        self.company.after_sale_call_days = 3
        run()
        self.assertEqual(run().user_id, self.account_manager)
        self.assertEqual(len(run()), 1)
