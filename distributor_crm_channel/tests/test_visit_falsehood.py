# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .visit_work_common import VisitWorkCommon


@tagged("post_install", "-at_install")
class TestVisitFalsehood(VisitWorkCommon):
    """R062, R063, R072: customers who were none, what it costs, who is expelled."""

    def _suspect(self, visit, user=None, **values):
        return (
            self.env["distributor.visit.falsehood"]
            .with_user(user or self.rep)
            .create({"visit_id": visit.id, "reason": "He was paid to come.", **values})
        )

    def test_found_false_the_agency_answers(self):
        visit = self._visit()
        found = self._suspect(visit)
        self.assertEqual(found.amount, 200)
        with self._refused(AccessError, "Sales managers"):
            found.action_find()
        found.with_user(self.manager).action_find()
        self.assertTrue(visit.found_false)
        case = found.violation_id
        self.assertEqual(case.policy_code, "false_customer")
        self.assertEqual((case.partner_id, case.person_id), (self.agency, self.lin))
        self.assertEqual((case.amount, case.state), (200, "draft"))
        with self._refused(UserError, "not edited"):
            found.with_user(self.manager).write({"amount": 1})
        with self._refused(AccessError, "buttons"):
            found.with_user(self.manager).write({"state": "draft"})

    def test_external_within_the_range_and_with_a_reason(self):
        """R072: 100–200 a group, chosen with a reason."""
        self.rex.agent_kind = "external"
        visit = self._visit(self.rex)
        found = self._suspect(visit, self.manager, kind="water")
        self.assertEqual((found.amount_min, found.amount_max), (100, 200))
        for amount in (99, 201):
            found.amount = amount
            with self._refused(UserError, "from"):
                found.action_find()
        found.amount = 150
        with self._refused(UserError, "say why"):
            found.action_find()
        found.amount_reason = "The second time this month"
        found.action_find()
        self.assertEqual(found.violation_id.amount, 150)

    def test_collusion_is_a_breach_of_its_own(self):
        found = self._suspect(
            self._visit(), self.manager, kind="collusion", amount_reason="Both said so"
        )
        found.action_find()
        self.assertEqual(found.violation_id.policy_code, "collusion")

    def test_said_on_the_visit_it_is_on_record_too(self):
        """Whatever way it is said, there is one finding and one case."""
        visit = self._visit()
        visit.with_user(self.manager)._mark_false("fake", "Nobody knows him.")
        found = visit.falsehood_ids
        self.assertEqual((found.state, found.found_by_id), ("found", self.manager))
        self.assertEqual(found.violation_id.amount, 200)

    def test_lifted_the_visit_counts_again(self):
        visit = self._visit(protected_until="2026-05-01")
        found = self._suspect(visit, self.manager)
        found.action_find()
        self.assertEqual(visit.verdict, "invalid")
        with self._refused(UserError, "Lift or dismiss"):
            found.action_withdraw()
        found.violation_id.with_user(self.manager)._dismiss("It was his brother.")
        self.assertEqual(found.state, "withdrawn")
        self.assertFalse(visit.found_false)
        self.assertEqual(visit.verdict, "valid")
        self.assertEqual(str(visit.protected_until), "2026-05-01")

    def test_expelled_is_barred_with_a_review(self):
        """R063: the penalty bars the person at all agencies until somebody looks again."""
        found = self._suspect(self._visit(), self.manager)
        found.action_find()
        penalty = self.env["distributor.violation.penalty"].create(
            {"violation_id": found.violation_id.id, "kind": "ban_person"}
        )
        penalty._take_effect()
        self.assertTrue(self.lin.visit_barred_on)
        self.assertTrue(self.lin.visit_bar_review_on > self.lin.visit_barred_on)
        self.assertFalse(self.lin.is_field_agent)
        penalty._lift()
        self.assertFalse(self.lin.visit_barred_on)
        self.assertTrue(self.lin.is_field_agent)
