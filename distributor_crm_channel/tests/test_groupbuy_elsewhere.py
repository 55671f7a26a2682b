# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .groupbuy_common import GroupbuyCommon
from .trace_common import TraceCommon


@tagged("post_install", "-at_install")
class TestGroupbuyElsewhere(GroupbuyCommon, TraceCommon):
    """R042: goods that turn up elsewhere open a case, hold rewards, and are asked for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.groupbuy = cls._file_and_ship(
            ["N1", "N2", "N3"], address="Hall 3, Hill Street 12, Hilltown"
        )

    def _open(self, sighting):
        return sighting.with_user(self.account_manager).action_open_case()

    def _dismiss_case(self):
        self.groupbuy.violation_id._set(
            state="dismissed", end_reason="A gift", ended_at=self.now
        )

    def _asked(self, text="turned up elsewhere"):
        return self.groupbuy.message_ids.filtered(lambda one: text in one.body)

    def test_case_hold_and_question(self):
        """A person opens the case: held in whatever status, asked once a code."""
        seen = self._see("N1", self.dale, city="Daleton")
        self.assertEqual((seen.groupbuy_id, seen.is_elsewhere), (self.groupbuy, True))
        self.assertFalse(self.groupbuy.is_held or self.groupbuy.violation_id)
        self._open(seen)
        groupbuy = self.groupbuy
        case = groupbuy.violation_id
        self.assertEqual((case, case.policy_code), (seen.violation_id, "diversion"))
        self.assertIn(groupbuy.name, case.facts)
        self.assertTrue(groupbuy.is_held and groupbuy.turned_up_at)
        self.assertIn("code N1 turned up elsewhere: Daleton", groupbuy.findings)
        self.assertEqual((groupbuy.state, groupbuy.result), ("shipped", "pending"))
        self.assertTrue(self.north._get_distributor_holds("rebate", self.company))
        self.assertIn(self.north, self._asked().partner_ids)
        self.assertEqual(
            groupbuy.explain_until, self.today + timedelta(self.policy.explain_days)
        )
        # The same code again asks nothing, another one joins the question.
        self._open(self._see("N1", self.dale, city="Daleton"))
        self.assertEqual(groupbuy.findings.count("N1"), 1)
        more = self._see("N2", self.moor)
        self._open(more)
        self.assertEqual(more.violation_id, case)
        self.assertIn("code N2 turned up elsewhere: Moor", groupbuy.findings)
        self.assertEqual(len(self._asked()), 1)
        # He answered: what turns up afterwards is asked for anew.
        groupbuy._explain("Two guests took bottles home.")
        self._open(self._see("N3", self.moor))
        self.assertEqual(len(self._asked()), 2)
        self.assertFalse(groupbuy.explanation)
        self.assertTrue(self._asked("Two guests took bottles home"))

    def test_case_frees_not_the_sighting(self):
        """The hold ends with the case; a later sighting holds again."""
        seen = self._see("N1", self.dale)
        self._open(seen)
        with self.assertRaises(UserError):
            seen.with_user(self.account_manager).action_dismiss()
        self._dismiss_case()
        self.assertFalse(self.groupbuy.is_held)
        self._open(self._see("N2", self.dale))
        self.assertTrue(self.groupbuy.is_held)
        self.assertNotEqual(self.groupbuy.violation_id, seen.violation_id)

    def test_suspicions_hold_nothing(self):
        """Sightings alone prove nothing; a dismissed one neither holds nor frees."""
        seen = self._see("N1", self.dale)
        self.assertEqual(seen.state, "suspected")
        self.assertFalse(self.groupbuy.is_held)
        seen.dismissal = "A guest took it home"
        seen.with_user(self.account_manager).action_dismiss()
        self.assertFalse(self.groupbuy.is_held or self.groupbuy.violation_id)

    def test_staff_in_the_own_territory(self):
        """Inside the territory our staff's sightings make a suspicion, others' none."""
        public = self.Sighting.sudo().create(
            {
                "typed_code": "N1",
                "channel": "public",
                "country_id": self.country.id,
                "state_id": self.hill.id,
                "city": "Hillfort",
            }
        )
        self.assertEqual((public.verdict, public.state), ("inside", "noted"))
        self.assertTrue(public.is_elsewhere)
        staff = self._see("N1", self.hill, city="Hillfort")
        self.assertEqual((staff.verdict, staff.state), ("inside", "suspected"))
        self.assertEqual(staff.activity_ids.user_id, self.account_manager)
        other = self._see("N2", self.hill, city="Hillfort")
        (staff | other).action_trace()
        self.assertEqual(len((staff | other).activity_ids), 1)
        self._open(staff)
        self.assertTrue(self.groupbuy.is_held)
        self.assertEqual(other.violation_id, staff.violation_id)
        self.assertFalse(public.violation_id)

    def test_at_its_place(self):
        """Where it takes place, or where nobody can tell, goods are not elsewhere."""
        for values in ({"city": "Hilltown"}, {"state_id": False}):
            self.assertFalse(self._see("N1", **values).is_elsewhere, values)
        self.groupbuy.sudo().write({"latitude": 50, "longitude": 8})
        near = self._see("N1", city="Hillfort", latitude=50.001, longitude=8)
        far = self._see("N1", city="Hilltown", latitude=50.1, longitude=8)
        self.assertEqual((near + far).mapped("is_elsewhere"), [False, True])
        self.assertEqual(near.state, "noted")

    def test_whose_goods(self):
        """Only goods that went with its order alone are the group-buy's."""
        for code in ("P1", "UNKNOWN"):
            if code == "P1":
                self._deliver(self.north, self._lot(code))
            self.assertFalse(self._see(code, self.dale).groupbuy_id, code)
        early = self._see("N1", self.dale, seen_at=self.now - timedelta(days=30))
        self.assertFalse(early.groupbuy_id)
        self._bring_back(self.north, self._lot("N2"), days=0)
        back = self._see("N2", self.dale)
        self.assertEqual((back.verdict, back.groupbuy_id.id), ("stock", False))

    def test_before_the_verdict(self):
        """What turned up counts at the verdict, and joins the case that is open."""
        self._open(self._see("N1", self.dale))
        case = self.groupbuy.violation_id
        self._report_use(self.groupbuy.use_ids, codes=["N2"], tables=1)
        self.groupbuy.action_verify()
        self.assertEqual(self.groupbuy.result, "diverted")
        self.assertIn("code N1 turned up elsewhere: Dale", self.groupbuy.findings)
        self.assertEqual(self.groupbuy.violation_id, case)
        self.assertEqual(len(self._asked()), 1)
        self.assertFalse(self._asked("is not as it was filed"))
        self.assertIn("Turned Up Elsewhere", str(self.groupbuy.timeline))

    def test_after_a_mismatch(self):
        """A group-buy has one open case: that of its mismatch takes it in."""
        use = self.groupbuy.use_ids
        self._report_use(use, quantity=1, tables=1)
        self.groupbuy.action_verify()
        case = self.groupbuy.violation_id
        self.assertEqual(case.policy_code, "groupbuy_mismatch")
        self.groupbuy.sudo().write({"release_note": "Small"})
        self.groupbuy.with_user(self.sales_manager).action_release()
        seen = self._see("N1", self.dale)
        self._open(seen)
        self.assertEqual((seen.violation_id, self.groupbuy.violation_id), (case, case))
        self.assertIn("N1", "".join(case.message_ids.mapped("body")))
        # Rewards were let go without knowing of this.
        self.assertTrue(self.groupbuy.is_held)
        self.assertEqual(len(self._asked()), 1)

    def _count(self):
        """How many group-buys count for the distributor's tier."""
        key = ("group_buys", "rolling_12")
        self.env.flush_all()
        found = self.env["distributor.tier.rule"]._measure(
            self.company, {key}, self.north
        )
        return found and found[self.north.id][key]

    def test_consistent_ones_count_no_more(self):
        """Verified before: the verdict stands, rewards do not until the case falls."""
        self._report_use(self.groupbuy.use_ids, codes=["N1"], tables=1)
        self.groupbuy.action_verify()
        self.assertTrue(self.groupbuy._is_final())
        self.assertEqual(self._count(), 1)
        self._open(self._see("N1", self.dale))
        self.assertEqual(self.groupbuy.result, "consistent")
        self.assertFalse(self.groupbuy._is_final() or self._count())
        self.env.flush_all()
        report = self.env["distributor.groupbuy.report"].search(
            [("groupbuy_id", "=", self.groupbuy.id)]
        )
        self.assertEqual(report.waiting, "6_case")
        self._dismiss_case()
        self.assertTrue(self.groupbuy._is_final())
        self.assertEqual(self._count(), 1)

    def test_both_ways_and_rights(self):
        seen = self._see("N1", self.dale)
        mine = self.groupbuy.with_user(self.account_manager)
        self.assertEqual(mine.sighting_count, 1)
        found = self.Sighting.search(mine.action_view_sightings()["domain"])
        self.assertEqual(found, seen)
        self.assertEqual(seen.action_view_groupbuy()["res_id"], self.groupbuy.id)
        for values in ({"groupbuy_id": False}, {"is_elsewhere": False}):
            with self.assertRaises(UserError):
                seen.with_user(self.account_manager).write(values)
        with self.assertRaises(UserError):
            mine.write({"turned_up_at": self.now})
        with self.assertRaises(AccessError):
            seen.with_user(self.sales_rep).action_open_case()

    def test_queries_do_not_grow(self):
        """One statement finds the group-buys, however many codes are traced."""
        few = self._see("N1", self.dale)
        many = few + self._see("N2", self.dale) + self._see("N3", self.dale)
        for sightings in (few, many):  # caches are warm at both
            sightings.action_trace()
        self.env.flush_all()
        counts = []
        for sightings in (few, many):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            sightings.sudo()._find_groupbuys()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
