# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .fee_common import CRM, FEE, FeeStatementCommon


@tagged("post_install", "-at_install")
class TestFeeAgeing(FeeStatementCommon):
    """What is open, at which step, since how many working days, with whom (R098)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["distributor.working.day"].search([]).unlink()
        # The 4th of April 2025 was a holiday, a Friday.
        cls.env["distributor.working.day"].create(
            {
                "date": "2025-04-04",
                "name": "Qingming",
                "country_id": cls.env.ref("base.cn").id,
            }
        )
        cls.compliance = cls._new_user(
            "fs_compliance", f"base.group_user,{FEE}compliance"
        )
        cls._pay(cls._sell("2025-03-10", 1000), "2025-03-20", 1000)
        cls.statement = cls._build("2025-03")

    def _rows(self, user=None, document=None):
        Ageing = self.env["distributor.fee.ageing"].with_user(user or self.finance)
        wanted = document or self.statement
        return Ageing.search([]).filtered(lambda row: row.document == wanted)

    def test_the_way_of_a_statement(self):
        """With the representative, with each signer in turn, with finance to pay."""
        with freeze_time("2025-04-07"):
            row = self._rows()
            self.assertRecordValues(
                row,
                [
                    {
                        "stage": "submit",
                        "person_id": self.rep.id,
                        "role": "representative",
                        # The 2nd, 3rd and 7th: neither the holiday nor the weekend.
                        "working_days": 3,
                        "age": "3",
                        "amount": 50,
                        "is_overdue": True,
                    }
                ],
            )
        with freeze_time("2025-04-03"):
            self.statement.with_user(self.rep).action_submit()
        steps = []
        for day, user in (
            ("2025-04-07", self.clerk),
            ("2025-04-08", self.manager),
            ("2025-04-09", self.finance),
        ):
            with freeze_time(day):
                rows = self._rows()
                self.assertEqual(set(rows.mapped("stage")), {"sign"})
                self.assertEqual(rows.mapped("working_days"), [1] * len(rows))
                self.assertIn(user, rows.person_id)
                self.assertEqual(len(set(rows.mapped("documents"))), 1)
                steps += set(rows.mapped("step"))
                self.statement.with_user(user)._sign("password")
        self.assertEqual(len(set(steps)), 3)
        with freeze_time("2025-04-10"):
            self.assertRecordValues(
                self._rows(),
                [{"stage": "pay", "role": "finance", "working_days": 1}],
            )

    def test_each_document_counts_once(self):
        """Several persons, one document: the pivot counts it once."""
        self.finance.copy({"login": "fs_finance_2"})
        other = self._new_user("fs_clerk_2", f"base.group_user,{FEE}clerk")
        with freeze_time("2025-04-03"):
            self.statement.with_user(self.rep).action_submit()
            rows = self._rows()
            self.assertEqual(rows.person_id & (self.clerk | other), self.clerk | other)
            ((_stage, count),) = (
                self.env["distributor.fee.ageing"]
                .with_user(self.manager)
                ._read_group(
                    [("user_id", "=", self.rep.id)],
                    ["stage"],
                    ["documents:count_distinct"],
                )
            )
            self.assertEqual(count, 1)

    def test_waiting_for_compliance(self):
        """A person's fee waits for the reviewer, beside the signers."""
        self.policy.write(
            {"allow_person": True, "person_year_limit": 60, "legal_basis": "Tasting"}
        )
        person = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.customer.id}
        )
        self.statement.line_ids.payee_id = person
        with freeze_time("2025-04-03"):
            self.statement.with_user(self.rep).action_submit()
            rows = self._rows()
            self.assertEqual(set(rows.mapped("stage")), {"sign", "compliance"})
            row = rows.filtered(lambda one: one.stage == "compliance")
            self.assertEqual(row._get_asked(), self.compliance)

    def test_reminding(self):
        """Who runs the month reminds whom it waits for; the others do not."""
        with freeze_time("2025-04-03"):
            row = self._rows(self.manager)
            for user in (self.rep, self.auditor):
                with self.assertRaises(AccessError):
                    self._rows(user).action_remind()
            row.action_remind()
            told = self.env["mail.message"].search(
                [
                    ("model", "=", self.statement._name),
                    ("res_id", "=", self.statement.id),
                    ("notified_partner_ids", "in", self.rep.partner_id.ids),
                ]
            )
            self.assertIn("since 2 working days", told[:1].body)
            self.assertEqual(row.action_view_document()["res_id"], self.statement.id)
        # One who is asked alone reminds nobody.
        with freeze_time("2025-04-03"):
            self.statement.with_user(self.rep).action_submit()
        step = (
            self.env["tier.review"]
            .sudo()
            .search([("model", "=", self.statement._name), ("status", "=", "pending")])
        )
        step.sudo().reviewer_ids = [Command.set(self.clerk.ids)]
        with freeze_time("2025-04-03"), self.assertRaisesRegex(UserError, "nobody but"):
            self._rows(self.clerk).action_remind()

    def test_who_sees_what(self):
        """Representatives their own; nobody another company's; strangers nothing."""
        self.assertTrue(self._rows(self.rep))
        self.assertFalse(self._rows(self.other_rep))
        for user in (self.clerk, self.manager, self.finance, self.auditor):
            self.assertTrue(self._rows(user))
        foreign = self.env["res.company"].create({"name": "Foreign"})
        stranger = self._new_user("fs_foreign", f"{CRM}finance")
        stranger.write(
            {"company_ids": [Command.set(foreign.ids)], "company_id": foreign.id}
        )
        alone = self.env(context={"allowed_company_ids": foreign.ids})
        self.assertFalse(alone["distributor.fee.ageing"].with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            self._rows(self._new_user("fs_nobody", "base.group_user"))

    def test_queries_do_not_grow(self):
        """The calendar is read once; the rest is one statement."""
        for _number in range(3):
            self.env.flush_all()
            self.env.invalidate_all()
            with self.assertQueryCount(30):
                self.env["distributor.fee.ageing"].with_user(self.finance).search([])
