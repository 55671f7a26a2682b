# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .authorization_common import AuthorizationCommon
from .store_common import StoreHttpCommon

NOW = datetime(2026, 5, 4, 8, 0)


class EventCommon(AuthorizationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_tier = cls.env["res.partner.grade"].create({"name": "Other tier"})
        cls.pricelist = cls.env["product.pricelist"].create(
            {
                "name": "Test tier prices",
                "item_ids": [
                    Command.create(
                        {"compute_price": "percentage", "percent_price": 10}
                    ),
                    Command.create(
                        {
                            "applied_on": "1_product",
                            "product_tmpl_id": cls.plum.id,
                            "min_quantity": 12,
                            "compute_price": "fixed",
                            "fixed_price": 80,
                        }
                    ),
                ],
            }
        )
        cls.tier.default_pricelist_id = cls.pricelist
        cls.variant = cls.plum.product_variant_id
        cls.variant_2 = cls.rye.product_variant_id

    @classmethod
    def event(cls, **values):
        line = values.pop("line", {"action": "percent", "percent": -5})
        return (
            cls.env["distributor.channel.event"]
            .with_user(cls.head)
            .create(
                {
                    "name": "Plum gets cheaper",
                    "body": "<p>Sell what you hold first.</p>",
                    "grade_ids": cls.tier.ids,
                    "line_ids": [
                        Command.create({"product_id": cls.variant.id, **line})
                    ],
                    **values,
                }
            )
        )

    @classmethod
    def price(cls, quantity=1, at=None):
        return cls.pricelist._get_product_price(cls.variant, quantity, date=at)

    def send(self):
        self.env["distributor.channel.event"]._cron_send()


@tagged("post_install", "-at_install")
class TestEvent(EventCommon, TransactionCase):
    def test_reaches_tier_and_territory(self):
        """R121: all of the tiers, or in the territories; nobody else."""
        event = self.event()
        self.assertEqual(event._find_partners(), self.north + self.south)
        self.south.grade_id = self.other_tier
        event.invalidate_recordset()
        self.assertEqual((event._find_partners(), event.reach), (self.north, 1))
        country = self.env.ref("base.at")
        territory = self.env["distributor.territory"].create(
            {
                "name": "Abroad",
                "area_ids": [Command.create({"country_id": country.id})],
            }
        )
        self.south.country_id = country
        event.write(
            {
                "grade_ids": [Command.clear()],
                "territory_ids": [Command.set(territory.ids)],
            }
        )
        self.assertEqual(event._find_partners(), self.south)
        self.Authorization.create(
            {"partner_id": self.north.id, "territory_id": territory.id}
        )
        self.assertEqual(event._find_partners(), self.north + self.south)
        event.grade_ids = self.other_tier
        event.partner_ids = self.north
        self.assertEqual(event._find_partners(), self.north + self.south)

    def test_who_starts(self):
        event = self.event()
        for user in (self.rep, self.manager):
            with self.assertRaises(AccessError):
                event.with_user(user).action_start()
        for vals, text in (
            ({"body": "<p><br></p>"}, "Write what"),
            ({"grade_ids": [Command.set(self.other_tier.ids)]}, "No distributor"),
        ):
            wrong = self.event(**vals)
            with self.assertRaisesRegex(UserError, text):
                wrong.action_start()

    def test_frozen_once_started(self):
        """What distributors were told stays as it is, lines and prices too."""
        event = self.event()
        event.action_start()
        for change in (
            lambda: event.write({"body": "<p>Other</p>"}),
            lambda: event.write({"ends_at": NOW}),
            lambda: event.write({"state": "draft"}),
            lambda: event.line_ids.write({"percent": -50}),
            lambda: event.line_ids.unlink(),
            lambda: event.write({"line_ids": [Command.clear()]}),
            lambda: event.line_ids.copy({"product_id": self.variant_2.id}),
            event.unlink,
            event.action_start,
            lambda: (
                event.sudo(False)
                .item_ids.with_user(self.admin)
                .write({"fixed_price": 1})
            ),
            lambda: event.item_ids.with_user(self.admin).unlink(),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()
        event.message_post(body="Talk about it")

    def test_prices_from_a_time(self):
        """Prices change from the given moment in Odoo's pricelists, and return."""
        with freeze_time(NOW):
            start, end = NOW + timedelta(hours=2), NOW + timedelta(days=3)
            event = self.event(starts_at=start, ends_at=end)
            self.assertEqual(event.pricelist_ids, self.pricelist)
            event.action_start()
            second = timedelta(seconds=1)
            for at, one, dozen in (
                (start - second, 90, 80),
                (start, 85.5, 76),
                (end, 85.5, 76),
                (end + second, 90, 80),
            ):
                self.assertEqual((self.price(1, at), self.price(12, at)), (one, dozen))

    def test_freeze(self):
        """A frozen price stays, whatever the list price does."""
        event = self.event(line={"action": "freeze"})
        event.action_start()
        self.plum.list_price = 500
        later = fields.Datetime.now() + timedelta(days=1)
        self.assertEqual((self.price(1, later), self.price(12, later)), (90, 80))
        event.action_end()
        later += timedelta(days=1)
        self.assertEqual(self.price(1, later), 450)

    def test_end_before_it_begins(self):
        event = self.event(starts_at=fields.Datetime.now() + timedelta(days=2))
        event.action_start()
        self.assertTrue(event.item_ids)
        event.action_end()
        self.assertFalse(event.item_ids)
        self.assertEqual(event.state, "ended")

    def test_end_as_soon_as_it_began(self):
        """A rule that held for no more than a second ends too, and the price returns."""
        for seconds in (0, 1, 2):
            with self.subTest(seconds):
                with freeze_time(NOW):
                    event = self.event(starts_at=NOW)
                    event.action_start()
                with freeze_time(NOW + timedelta(seconds=seconds)):
                    event.action_end()
                    self.assertEqual(self.price(1, fields.Datetime.now()), 90)

    def test_ends_by_itself(self):
        with freeze_time(NOW):
            event = self.event(starts_at=NOW, ends_at=NOW + timedelta(hours=5))
            event.action_start()
        with freeze_time(NOW + timedelta(hours=4)):
            event._cron_end()
            self.assertEqual(event.state, "running")
        with freeze_time(NOW + timedelta(hours=5)):
            event._cron_end()
            self.assertEqual(event.state, "ended")

    def test_sending_is_resumable(self):
        """Broken off between chunks, nobody is told twice and nobody is left out."""
        partners = self.env["res.partner"].create(
            [
                {
                    "name": f"D{i}",
                    "is_distributor": True,
                    "grade_id": self.tier.id,
                    "email": f"d{i}@example.com",
                }
                for i in range(7)
            ]
        )
        event = self.event()
        event.action_start()
        self.assertEqual(event.recipient_count, 9)
        path = "odoo.addons.distributor_crm_channel.models.event"
        with patch(f"{path}.distributor_channel_event_sending.CHUNK", 4):
            with patch.object(
                type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 0
            ):
                self.send()
            event.invalidate_recordset()
            self.assertEqual(event.sent_count, 4)
            self.assertAlmostEqual(event.progress, 100 * 4 / 9)
            self.send()
        self.assertEqual(event.sent_count, 9)
        self.send()
        mails = self.env["mail.mail"].sudo().search([("subject", "=", event.name)])
        told = mails.mapped("recipient_ids").filtered(lambda p: p in partners)
        self.assertEqual(len(told), 7)
        notified = self.env["mail.notification"].search_count(
            [
                ("res_partner_id", "in", partners.ids),
                ("mail_message_id.subject", "=", event.name),
            ]
        )
        self.assertEqual(notified, 7)

    def test_reminders_and_silence(self):
        """Reminded as often as said, then the responsible is to call."""
        with freeze_time(NOW):
            event = self.event(acknowledge_hours=24, max_reminders=2)
            event.action_start()
            self.send()
            north, south = event.sudo().recipient_ids.sorted(
                lambda r: r.partner_id.name
            )
            north._acknowledge("10.0.0.1")
        for hours, count in ((23, 0), (24, 1), (30, 1), (48, 2), (72, 2), (96, 2)):
            with freeze_time(NOW + timedelta(hours=hours)):
                event.sudo()._cron_remind()
                self.assertEqual(south.reminder_count, count, hours)
        self.assertEqual(north.reminder_count, 0)
        self.assertEqual(len(event.sudo().activity_ids), 1)
        self.assertEqual(event.missing_count, 1)
        domain = event.action_view_missing()["domain"]
        self.assertEqual(south.search(domain), south)

    def test_closed_records(self):
        event = self.event()
        event.action_start()
        recipient = event.recipient_ids[:1]
        for user in (self.manager, self.head, self.admin):
            with self.assertRaises(AccessError):
                recipient.with_user(user).write({"acknowledged_at": NOW})
        self.assertFalse(recipient.with_user(self.rep).search([]))
        self.assertEqual(
            len(
                recipient.with_user(self.manager).search([("event_id", "=", event.id)])
            ),
            2,
        )

    def test_recall_by_lot(self):
        """Only who was delivered one of the lots is told."""
        event = self.event(kind="recall", line={"action": "none"})
        lot = self.env["stock.lot"].create(
            {"name": "L-1", "product_id": self.variant.id}
        )
        event.sudo().lot_ids = lot
        with patch.object(type(lot), "partner_ids", property(lambda lots: self.south)):
            self.assertEqual(event._find_partners(), self.south)
        # Who may not see the stock reads and opens the event all the same.
        arch = event.get_view(view_type="form")["arch"]
        self.assertNotIn('name="lot_ids"', arch)
        self.assertEqual(event.with_user(self.head).lot_names, "L-1")

    def test_price_protection(self):
        """R121: what was declared, and what each pays less, becomes claims that name the
        event; what was not bought is not claimed."""
        program = self.env["distributor.rebate.program"].create(
            {
                "name": "Price protection",
                "kind": "price_protection",
                "measure": "claim",
                "date_from": self.day(-300),
                "date_to": self.day(300),
            }
        )
        event = self.event(line={"action": "percent", "percent": -5, "protects": True})
        event.action_start()
        with self.assertRaisesRegex(UserError, "No price protection"):
            event.action_price_protection()
        self.env.cr.execute(
            "UPDATE distributor_rebate_program SET state = 'running' WHERE id = %s",
            (program.id,),
        )
        self.env.invalidate_all()
        self.send()
        recipient = event.sudo().recipient_ids.filtered(
            lambda r: r.partner_id == self.north
        )
        recipient._acknowledge("10.0.0.1", {event.line_ids.id: "24"})
        action = event.action_price_protection()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.price_ids.mapped("drop"), [4.5])
        stock = wizard.stock_ids.filtered(lambda s: s.partner_id == self.north)
        self.assertEqual((stock.declared, stock.bought, stock.amount), (24, 0, 0))
        stock.bought = 10
        vals = stock._prepare_claim_vals()
        self.assertEqual((vals["quantity"], vals["unit_amount"]), (10, 4.5))
        self.assertEqual(vals["channel_event_id"], event.id)

    def test_queries_do_not_grow(self):
        """A chunk of 40 takes few more queries than one of 10 in writing it down."""
        counts = []
        for size in (10, 40):
            tier = self.env["res.partner.grade"].create({"name": f"T{size}"})
            self.env["res.partner"].create(
                [
                    {
                        "name": f"Q{size}-{i}",
                        "is_distributor": True,
                        "grade_id": tier.id,
                    }
                    for i in range(size)
                ]
            )
            event = self.event(grade_ids=tier.ids, line_ids=[])
            self.env.flush_all()
            start = self.env.cr.sql_log_count
            event.action_start()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLess(counts[1], counts[0] + 15)


@tagged("post_install", "-at_install")
class TestEventPortal(EventCommon, StoreHttpCommon):
    def setUp(self):
        super().setUp()
        self.started = self.event(
            line={"action": "percent", "percent": -5, "protects": True}
        )
        self.portal_user("event_north", self.north)
        self.env.flush_all()

    def recipient(self, partner):
        return self.started.sudo().recipient_ids.filtered(
            lambda r: r.partner_id == partner
        )

    def test_read_and_acknowledge(self):
        """R121: who opened it, who knows, and what he holds."""
        url = f"/my/events/{self.started.id}"
        self.authenticate("event_north", "event_north")
        self.assertTrue(self.is_home(self.url_open(url)), "not sent yet")
        self.started.action_start()
        self.send()
        self.assertIn("Plum gets cheaper", self.url_open("/my/events").text)
        self.assertFalse(self.recipient(self.north).read_at)
        page = self.url_open(url).text
        self.assertIn("Sell what you hold first", page)
        own = self.recipient(self.north)
        own.invalidate_recordset()
        self.assertTrue(own.read_at)
        self.assertFalse(own.acknowledged_at)
        line = self.started.line_ids
        for wrong in ("-1", "abc", "nan", "inf", "1e99"):
            answer = self.post(f"{url}/acknowledge", **{f"stock_{line.id}": wrong})
            self.assertIn("alert-danger", answer.text, wrong)
        with mute_logger("odoo.http"):
            no_token = self.url_open(f"{url}/acknowledge", data={"x": 1})
        self.assertEqual(no_token.status_code, 400)
        self.post(f"{url}/acknowledge", **{f"stock_{line.id}": "24"})
        own.invalidate_recordset()
        self.assertTrue(own.acknowledged_at)
        self.assertEqual(own.acknowledged_by_id.login, "event_north")
        self.assertEqual(own.stock_ids.quantity, 24)
        self.post(f"{url}/acknowledge", **{f"stock_{line.id}": "20"})
        own.invalidate_recordset()
        self.assertEqual(own.stock_ids.quantity, 20, "corrected, not doubled")

    def test_strangers(self):
        """Nobody reads, acknowledges or downloads what he was not told."""
        file = self.env["ir.attachment"].create({"name": "letter.txt", "raw": b"Hi"})
        self.started.sudo().attachment_ids = file
        self.south.grade_id = self.other_tier
        self.started.action_start()
        self.send()
        url = f"/my/events/{self.started.id}"
        self.portal_user("event_south", self.south)
        self.authenticate("event_south", "event_south")
        for path in (url, f"{url}/file/{file.id}", "/my/events/99999999"):
            self.assertTrue(self.is_home(self.url_open(path)), path)
        self.assertTrue(self.is_home(self.post(f"{url}/acknowledge")))
        self.assertNotIn("Plum gets", self.url_open("/my/events").text)
        self.authenticate("event_north", "event_north")
        self.assertEqual(self.url_open(f"{url}/file/{file.id}").content, b"Hi")
        other = self.env["ir.attachment"].create({"name": "x", "raw": b"secret"})
        self.assertTrue(self.is_home(self.url_open(f"{url}/file/{other.id}")))
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(url).url)

    def test_over(self):
        self.started.action_start()
        self.send()
        self.started.action_end()
        self.authenticate("event_north", "event_north")
        answer = self.post(f"/my/events/{self.started.id}/acknowledge")
        self.assertIn("is over", answer.text)
