# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import DistributorCommon


@tagged("post_install", "-at_install")
class TestMinutes(DistributorCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        today = fields.Date.today()
        cls.task = cls.north.activity_schedule(
            "mail.mail_activity_data_meeting",
            user_id=cls.account_manager.id,
            summary="Quarterly talk",
        )
        cls.promise = (
            cls.env["distributor.service.promise"]
            .sudo()
            .create(
                {
                    "partner_id": cls.north.id,
                    "activity_id": cls.task.id,
                    "summary": "Quarterly talk",
                    "promised_on": today,
                    "deadline": today + timedelta(days=5),
                }
            )
        )
        cls.Minutes = cls.env["distributor.minutes"]

    def test_minutes_keep_the_promise_and_open_points_are_activities(self):
        """The talk counts as held; what is open is on somebody's list (R148)."""
        report = self.env["distributor.service.report"].with_user(self.account_manager)
        row = report.search([("partner_id", "=", self.north.id)])
        context = row.action_write_minutes()["context"]
        minutes = self.Minutes.with_user(self.account_manager)
        minutes = minutes.with_context(**context).create({"text": "<p>Agreed</p>"})
        self.assertEqual(minutes.partner_id, self.north)
        self.assertFalse(self.task.active)
        self.env.invalidate_all()
        self.assertEqual(row.state, "done")
        wizard = minutes.action_add_point()
        self.env["mail.activity.schedule"].with_user(self.account_manager).with_context(
            **wizard["context"]
        ).create(
            {
                "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
                "summary": "Send samples",
                "activity_user_id": self.account_manager.id,
            }
        ).action_schedule_activities()
        self.assertEqual(minutes.activity_ids.summary, "Send samples")
        self.assertEqual((minutes.open_count, self.north.minutes_count), (1, 1))

    def test_the_promise_is_the_distributors(self):
        """What was promised to somebody else is not kept by it, nor its task ended."""
        with self._refused(ValidationError, "another distributor"):
            self.Minutes.with_user(self.account_manager).create(
                {
                    "name": "Talk",
                    "partner_id": self.south.id,
                    "promise_id": self.promise.id,
                }
            )
        self.env.invalidate_all()
        self.assertTrue(self.task.active)

    def test_each_role_sees_its_own(self):
        """Minutes of own distributors; finance has no access."""
        east = self.env["res.partner"].create({"name": "East", "is_distributor": True})
        here, there = (
            self.Minutes.create({"name": "Talk", "partner_id": partner.id})
            for partner in (self.north, east)
        )
        everything = [("id", "in", (here + there).ids)]
        for user in (self.sales_rep, self.account_manager):
            self.assertEqual(self.Minutes.with_user(user).search(everything), here)
        self.assertTrue(self.promise.with_user(self.account_manager).summary)
        stranger = self._new_user("stranger", "distributor_crm.group_account_manager")
        with self.assertRaises(AccessError):
            self.promise.with_user(stranger).read(["summary"])
        seen = self.Minutes.with_user(self.sales_manager).search(everything)
        self.assertEqual(seen, here + there)
        with self.assertRaises(AccessError):
            self.Minutes.with_user(self.finance).search([])
