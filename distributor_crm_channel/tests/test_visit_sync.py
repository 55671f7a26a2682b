# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import json
import time
import uuid
from datetime import timedelta
from io import BytesIO

from freezegun import freeze_time
from PIL import Image

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .visit_common import VisitCommon

HOUR = 3600 * 1000


def picture(number=1, taken=None):
    """Return a photo with edges, and the time at which it says it was taken."""
    image = Image.effect_noise((320, 240), 90 + number).convert("RGB")
    exif = Image.Exif()
    if taken:
        exif[0x9003] = exif[0x0132] = taken.strftime("%Y:%m:%d %H:%M:%S")
        exif[0x9011] = "+00:00"
    buffer = BytesIO()
    image.save(buffer, "JPEG", exif=exif)
    return base64.b64encode(buffer.getvalue()).decode()


@tagged("post_install", "-at_install")
class TestVisitSync(VisitCommon):
    def _new(self, **data):
        return self._event(
            "plan", data={"name": "张三", "phone": "138 0013 8000", **data}
        )

    def test_plan_arrive_leave(self):
        """Everything a phone kept, in one go: nothing is lost, nothing is doubled."""
        plan = self._new(members=[{"name": "李四", "phone": "139", "relation": "spouse"}])
        arrive = self._event("arrive", visit=None)
        arrive["visit"] = plan["uuid"]
        leave = self._event("leave", visit=None)
        leave["visit"] = plan["uuid"]
        answers = self._send(self.agent, plan, arrive, leave)
        self.assertEqual([one["status"] for one in answers], ["done"] * 3, answers)
        visit = self.env["distributor.visit"].browse(answers[0]["visit_id"])
        self.assertEqual(
            (visit.kind, visit.agent_id, visit.agency_id, visit.state),
            ("promoter", self.agent.partner_id, self.agency, "arrived"),
        )
        self.assertEqual(visit.member_ids.name, "李四")
        self.assertTrue(visit.agent_left_at)
        again = self._send(self.agent, plan, arrive, leave)
        self.assertEqual([one["status"] for one in again], ["again"] * 3)
        self.assertEqual({one["visit_id"] for one in again}, {visit.id})
        self.assertEqual(len(visit.event_ids), 3)

    def test_same_number_of_two_phones(self):
        """A number counts once for each user, and leads nobody to another's visit."""
        plan = self._new()
        first = self._send(self.agent, plan)[0]
        second = self._send(self.stranger, plan)[0]
        self.assertEqual((first["status"], second["status"]), ("done", "done"))
        self.assertNotEqual(first["visit_id"], second["visit_id"])

    def test_wrong_clock(self):
        """Our clock wins; the phone's is kept and flagged."""
        visit = self._plan()
        wrong = (time.time() - 5 * 3600) * 1000
        before = fields.Datetime.now()
        answer = self._send(
            self.agent, self._event("arrive", visit, at=wrong), now=wrong
        )
        self.assertEqual(answer[0]["status"], "done")
        self.assertGreaterEqual(visit.arrived_at, before - timedelta(seconds=1))
        self.assertLess(visit.device_arrived_at, before - timedelta(hours=4))
        self.assertTrue(visit.clock_wrong)
        self.assertFalse(visit.sent_late)
        self.assertIn("wrong clock", visit.event_ids.flags)

    def test_sent_late(self):
        """Without network: when it was, by our clock; who was first, by when we knew."""
        visit = self._plan()
        now = time.time() * 1000
        self._send(self.agent, self._event("arrive", visit, at=now - 2 * HOUR), now=now)
        self.assertTrue(visit.sent_late)
        self.assertAlmostEqual(
            (fields.Datetime.now() - visit.arrived_at).total_seconds(), 7200, delta=30
        )
        self.assertAlmostEqual(
            (fields.Datetime.now() - visit.known_at).total_seconds(), 0, delta=30
        )
        old = self._event("leave", visit, at=now - 80 * HOUR)
        answer = self._send(self.agent, old, now=now)[0]
        self.assertEqual(answer["status"], "refused")
        self.assertIn("more than 3 days", answer["message"])

    def test_late_message_claims_no_precedence(self):
        """Who says that he came first, but says so later, is the second."""
        self._bring(self.stranger)
        visit = self._plan()
        now = time.time() * 1000
        self._send(self.agent, self._event("arrive", visit, at=now - HOUR), now=now)
        self.assertEqual(visit.verdict, "disputed")

    def test_order_and_two_at_once(self):
        """Check-out before check-in, and a second visit in progress, are refused."""
        visit = self._plan()
        answer = self._send(self.agent, self._event("leave", visit))[0]
        self.assertEqual(answer["status"], "refused")
        self.assertIn("Check in", answer["message"])
        other = self._plan(customer_phone="13900000001", customer_name="Q")
        first, second = self._send(
            self.agent, self._event("arrive", visit), self._event("arrive", other)
        )
        self.assertEqual((first["status"], second["status"]), ("done", "refused"))
        self.assertIn("Another visit is in progress", second["message"])

    def test_only_ones_own(self):
        """An agent moves his own visits on; strangers' do not exist for him."""
        visit = self._plan()
        for user in (self.colleague, self.stranger):
            answer = self._send(user, self._event("arrive", visit))[0]
            self.assertEqual(answer["status"], "refused")
            self.assertIn("not there, or not yours", answer["message"])
        nobody = self._new_portal_user("nobody", self.env["res.partner"])
        self.assertEqual(self._send(nobody, self._new())[0]["status"], "refused")
        self.assertEqual(
            self._send(self.boss, self._event("arrive", visit))[0]["status"], "done"
        )

    def test_broken_messages(self):
        """Nonsense is refused one by one; what is sound is taken in all the same."""
        visit = self._plan()
        events = [
            {"uuid": "x", "kind": "arrive"},
            {"uuid": str(uuid.uuid4()), "kind": "write", "visit": visit.id},
            {"uuid": str(uuid.uuid4()), "kind": "arrive", "visit": {"id": 1}},
            self._event("arrive", visit, latitude="x", longitude=[], accuracy={}, at="?"),
        ]
        answers = self._send(self.agent, *events, "text", None)
        self.assertEqual(
            [one["status"] for one in answers],
            ["refused", "refused", "refused", "done"],
        )
        self.assertEqual(visit.geo_state, "unverifiable")

    def test_nothing_is_slipped_in(self):
        """A phone says who comes; not whose he is, nor what we think of it."""
        answer = self._send(
            self.agent,
            self._new(
                verdict="valid",
                state="signed",
                agency_id=self.rival.id,
                agent_id=self.stranger.partner_id.id,
                company_id=99,
            ),
        )[0]
        visit = self.env["distributor.visit"].browse(answer["visit_id"])
        self.assertEqual(
            (visit.state, visit.verdict, visit.agency_id, visit.agent_id),
            ("planned", "pending", self.agency, self.agent.partner_id),
        )
        self.env.invalidate_all()
        with self._refused(AccessError, "."):
            visit.with_user(self.agent).read(["name"])
        with self._refused(AccessError, "."):
            self.env["distributor.visit.event"].with_user(self.manager).create(
                {"visit_id": visit.id, "kind": "arrive", "user_id": self.manager.id}
            )

    def test_announced(self):
        """Announced is who was planned before he came, not while he came (R071)."""
        now, later = self._new(), self._new(name="Q", phone="13900000001")
        self._send(self.agent, now, later)
        visits = self.env["distributor.visit"].search(
            [("client_uuid", "in", (now["uuid"], later["uuid"]))], order="id"
        )
        self._send(self.agent, self._event("arrive", visits[0]))
        self.assertFalse(visits[0].preregistered_at)
        visits[1].preregistered_at -= timedelta(hours=2)
        self._send(self.agent, self._event("leave", visits[0]))
        self._send(self.agent, self._event("arrive", visits[1]))
        self.assertTrue(visits[1].preregistered_at)

    def test_moved_too_fast(self):
        visit = self._plan()
        self._send(
            self.agent,
            self._event(
                "arrive", visit, latitude=30.66, longitude=104.06, accuracy=10
            ),
        )
        self._send(
            self.agent,
            self._event("leave", visit, latitude=31.2, longitude=121.4, accuracy=10),
        )
        self.assertIn("moved too fast", visit.event_ids[0].flags)

    def test_photo_taken_now(self):
        """A photo of the visit holds; one of yesterday, or none, does not."""
        self._criterion("photo", minutes=30)
        for number, (taken, verdict) in enumerate(
            (
                (timedelta(), "valid"),
                (-timedelta(days=1), "invalid"),
                (None, "invalid"),
            )
        ):
            visit = self._bring(
                customer_phone=f"1390000000{number}", customer_name=f"Q{number}"
            )
            if taken is not None:
                answer = self._send(
                    self.agent,
                    self._event(
                        "photo",
                        visit,
                        data={
                            "name": "a.jpg",
                            "content": picture(
                                number * 20, fields.Datetime.now() + taken
                            ),
                        },
                    ),
                )[0]
                self.assertEqual(answer["status"], "done", answer)
                self.assertEqual(len(visit.evidence_ids), 1)
            self.assertEqual(self._judge(visit), verdict, visit.verdict_reason)
            visit._leave()

    def test_photos_are_of_a_visit(self):
        visit = self._plan()
        event = self._event("photo", visit, data={"name": "a", "content": picture()})
        self.assertIn("Check in", self._send(self.agent, event)[0]["message"])
        visit._arrive()
        broken = self._event("photo", visit, data={"name": "a", "content": "%%%"})
        self.assertIn("broken", self._send(self.agent, broken)[0]["message"])
        text = base64.b64encode(b"no picture").decode()
        none = self._event("photo", visit, data={"name": "a.txt", "content": text})
        self.assertEqual(self._send(self.agent, none)[0]["status"], "refused")


@tagged("post_install", "-at_install")
class TestVisitCare(VisitCommon):
    """Visits to distributors, and checks of stores (R030, R152, R153)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.distributor = cls.env["res.partner"].create(
            {
                "name": "North Trading",
                "is_company": True,
                "is_distributor": True,
                "account_manager_id": cls.care.id,
                "partner_latitude": 30.66,
                "partner_longitude": 104.06,
                "visit_interval_days": 30,
            }
        )

    def _here(self):
        return {"latitude": 30.6602, "longitude": 104.0601, "accuracy": 12, "fix_age": 2}

    def _visit(self, **data):
        plan = self._event("plan", data={"customer_id": self.distributor.id, **data})
        answer = self._send(self.care, plan)[0]
        self.assertEqual(answer["status"], "done", answer)
        return self.env["distributor.visit"].browse(answer["visit_id"])

    def test_due_and_covered(self):
        """Due from the first day; visited, the next is due after the interval (R030)."""
        partner, today = self.distributor, fields.Date.context_today(self.distributor)
        coverage = self.env["distributor.visit.coverage"]
        self.assertEqual(partner.next_visit_due, today)
        self.env.flush_all()
        self.assertEqual(coverage.browse(partner.id).status, "due")
        visit = self._visit()
        self.assertEqual((visit.kind, visit.user_id), ("care", self.care))
        began = fields.Datetime.now()
        self._send(self.care, self._event("arrive", visit, **self._here()))
        with freeze_time(began + timedelta(minutes=9)):
            self._send(self.care, self._event("leave", visit, **self._here()))
        self.assertEqual((visit.state, visit.verdict), ("judged", "valid"))
        self.assertEqual(partner.last_visit_at, today)
        self.assertEqual(partner.next_visit_due, today + timedelta(days=30))
        self.env.flush_all()
        self.env.invalidate_all()
        line = coverage.with_user(self.care).browse(partner.id)
        self.assertEqual((line.status, line.made_30), ("done", 1))
        with freeze_time(began + timedelta(days=40)):
            self.env.invalidate_all()
            self.assertEqual(coverage.browse(partner.id).status, "over")

    def test_too_short_and_elsewhere(self):
        visit = self._visit()
        self._send(
            self.care,
            self._event("arrive", visit, **{**self._here(), "latitude": 30.9}),
        )
        self._send(self.care, self._event("leave", visit))
        self.assertEqual(visit.verdict, "invalid")
        self.assertIn("At the place", visit.verdict_reason)
        self.assertFalse(self.distributor.last_visit_at)

    def test_kept_on_the_phone_is_not_valid_by_itself(self):
        """How long a stay was that only the phone knows, a manager confirms (R050)."""
        visit = self._visit()
        now = time.time() * 1000
        self._send(
            self.care,
            self._event("arrive", visit, at=now - HOUR, **self._here()),
            self._event("leave", visit, at=now - HOUR / 2, **self._here()),
            now=now,
        )
        self.assertAlmostEqual(visit.minutes, 30, delta=1)
        self.assertEqual((visit.state, visit.verdict), ("judged", "pending"))
        duration = self._result(visit, "duration")
        self.assertEqual(duration.outcome, "unverifiable")
        duration.with_user(self.manager).action_confirm()
        self.assertEqual(visit.verdict, "valid")

    def test_by_phone_nobody_travels(self):
        method = self.env.ref("distributor_crm_channel.visit_method_phone")
        visit = self._visit(method_id=method.id)
        self._send(self.care, self._event("arrive", visit))
        self.assertNotIn("place", visit.result_ids.mapped("kind"))

    def test_check_of_a_display(self):
        """Photos and what stood on the shelf (R152); a photo may come later."""
        visit = self._visit(kind="check")
        self._send(self.care, self._event("arrive", visit, **self._here()))
        product = self.env["product.product"].create({"name": "Gin"})
        visit.with_user(self.care).write(
            {
                "count_ids": [
                    (0, 0, {"product_id": product.id, "quantity": 7, "facings": 3})
                ]
            }
        )
        self._send(self.care, self._event("leave", visit))
        self.assertEqual(visit.verdict, "invalid")
        self._send(
            self.care,
            self._event(
                "photo",
                visit,
                data={"name": "s.jpg", "content": picture(7, fields.Datetime.now())},
            ),
        )
        self.assertEqual(visit.verdict, "valid")
        self.assertEqual(visit.count_ids.quantity, 7)

    def test_forgotten(self):
        """Nobody checked out: closed by the clock, and never valid by itself."""
        visit = self._visit()
        self._send(self.care, self._event("arrive", visit, **self._here()))
        with freeze_time(fields.Datetime.now() + timedelta(hours=13)):
            self.env["distributor.visit"]._cron_close_forgotten()
        self.assertEqual(visit.state, "judged")
        self.assertNotEqual(visit.verdict, "valid")

    def test_plan_from_coverage(self):
        line = self.env["distributor.visit.coverage"].browse(self.distributor.id)
        line.with_user(self.care).action_plan()
        line.with_user(self.care).action_plan()
        visits = self.env["distributor.visit"].search(
            [("customer_id", "=", self.distributor.id)]
        )
        self.assertEqual((visits.state, visits.user_id), ("planned", self.care))

    def test_whose_visits_staff_sees(self):
        visit = self._visit()
        Visit = self.env["distributor.visit"]
        for user, sees in (
            (self.care, True),
            (self.manager, True),
            (self.assistant, True),
            (self.receptionist, False),
        ):
            found = Visit.with_user(user).search([("id", "=", visit.id)])
            self.assertEqual(bool(found), sees, user.login)
        answer = self._send(self.receptionist, self._event("arrive", visit))[0]
        self.assertEqual(answer["status"], "refused")


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
            self.assertEqual({one for one in ("张三", "Quentin") if f">{one}<" in page}, seen)
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
        self.assertTrue(self.url_open(f"/my/visits/{visit.id}/form").url.endswith("/my"))
        form.with_user(visit.user_id)._sign()
        self.assertEqual(
            self.url_open(f"/my/visits/{visit.id}/form").content, form.attachment_id.raw
        )
        self.authenticate("rex", "rex")
        self.assertTrue(self.url_open(f"/my/visits/{visit.id}/form").url.endswith("/my"))

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
