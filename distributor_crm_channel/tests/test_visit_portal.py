# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json
import time

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .visit_common import VisitCommon


@tagged("post_install", "-at_install")
class TestVisitPortal(VisitCommon, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def _call(self, route, **params):
        response = self.url_open(
            route,
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        return response.json()

    def test_own_visits_only(self):
        """Agents see their own, agencies those of their agents, others nothing."""
        mine = self._plan()
        theirs = self._plan(
            self.colleague, customer_phone="13900000001", customer_name="Quentin"
        )
        for login, seen in (
            ("lin", {"张三"}),
            ("wei", {"Quentin"}),
            ("boss", {"张三", "Quentin"}),
            ("rex", set()),
        ):
            self.authenticate(login, login)
            page = self.url_open("/my/visits").text
            self.assertEqual(
                {one for one in ("张三", "Quentin") if f">{one}<" in page}, seen
            )
            for visit in (mine, theirs):
                page = self.url_open(f"/my/visits/{visit.id}")
                self.assertEqual(
                    page.url.endswith(f"/my/visits/{visit.id}"),
                    visit.customer_name in seen,
                )
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open("/my/visits").url)
        self.assertIn("error", self._call("/my/visits/sync", events=[]))

    def test_sync_over_http(self):
        self.authenticate("lin", "lin")
        event = self._event("plan", data={"name": "张三", "phone": "13800138000"})
        for status in ("done", "again"):
            answer = self._call(
                "/my/visits/sync", events=[event], device_now=time.time() * 1000
            )
            self.assertEqual(answer["result"][0]["status"], status)
        state = self._call("/my/visits/state")["result"]
        self.assertEqual([one["customer"] for one in state["visits"]], ["张三"])
        self.assertTrue(state["is_agent"])

    def test_register_and_download(self):
        """The agent fills in the form himself; signed, he downloads it (R053, R055)."""
        visit = self._bring()
        self._judge(visit)
        self.authenticate("lin", "lin")
        page = self.url_open(f"/my/visits/{visit.id}")
        self.assertIn("o_visit_register", page.text)
        token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        values = {"customer_name": "张三", "wanted": "Three rooms", "state": "signed"}
        with mute_logger("odoo.http"):
            refused = self.url_open(f"/my/visits/{visit.id}/register", data=values)
        self.assertEqual(refused.status_code, 400)
        self.url_open(
            f"/my/visits/{visit.id}/register", data={**values, "csrf_token": token}
        )
        form = visit.form_ids
        self.assertEqual((form.state, form.wanted), ("submitted", "Three rooms"))
        self.assertEqual(form.filled_by_id, self.agent)
        self.assertTrue(
            self.url_open(f"/my/visits/{visit.id}/form").url.endswith("/my")
        )
        form.with_user(visit.user_id)._sign()
        self.assertEqual(
            self.url_open(f"/my/visits/{visit.id}/form").content, form.attachment_id.raw
        )
        self.authenticate("rex", "rex")
        self.assertTrue(
            self.url_open(f"/my/visits/{visit.id}/form").url.endswith("/my")
        )

    def test_appeal_on_the_portal(self):
        """Who else knows the customer is not told to the agency."""
        self.env["res.partner"].create({"name": "Secretive", "phone": "13800138000"})
        visit = self._bring()
        self._judge(visit)
        self.assertIn("Secretive", visit.verdict_reason)
        self.authenticate("boss", "boss")
        page = self.url_open(f"/my/visits/{visit.id}").text
        self.assertNotIn("Secretive", page)
        self.assertIn("Not a customer already", page)
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        self.url_open(
            f"/my/visits/{visit.id}/appeal",
            data={"text": "He never bought", "csrf_token": token},
        )
        self.assertEqual(visit.verdict, "disputed")
        self.assertEqual(visit.dispute_ids.raised_by_id, self.boss)

    def test_worker(self):
        response = self.url_open("/my/visits/worker.js")
        self.assertEqual(response.headers["Service-Worker-Allowed"], "/my/visits")

    def test_agent_on_the_phone(self):
        """At phone size, with the network cut and restored."""
        self.start_tour("/my/visits", "distributor_visit_agent_tour", login="lin")
        visits = self.env["distributor.visit"].search(
            [("agent_id", "=", self.agent.partner_id.id)], order="id"
        )
        self.assertEqual(visits.mapped("customer_name"), ["Li Lei", "Han Meimei"])
        self.assertEqual(visits.mapped("state"), ["arrived", "planned"])
        self.assertTrue(visits[0].agent_left_at)
        self.assertEqual(visits[0].member_ids.name, "Mrs Li")
        self.assertEqual(len(visits[0].event_ids), 3)
