# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Separation of duties: who holds roles that should not meet, and what keeps them
apart on each document all the same (R096, R110)."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.report.distributor_fee_duty import CONFLICTS, ROLES
from .fee_payment_common import FeePaymentCommon


@tagged("post_install", "-at_install")
class TestFeeDuty(FeePaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.company._get_fee_policy(cls.today)
        cls.policy.write(
            {"allow_person": True, "person_year_limit": 500, "legal_basis": "Tasting"}
        )
        cls.person = cls.env["res.partner"].create(
            {"name": "Buyer", "parent_id": cls.customers[0].id}
        )

    def _both(self, *roles):
        number = self.env["res.users"].search_count([])
        return self._new_user(f"duty_{number}", ",".join(ROLES[role] for role in roles))

    def _found(self, user):
        rows = (
            self.env["distributor.fee.duty"]
            .with_user(self.auditor)
            .search([("user_id", "=", user.id)])
        )
        return {(row.first_role, row.second_role): row.safeguard for row in rows}

    def test_each_conflict_is_found(self):
        """Every pair, and nothing but that pair; one role alone is no conflict."""
        for first, second, safeguard in CONFLICTS:
            with self.subTest(first=first, second=second):
                found = self._found(self._both(first, second))
                self.assertEqual(found, {(first, second): safeguard})
        for role in ROLES:
            with self.subTest(role=role):
                self.assertFalse(self._found(self._both(role)))

    def test_groups_that_imply_others_count(self):
        """The channel administrator is a sales manager by his group; who left is not
        listed."""
        user = self._new_user(
            "duty_admin",
            "distributor_crm.group_channel_admin,distributor_crm.group_finance",
        )
        self.assertIn(("manager", "finance"), self._found(user))
        user.active = False
        self.assertFalse(self._found(user))

    def test_who_reads_it(self):
        """Auditor, compliance, finance and administrators; of their companies."""
        self._both("clerk", "finance")
        for role in ("auditor", "compliance", "finance", "admin"):
            user = self._both(role)
            self.assertTrue(self.env["distributor.fee.duty"].with_user(user).search([]))
        for role in ("representative", "clerk", "manager"):
            with self.assertRaises(AccessError):
                self.env["distributor.fee.duty"].with_user(self._both(role)).search([])
        foreign = self.env["res.company"].create({"name": "Foreign"})
        stranger = self._both("auditor")
        stranger.write(
            {"company_ids": [Command.set(foreign.ids)], "company_id": foreign.id}
        )
        own = self.env(context={"allowed_company_ids": foreign.ids})
        seen = own["distributor.fee.duty"].with_user(stranger).search([])
        self.assertLessEqual(seen.company_id, foreign)

    def _to_sign(self):
        """A statement that pays a person, with the three steps of the suite."""
        steps = (
            self.env["tier.definition"]
            .with_context(active_test=False)
            .search([("model", "=", "distributor.fee.statement")])
        )
        steps.write({"active": True, "company_id": False})
        statement = self._create_statement((self.customers[0], 80), state="draft")
        statement.write({"built_on": self.today, "reopened_until": self.today})
        statement.line_ids.write({"payee_id": self.person.id, "occasion": "Tasting"})
        statement.with_user(self.rep).action_submit()
        return statement

    def test_nobody_signs_two_steps(self):
        """Clerk and finance in one person sign once: the other step takes another."""
        user = self._both("clerk", "manager", "finance")
        statement = self._to_sign()
        statement.with_user(user)._sign("password")
        for _step in range(2):
            with self._refused((AccessError, UserError), "not your turn|signed it"):
                statement.with_user(user)._sign("password")

    def test_a_reviewer_who_signs(self):
        """Who signed does not review; who reviewed does not sign, nor pay."""
        signer = self._both("clerk", "compliance")
        statement = self._to_sign()
        line = statement.line_ids
        statement.with_user(signer)._sign("password")
        with self._refused(AccessError, "Somebody else has to decide"):
            line.with_user(signer).action_compliance_agree()
        reviewer = self._both("manager", "compliance")
        line.with_user(reviewer).action_compliance_agree()
        with self._refused(AccessError, "as compliance reviewer"):
            statement.with_user(reviewer)._sign("password")
        statement.with_user(self.sales_manager)._sign("password")
        statement.with_user(self.payer)._sign("password")
        self.assertEqual(statement.state, "signed")

    def test_a_reviewer_who_pays(self):
        statement = self._create_statement((self.customers[0], 80))
        statement.line_ids.payee_id = self.person
        both = self._both("finance", "compliance")
        statement.line_ids.with_user(both).action_compliance_agree()
        payout = self._prepare(statement)
        self._receipt(payout)
        with self._refused(AccessError, "as compliance reviewer"):
            payout.with_user(both).action_post()
        payout.action_post()

    def test_who_pays_does_not_check(self):
        """Nor does the representative; another sales manager does."""
        both = self._both("manager", "finance")
        statement = self._create_statement((self.customers[0], 80))
        payout = self._prepare(statement)
        self._receipt(payout)
        payout.with_user(both).action_post()
        line = statement.check_ids.line_ids
        with self._refused(AccessError, "You paid this out"):
            line.with_user(both).write({"contact": "Ms Chen"})
        own = line.with_user(self.sales_manager)
        own.write({"contact": "Ms Chen", "note": "Got it"})
        own.action_confirm()
        self.assertEqual(statement.check_ids.state, "passed")

    def test_representative_in_finance(self):
        """He neither pays nor signs his own, whatever his groups."""
        both = self._both("representative", "finance")
        self._create_employee(both, parent_id=self.boss.id)
        statement = self._create_statement((self.customers[0], 80), user=both)
        payout = self._prepare(statement)
        self._receipt(payout)
        with self._refused(AccessError, "his own fees"):
            payout.with_user(both).action_post()
