# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .visit_common import VisitCommon


@tagged("post_install", "-at_install")
class TestVisitForm(VisitCommon):
    def _valid(self, agent=None, **values):
        visit = self._bring(agent, **values)
        self.assertEqual(self._judge(visit), "valid")
        return visit

    def _registered(self, agent=None, **values):
        visit = self._valid(agent, **values)
        visit.form_ids._submit()
        return visit

    def test_any_one_signs(self):
        """Receptionist, channel assistant or sales manager: one is enough (R054)."""
        for number, signer in enumerate(
            (self.receptionist, self.assistant, self.manager)
        ):
            visit = self._registered(
                customer_phone=f"1390000000{number}",
                customer_name=f"C{number}",
                user_id=self.receptionist.id,
            )
            form = visit.form_ids
            self.assertEqual((visit.state, form.state), ("registered", "submitted"))
            form.with_user(signer)._sign()
            self.assertEqual((visit.state, form.state), ("signed", "signed"))
            self.assertEqual(form._get_valid_signatures().user_id, signer)

    def test_nobody_else_signs(self):
        visit = self._registered(user_id=self.receptionist.id)
        form = visit.form_ids
        for user in (self.other, self.confirmer):
            with self._refused((UserError, AccessError), "."):
                form.with_user(user)._sign()
        self.assistant.partner_id.visit_agency_id = self.agency
        with self._refused(UserError, "belongs to the agency"):
            form.with_user(self.assistant)._sign()
        with self._refused(UserError, "by its buttons"):
            form.with_user(self.receptionist).write({"state": "signed"})
        self.assertEqual(form.state, "submitted")

    def test_file_is_kept_with_its_checksum(self):
        """Numbered, printed once all have signed, and kept (R053, R055)."""
        visit = self._registered()
        form = visit.form_ids
        self.assertRegex(form.name, r"^REG/\d{4}/\d{6}$")
        self.assertEqual(visit.form_number, form.name)
        self.assertFalse(visit.form_attachment_id)
        form.with_user(visit.user_id)._sign()
        content = form.attachment_id.raw
        self.assertEqual(visit.form_attachment_id, form.attachment_id)
        self.assertEqual(form.checksum, hashlib.sha256(content).hexdigest())
        for text in (form.name, "张三", "Swift Agency", visit.user_id.name):
            self.assertIn(text, content.decode())
        form.with_user(visit.user_id).action_check_file()
        form.attachment_id.raw = b"Something else"
        with self._refused(UserError, "not the one that was signed"):
            form.with_user(visit.user_id).action_check_file()

    def test_fields_are_frozen(self):
        """What was handed in stays as it is; before, it may be filled in (R053)."""
        visit = self._valid()
        form = visit.form_ids.with_user(visit.user_id)
        form.wanted = "Three rooms"
        form.action_submit()
        with self._refused(UserError, "what it says stays"):
            form.wanted = "Four rooms"
        form.action_return()
        self.assertEqual((visit.state, form.state), ("judged", "draft"))
        form.wanted = "Four rooms"
        form.action_submit()
        form._sign()
        with self._refused(UserError, "what it says stays"):
            form.wanted = "Five rooms"

    def test_only_valid_visits(self):
        """No form before the verdict, none for an invalid visit, one a visit (R053)."""
        visit = self._bring()
        self._judge(visit, "Price")
        self.assertFalse(visit.form_ids)
        with self._refused(UserError, "made by the verdict"):
            self.env["distributor.visit.form"].with_user(self.manager).create(
                {"visit_id": visit.id, "customer_name": "X"}
            )
        good = self._registered(
            self.colleague, customer_phone="13900000001", customer_name="Q"
        )
        self.env["distributor.visit.form"]._prepare(good)
        self.assertEqual(len(good.form_ids), 1)

    def test_external_needs_two(self):
        """Receptionist, then one of the final confirmers, by a deadline (R068, R069)."""
        self.agent.partner_id.agent_kind = "external"
        visit = self._registered()
        form = visit.form_ids
        self.assertRegex(form.name, r"^EXT/")
        self.assertEqual(form.sign_deadline, form.submitted_at + timedelta(hours=12))
        with self._refused(UserError, "not your turn"):
            form.with_user(self.confirmer)._sign()
        form.with_user(visit.user_id)._sign()
        self.assertEqual((form.state, visit.state), ("submitted", "registered"))
        with freeze_time(fields.Datetime.now() + timedelta(hours=13)):
            self.env["distributor.visit.form"]._cron_remind()
            self.assertIn(self.confirmer, form.activity_ids.user_id)
            form.with_user(self.confirmer)._sign()
        self.assertEqual((form.state, visit.state), ("signed", "signed"))
        self.assertTrue(form.signed_late)
        self.assertEqual(
            form._get_valid_signatures().user_id, visit.user_id + self.confirmer
        )

    def test_all_three(self):
        policy = self.policy.copy(
            {"date_from": fields.Date.today(), "sign_mode": "all"}
        )
        visit = self._registered()
        self.assertEqual(visit.policy_id, policy)
        form = visit.form_ids
        for user in (visit.user_id, self.assistant, self.manager):
            self.assertEqual(form.state, "submitted")
            form.with_user(user)._sign()
        self.assertEqual(form.state, "signed")

    def test_found_false(self):
        """It stays signed, but no longer valid; nobody says so of his own (R072)."""
        visit = self._registered()
        visit.form_ids.with_user(visit.user_id)._sign()
        with self._refused(AccessError, "sales manager"):
            visit.with_user(self.receptionist)._mark_false("water", "Paid to come")
        visit.with_user(self.manager)._mark_false("water", "Paid to come")
        self.assertTrue(visit.found_false and visit.found_false_at)
        self.assertEqual((visit.verdict, visit.state), ("invalid", "signed"))
        with self._refused(UserError, "already"):
            visit.with_user(self.manager)._mark_false("fake", "Again")
        other = self._registered(
            self.colleague, customer_phone="13900000001", customer_name="Q"
        )
        other.with_user(self.manager)._mark_false("fake", "No such person")
        self.assertEqual(other.form_ids.state, "void")
