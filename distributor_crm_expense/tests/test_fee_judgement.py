# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Payees are judged again right before they are paid (R078-R082)."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from .fee_payment_common import FeePaymentCommon


@tagged("post_install", "-at_install")
class TestFeeJudgement(FeePaymentCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.company._get_fee_policy(cls.today)
        cls.compliance = cls._new_user(
            "fee_compliance", "distributor_crm_expense.group_fee_compliance"
        )
        cls.first, cls.second = cls.customers[:2]

    def _rpc(self, record, method, *args):
        self.authenticate(self.payer.login, self.payer.login)
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{record._name}/{method}",
            {
                "model": record._name,
                "method": method,
                "args": [record.ids, *args],
                "kwargs": {},
            },
        )

    def _prepared(self):
        statement = self._create_statement((self.first, 80), (self.second, 20))
        payout = self._prepare(statement)
        self._receipt(payout)
        return statement, payout

    def test_official_since_it_was_prepared(self):
        """Nothing is paid over RPC, and the hold stays on record for auditors."""
        statement, payout = self._prepared()
        self.first.is_official = True
        result = self._rpc(payout, "action_post")
        self.assertEqual(result["params"]["title"], "Nothing was paid")
        self.assertEqual(payout.state, "draft")
        self.assertFalse(payout.sudo().item_ids.expense_id)
        self.assertIn("public official", payout.hold_reason)
        for record in (payout, statement):
            bodies = "".join(record.message_ids.mapped("body"))
            self.assertIn("public official", bodies)
        line = statement.line_ids.filtered(lambda one: one.partner_id == self.first)
        self.assertEqual(
            (line.payee_kind, line.compliance_state), ("official", "waiting")
        )
        told = self.env["mail.message"].search(
            [
                ("res_id", "=", statement.id),
                ("model", "=", statement._name),
                ("notified_partner_ids", "in", self.compliance.partner_id.ids),
            ]
        )
        self.assertTrue(told)

    def test_the_rest_is_paid_once_it_is_refused(self):
        """The reviewer cannot agree to an official; refused, the rest is paid."""
        statement, payout = self._prepared()
        self.first.is_official = True
        payout.action_post()
        line = statement.line_ids.filtered(lambda one: one.partner_id == self.first)
        own = line.with_user(self.compliance)
        with self._refused(UserError, "public official"):
            own.action_compliance_agree()
        own.action_compliance_refuse("An official by now")
        # The payout still names him.
        payout.action_post()
        self.assertEqual(payout.state, "draft")
        payout._cancel("The payee is an official")
        self.assertEqual(statement.state, "signed")
        self._pay_out(statement)
        self.assertEqual(sum(self._booked().values()), 2000)
        self.assertEqual(statement.state, "paid")

    def test_a_mistake_that_was_corrected(self):
        """Who is no official after all is paid, and nothing is held any more."""
        _statement, payout = self._prepared()
        self.first.is_official = True
        payout.action_post()
        self.first.is_official = False
        self.assertTrue(payout.action_post())
        self.assertEqual((payout.state, payout.hold_reason), ("posted", False))

    def test_a_case_holds_the_customer(self):
        """Fees wait while a case holds their customer, and are paid when it ends (R118)."""
        _statement, payout = self._prepared()
        purposes = []

        def held(partners, purpose=None, company=None):
            purposes.append((purpose, company))
            return dict.fromkeys(partners & self.second, ["Suspended (CASE/7)"])

        self.patch(type(self.second), "_get_distributor_holds", held)
        payout.action_post()
        self.assertEqual(payout.state, "draft")
        self.assertEqual(
            payout.hold_reason, f"{self.second.display_name}: Suspended (CASE/7)"
        )
        self.assertEqual(set(purposes), {("earning", self.company)})
        self.patch(
            type(self.second), "_get_distributor_holds", lambda *_args, **_more: {}
        )
        payout.action_post()
        self.assertEqual((payout.state, payout.hold_reason), ("posted", False))

    def test_one_of_us_by_now(self):
        _statement, payout = self._prepared()
        self.env["hr.employee"].create(
            {
                "name": "Hired",
                "company_id": self.company.id,
                "work_contact_id": self.first.id,
            }
        )
        payout.action_post()
        self.assertIn("works for us", payout.hold_reason)
        self.assertEqual(payout.state, "draft")

    def test_a_person_by_now(self):
        """A customer's company that became a person needs policy and reviewer."""
        self.policy.write(
            {"allow_person": True, "person_year_limit": 500, "legal_basis": "Tasting"}
        )
        statement, payout = self._prepared()
        self.second.parent_id = self.customers[2]
        self.second.is_company = False
        payout.action_post()
        self.assertIn("compliance reviewer has to agree", payout.hold_reason)
        line = statement.line_ids.filtered(lambda one: one.partner_id == self.second)
        line.with_user(self.compliance).action_compliance_agree()
        payout.action_post()
        self.assertEqual(payout.state, "posted")

    def test_the_policy_forbids_it_by_now(self):
        """What was agreed to is not paid under a policy that pays no persons."""
        self.policy.write(
            {"allow_person": True, "person_year_limit": 500, "legal_basis": "Tasting"}
        )
        person = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.first.id}
        )
        statement = self._create_statement((self.first, 80))
        line = statement.line_ids
        line.payee_id = person
        line.with_user(self.compliance).action_compliance_agree()
        payout = self._prepare(statement)
        self._receipt(payout)
        self.policy.allow_person = False
        payout.action_post()
        self.assertIn("pays companies only", payout.hold_reason)
        self.assertEqual((payout.state, line.compliance_state), ("draft", "waiting"))

    def test_judged_when_it_is_prepared(self):
        """An official is left out from the start; alone, nothing is prepared, and the
        reason is on record."""
        statement = self._create_statement((self.first, 80), (self.second, 20))
        self.first.is_official = True
        payout = self._prepare(statement)
        self.assertEqual(payout.amount, 20)
        alone = self._create_statement((self.first, 50), month=self._month_back(3))
        action = self._rpc(alone, "action_prepare_payout")
        self.assertIn("compliance reviewer", action["params"]["message"])
        self.assertFalse(alone.payout_ids)
        self.assertEqual(alone.line_ids.compliance_state, "waiting")
        self.assertIn("official", "".join(alone.message_ids.mapped("body")))

    def test_an_application_refused_after_it_was_signed(self):
        """Its payee is an official by now: it is held, refused, and void."""
        self.env["tier.definition"].search(
            [("model", "=", "distributor.fee.application")]
        ).active = False
        application = self.env["distributor.fee.application"].create(
            {
                "partner_id": self.first.id,
                "amount": 50,
                "user_id": self.rep.id,
                "company_id": self.company.id,
            }
        )
        application = application.with_context(skip_validation_check=True)
        application.write({"state": "signed", "exception_reason": "Needed"})
        self.first.is_official = True
        action = application.with_user(self.payer).action_prepare_payout()
        self.assertIn("compliance reviewer", action["params"]["message"])
        self.assertEqual(application.compliance_state, "waiting")
        application.with_user(self.compliance).action_compliance_refuse("Official")
        self.assertEqual(application.state, "void")
        self.assertIn("Official", application.void_reason)

    def test_nobody_lifts_a_hold_by_hand(self):
        """Not over RPC either: the hold ends with its reason."""
        _statement, payout = self._prepared()
        self.first.is_official = True
        payout.action_post()
        boss = new_test_user(
            self.env,
            "fee_all",
            "distributor_crm.group_finance,distributor_crm.group_channel_admin,"
            "distributor_crm_expense.group_fee_admin",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        for user in (self.payer, boss, self.rep):
            with self._refused(AccessError, "not edited|not allowed"):
                payout.with_user(user).write({"hold_reason": False})
