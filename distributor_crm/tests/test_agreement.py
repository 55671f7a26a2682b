# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from datetime import date, timedelta

from freezegun import freeze_time
from psycopg2 import Error, IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .store_common import StoreCommon, draw_signature


@tagged("post_install", "-at_install")
class TestAgreement(StoreCommon):
    def setUp(self):
        super().setUp()
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 60)

    # -- text ------------------------------------------------------------------------

    def test_text_is_filled_in_and_escaped(self):
        self.owner.name = "<b>Bad & Co</b>"
        agreement = self._send(date_from="2026-01-01", date_to="2099-12-31")
        self.assertIn("&lt;b&gt;Bad &amp; Co&lt;/b&gt; sells for", agreement.body)
        self.assertNotIn("{{", agreement.body)

    def test_text_reaches_no_other_data(self):
        """Whoever writes a template gets at the named values and nothing else."""
        for text in ("{{ env }}", "{{ password }}"):
            with self.subTest(text), self.assertRaises(ValidationError):
                self.template.body = text
        self.template.body = "<p>{{ object.company_id }} <t t-out='1+1'/></p>"
        agreement = self._send()
        self.assertIn("{{ object.company_id }}", agreement.body)
        self.assertNotIn("2", agreement.body)

    def test_empty_text_is_not_sent(self):
        self.template.body = False
        with self.assertRaises(UserError):
            self._send()

    def test_what_was_sent_stands(self):
        agreement = self._send()
        self.template.body = "<p>Other</p>"
        self.template.duty_ids[0].text = "Another duty"
        self.assertIn("sells for", agreement.body)
        self.assertEqual(
            agreement.acknowledgement_ids.mapped("text"),
            ["I keep the agreed prices.", "I sell to consumers."],
        )
        with self.assertRaises(UserError):
            agreement.with_user(self.manager).territory = "Everywhere"

    def test_price_duty_says_what_it_rests_on(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.template.duty_ids[0].legal_basis = ""

    # -- sending ---------------------------------------------------------------------

    def test_link_goes_to_the_distributor_alone(self):
        """Who holds the token may sign, so nobody of the company reads it."""
        agreement = self._make_agreement()
        with self.mock_mail() as mails:
            agreement.with_user(self.manager).action_send()
        self.assertEqual(agreement.state, "sent")
        token = agreement.access_token
        self.assertTrue(token)
        self.assertIn(token, mails[0]["body_html"])
        self.assertEqual(mails[0]["email_to"], "owner@owners.example")
        self.assertNotIn(token, "".join(agreement.message_ids.mapped("body")))
        mine = agreement.with_user(self.manager)
        with self.assertRaises(AccessError):
            mine.read(["access_token"])
        self.assertNotIn(token, mine._get_share_url())
        self.assertTrue(mine.get_portal_url.__func__._api_private)

    def mock_mail(self):
        """Collect what goes out as mail."""
        test, sent = self, []

        class Collected:
            def __enter__(self):
                model = type(test.env["mail.mail"])
                original = model.create

                def create(mails, vals_list):
                    sent.extend(
                        vals_list if isinstance(vals_list, list) else [vals_list]
                    )
                    return original(mails, vals_list)

                test.patch(model, "create", create)
                return sent

            def __exit__(self, *args):
                return False

        return Collected()

    def test_send_needs_an_address_and_time(self):
        self.owner.email = "nobody"
        with self.assertRaisesRegex(UserError, "valid e-mail"):
            self._send()
        self.owner.email = "a@b.example"
        with self.assertRaisesRegex(UserError, "over on"):
            self._send(date_from="2020-01-01", date_to="2020-12-31")

    def test_link_dies_with_the_offer(self):
        agreement = self._send()
        agreement.action_draft()
        self.assertFalse(agreement.access_token or agreement.body)
        agreement.action_send()
        token = agreement.access_token
        agreement.action_send_again()
        self.assertNotEqual(agreement.access_token, token)

    # -- signing ---------------------------------------------------------------------

    def test_sign(self):
        agreement = self._send()
        self.Shop._declare(
            self.owner, self.env.company, "Mine", "taobao", "mine.taobao.com"
        )
        self._sign(agreement)
        self.assertEqual(agreement.state, "signed")
        self.assertTrue(agreement.is_in_force and agreement.is_intact)
        self.assertEqual(agreement.signed_by, "Wang Xiaoming")
        self.assertEqual(agreement.signed_ip, "10.0.0.1")
        document = agreement.document_id.raw.decode()
        for text in (
            "Wang Xiaoming",
            "10.0.0.1",
            "I keep the agreed prices.",
            "https://mine.taobao.com",
            agreement.digest,
            "sells for",
        ):
            self.assertIn(text, document)

    def test_each_duty_is_ticked_first(self):
        agreement = self._send()
        agreement._acknowledge({agreement.acknowledgement_ids[0].id}, "10.0.0.1")
        with self.assertRaisesRegex(UserError, "Tick each"):
            agreement._sign("Wang", draw_signature(), "10.0.0.1", self.owner)
        other = self._send(date_from="2030-01-01")
        agreement._acknowledge(set(other.acknowledgement_ids.ids), "10.0.0.1")
        self.assertFalse(any(other.acknowledgement_ids.mapped("acknowledged_on")))

    def test_nobody_of_the_company_signs(self):
        agreement = self._send()
        for user in (self.manager, self.admin, self.env.ref("base.user_admin")):
            mine = agreement.with_user(user).sudo()
            with self.subTest(user.login), self.assertRaises(AccessError):
                mine._sign("Wang", draw_signature(), "10.0.0.1", self.owner)
            with self.assertRaises(AccessError):
                mine._acknowledge(set(agreement.acknowledgement_ids.ids), "")

    def test_bad_signatures(self):
        agreement = self._send()
        agreement._acknowledge(set(agreement.acknowledgement_ids.ids), "10.0.0.1")
        svg = base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>").decode()
        for signature in (None, "", "???", "QUJD", svg, "A" * 600_000, 5, ["x"]):
            with (
                self.subTest(str(signature)[:20]),
                self.assertRaisesRegex(UserError, "Draw your signature"),
            ):
                agreement._sign("Wang", signature, "10.0.0.1", self.owner)
        for name in ("", "  ", None, "x" * 101):
            with self.assertRaisesRegex(UserError, "full name"):
                agreement._sign(name, draw_signature(), "10.0.0.1", self.owner)
        self.assertEqual(agreement.state, "sent")

    def test_signed_twice_is_refused(self):
        agreement = self._make_signed()
        with self.assertRaisesRegex(UserError, "does not wait"):
            agreement._sign("Else", draw_signature(), "10.0.0.2", self.owner)

    def test_signed_agreement_never_changes(self):
        """Neither over RPC, nor with full rights, nor in SQL."""
        agreement = self._make_signed()
        for values in ({"territory": "x"}, {"state": "draft"}, {"signed_by": "x"}):
            with self.subTest(values), self.assertRaises(UserError):
                agreement.with_user(self.admin).write(values)
        for field, value in (
            ("body", "<p>x</p>"),
            ("date_to", date(2099, 1, 1)),
            ("signed_by", "x"),
            ("document_digest", "x"),
        ):
            with (
                self.subTest(field),
                mute_logger("odoo.sql_db"),
                self.assertRaises(Error),
                self.env.cr.savepoint(),
            ):
                agreement[field] = value
                agreement.flush_recordset()
            agreement.invalidate_recordset(flush=False)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(Error),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "DELETE FROM distributor_agreement WHERE id = %s", [agreement.id]
            )
        with self.assertRaises(UserError):
            agreement.unlink()

    def test_signed_document_stays(self):
        document = self._make_signed().document_id
        with self.assertRaisesRegex(UserError, "stays as it is"):
            document.raw = b"other"
        with self.assertRaisesRegex(UserError, "stays as it is"):
            document.unlink()

    def test_tampering_shows(self):
        agreement = self._make_signed()
        self.env.cr.execute(
            "UPDATE distributor_agreement_acknowledgement SET text = 'No duty' "
            "WHERE agreement_id = %s",
            [agreement.id],
        )
        self.env.invalidate_all()
        self.assertFalse(agreement.is_intact)

    def test_states_are_set_by_buttons_alone(self):
        Agreement = self.Agreement.with_user(self.manager)
        agreement = Agreement.with_context(default_state="signed").create(
            {
                "partner_id": self.owner.id,
                "template_id": self.template.id,
                "state": "signed",
                "signed_by": "me",
                "access_token": "known",
            }
        )
        self.assertEqual(agreement.state, "draft")
        self.assertFalse(agreement.signed_by or agreement.sudo().access_token)
        with self.assertRaises(UserError):
            agreement.access_token = "known"

    # -- validity --------------------------------------------------------------------

    def test_ends_at_midnight_of_its_time_zone(self):
        """Over in Shanghai while it is yesterday in New York; cron and page agree."""
        with freeze_time("2026-12-30 12:00:00"):
            east = self._make_signed(date_from="2026-01-01", date_to="2026-12-31")
            self.owner = self._make_owner("West")
            west = self._make_signed(
                date_from="2026-01-01", date_to="2026-12-31", tz="America/New_York"
            )
        both = east + west
        for moment, states, in_force in (
            ("2026-12-31 15:59:59", ["signed", "signed"], [True, True]),
            ("2026-12-31 16:00:00", ["expired", "signed"], [False, True]),
            ("2027-01-01 04:59:59", ["expired", "signed"], [False, True]),
            ("2027-01-01 05:00:00", ["expired", "expired"], [False, False]),
        ):
            with self.subTest(moment), freeze_time(moment):
                both.invalidate_recordset(["is_in_force"])
                self.assertEqual(both.mapped("is_in_force"), in_force)
                found = self.Agreement.search(
                    [("id", "in", both.ids), ("is_in_force", "=", True)]
                )
                self.assertEqual(len(found), sum(in_force))
                self.Agreement._cron_follow()
                self.assertEqual(both.mapped("state"), states)
                both.invalidate_recordset(["is_in_force"])
                self.assertEqual(both.mapped("is_in_force"), in_force)

    def test_not_signed_after_its_time(self):
        with freeze_time("2026-05-01"):
            agreement = self._send()
            self.assertEqual(agreement.sign_by, date(2026, 5, 31))
            agreement._acknowledge(set(agreement.acknowledgement_ids.ids), "")
        with freeze_time("2026-05-31 16:30:00"), self.assertRaises(UserError):
            agreement._sign("Wang", draw_signature(), "", self.owner)
        with freeze_time("2026-06-02"):
            self.Agreement._cron_follow()
        self.assertEqual(agreement.state, "expired")

    def test_one_of_a_mode_at_a_time(self):
        first = self._make_signed(date_from="2026-01-01", date_to="2099-12-31")
        second = self._make_agreement(date_from="2099-12-31", date_to="2100-12-31")
        with self.assertRaisesRegex(UserError, first.name):
            second.action_send()
        second.date_from = "2100-01-01"
        second.action_send()
        self._sign(second)
        self.assertFalse(second.is_in_force)
        # Two signatures at the same moment: the database has the last word.
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            third = self._send(date_from="2101-01-01", date_to="2101-12-31")
            self._sign(third)
            self.env.cr.execute(
                "UPDATE distributor_agreement SET starts_at = %s WHERE id = %s",
                ["2099-06-01", third.id],
            )

    def test_default_dates(self):
        with freeze_time("2026-03-31 17:00:00"):  # the 1st in Shanghai
            form = Form(self.Agreement.with_user(self.manager))
            form.partner_id = self.owner
            form.template_id = self.template
            agreement = form.save()
        self.assertEqual(agreement.date_from, date(2026, 4, 1))
        self.assertEqual(agreement.date_to, date(2027, 3, 31))
        self.assertEqual(agreement.notice_days, 30)

    # -- renewal and supplements -----------------------------------------------------

    def test_renewal_is_proposed_once(self):
        with freeze_time("2026-01-01"):
            agreement = self._make_signed(date_to="2026-06-30")
        with freeze_time("2026-05-10"):
            self.Agreement._cron_follow()
            self.assertFalse(agreement.next_ids)
        with freeze_time("2026-05-20"), self.mock_mail() as mails:
            self.Agreement._cron_follow()
            self.Agreement._cron_follow()
            renewal = agreement.next_ids
            self.assertEqual(len(renewal), 1)
            self.assertEqual(renewal.date_from, date(2026, 7, 1))
            self.assertEqual(renewal.activity_ids.user_id, self.manager)
            told = [mail for mail in mails if mail.get("email_to")]
            self.assertEqual(len(told), 1)
            self.assertIn("ends on", told[0]["body_html"])
            renewal.action_send()
            self._sign(renewal)
        with freeze_time("2026-07-01 00:00:00"):
            self.Agreement._cron_follow()
            self.assertEqual(agreement.state, "expired")
            self.assertTrue(renewal.is_in_force)
            self.assertFalse(self.owner.has_reduced_access)

    def test_new_text_is_signed_as_a_supplement(self):
        agreement = self._make_signed()
        self.assertFalse(agreement.needs_acknowledgement)
        self.assertEqual(self.template.version, 1)
        self.template.with_user(self.admin).body = "<p>New text</p>"
        self.assertEqual(self.template.version, 2)
        agreement.invalidate_recordset()
        self.assertTrue(agreement.needs_acknowledgement)
        self.template.with_user(self.admin).action_request_acknowledgement()
        supplement = agreement.amendment_ids
        self.assertEqual(supplement.state, "sent")
        self.assertIn("New text", supplement.body)
        with self.assertRaises(UserError):
            self.template.action_request_acknowledgement()
        self._sign(supplement)
        self.assertFalse(agreement.needs_acknowledgement)
        self.assertNotIn("New text", agreement.body)

    def test_follow_ups_are_of_the_same_parties(self):
        agreement = self._make_signed()
        other = self._make_owner("Else")
        for field in ("amends_id", "previous_id"):
            with self.subTest(field), self.assertRaises(ValidationError):
                self._make_agreement(**{"partner_id": other.id, field: agreement.id})

    def test_text_is_in_the_distributors_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.template.with_context(lang="fr_FR").body = "<p>Accord {{ date_to }}</p>"
        self.owner.lang = "fr_FR"
        agreement = self._send(date_from="2026-01-01", date_to="2099-12-31")
        self.assertIn("Accord 31/12/2099", agreement.body)

    # -- ending ----------------------------------------------------------------------

    def test_end_needs_notice(self):
        agreement = self._make_signed()
        wizard = self.env["distributor.agreement.end"].with_user(self.sales_manager)
        wizard = wizard.create({"agreement_id": agreement.id, "reason": "Prices"})
        today = agreement._get_today()
        self.assertEqual(wizard.last_day, today + timedelta(days=30))
        wizard.last_day = today + timedelta(days=29)
        with self.assertRaisesRegex(UserError, "30 days"):
            wizard.action_end()
        wizard.last_day = today + timedelta(days=30)
        wizard.action_end()
        self.assertTrue(agreement.is_in_force)
        with freeze_time(agreement.ends_at):
            self.Agreement._cron_follow()
        self.assertEqual(agreement.state, "ended")

    def test_end_for_cause_and_its_consequences(self):
        agreement = self._make_signed()
        store = self._make_store("gone")
        store.action_open()
        user = self.owner.user_ids
        self.env.company.agreement_settlement_user_id = self.finance
        wizard = self.env["distributor.agreement.end"].with_user(self.sales_manager)
        wizard.create(
            {"agreement_id": agreement.id, "reason": "Fakes", "is_for_cause": True}
        ).action_end()
        self.assertEqual((agreement.state, store.state), ("ended", "closed"))
        self.assertEqual(store.close_reason, "Fakes")
        self.assertFalse(agreement.is_in_force)
        self.assertTrue(self.owner.has_reduced_access)
        self.assertTrue(user.active and user._is_portal())
        self.assertIn(self.finance, agreement.activity_ids.user_id)
        with self.assertRaises(UserError):
            store.action_open()
        # A new agreement gives back what the end of the old one took.
        self._make_signed()
        self.assertFalse(self.owner.has_reduced_access)

    def test_stores_pause_when_it_runs_out(self):
        with freeze_time("2026-01-01"):
            agreement = self._make_signed(date_to="2026-06-30")
            store = self._make_store("paused")
            store.action_open()
        with freeze_time("2026-07-01"):
            self.Agreement._cron_follow()
            self.assertEqual((agreement.state, store.state), ("expired", "suspended"))
            self._make_signed()
            store.action_open()
        self.assertEqual(store.state, "open")

    def test_account_manager_does_not_end(self):
        agreement = self._make_signed()
        with self.assertRaises(AccessError):
            self.env["distributor.agreement.end"].with_user(self.manager).create(
                {"agreement_id": agreement.id, "reason": "x"}
            )

    # -- who sees what ---------------------------------------------------------------

    def test_rights_by_role(self):
        agreement = self._make_signed()
        stranger = self._make_owner("Stranger", account_manager_id=False, user_id=False)
        other = self._send(partner_id=stranger.id)
        for user, sees_other in (
            (self.rep, False),
            (self.manager, False),
            (self.sales_manager, True),
            (self.admin, True),
            (self.finance, True),
        ):
            with self.subTest(user.login):
                found = self.Agreement.with_user(user).search(
                    [("id", "in", (agreement + other).ids)]
                )
                self.assertEqual(found, agreement + other if sees_other else agreement)
                found.acknowledgement_ids.mapped("text")
                agreement.with_user(user).document_id.mapped("name")
        for user in (self.rep, self.finance):
            with self.assertRaises(AccessError):
                self._make_agreement().with_user(user).action_send()
            with self.assertRaises(AccessError):
                self.template.with_user(user).name = "x"
        with self.assertRaises(AccessError):
            agreement.acknowledgement_ids[:1].with_user(self.admin).text = "x"
