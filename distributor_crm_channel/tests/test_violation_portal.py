# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.distributor_crm.tests.service_common import ServicePortalCase, picture

from .violation_common import ViolationCommon


@tagged("post_install", "-at_install")
class TestViolationPortal(ViolationCommon, ServicePortalCase):
    """The accused reads, answers and appeals; nobody else does."""

    def setUp(self):
        super().setUp()
        self.case = self._notify(self._report(severity=5))
        self.path = f"/my/violations/{self.case.id}"

    def _token(self):
        return self.case.access_token

    def test_reading_proves_the_delivery(self):
        self._login()
        page = self.url_open(self.path).text
        self.assertIn(self.case.name, page)
        self.assertRecordValues(
            self.case.notice_ids,
            [{"delivered_how": "portal", "delivered_to": self.north_user.name}],
        )
        self.assertTrue(self.case.correct_deadline)
        self.assertIn("o_violation_clock", page)

    def test_strangers_read_nothing_and_prove_nothing(self):
        for login in (None, "south_owner"):
            self.authenticate(login, login)
            for path in ("", "?access_token=wrong", "?access_token=ü", "/evidence/1"):
                response = self.url_open(self.path + path)
                self.assertNotIn("where 100 is the floor", response.text)
            for act in ("answer", "correct", "appeal", "receive"):
                self._post(f"{self.path}/{act}", text="Mine", access_token="wrong")
        self.assertFalse(self.case.delivered_at)
        self.assertEqual(self.case.state, "notified")

    def test_drafts_are_nobody_s_business_yet(self):
        draft = self._report("diversion")
        self._login()
        self.assertTrue(self._is_home(self.url_open(f"/my/violations/{draft.id}")))
        self.assertNotIn(draft.name, self.url_open("/my/violations").text)

    def test_our_own_people_prove_no_delivery(self):
        self.authenticate(self.sales_manager.login, self.sales_manager.login)
        self.url_open(f"{self.path}?access_token={self._token()}")
        self._post(f"{self.path}/receive", access_token=self._token())
        self._post(f"{self.path}/answer", access_token=self._token(), text="Yes, me.")
        self.assertFalse(self.case.delivered_at)
        self.assertFalse(self.case.answer)

    def test_the_link_of_the_mail_needs_a_person_to_press(self):
        """What opens links in mails to look for viruses is nobody who was told."""
        url = f"{self.path}?access_token={self._token()}"
        self.authenticate(None, None)
        page = self.url_open(url).text
        self.assertIn("o_violation_receive", page)
        self.assertNotIn("where 100 is the floor", page)
        self.assertFalse(self.case.delivered_at)
        page = self._post(f"{self.path}/receive", access_token=self._token()).text
        self.assertIn("where 100 is the floor", page)
        self.assertEqual(self.case.notice_ids.delivered_how, "mail_opened")
        self._post(f"{self.path}/answer", access_token=self._token(), text="A mistake.")
        self.assertEqual(
            (self.case.state, self.case.answer), ("answered", "A mistake.")
        )

    def test_answer_with_files(self):
        self._login()
        self.url_open(self.path)
        with mute_logger("odoo.http"):
            page = self._post(
                f"{self.path}/answer",
                text="See the file.",
                files=[("files", ("a.exe", b"MZ", "image/png"))],
            ).text
        self.assertIn("is not accepted", page)
        self.assertIn("See the file.", page)
        self.assertEqual(self.case.state, "notified")
        page = self._post(
            f"{self.path}/answer",
            text="<script>alert(1)</script>",
            files=[("files", ("a.png", picture(), "image/png"))],
        ).text
        self.assertNotIn("<script>alert(1)", page)
        self.assertEqual(self.case.state, "answered")
        self.assertTrue(self.case.message_ids.attachment_ids)
        page = self._post(f"{self.path}/answer", text="Again").text
        self.assertIn("only in status", page)

    def test_corrections_and_evidence(self):
        self._login()
        page = self.url_open(self.path).text
        evidence = self.case.evidence_ids
        self.assertIn(f"/evidence/{evidence.id}", page)
        shown = self.url_open(f"{self.path}/evidence/{evidence.id}")
        self.assertEqual(shown.headers["Content-Type"], "image/jpeg")
        other = self._notify(self._report("diversion", self.south))
        foreign = other.evidence_ids
        self.assertEqual(
            self.url_open(f"{self.path}/evidence/{foreign.id}").status_code, 404
        )
        self._post(f"{self.path}/correct", text="It is 100 again.")
        self.assertTrue(self.case.corrected_at)
        page = self._post(f"{self.path}/correct", text="Really.").text
        self.assertIn("already", page)

    def test_an_appeal_a_minute_late_is_told_so(self):
        case = self._confirmed("diversion")
        self._deliver(case, fields.Datetime.now() - timedelta(hours=168, minutes=1))
        self._login()
        page = self._post(f"/my/violations/{case.id}/appeal", text="No!").text
        self.assertIn("The time to appeal ended on", page)
        self.assertEqual(case.state, "confirmed")

    def test_appeal_in_time(self):
        case = self._confirmed("diversion")
        self._login()
        page = self.url_open(f"/my/violations/{case.id}").text
        self.assertIn("o_violation_appeal", page)
        self.assertTrue(case.appeal_deadline)
        self._post(f"/my/violations/{case.id}/appeal", text="It was not me.")
        self.assertEqual(case.state, "appealed")

    def test_lists_and_links(self):
        self._login()
        self.assertIn(self.case.name, self.url_open("/my/violations").text)
        self.assertIn("/my/violations", self.url_open("/my/service").text)
        self.assertEqual(self.url_open("/my/violations/page/9999").status_code, 200)

    def test_agencies_answer_too(self):
        """Who is accused need not be a distributor."""
        self.north.is_distributor = False
        self._login()
        self.assertIn(self.case.name, self.url_open("/my/violations").text)
        self.assertIn(self.case.name, self.url_open(self.path).text)
