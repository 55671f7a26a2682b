# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import time
import uuid
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .visit_common import VisitCommon, picture

HOUR = 3600 * 1000


@tagged("post_install", "-at_install")
class TestVisitSync(VisitCommon):
    def _new(self, **data):
        return self._event(
            "plan", data={"name": "张三", "phone": "138 0013 8000", **data}
        )

    def test_plan_arrive_leave(self):
        """Everything a phone kept, in one go: nothing is lost, nothing is doubled."""
        plan = self._new(
            members=[{"name": "李四", "phone": "139", "relation": "spouse"}]
        )
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
            self._event(
                "arrive", visit, latitude="x", longitude=[], accuracy={}, at="?"
            ),
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
            self._event("arrive", visit, latitude=30.66, longitude=104.06, accuracy=10),
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
