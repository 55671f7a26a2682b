# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from .admission_common import AdmissionCommon


class AdmissionCase(AdmissionCommon, TransactionCase):
    def _mails_to(self, application):
        return self.env["mail.mail"].search(
            [("email_to", "=", application.email_normalized)]
        )


@tagged("post_install", "-at_install")
class TestAdmissionFlow(AdmissionCase):
    def test_whole_way_to_an_open_store(self):
        """Screening, verified, negotiation, approval, agreement, opened (R010, R024)."""
        application = self._apply(store_name="Fine Spirits")
        self.assertEqual(application.state, "submitted")
        self.assertEqual(application.user_id, self.account_manager)
        self._bring_to(application, "agreement")
        partner = application.partner_id
        self.assertTrue(partner.is_distributor)
        self.assertEqual(partner.account_manager_id, self.account_manager)
        self.assertEqual(partner.grade_id, self.tier)
        agreement = application.agreement_ids
        self.assertEqual(
            (agreement.partner_id, agreement.template_id), (partner, self.template)
        )
        self.assertEqual(application.approver_names, self.sales_manager.name)
        self._sign(application)
        store = application.store_id
        self.assertEqual(application.state, "opened")
        self.assertEqual((store.state, store.slug), ("open", "fine-spirits"))
        self.assertEqual((store.partner_id, store.mode), (partner, "dropship"))
        # The approval stays on the file.
        self.assertEqual(application.approver_names, self.sales_manager.name)
        self.assertEqual(self.campaign.places_taken, 1)
        subjects = " ".join(self._mails_to(application).mapped("subject"))
        for words in ("We received", "let us talk", "is approved"):
            self.assertIn(words, subjects)
        opened = f"Your store {store.name} is open"
        self.assertTrue(self.env["mail.mail"].search([("subject", "=", opened)]))
        # The secret link is in the message, and nowhere where others read.
        received = self._mails_to(application)[-1]
        self.assertIn("/distributor/application/", received.body)
        for message in application.message_ids:
            self.assertNotIn("/distributor/application/", message.body)

    def test_states_are_set_by_buttons_alone(self):
        """Whatever the caller sends over RPC, no state comes from it."""
        application = self._apply(submit=False)
        mine = application.with_user(self.account_manager)
        for name, value in (
            ("state", "opened"),
            ("reapply_from", "2020-01-01"),
            ("verified_by_id", self.account_manager.id),
            ("is_email_confirmed", True),
            ("has_place", True),
            ("link_seed", "x" * 20),
        ):
            with self.subTest(name), self.assertRaises(UserError):
                mine.write({name: value})
        made = (
            self.env["distributor.application"]
            .with_user(self.account_manager)
            .with_context(default_state="agreement", default_has_place=True)
            .create(
                {
                    "name": "X",
                    "email": "x@applicants.example",
                    "campaign_id": self.campaign.id,
                    "state": "opened",
                    "verified_on": fields.Datetime.now(),
                }
            )
        )
        self.assertEqual((made.state, made.has_place), ("draft", False))
        self.assertFalse(made.verified_on)

    def test_submit_names_what_is_missing(self):
        application = self._apply(submit=False)
        application.write({"phone": False, "accepts_policy": False})
        application.document_ids.unlink()
        with self.assertRaises(UserError) as raised:
            application.action_submit()
        for words in ("Phone", "ID document", "Acceptance of the policy"):
            self.assertIn(words, str(raised.exception))
        self.assertEqual(application.state, "draft")

    def test_nobody_verified_unspoken_or_unknown(self):
        """A call or visit is recorded, and every knock-out is known, first (R024)."""
        application = self._apply()
        mine = application.with_user(self.account_manager)
        with self._refused(UserError, "Nobody has spoken"):
            mine.action_verify()
        mine.contact_ids = [
            fields.Command.create({"channel": "phone", "outcome": "none"})
        ]
        with self._refused(UserError, "Nobody has spoken"):
            mine.action_verify()
        mine.contact_ids = [
            fields.Command.create({"channel": "visit", "outcome": "spoken"})
        ]
        with self._refused(UserError, "Missed, and not to be waived"):
            mine.action_verify()
        mine.shop_ids.action_verify()
        mine.action_verify()
        self.assertEqual(application.verified_by_id, self.account_manager)

    def test_verifier_is_not_introducer(self):
        """Who brought the applicant checks nothing about him (R027)."""
        application = self._apply(introducer_id=self.account_manager.id)
        self.assertEqual(application.user_id, self.sales_manager)
        mine = application.with_user(self.account_manager)
        for act in (
            mine.action_verify,
            mine.shop_ids.action_verify,
            lambda: mine.check_ids[:1].write({"judgement": "met"}),
        ):
            with self._refused(UserError, "Ask another reviewer"):
                act()
        with self._refused(AccessError, "Only sales managers"):
            mine.introducer_id = False
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            application.sudo().verified_by_id = self.account_manager
            application.flush_recordset()

    def test_introducer_and_reviewer_do_not_approve(self):
        other = self._second_manager()
        application = self._apply(introducer_id=other.id)
        self._bring_to(application, "negotiation")
        application.with_user(self.account_manager).action_ask_approval()
        for method in ("action_approve", "validate_tier"):
            with self._refused(AccessError, "introduced or reviewed"):
                getattr(application.with_user(other), method)()
        self.assertEqual(application.state, "negotiation")

    def test_approval_needs_the_manager(self):
        application = self._bring_to(self._apply(), "negotiation")
        with self._refused(UserError, "asks for the approval"):
            application.with_user(self.sales_manager).action_approve()
        application.with_user(self.account_manager).action_ask_approval()
        with self._refused(AccessError, "Only sales managers"):
            application.with_user(self.account_manager).action_approve()
        with self._refused(UserError, ""):
            application.with_user(self.account_manager).mode = "resale"

    def test_refusal_is_told_with_its_day(self):
        application = self._apply()
        day = fields.Date.add(self._today(), days=30)
        with self._refused(UserError, "needs a reason"):
            application.with_user(self.account_manager)._refuse("  ", day)
        wizard = Form.from_action(
            self.env(user=self.account_manager.id),
            application.with_user(self.account_manager).action_ask_refuse(),
        )
        self.assertEqual(
            fields.Date.to_date(wizard.reapply_from),
            fields.Date.add(self._today(), days=90),
        )
        wizard.text = "Sells other goods"
        wizard.reapply_from = day
        wizard.save().action_confirm()
        self.assertEqual(
            (application.state, application.reapply_from), ("refused", day)
        )
        body = self._mails_to(application).sorted("id")[-1].body_html
        self.assertIn("Sells other goods", body)
        with self._refused(ValidationError, "in the past"):
            self.env["distributor.application.answer"].create(
                {
                    "kind": "refuse",
                    "text": "x",
                    "application_ids": application.ids,
                    "reapply_from": "2020-01-01",
                }
            )

    def test_missing_is_asked_and_answered(self):
        application = self._apply()
        application.with_user(self.account_manager)._ask_for("A readable licence")
        self.assertIn("readable licence", self._mails_to(application)[:1].body_html)
        application._answer_missing()
        self.assertTrue(application.answered_on)
        self.assertIn(
            "The applicant added what was missing",
            application.activity_ids.mapped("summary"),
        )

    def test_mail_speaks_the_applicants_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.env.ref("distributor_crm.mail_template_application_received")
        template.with_context(lang="fr_FR").subject = "Bien reçu {{ object.reference }}"
        application = self._apply(lang="fr_FR")
        self.assertIn("Bien reçu", self._mails_to(application)[:1].subject)

    def test_withdrawn_until_signed(self):
        application = self._bring_to(self._apply(), "agreement")
        application._withdraw()
        self.assertEqual(application.state, "withdrawn")
        self.assertEqual(application.agreement_ids.state, "cancelled")
        self.assertFalse(self.campaign.places_taken)
        other = self._bring_to(self._apply("Wang Fang"), "agreement")
        other.campaign_id.opens_on_signature = False
        self._sign(other)
        self.assertEqual(other.state, "agreement")
        with self._refused(UserError, "signed already"):
            other._withdraw()
        other.with_user(self.account_manager).action_open_store()
        self.assertEqual(other.state, "opened")

    def test_store_waits_for_the_signature(self):
        application = self._bring_to(self._apply(), "agreement")
        with self._refused(UserError, "not signed yet"):
            application.with_user(self.account_manager).action_open_store()

    def test_what_stops_the_store_is_told_to_the_reviewer(self):
        """The signature stands, whatever keeps the store from opening."""
        application = self._bring_to(self._apply(), "agreement")
        Store = self.env.registry["distributor.store"]

        def refuse(store):
            raise UserError(store.env._("No bank account"))

        self.patch(Store, "_check_can_open", refuse)
        self._sign(application)
        self.assertEqual(application.state, "agreement")
        notes = " ".join(str(note) for note in application.activity_ids.mapped("note"))
        self.assertIn("No bank account", notes)

    def test_invited_becomes_a_sub_store(self):
        inviter = self._bring_to(self._apply("Zhang Wei"), "opened").store_id
        application = self._apply("Liu Yang", invited_by_store_id=inviter.id)
        self._bring_to(application, "opened")
        self.assertEqual(application.store_id.parent_id, inviter)
        self.assertEqual(application.store_id.level, 2)

    def test_known_contact_keeps_his_tier(self):
        gold = self.env.ref("partnership.res_partner_grade_data_gold")
        partner = self.env["res.partner"].create(
            {"name": "Known", "email": "known@applicants.example"}
        )
        partner.grade_id = gold
        application = self._apply(email="known@applicants.example")
        application.partner_id = partner
        self._bring_to(application, "agreement")
        self.assertEqual(application.partner_id, partner)
        self.assertEqual(partner.grade_id, gold)

    def test_late_ones_are_found(self):
        application = self._apply()
        application.sudo().submitted_on = fields.Datetime.subtract(
            fields.Datetime.now(), days=9
        )
        self.assertTrue(application.is_overdue)
        late = application.search([("is_overdue", "=", True)])
        self.assertIn(application, late)
        self.assertGreater(application.days_waiting, 8)
        in_time = application.search([("is_overdue", "=", False)])
        self.assertNotIn(application, in_time)

    def test_reviewer_with_least_in_hand(self):
        other = self._new_user("adm_am2", "distributor_crm.group_account_manager")
        self.campaign.reviewer_ids |= other
        names = ("A One", "B Two", "C Three", "D Four")
        reviewers = [self._apply(name).user_id for name in names]
        self.assertEqual(reviewers.count(other), 2)

    def test_number_is_masked_for_all_but_managers(self):
        application = self._apply(id_number="510100199001011234")
        self.assertEqual(
            application.with_user(self.account_manager).id_number_shown, "••••••1234"
        )
        self.assertEqual(
            application.with_user(self.sales_manager).id_number_shown,
            "510100199001011234",
        )
        mine = application.with_user(self.account_manager)
        for name in ("id_number", "id_number_normalized"):
            with self.assertRaises(AccessError):
                mine.read([name])
        mine.id_number_shown = "••••••1234"
        self.assertEqual(application.id_number, "510100199001011234")
        mine.id_number_shown = "310100"
        self.assertEqual(application.id_number, "310100")

    def test_bad_values(self):
        for values, error in (
            ({"email": "nonsense"}, ValidationError),
            ({"hours_week": 200}, IntegrityError),
            ({"promotion_budget": -5}, IntegrityError),
            ({"mode": "resale"}, ValidationError),
        ):
            self.campaign.modes = "dropship"
            with (
                self.subTest(values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(error),
                self.env.cr.savepoint(),
            ):
                self._apply("Bad Input", submit=False, **values)
                self.env.flush_all()


@tagged("post_install", "-at_install")
class TestAdmissionPlaces(AdmissionCase):
    def test_places_by_approval(self):
        """Two places; the third is approved only when one is free again (R159)."""
        campaign = self._create_campaign(quota=1)
        first = self._apply("First", campaign)
        second = self._apply("Second", campaign)
        self._bring_to(first, "agreement")
        self.assertTrue(campaign.is_full)
        self._bring_to(second, "negotiation")
        second.with_user(self.account_manager).action_ask_approval()
        with self._refused(UserError, "no more places"):
            second.with_user(self.sales_manager).action_approve()
        second.with_user(self.account_manager).action_wait()
        third = self._apply("Third", campaign)
        self.assertEqual((second.state, third.state), ("waiting", "waiting"))
        first._withdraw()
        self.assertEqual((second.state, third.state), ("negotiation", "waiting"))
        self.assertEqual(campaign.places_taken, 0)

    def test_places_by_submission(self):
        campaign = self._create_campaign(quota=1, quota_basis="applied")
        first, second = self._apply("First", campaign), self._apply("Second", campaign)
        self.assertEqual((first.state, second.state), ("submitted", "waiting"))
        with self._refused(UserError, "no more places"):
            second.with_user(self.account_manager).action_leave_waiting_list()
        first.with_user(self.account_manager)._refuse("No", False)
        self.assertEqual((second.state, second.has_place), ("submitted", True))
        self.assertEqual(campaign.places_taken, 1)

    def test_database_keeps_the_quota(self):
        campaign = self._create_campaign(quota=1, quota_basis="applied")
        self._apply("First", campaign)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            campaign.sudo().places_taken = 2
            campaign.flush_recordset()

    def test_full_campaign_closes(self):
        campaign = self._create_campaign(
            quota=1, quota_basis="applied", when_full="close"
        )
        late = self._apply("Late", campaign, submit=False)
        self._apply("First", campaign)
        self.assertEqual(campaign.state, "closed")
        with self._refused(UserError, "takes no more"):
            late.action_submit()

    def test_more_places_move_the_list_up(self):
        campaign = self._create_campaign(quota=1, quota_basis="applied")
        names = ("First", "Second", "Third")
        _first, second, third = (self._apply(name, campaign) for name in names)
        campaign.quota = 2
        self.assertEqual((second.state, third.state), ("submitted", "waiting"))

    def test_campaign_ends(self):
        campaign = self._create_campaign()
        campaign.date_from = "2020-01-01"
        campaign.date_to = "2020-02-01"
        late = self._apply("Late", campaign, submit=False)
        with self._refused(UserError, "takes no more"):
            late.action_submit()
        self.env["distributor.campaign"]._cron_close()
        self.assertEqual(campaign.state, "closed")
        with self._refused(UserError, "is over"):
            campaign.action_open()

    def test_campaign_state_is_closed(self):
        with self.assertRaises(UserError):
            self.campaign.with_user(self.sales_manager).state = "draft"
        with self._refused(UserError, "Somebody applied"):
            self._apply()
            self.campaign.unlink()
