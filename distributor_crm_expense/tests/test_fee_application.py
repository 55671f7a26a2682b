# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .fee_common import FeeStatementCommon


@tagged("post_install", "-at_install")
class TestFeeApplication(FeeStatementCommon):
    """A special fee is applied for before the contract, and paid after the first
    payment (R100-R104)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prospect = cls.env["res.partner"].create(
            {"name": "Fee Prospect", "is_company": True, "user_id": cls.rep.id}
        )

    def _apply(self, submit=True, **values):
        application = (
            self.env["distributor.fee.application"]
            .with_user(self.rep)
            .create(
                {
                    "partner_id": self.prospect.id,
                    "amount": 500,
                    "occasion": "Tasting",
                    "reason": "They compare us with another brand",
                    "company_id": self.company.id,
                    **values,
                }
            )
        )
        if submit:
            application.action_submit()
        return application

    def _contract(self, day):
        """The prospect's agreement, signed on a day."""
        template = self.env["distributor.agreement.template"].create(
            {"name": "One year", "body": "<p>Contract</p>"}
        )
        agreement = self.env["distributor.agreement"].create(
            {
                "partner_id": self.prospect.id,
                "company_id": self.company.id,
                "template_id": template.id,
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE distributor_agreement SET signed_on = %s WHERE id = %s",
            [day, agreement.id],
        )
        self.env.invalidate_all()

    def _sign(self, application):
        for user in (self.clerk, self.manager, self.finance):
            application.with_user(user)._sign("password")

    def test_defaults_pay_the_customer_for_winning_him(self):
        application = self._apply(submit=False)
        self.assertEqual(application.payee_id, self.prospect)
        self.assertEqual(application.purpose_id.kind, "new_customer")
        self.assertNotEqual(application.name, "/")

    def test_three_sign_and_the_original_is_kept(self):
        """Approved step by step in writing; the original stays with finance (R102-R103)."""
        with freeze_time("2025-03-05"):
            application = self._apply()
            self._sign(application)
        self.assertEqual(application.state, "signed")
        self.assertTrue(application.with_user(self.finance).original)

    def test_after_the_contract_nobody_can_apply(self):
        """Not even an administrator; the form says since when (R101)."""
        with freeze_time("2025-03-05"):
            draft = self._apply(submit=False)
            self._contract("2025-03-04 10:00:00")
            self.assertTrue(draft.is_too_late)
            with self.assertRaisesRegex(UserError, "signed the contract on"):
                draft.action_submit()
            self.env["distributor.fee.application"]._cron_contracts()
            self.assertEqual(draft.state, "void")

    def test_handed_in_before_the_contract_is_signed_after_it(self):
        """What counts is when it was handed in, by the server's time."""
        with freeze_time("2025-03-03"):
            application = self._apply()
        self._contract("2025-03-04 10:00:00")
        with freeze_time("2025-03-05"):
            self._sign(application)
        self.assertEqual(application.state, "signed")

    def test_taken_back_after_the_contract_is_too_late(self):
        """A draft again, it was not handed in before the signature."""
        with freeze_time("2025-03-03"):
            application = self._apply()
        self._contract("2025-03-04 10:00:00")
        with freeze_time("2025-03-05"):
            application.action_take_back()
            with self.assertRaisesRegex(UserError, "void without exception"):
                application.action_submit()

    def test_paid_after_the_first_collection(self):
        """In principle; a manager may decide otherwise, with a reason (R104)."""
        with freeze_time("2025-03-05"):
            application = self._apply()
            self._sign(application)
        with self.assertRaisesRegex(UserError, "has not paid anything yet"):
            application._check_collected()
        with self.assertRaises(AccessError):
            application.with_user(self.rep)._except("please")
        move = self._sell("2025-03-10", 1000, partner=self.prospect)
        self._pay(move, "2025-03-12", 100)
        application.invalidate_recordset()
        self.assertEqual(str(application.collected_on), "2025-03-12")
        application._check_collected()

    def test_exception_needs_a_manager_and_a_reason(self):
        with freeze_time("2025-03-05"):
            application = self._apply()
            self._sign(application)
        with self.assertRaisesRegex(UserError, "Say why"):
            application.with_user(self.manager)._except(" ")
        application.with_user(self.manager)._except("Deposit agreed")
        application._check_collected()
        self.assertEqual(application.exception_by_id, self.manager)

    def test_amounts_of_nothing_or_less(self):
        for amount in (0, -5):
            with (
                self.subTest(amount),
                self.assertRaises(Exception) as caught,
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self._apply(submit=False, amount=amount)
            self.assertIn("amount_positive", str(caught.exception))

    def test_summary_of_the_month_stands_on_the_statement(self):
        """The month's special fees are summed up with its statement (R094)."""
        with freeze_time("2025-03-05"):
            application = self._apply()
        self._sell("2025-03-10", 1000)
        statement = self._build("2025-03")
        self.assertEqual(statement._get_applications(), application)
        self.assertEqual(statement.application_count, 1)

    def test_forbidden_acts_as_every_role(self):
        """Status, signatures and what was said are closed once it is handed in."""
        with freeze_time("2025-03-05"):
            application = self._apply()
        for user in (self.rep, self.clerk, self.manager, self.finance, self.auditor):
            own = application.with_user(user)
            for act in (
                lambda own=own: own.write({"state": "signed"}),
                lambda own=own: own.write({"amount": 1}),
                lambda own=own: own.write({"submitted_on": "2020-01-01"}),
                lambda own=own: own.write({"compliance_state": "cleared"}),
                lambda own=own: own.unlink(),
            ):
                with self.subTest(user.login), self.assertRaises(UserError):
                    act()
        forged = (
            self.env["distributor.fee.application"]
            .with_user(self.rep)
            .with_context(default_state="paid", default_submitted_on="2020-01-01")
            .create(
                {
                    "partner_id": self.customer.id,
                    "amount": 5,
                    "state": "signed",
                    "user_id": self.other_rep.id,
                }
            )
        )
        self.assertEqual((forged.state, forged.user_id), ("draft", self.rep))
        self.assertFalse(forged.submitted_on)

    def test_of_others_nothing_is_seen(self):
        application = self._apply(submit=False)
        self.assertFalse(
            self.env["distributor.fee.application"]
            .with_user(self.other_rep)
            .search([("id", "=", application.id)])
        )
