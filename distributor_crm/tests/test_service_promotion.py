# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .service_common import ServicePortalCase, no_commits


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

    def _tell(self):
        """Run the daily job; return whom the mails went to."""
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        with no_commits(self):
            self.env["distributor.promotion"]._cron_tell()
        messages = self.env["mail.message"].search(
            [("id", ">", before), ("model", "=", "distributor.promotion")]
        )
        return messages.notified_partner_ids

    def test_told_before(self):
        """Some days before it starts, those it is for are told, once (R022)."""
        self.north.email, self.south.email = "n@shop.example", "s@shop.example"
        store = self._store(self.south, "lantern")
        soon = self._promotion(first=3, last=9, store_ids=store.ids)
        later = self._promotion(first=4, last=9)
        quiet = self._promotion(first=1, last=9, notice_days=-1)
        self._promotion(first=1, last=9, publish=False)
        self.assertEqual(self._tell(), self.south)
        self.assertTrue(soon.told_at)
        self.assertFalse(later.told_at or quiet.told_at)
        self.assertFalse(self._tell())
        with self.assertRaises(UserError):
            later.with_user(self.sales_manager).told_at = fields.Datetime.now()

    def test_prices_on_its_days(self):
        """Its prices stand in the tiers' pricelists on its days, and go with it."""
        pricelist = self.env["product.pricelist"].create(
            {"name": "Gold", "company_id": self.company.id}
        )
        gold = self.env["res.partner.grade"].create(
            {"name": "Gold", "default_pricelist_id": pricelist.id}
        )
        usual = pricelist._get_product_price(self.goods, 1)
        promotion = self._promotion(first=2, last=4, grade_ids=gold.ids, publish=False)
        mine = promotion.with_user(self.sales_manager)
        self.assertFalse(promotion.pricelist_item_ids)
        mine.action_publish()
        self.assertEqual(promotion.pricelist_item_count, 1)

        def price(days):
            noon = fields.Datetime.now().replace(hour=12) + timedelta(days=days)
            return pricelist._get_product_price(self.goods, 1, date=noon)

        self.assertEqual([price(days) for days in (1, 2, 4, 5)], [usual, 88, 88, usual])
        mine.line_ids.price = 77
        self.assertEqual((price(3), promotion.pricelist_item_count), (77, 1))
        mine.date_to += timedelta(days=1)
        self.assertEqual((price(4), price(5), price(6)), (77, 77, usual))
        mine.action_withdraw()
        self.assertFalse(promotion.pricelist_item_ids)
        self.assertEqual(price(3), usual)

    def test_prices_of_single_stores_stay_out_of_pricelists(self):
        """All distributors of a tier share its pricelist: one store's price is not
        theirs."""
        pricelist = self.env["product.pricelist"].create({"name": "Gold"})
        gold = self.env["res.partner.grade"].create(
            {"name": "Gold", "default_pricelist_id": pricelist.id}
        )
        store = self._store(self.south, "lantern")
        promotion = self._promotion(grade_ids=gold.ids, store_ids=store.ids)
        self.assertFalse(promotion.pricelist_item_ids)
        promotion.store_ids = False
        self.assertTrue(promotion.pricelist_item_ids)
        promotion.sets_prices = False
        self.assertFalse(promotion.pricelist_item_ids)
