# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .violation_common import ViolationCommon


@tagged("post_install", "-at_install")
class TestViolationRights(ViolationCommon):
    """Who sees and does what; and what becomes of cases when contacts are merged."""

    def test_each_sees_his_own(self):
        mine = self._report("diversion")
        other_partner = self.env["res.partner"].create(
            {"name": "East", "is_company": True, "is_distributor": True}
        )
        other = self._report("diversion", other_partner)
        for user, sees in (
            (self.sales_rep, mine),
            (self.account_manager, mine),
            (self.sales_manager, mine | other),
            (self.finance, mine | other),
        ):
            found = self.Violation.with_user(user).search(
                [("id", "in", (mine | other).ids)]
            )
            self.assertEqual(found, sees, user.login)
            report = self.env["distributor.violation.report"].with_user(user)
            self.assertEqual(
                report.search([("id", "in", (mine | other).ids)]).violation_id,
                sees,
                user.login,
            )

    def test_portal_users_hold_no_right(self):
        case = self._notify(self._report("diversion"))
        for record in (case, case.notice_ids, case.policy_id):
            with self._refused(AccessError, ""):
                record.with_user(self.north_user).read(["display_name"])

    def test_representatives_report_and_no_more(self):
        case = self.Violation.with_user(self.sales_rep).create(
            {
                "policy_id": self.diversion.id,
                "partner_id": self.north.id,
                "facts": "A box in Nanjing.",
                "state": "confirmed",
                "delivered_at": self.happened,
                "judge_id": self.sales_rep.id,
            }
        )
        self.assertEqual((case.state, case.delivered_at), ("draft", False))
        with self._refused((AccessError, UserError), ""):
            case.action_notify()
        with self._refused(UserError, "buttons"):
            case.state = "confirmed"
        with self._refused(AccessError, ""):
            self.env["distributor.violation.penalty"].with_user(self.sales_rep).create(
                {"violation_id": case.id, "kind": "blacklist"}
            )

    def test_finance_changes_nothing(self):
        case = self._report("diversion")
        with self._refused(AccessError, ""):
            case.with_user(self.finance).facts = "Nothing"

    def test_only_administrators_change_the_rules(self):
        with self._refused(AccessError, ""):
            self.diversion.with_user(self.sales_manager).name = "Mine"

    def test_managers_set_no_penalty_in_force(self):
        case = self._notify(self._report("diversion"))
        self._deliver(case, self.happened)
        self._judge(case)
        penalty = case.penalty_ids.with_user(self.sales_manager)
        with self._refused(UserError, "buttons"):
            penalty.state = "in_force"
        created = penalty.create(
            {"violation_id": case.id, "kind": "suspend", "state": "in_force"}
        )
        self.assertEqual(created.state, "proposed")
        self.assertTrue(case.is_serious)

    def test_other_companies_see_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        case = self._report("diversion")
        user = self._new_user("elsewhere", "distributor_crm.group_sales_manager")
        user.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertFalse(
            self.Violation.with_user(user)
            .with_company(other)
            .search([("id", "=", case.id)])
        )

    # -- merging -----------------------------------------------------------------------

    def _double(self):
        """The same distributor, entered a second time."""
        return self.env["res.partner"].create(
            {
                "name": "North again",
                "is_company": True,
                "is_distributor": True,
                "account_manager_id": self.account_manager.id,
            }
        )

    def _merge(self, source, target):
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo().create({})
        wizard._merge((source | target).ids, target)

    def test_an_open_case_follows_a_merged_distributor(self):
        """A distributor merged while a case is open."""
        source = self._double()
        case = self._notify(self._report("diversion", source))
        held = self._confirmed("diversion", source)
        self.assertEqual(held.offence_number, 1)
        self._merge(source, self.north)
        self.env.invalidate_all()
        self.assertEqual((case | held).partner_id, self.north)
        self.assertEqual(held.penalty_ids.partner_id, self.north)
        self.assertEqual(case.notice_ids.partner_id, self.north)
        self._deliver(case, self.happened)
        self._judge(case)
        self.assertEqual(case.offence_number, 2)

    def test_two_open_cases_about_the_same_both_survive(self):
        source = self._double()
        cases = self._report(key="shop/9") | self._report(partner=source, key="shop/9")
        self._merge(source, self.north)
        self.assertEqual(len(cases.exists()), 2)
        self.assertEqual(cases.partner_id, self.north)

    def test_a_dispute_of_two_that_become_one_survives(self):
        """Disputes between two distributors, settled in a talk (R120)."""
        source = self._double()
        case = self._report("channel_dispute", second_partner_id=source.id)
        minutes = self.env["distributor.minutes"].create(
            {"name": "Talk", "partner_id": self.north.id}
        )
        case.with_user(self.sales_manager).minutes_id = minutes
        self._merge(source, self.north)
        self.assertTrue(case.exists())
        self.assertFalse(case.second_partner_id)

    def test_a_suspended_distributor_stays_suspended_when_merged(self):
        source = self._double()
        self._confirmed("diversion", source)
        self._confirmed("diversion", source)
        self._merge(source, self.north)
        self.env.invalidate_all()
        self.assertTrue(self.north._get_distributor_holds("order"))
