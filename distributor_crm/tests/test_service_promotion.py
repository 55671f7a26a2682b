# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .service_common import ServicePortalCase


@tagged("post_install", "-at_install")
class TestServicePromotion(ServicePortalCase):
    def _promotion(self, first=0, last=3, publish=True, **values):
        today = fields.Date.context_today(self.env.user)
        promotion = self.env["distributor.promotion"].create(
            {
                "name": "Lantern week",
                "company_id": self.company.id,
                "date_from": today + timedelta(days=first),
                "date_to": today + timedelta(days=last),
                "line_ids": [
                    Command.create({"product_id": self.goods.id, "price": 88})
                ],
                **values,
            }
        )
        if publish:
            promotion.action_publish()
        return promotion

    def _seen(self, partner):
        promotions = self.env["distributor.promotion"]
        return promotions.search(promotions._get_portal_domain(partner, self.company))

    def test_for_whom_and_when(self):
        """Published, not over, of his tier and his stores (R022)."""
        tier = self.env["res.partner.grade"].create({"name": "Gold"})
        self.north.grade_id = tier
        store = self._store(self.south, "lantern")
        for_all = self._promotion(last=0)
        coming = self._promotion(first=2)
        gold = self._promotion(grade_ids=tier.ids)
        south = self._promotion(store_ids=store.ids)
        self._promotion(first=-3, last=-1)
        self._promotion(publish=False)
        self._promotion().action_withdraw()
        self.assertEqual(self._seen(self.north), for_all + coming + gold)
        self.assertEqual(self._seen(self.south), for_all + coming + south)

    def test_managers_publish(self):
        promotion = self._promotion(publish=False)
        with self.assertRaises(AccessError):
            promotion.with_user(self.account_manager).action_publish()
        with self.assertRaises(UserError):
            promotion.with_user(self.sales_manager).state = "published"
        promotion.with_user(self.sales_manager).action_publish()

    def test_take_part(self):
        """Registered once on the portal, confirmed by staff alone (R032)."""
        topic = self._promotion(kind="topic")
        path = f"/my/promotions/{topic.id}"
        self._login()
        self.assertIn("Lantern week", self.url_open("/my/promotions").text)
        for _time in range(2):
            self.assertIn("You are registered", self._post(f"{path}/register").text)
        part = topic.participant_ids
        self.assertEqual(part.partner_id, self.north)
        mine = part.with_user(self.account_manager)
        with self._refused(UserError, "button"):
            mine.has_taken_part = True
        mine.action_confirm()
        self.assertTrue(part.has_taken_part)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                part.copy()

    def test_not_for_him(self):
        """What is for another leads home, registering too; nor for a promotion."""
        store = self._store(self.south, "lantern")
        topic = self._promotion(kind="topic", store_ids=store.ids)
        plain = self._promotion()
        self._login()
        self.assertTrue(self._is_home(self.url_open(f"/my/promotions/{topic.id}")))
        page = self._post(f"/my/promotions/{topic.id}/register")
        self.assertTrue(self._is_home(page))
        page = self._post(f"/my/promotions/{plain.id}/register").text
        self.assertIn("Nobody can register", page)
        self.assertFalse((topic + plain).participant_ids)

    def test_who_takes_part(self):
        """Distributors alone, and in topic activities (R032); staff is told."""
        topic, plain = self._promotion(kind="topic"), self._promotion()
        parts = self.env["distributor.promotion.participant"]
        parts = parts.with_user(self.account_manager)
        with self._refused(ValidationError, "topic"):
            parts.create({"promotion_id": plain.id, "partner_id": self.north.id})
        stranger = self.env["res.partner"].create({"name": "Passer-by"})
        with self._refused(ValidationError, "no distributor"):
            parts.create({"promotion_id": topic.id, "partner_id": stranger.id})
        parts.create({"promotion_id": topic.id, "partner_id": self.north.id})
        with self._refused(ValidationError, "registered"):
            topic.kind = "promotion"
