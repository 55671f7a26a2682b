# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .visit_work_common import MONDAY, VisitWorkCommon


@tagged("post_install", "-at_install")
class TestVisitTarget(VisitWorkCommon):
    """R045, R057: one valid customer in two days, and what follows if not."""

    @classmethod
    def _target(cls, **values):
        return cls.env["distributor.visit.target"].create(
            {"date_from": MONDAY, **values}
        )

    def _rows(self, target, day=20):
        with freeze_time(self._day(day, 12)):
            self.env.invalidate_all()
            rows = self.env["distributor.visit.attainment"].search(
                [("target_id", "=", target.id)], order="agent_id, number"
            )
            # As of that day, not of the day on which the test runs.
            rows.fetch(list(rows._fields.keys() - {"id", "display_name"}))
            return rows

    def test_fixed_windows_count_valid_visits_alone(self):
        """Invalid, false and cancelled visits are none; two in one window are one window."""
        target = self._target(agent_id=self.lin.id)
        self._visit(day=0)
        self._visit(day=1)
        self._visit(day=2, verdict="invalid")
        self._visit(day=3, found_false=True)
        self._visit(day=4, state="cancelled")
        self._visit(day=7)
        rows = self._rows(target, day=8)
        self.assertEqual(rows.mapped("valid"), [2, 0, 0, 1, 0])
        self.assertEqual(rows.mapped("is_short"), [False, True, True, False, False])
        self.assertEqual(rows.mapped("streak"), [0, 1, 2, 0, 0])
        # The last window has begun, and is not over.
        self.assertEqual(rows.mapped("is_complete"), [True] * 4 + [False])
        self.assertEqual(rows[0].date_to, MONDAY + timedelta(days=1))

    def test_who_joins_in_the_middle_owes_his_share(self):
        """Joined on the second day of a window: half a customer, which nobody misses."""
        target = self._target(agent_id=self.lin.id)
        self.lin.visit_joined_on = MONDAY + timedelta(days=1)
        rows = self._rows(target, day=4)
        self.assertEqual(rows.mapped("due")[:2], [0.5, 1.0])
        self.assertEqual(rows.mapped("is_short")[:2], [False, True])

    def test_rolling_windows_end_on_each_day(self):
        target = self._target(agent_id=self.lin.id, windowing="rolling", days=3)
        self._visit(day=2)
        rows = self._rows(target, day=7)
        days = [(row.date_to - MONDAY).days for row in rows]
        self.assertEqual(days, [2, 3, 4, 5, 6, 7])
        self.assertEqual(rows.mapped("valid"), [1, 1, 1, 0, 0, 0])
        self.assertEqual(rows.mapped("streak"), [0, 0, 0, 1, 2, 0])

    def test_rostered_days_leave_out_announced_absences(self):
        """Shifts on days 0, 3, 4, 8; the one on day 3 was announced in time."""
        target = self._target(agent_id=self.lin.id, basis="rostered")
        shifts = [self._shift(day=day) for day in (0, 3, 4, 8)]
        self.env["distributor.visit.absence"].sudo().create(
            {
                "agent_id": self.lin.id,
                "date_from": shifts[1].start_at,
                "date_to": shifts[1].end_at,
                "reason": "Ill",
                "received_at": self._day(2),
            }
        )
        self._visit(day=6)  # on a day off: it counts for the shift before
        rows = self._rows(target, day=10)
        self.assertEqual(rows.mapped("counted"), [2, 1])
        self.assertEqual(rows.mapped("valid"), [1, 0])
        self.assertEqual(rows[0].date_to, MONDAY + timedelta(days=4))
        self.assertFalse(rows[1].is_complete)

    def test_the_most_particular_target_counts(self):
        """The person's own goes before the agency's, the agency's before everybody's."""
        everybody = self._target()
        agency = self._target(agency_id=self.agency.id, days=3)
        own = self._target(agent_id=self.lin.id, days=5)
        found = {
            target: set(self._rows(target).agent_id)
            for target in (everybody, agency, own)
        }
        self.assertEqual(found[own], {self.lin})
        self.assertEqual(found[agency], {self.wei})
        self.assertIn(self.rex, found[everybody])
        self.assertFalse(found[everybody] & {self.lin, self.wei})

    def test_attainment_of_a_group_is_that_of_its_sums(self):
        target = self._target(agency_id=self.agency.id)
        self._visit(day=0)
        self._visit(self.wei, day=0)
        self._visit(self.wei, day=1)
        with freeze_time(self._day(4, 12)):
            ((share,),) = self.env["distributor.visit.attainment"]._read_group(
                [("target_id", "=", target.id), ("is_complete", "=", True)],
                aggregates=["attainment:avg"],
            )
        self.assertEqual(share, 75)  # 3 of 2 people × 2 windows

    def test_two_windows_short_in_a_row_make_a_case_once(self):
        """R057: k = 2 by default; the night after changes nothing, two more do."""
        self._target(agent_id=self.lin.id)
        self.duty.shortfall_amount = 50
        self.duty.clause = "§ 6"
        Shortfall = self.env["distributor.visit.shortfall"]
        with freeze_time(self._day(3, 12)):
            self.assertFalse(Shortfall._find(self.company))
        with freeze_time(self._day(4, 12)):
            found = Shortfall._find(self.company)
            self.assertFalse(Shortfall._find(self.company))
        self.assertEqual(len(found), 1)
        self.assertEqual((found.windows, found.valid, found.due), (2, 0, 2))
        case = found.violation_id
        self.assertEqual(case.policy_code, "visit_shortfall")
        self.assertEqual((case.partner_id, case.person_id), (self.agency, self.lin))
        self.assertEqual((case.amount, case.state), (50, "draft"))
        self.assertIn("§ 6", case.facts)
        with freeze_time(self._day(8, 12)):
            again = Shortfall._find(self.company)
        self.assertEqual(again.date_from, MONDAY + timedelta(days=4))

    def test_targets_do_not_overlap_and_stay_once_used(self):
        target = self._target()
        with self._refused(ValidationError, "at the same time"):
            self._target()
        with freeze_time(self._day(4, 12)):
            self.env["distributor.visit.shortfall"]._find(self.company)
        with self._refused(ValidationError, "held to"):
            target.quantity = 3

    def test_rights(self):
        """Sales managers set targets; nobody writes a shortfall."""
        target = self._target()
        self.assertTrue(target.with_user(self.rep).read(["quantity"]))
        with self._refused(AccessError, "."):
            target.with_user(self.rep).write({"quantity": 9})
        with self._refused(AccessError, "."):
            target.with_user(self.boss).read(["quantity"])
        with self._refused(AccessError, "."):
            self.env["distributor.visit.shortfall"].with_user(self.manager).create(
                {"target_id": target.id}
            )

    def test_one_statement_whoever_is_in_it(self):
        """All people and windows of a company are read by one query."""
        self._target()
        for day in range(4):
            self._visit(day=day)
        self.env.flush_all()
        model = self.env["distributor.visit.attainment"]
        model.search_count([])
        with freeze_time(self._day(9)), self.assertQueryCount(4):
            self.env.invalidate_all()
            self.assertTrue(model.search([]).mapped("valid"))
