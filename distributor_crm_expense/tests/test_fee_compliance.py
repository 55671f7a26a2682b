# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .fee_common import CRM, FEE, FeeStatementCommon


@tagged("post_install", "-at_install")
class TestFeeCompliance(FeeStatementCommon):
    """A person gets a fee once the compliance reviewer agreed to it (R079-R082)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write(
            {
                "allow_person": True,
                "person_year_limit": 60,
                "legal_basis": "Tasting course",
            }
        )
        cls.compliance = cls._new_user(
            "fs_compliance", f"base.group_user,{FEE}compliance"
        )
        cls.person, cls.colleague = cls.env["res.partner"].create(
            [{"name": f"Buyer {i}", "parent_id": cls.customer.id} for i in range(2)]
        )
        cls._pay(cls._sell("2025-03-10", 1000), "2025-03-20", 1000)
        # 50 are payable.
        cls.statement = cls._build("2025-03")
        cls.line = cls.statement.line_ids

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time("2025-04-02"))

    def _submit(self, payee=None):
        self.line.with_user(self.rep).payee_id = payee or self.person
        self.statement.with_user(self.rep).action_submit()
        return self.line.with_user(self.compliance)

    def test_agreed_by_the_reviewer(self):
        line = self._submit()
        self.assertEqual(line.compliance_state, "waiting")
        told = self.env["mail.message"].search(
            [
                ("model", "=", self.statement._name),
                ("res_id", "=", self.statement.id),
                ("notified_partner_ids", "in", self.compliance.partner_id.ids),
            ]
        )
        self.assertEqual(len(told), 1)
        line.action_compliance_agree()
        self.assertEqual(
            (line.compliance_state, line.compliance_user_id, line.agreed_this_year),
            ("cleared", self.compliance, 50),
        )
        with self.assertRaisesRegex(UserError, "does not wait"):
            line.action_compliance_agree()

    def test_refused_says_why_and_is_in_no_budget(self):
        """Who refuses says why; the chatter tells that it is not paid."""
        line = self._submit()
        with self.assertRaisesRegex(UserError, "Say why"):
            line.action_compliance_refuse("  ")
        action = line.action_compliance_ask_why()
        self.env[action["res_model"]].with_user(self.compliance).with_context(
            **action["context"]
        ).create({"reason": "A public tender is open"}).action_apply()
        self.assertEqual(line.compliance_state, "refused")
        self.assertEqual(line.compliance_note, "A public tender is open")
        bodies = "".join(self.statement.message_ids.mapped("body"))
        self.assertIn("A public tender is open", bodies)
        self.assertFalse(self.statement._get_fees_asked())

    def test_another_payee_starts_anew(self):
        """Nobody agreed to somebody else, nor to another amount."""
        line = self._submit()
        line.action_compliance_agree()
        self.statement.with_user(self.rep).action_take_back()
        self.line.with_user(self.rep).payee_id = self.colleague
        self.assertEqual(
            (line.compliance_state, line.compliance_user_id.id, line.compliance_on),
            ("waiting", False, False),
        )
        self.line.with_user(self.rep).payee_id = self.customer
        self.assertEqual(line.compliance_state, "not_needed")

    def test_work_out_with_another_amount_starts_anew(self):
        line = self._submit()
        line.action_compliance_agree()
        self.statement.with_user(self.rep).action_take_back()
        self._pay(self._sell("2025-03-11", 100), "2025-03-21", 100)
        self._build("2025-03", "2025-04-02")
        self.assertEqual((line.payable, line.compliance_state), (55, "waiting"))

    def test_only_while_it_is_handed_in(self):
        self.line.with_user(self.rep).payee_id = self.person
        with self.assertRaisesRegex(UserError, "does not wait"):
            self.line.with_user(self.compliance).action_compliance_agree()

    def test_limit_of_the_year_over_all_documents(self):
        """50 are agreed of 60; a special fee of 11 more to the same person is not."""
        self._submit().action_compliance_agree()
        application = (
            self.env["distributor.fee.application"]
            .with_user(self.rep)
            .create(
                {
                    "partner_id": self.customer.id,
                    "payee_id": self.person.id,
                    "amount": 11,
                    "occasion": "Tasting",
                    "reason": "They compare us",
                    "company_id": self.company.id,
                }
            )
        )
        application.action_submit()
        own = application.with_user(self.compliance)
        with self.assertRaisesRegex(UserError, r"61\.00 this year"):
            own.action_compliance_agree()
        self.policy.person_year_limit = 61
        own.action_compliance_agree()
        self.assertEqual(own.compliance_state, "cleared")
        # The year after, the person starts at nothing.
        with freeze_time("2026-01-05"):
            own.invalidate_recordset()
            self.assertEqual(own.agreed_this_year, 0)

    def test_application_is_not_approved_without_the_reviewer(self):
        """Three signatures do not stand for the reviewer."""
        application = (
            self.env["distributor.fee.application"]
            .with_user(self.rep)
            .create(
                {
                    "partner_id": self.customer.id,
                    "payee_id": self.person.id,
                    "amount": 11,
                    "occasion": "Tasting",
                    "reason": "They compare us",
                    "company_id": self.company.id,
                }
            )
        )
        application.action_submit()
        for user in (self.clerk, self.manager):
            application.with_user(user)._sign("password")
        with self.assertRaisesRegex(UserError, "waits for"), self.env.cr.savepoint():
            application.with_user(self.finance)._sign("password")
        application.with_user(self.compliance).action_compliance_refuse("No")
        with self.assertRaisesRegex(UserError, "refused"), self.env.cr.savepoint():
            application.with_user(self.finance)._sign("password")

    def test_official_since_yesterday(self):
        """Who became an official after it was handed in gets nothing."""
        line = self._submit()
        self.person.is_official = True
        with self.assertRaisesRegex(UserError, "public official"):
            line.action_compliance_agree()

    def test_no_other_role_decides(self):
        """Not the signers, the auditor, nor the fee administrator."""
        self._submit()
        admin = self._new_user("fs_fee_admin", f"base.group_user,{FEE}admin")
        for user in (
            self.rep,
            self.other_rep,
            self.clerk,
            self.manager,
            self.finance,
            self.auditor,
            admin,
        ):
            line = self.line.with_user(user)
            for act in (
                line.action_compliance_agree,
                lambda line=line: line.action_compliance_refuse("No"),
                lambda line=line: line.write({"compliance_state": "cleared"}),
                lambda line=line: line.write({"compliance_on": "2025-04-02"}),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    act()
        with self.assertRaises(AccessError):
            self.line.with_user(self.compliance).write({"compliance_state": "cleared"})

    def test_nobody_reviews_what_he_asks_for(self):
        """Neither the representative nor who handed it in for him."""
        group = self.env.ref(f"{FEE}compliance")
        self.rep.group_ids += group
        self._submit()
        with self.assertRaisesRegex(AccessError, "yourself"):
            self.line.with_user(self.rep).action_compliance_agree()
        manager = self._new_user("fs_both", f"{CRM}sales_manager,{FEE}compliance")
        self.statement.with_context(
            skip_validation_check=True
        ).submitted_by_id = manager
        with self.assertRaisesRegex(AccessError, "yourself"):
            self.line.with_user(manager).action_compliance_agree()

    def test_register_is_the_documents_in_one_list(self):
        """Auditor, compliance and finance read the register; nobody else does."""
        line = self._submit()
        line.action_compliance_agree()
        for user in (self.auditor, self.compliance, self.finance):
            row = (
                self.env["distributor.fee.register"]
                .with_user(user)
                .search([("company_id", "=", self.company.id)])
            )
            self.assertRecordValues(
                row,
                [
                    {
                        "user_id": self.rep.id,
                        "partner_id": self.customer.id,
                        "payee_id": self.person.id,
                        "payee_kind": "person_of_customer",
                        "amount": 50,
                        "compliance_state": "cleared",
                        "compliance_user_id": self.compliance.id,
                        "state": "submitted",
                    }
                ],
            )
            self.assertEqual(row.document, self.statement)
            self.assertEqual(row.action_view_document()["res_id"], self.statement.id)
            if user == self.finance:
                continue
            exported = row.export_data(["document", "payee_kind", "amount"])["datas"]
            self.assertEqual(exported[0][1:], ["Person at the customer", 50])
        for user in (self.rep, self.manager, self.clerk):
            with self.assertRaises(AccessError):
                self.env["distributor.fee.register"].with_user(user).search([])
