# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .service_common import ServiceCommon, ServicePortalCase


@tagged("post_install", "-at_install")
class TestServiceNotice(ServiceCommon):
    def notices(self, order):
        return order.notice_ids.sorted("step").mapped("step")

    def test_each_step_once(self):
        """Accepted, in process, delivered: told once, whatever is done again (R034)."""
        order = self._order(self.contacts[0])
        self.assertEqual(self.notices(order), ["1_accepted"])
        self.assertEqual(order.notice_ids.partner_id, self.north)
        order.action_start_processing()
        order.action_start_processing()
        for delivered in (1, 2, 2):
            order.order_line.qty_delivered = delivered
        order._notify_step("1_accepted")
        self.assertEqual(
            self.notices(order), ["1_accepted", "2_processing", "4_delivered"]
        )
        told = order.message_ids.filtered(
            lambda m: m.subtype_id == self.env.ref("mail.mt_comment")
        )
        self.assertEqual(told.partner_ids, self.contacts[0])
        self.assertEqual(len(told), 3)

    def test_store_owner_learns_nothing_of_the_shopper(self):
        """The relation of the store and its customer is the store's own (R186)."""
        store = self._store(self.north, "blind", parent_id=False)
        order = self._order(self.shopper, store_id=store.id)
        notice = order.notice_ids
        self.assertEqual(notice.partner_id, self.north)
        message = store.message_ids.filtered(lambda m: m.partner_ids)[:1]
        self.assertEqual(message.partner_ids, self.north)
        self.assertIn("Twin Box", message.body)
        self.assertIn(order.name, message.subject)
        everything = f"{message.subject} {message.body} {message.record_name}"
        for secret in ("Zhang", "private.example"):
            self.assertNotIn(secret, everything)
        self.assertFalse(
            order.message_ids.filtered(lambda m: self.north in m.partner_ids)
        )

    def test_others_orders_tell_nobody(self):
        self.assertFalse(self._order(self.shopper).notice_ids)

    def test_switched_off(self):
        self.env["distributor.notice.policy"]._find(
            self.company, "1_accepted"
        ).is_on = False
        self.assertFalse(self._order(self.north).notice_ids)

    def test_quotations_are_not_in_process(self):
        with self.assertRaises(UserError):
            self._order(self.north, confirm=False).action_start_processing()

    def test_feedback_is_its_median(self):
        """One notice that took a week does not hide the rest."""
        order = self._order(self.north)
        now = fields.Datetime.now()
        self.env["distributor.notice"].sudo().create(
            [
                {
                    "order_id": order.id,
                    "partner_id": self.south.id,
                    "step": "3_shipped",
                    "key": f"S{minutes}",
                    "event_at": now - timedelta(minutes=minutes),
                    "sent_at": now,
                }
                for minutes in (1, 3, 9000)
            ]
        )
        groups = self.env["distributor.notice"].formatted_read_group(
            [("partner_id", "=", self.south.id)], ["step"], ["minutes:avg"]
        )
        self.assertEqual(groups[0]["minutes:avg"], 3)

    def test_nobody_writes_what_was_told(self):
        notice = self._order(self.north).notice_ids
        for user in (self.account_manager, self.sales_manager, self.channel_admin):
            with self.assertRaises(AccessError):
                notice.with_user(user).write({"tracking": "x"})
        with self.assertRaises(AccessError):
            notice.with_user(self.north_user).read(["tracking"])


@tagged("post_install", "-at_install")
class TestServiceNoticePortal(ServicePortalCase):
    def test_own_and_those_of_the_store(self):
        own = self._order(self.north)
        store = self._store(self.north, "portal-notices")
        through = self._order(self.shopper, store_id=store.id)
        foreign = self._order(self.south)
        self._check_own_path()
        page = self.url_open("/my/notices").text
        self.assertIn(own.name, page)
        self.assertIn(f"/my/orders/{own.id}", page)
        self.assertIn(through.name, page)
        self.assertNotIn(f"/my/orders/{through.id}", page)
        self.assertNotIn("Zhang", page)
        self.assertNotIn(foreign.name, page)

    def _check_own_path(self):
        self.assertIn("/web/login", self.url_open("/my/notices").url)
        self._login()
