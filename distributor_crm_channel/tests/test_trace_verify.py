# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.distributor_crm.tests.service_common import ServicePortalCase, picture

from .trace_common import TraceCommon


@tagged("post_install", "-at_install")
class TestVerifyPage(TraceCommon, HttpCase):
    """Whether a code is genuine, as anybody may ask; tried as an attacker would (R182)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website = cls.env["website"].search([], limit=1)
        cls.website.company_id = cls.company
        cls.lot = cls._lot("SC1")
        cls._deliver(cls.north, cls.lot)

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def ask(self, code, files=None, **values):
        data = {"code": code, "csrf_token": http.Request.csrf_token(self), **values}
        return self.url_open("/verify", data=data, files=files)

    def noted(self):
        return self.Sighting.search([("channel", "=", "public")])

    def test_answers(self):
        page = self.ask("sc1", state_id=str(self.dale.id), city="Town").text
        self.assertIn("o_verify_genuine", page)
        for secret in (self.north.name, "Banquet", "Hill Land", "suspect"):
            self.assertNotIn(secret, page)
        seen = self.noted()
        self.assertEqual((seen.verdict, seen.state), ("outside", "suspected"))
        self.assertEqual((seen.source_partner_id, seen.city), (self.north, "Town"))
        self.assertFalse(seen.user_id or seen.reporter_id)
        self.assertIn("o_verify_unknown", self.ask("NOBODY").text)
        self.assertEqual(set(self.noted().mapped("verdict")), {"outside", "unknown"})

    def test_looking_asks_nothing(self):
        """Robots that follow links ask nothing, and results are not indexed."""
        page = self.url_open("/verify/SC1")
        self.assertIn('value="SC1"', page.text)
        self.assertNotIn("o_verify_genuine", page.text)
        self.assertEqual(page.headers["X-Robots-Tag"], "noindex")
        self.assertFalse(self.noted())
        self.assertNotIn("o_verify_genuine", self.ask("SC1", fax="1").text)
        self.assertFalse(self.noted())
        with mute_logger("odoo.http"):
            response = self.url_open("/verify", data={"code": "SC1"})
        self.assertEqual(response.status_code, 400)  # no token
        self.assertFalse(self.noted())

    def test_rate(self):
        self.company.verify_hourly_limit = 2
        for expected in (200, 200, 429):
            response = self.ask("SC1")
            self.assertEqual(response.status_code, expected)
        self.assertNotIn("o_verify_genuine", response.text)
        self.assertEqual(len(self.noted()), 1)  # once a day for the same visitor

    def test_bad_input(self):
        other = self.env["res.country.state"].search(
            [("country_id", "!=", self.country.id)], limit=1
        )
        for code in ("", " ", "x" * 5000, "<script>alert(1)</script>" * 9):
            page = self.ask(code).text
            self.assertIn("alert-danger", page)
            self.assertNotIn("<script>alert", page)
        self.assertFalse(self.noted())
        page = self.ask("<b>1</b>", state_id=str(other.id), city="y" * 500).text
        self.assertIn("o_verify_unknown", page)
        self.assertNotIn("<b>1</b>", page)
        self.assertFalse(self.noted().state_id)
        self.assertEqual(len(self.noted().city), 60)
        for state in ("x", "-1", "9" * 30, "1e9"):
            self.assertEqual(self.ask("SC1", state_id=state).status_code, 200)

    def test_photo(self):
        files = [("photo", ("a.jpg", b"no picture", "image/jpeg"))]
        self.assertIn("alert-danger", self.ask("SC1", files=files).text)
        self.assertFalse(self.noted())
        files = [("photo", ("a.jpg", picture("JPEG"), "image/jpeg"))]
        self.assertIn("o_verify_genuine", self.ask("SC1", files=files).text)
        self.assertEqual(self.noted().evidence_ids.performer, "partner")

    def test_other_companies_codes(self):
        """A website answers for its own company."""
        other = self.env["res.company"].create({"name": "Other"})
        self.website.company_id = other
        self.assertIn("o_verify_unknown", self.ask("SC1").text)

    def test_recalled(self):
        self.env["distributor.quality.incident"].create(
            {
                "subject": "Leaks",
                "company_id": self.company.id,
                "instruction": "Stop selling",
                "lot_line_ids": [(0, 0, {"lot_id": self.lot.id})],
            }
        ).action_recall()
        self.assertIn("o_verify_recalled", self.ask("SC1").text)


@tagged("post_install", "-at_install")
class TestSightingPortal(TraceCommon, ServicePortalCase):
    """A distributor reports a code and learns nothing of whose goods they were."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._deliver(cls.north, cls._lot("SC1"))

    def mine(self):
        return self.Sighting.search([("channel", "=", "partner")])

    def send(self, **values):
        return self._post(
            "/my/sightings/send", **{"code": "SC1", "state_id": self.dale.id, **values}
        )

    def test_report(self):
        self._login("south_owner")
        page = self.url_open("/my/sightings/new").text
        self.assertIn("o_code_scanner", page)
        files = [("files", ("a.jpg", picture("JPEG"), "image/jpeg"))]
        page = self._post(
            "/my/sightings/send",
            files=files,
            code="SC1",
            state_id=self.dale.id,
            shop="<i>Corner</i>",
        ).text
        self.assertIn("SC1", page)
        self.assertIn("&lt;i&gt;Corner", page)
        self.assertNotIn(self.north.name, page)
        seen = self.mine()
        self.assertEqual((seen.verdict, seen.reporter_id), ("outside", self.south))
        self.assertEqual(len(seen.evidence_ids), 1)
        self._login()
        self.assertNotIn("SC1", self.url_open("/my/sightings").text)

    def test_strangers_and_bad_input(self):
        self.assertIn("/web/login", self.url_open("/my/sightings").url)
        self._login("south_owner")
        for values in (
            {"code": ""},
            {"latitude": "nan"},
            {"latitude": "91"},
            {"latitude": "x", "longitude": "y"},
            {"state_id": "x"},
        ):
            response = self.send(**values)
            self.assertEqual(response.status_code, 200, values)
        self.assertNotIn(False, self.mine().mapped("typed_code"))
        self.assertFalse(any(self.mine().mapped("latitude")))
        self.south.is_distributor = False
        self.assertTrue(self._is_home(self.send()))

    def test_daily_bound(self):
        self._login("south_owner")
        counter = self.env["distributor.admission.attempt"]
        for _number in range(200):
            counter._count("sighting", str(self.south.id), 24)
        self.assertIn("enough for today", self.send().text)
        self.assertFalse(self.mine())
