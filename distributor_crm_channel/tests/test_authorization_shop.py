# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .authorization_common import AuthorizationCommon


@tagged("post_install", "-at_install")
class TestAuthorizationShop(AuthorizationCommon, TransactionCase):
    def test_draft_until_granted(self):
        """R180: an account manager asks, a sales manager grants; the shop's number and
        a certificate with its checksum follow."""
        action = self.shop.with_user(self.manager).action_request_authorization()
        record = self.Authorization.browse(action["res_id"])
        self.assertEqual((record.state, record.name), ("draft", False))
        self.assertEqual(record.partner_id, self.north)
        again = self.shop.with_user(self.manager).action_request_authorization()
        self.assertEqual(again["res_id"], record.id, "asked twice, prepared once")
        with self.assertRaises(AccessError):
            record.with_user(self.manager).action_grant()
        record.with_user(self.head).action_grant()
        self.assertEqual(record.state, "in_force")
        self.assertEqual(record.name, self.shop.authorization_number)
        content = record.certificate_id.raw
        self.assertEqual(record.certificate_digest, hashlib.sha256(content).hexdigest())
        self.assertTrue(record.is_intact)
        self.assertEqual(self.shop.with_user(self.manager).is_authorized, True)

    def test_second_brand_has_own_number(self):
        """R230: each brand of a shop has an authorization of its own."""
        other = self.env["distributor.brand"].create({"name": "Rye House"})
        first, second = self.grant(), self.grant(brand_id=other.id)
        self.assertNotEqual(first.name, second.name)
        self.assertTrue(second.name)

    def test_same_shop_and_brand_once(self):
        self.grant()
        double = self.draft()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            double.with_user(self.head).action_grant()

    def test_needs_a_place(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.Authorization.create({"partner_id": self.north.id})

    def test_states_over_time(self):
        """draft → upcoming → valid → expiring → expired, by the days alone."""
        record = self.grant(date_from=self.day(5), date_to=self.day(100))
        self.assertEqual(record.state, "upcoming")
        for days, state in (
            (5, "in_force"),
            (69, "in_force"),
            (70, "expiring"),
            (100, "expiring"),
            (101, "expired"),
        ):
            with freeze_time(self.day(days)):
                record.invalidate_recordset(["state"])
                self.assertEqual(record.state, state, days)
                found = self.Authorization.search(
                    [("id", "=", record.id), ("state", "=", state)]
                )
                self.assertEqual(found, record, state)

    def test_reminder_days_follow_policy(self):
        record = self.grant(date_to=self.day(50))
        self.assertEqual(record.state, "in_force")
        self.policy.remind_days = 60
        self.env.flush_all()
        record.invalidate_recordset()
        self.assertEqual(record.state, "expiring")

    def test_transfer_refused(self):
        """R184: nothing hands a granted authorization to somebody else."""
        record = self.grant()
        for vals in (
            {"partner_id": self.south.id},
            {"shop_id": self.shop_2.id},
            {"brand_id": False},
        ):
            with self.assertRaisesRegex(UserError, "cannot be transferred"):
                record.with_user(self.admin).write(vals)
        store = self.grant(self.store)
        with self.assertRaisesRegex(UserError, "cannot be transferred"):
            self.store.partner_id = self.south
        store._withdraw("Sold")
        self.store.partner_id = self.south

    def test_owner_must_own_the_shop(self):
        with self.assertRaises(ValidationError):
            self.Authorization.create(
                {"shop_id": self.shop.id, "partner_id": self.south.id}
            ).partner_id = self.south

    def test_closed_over_rpc(self):
        """No role writes the decision, the number or the checksum."""
        record = self.draft()
        for name, value in (
            ("decision", "granted"),
            ("name", "X-1"),
            ("certificate_digest", "0"),
            ("access_key", "guessed"),
            ("withdrawn_on", False),
        ):
            with self.assertRaises(UserError, msg=name):
                record.with_user(self.admin).write({name: value})
        made = self.Authorization.with_user(self.admin).with_context(
            default_decision="granted", default_name="X-1"
        )
        made = made.create({"shop_id": self.shop_2.id, "decision": "granted"})
        self.assertEqual((made.decision, made.name), ("draft", False))
        sneaky = self.Authorization.with_user(self.admin).with_context(
            default_shop_id=self.shop_2.id
        )
        self.assertEqual(sneaky.create({}).decision, "draft")
        with self.assertRaises(AccessError):
            self.Authorization.with_user(self.head).create({"shop_id": self.shop.id})

    def test_unverified_shop(self):
        shop = self.declare(self.south, "New Corner", verify=False)
        record = self.draft(shop)
        with self.assertRaisesRegex(UserError, "Verify the shop"):
            record.with_user(self.head).action_grant()

    def test_refuse(self):
        record = self.draft()
        wizard = (
            self.env["distributor.authorization.reason"]
            .with_user(self.head)
            .create(
                {
                    "authorization_ids": record.ids,
                    "act": "refuse",
                    "reason": "The shop sells copies.",
                }
            )
        )
        wizard.action_confirm()
        self.assertEqual(record.state, "refused")
        self.assertIn("sells copies", record.sudo().message_ids[:1].body)

    # -- withdrawing -------------------------------------------------------------------

    def test_withdrawal_needs_two(self):
        """Who proposes to withdraw does not decide on it."""
        record = self.grant()
        self.env["distributor.authorization.reason"].with_user(self.head).create(
            {"authorization_ids": record.ids, "act": "propose", "reason": "Misused"}
        ).action_confirm()
        self.assertEqual(record.state, "in_force")
        with self.assertRaisesRegex(UserError, "Another sales manager"):
            record.with_user(self.head).action_confirm_withdrawal()
        with self.assertRaises(AccessError):
            record.with_user(self.manager).action_confirm_withdrawal()
        record.with_user(self.head_2).action_confirm_withdrawal()
        self.assertEqual(record.state, "withdrawn")
        self.assertEqual(record.withdrawal_reason, "Misused")
        self.assertEqual(set(record.duty_ids.mapped("state")), {"closed"})

    def test_proposal_turned_down(self):
        record = self.grant()
        record.with_user(self.manager)._propose_withdrawal("Rumour")
        record.with_user(self.head).action_keep()
        self.assertFalse(record.proposed_by_id)
        with self.assertRaisesRegex(UserError, "Nobody proposed"):
            record.with_user(self.head_2).action_confirm_withdrawal()

    def test_withdraw_is_final_and_once(self):
        record = self.grant()
        self.assertEqual(record._withdraw("Case", self.shop), record)
        self.assertFalse(record._withdraw("Again"))
        self.assertEqual(record.withdrawal_reason, "Case")
        self.assertEqual(record.action_view_source()["res_id"], self.shop.id)
        with self.assertRaises(UserError):
            record.with_user(self.head).action_grant()
        with self.assertRaises(UserError):
            record.with_user(self.admin).unlink()
        self.assertTrue(self.grant(), "a new one may follow")

    def test_nothing_outlives_the_distributor(self):
        """R181: blacklist, end of the co-operation, rejected shop, closed store."""
        held = self.grant() + self.grant(self.store)
        self.north.with_user(self.head)._blacklist_distributor("Copies", "Clause 9")
        self.assertEqual(set(held.mapped("state")), {"withdrawn"})
        with self.assertRaisesRegex(UserError, "blacklist"):
            self.draft().with_user(self.head).action_grant()

        other = self.grant(self.shop_2)
        self.south.is_distributor = False
        self.assertEqual(other.state, "withdrawn")

    def test_rejected_shop_and_closed_store(self):
        shop, store = self.grant(self.shop_2), self.grant(self.other)
        self.shop_2.with_user(self.manager)._reject("Not his")
        self.other.with_user(self.head)._close("End")
        self.assertEqual(set((shop + store).mapped("state")), {"withdrawn"})

    def test_public_state_sees_what_records_miss(self):
        """A suspended store is not valid to the public although nobody withdrew it."""
        record = self.grant(self.store)
        self.assertEqual(record._get_public_state(), "valid")
        self.store.action_suspend()
        self.assertEqual(record._get_public_state(), "withdrawn")
        self.store.action_open()
        self.assertEqual(record._get_public_state(), "valid")
        self.north.sudo().has_reduced_access = True
        self.assertEqual(record._get_public_state(), "withdrawn")

    # -- renewal -----------------------------------------------------------------------

    def test_renewal(self):
        record = self.grant(date_to=self.day(10))
        action = record.with_user(self.manager).action_renew()
        renewal = self.Authorization.browse(action["res_id"])
        self.assertEqual(renewal.state, "draft")
        self.assertEqual(renewal.date_from, self.day(11))
        self.assertEqual(renewal.brand_id, self.brand)
        again = record.with_user(self.manager).action_renew()
        self.assertEqual(again["res_id"], renewal.id, "renewed once")
        renewal.with_user(self.head).action_grant()
        self.assertNotEqual(renewal.name, record.name)
        self.assertEqual(
            set(renewal.duty_ids.mapped("kind")), {"recommendation", "declared_shops"}
        )
        endless = self.grant(self.shop_2, date_to=False)
        with self.assertRaisesRegex(UserError, "does not end"):
            endless.with_user(self.manager).action_renew()

    def test_reminders_before_the_end(self):
        """Twice at most, and not where the renewal is granted."""
        record = self.grant(date_to=self.day(40))
        renewed = self.grant(self.shop_2, date_to=self.day(40))
        renewed.with_user(self.manager)._renew().with_user(self.head).action_grant()
        cron = self.Authorization._cron_remind
        for days, count in ((0, 0), (9, 0), (10, 1), (11, 1), (33, 2), (39, 2)):
            with freeze_time(self.day(days)):
                cron()
                self.assertEqual(record.reminder_count, count, days)
        self.assertEqual(renewed.reminder_count, 0)
        self.assertEqual(len(record.activity_ids), 1)

    def test_kit_and_counts_know_expiring(self):
        """What ends soon still holds: for the number on the partner."""
        self.grant(date_to=self.day(3))
        self.assertEqual(self.north.distributor_authorization_count, 1)

    def test_queries_of_withdrawing_many(self):
        """Withdrawing without a certificate to call back is one statement a table."""
        territory = self.env["distributor.territory"].create({"name": "All Over"})
        partners = self.env["res.partner"].create(
            [{"name": f"D{i}", "is_distributor": True} for i in range(40)]
        )
        records = self.Authorization.create(
            [{"partner_id": p.id, "territory_id": territory.id} for p in partners]
        )
        self.env.flush_all()
        start = self.env.cr.sql_log_count
        records._withdraw("Market closed")
        self.env.flush_all()
        self.assertLess(self.env.cr.sql_log_count - start, 120)
        self.assertEqual(set(records.mapped("state")), {"withdrawn"})
