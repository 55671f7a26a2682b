# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..models.budget.distributor_fee_budget_usage import FeeAsked
from .fee_common import FEE, FeeStatementCommon


@tagged("post_install", "-at_install")
class TestFeeBudget(FeeStatementCommon):
    """A budget binds at the last signature; what is used is what documents say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls._new_user("fs_fee_admin", f"base.group_user,{FEE}admin")
        cls.province = cls.env["res.country.state"].search(
            [("country_id", "=", cls.env.ref("base.cn").id)], limit=1
        )
        cls.customer.state_id = cls.province
        cls._pay(cls._sell("2025-03-10", 1000), "2025-03-20", 1000)
        # 50 are payable.
        cls.statement = cls._build("2025-03")
        cls.purpose = cls.statement.line_ids.purpose_id

    def _budget(self, amount=100, **values):
        return (
            self.env["distributor.fee.budget"]
            .with_user(self.admin)
            .create(
                {
                    "company_id": self.company.id,
                    "date_from": "2025-01-01",
                    "date_to": "2025-12-31",
                    "amount": amount,
                    **values,
                }
            )
        )

    def _used(self, budget):
        budget.invalidate_recordset()
        return budget.reserved, budget.approved, budget.paid, budget.remaining

    def test_use_follows_the_documents(self):
        """Reserved once handed in, approved once signed, paid once paid, free if void."""
        budget = self._budget()
        self.assertEqual(self._used(budget), (0, 0, 0, 100))
        with freeze_time("2025-04-02"):
            self.statement.with_user(self.rep).action_submit()
        self.assertEqual(self._used(budget), (50, 0, 0, 50))
        self._sign_all(self.statement, "2025-04-02")
        self.assertEqual(self._used(budget), (0, 50, 0, 50))
        self.statement._mark_paid()
        self.assertEqual(self._used(budget), (0, 0, 50, 50))
        self.statement._void("Test")
        self.assertEqual(self._used(budget), (0, 0, 0, 100))

    def test_scopes_decide_what_counts(self):
        """Each key counts alone; the search in SQL and the one in Python agree."""
        category = self.product.categ_id
        other_state = self.env["res.country.state"].search(
            [("id", "!=", self.province.id)], limit=1
        )
        training = self.env.ref("distributor_crm_expense.fee_purpose_training")
        cases = [
            ({"product_tmpl_id": self.product.product_tmpl_id.id}, True),
            ({"product_tmpl_id": self.undecided.product_tmpl_id.id}, False),
            ({"user_id": self.rep.id}, True),
            ({"user_id": self.other_rep.id}, False),
            ({"state_id": self.province.id}, True),
            ({"state_id": other_state.id}, False),
            ({"purpose_id": self.purpose.id}, True),
            ({"purpose_id": training.id}, False),
            ({"date_from": "2025-03-02"}, False),
            ({"date_to": "2025-03-01", "note": "To the day"}, True),
        ]
        if category:
            cases.append(({"categ_id": category.id}, True))
        with freeze_time("2025-04-02"):
            self.statement.with_user(self.rep).action_submit()
        rows = self.statement._get_fees_asked()
        for values, counts in cases:
            with self.subTest(values=values):
                budget = self._budget(**values)
                self.assertEqual(budget.reserved, 50 if counts else 0)
                self.assertEqual(any(budget._covers(row) for row in rows), counts)
                budget.active = False

    def test_sub_categories_count(self):
        """A category's budget counts products of its sub-categories."""
        parent = self.env["product.category"].create({"name": "Fee Parent"})
        child = self.env["product.category"].create(
            {"name": "Fee Child", "parent_id": parent.id}
        )
        self.product.categ_id = child
        with freeze_time("2025-04-02"):
            self.statement.with_user(self.rep).action_submit()
        self.assertEqual(self._budget(categ_id=parent.id).reserved, 50)

    def test_an_applicant_sees_what_is_left(self):
        """Who applies sees what is left and whether it is enough, and no budget; the
        tightest one counts, and binds at the last signature."""
        today = fields.Date.context_today(self.env.user)
        year = {"date_from": today, "date_to": today}
        self._budget(300, **year)
        tight = self._budget(120, user_id=self.rep.id, **year)
        with Form(self.env["distributor.fee.application"].with_user(self.rep)) as form:
            self.assertFalse(form.has_budget)
            form.partner_id = self.other_customer
            form.amount = 120
            self.assertEqual((form.has_budget, form.budget_left), (True, 120))
            self.assertFalse(form.budget_warning)
            form.amount = 121
            self.assertIn("has $ 120.00 left", form.budget_warning.replace("\xa0", " "))
            form.occasion = "Tasting"
            form.reason = "They compare us"
        application = form.record
        with self.assertRaises(AccessError):
            application.budget_ids.read(["name"])
        self.assertEqual(
            application.with_user(self.manager).budget_ids.sorted("amount")[0], tight
        )
        application.action_submit()
        for user in (self.clerk, self.manager):
            application.with_user(user)._sign("password")
        with self.assertRaisesRegex(UserError, "to be granted"):
            application.with_user(self.finance)._sign("password")

    def test_stop_refuses_the_last_signature(self):
        """The first two sign; the last one learns what is left."""
        self._budget(49.99)
        with freeze_time("2025-04-02"):
            self.statement.with_user(self.rep).action_submit()
            for user in (self.clerk, self.manager):
                self.statement.with_user(user)._sign("password")
            with (
                self.assertRaisesRegex(UserError, r"49\.99.* left.*50\.00"),
                self.env.cr.savepoint(),
            ):
                self.statement.with_user(self.finance)._sign("password")
        self.assertEqual(self.statement.state, "submitted")

    def test_exactly_the_budget_is_granted(self):
        self._budget(50)
        self._sign_all(self.statement, "2025-04-02")
        self.assertEqual(self.statement.state, "signed")

    def test_warning_stands_in_the_chatter(self):
        budget = self._budget(10, mode="warn")
        self._sign_all(self.statement, "2025-04-02")
        self.assertEqual(self.statement.state, "signed")
        self.assertIn(
            budget.display_name, "".join(self.statement.message_ids.mapped("body"))
        )
        self.assertEqual(budget.remaining, -40)
        self.assertEqual(
            budget.search([("is_exceeded", "=", True), ("id", "=", budget.id)]), budget
        )

    def test_special_fees_count_and_are_stopped(self):
        """An application uses the same budgets, on the day it was handed in."""
        prospect = self.env["res.partner"].create(
            {"name": "Fee Prospect", "is_company": True, "user_id": self.rep.id}
        )
        budget = self._budget(600)
        with freeze_time("2025-03-05"):
            application = (
                self.env["distributor.fee.application"]
                .with_user(self.rep)
                .create(
                    {
                        "partner_id": prospect.id,
                        "amount": 601,
                        "occasion": "Tasting",
                        "reason": "They compare us",
                        "company_id": self.company.id,
                    }
                )
            )
            application.action_submit()
            self.assertEqual(self._used(budget), (601, 0, 0, -1))
            for user in (self.clerk, self.manager):
                application.with_user(user)._sign("password")
            with self.assertRaisesRegex(UserError, "raise it"), self.env.cr.savepoint():
                application.with_user(self.finance)._sign("password")
            budget.amount = 601
            application.with_user(self.finance)._sign("password")
        self.assertEqual(self._used(budget), (0, 601, 0, 0))

    def test_together_they_are_judged_together(self):
        """Two that are signed at once do not both take what is left."""
        self._budget(60)
        row = FeeAsked(
            self.rep,
            self.customer,
            self.product,
            self.purpose,
            40,
            date(2025, 3, 1),
        )
        Budget = self.env["distributor.fee.budget"].with_user(self.finance)
        self.assertFalse(Budget._check_available(self.company, [row]))
        with self.assertRaises(UserError):
            Budget._check_available(self.company, [row, row])
        back = row._replace(amount=-20)
        self.assertFalse(Budget._check_available(self.company, [row, row, back]))

    def test_granting_holds_the_budget(self):
        """Another process that grants of it at the same time starts anew, rather than
        going on with what it read before."""
        budget = self._budget()
        row = FeeAsked(
            self.rep, self.customer, self.product, self.purpose, 1, date(2025, 3, 1)
        )
        self.env.flush_all()
        query = (
            "SELECT xmin::text, ctid::text FROM distributor_fee_budget WHERE id = %s"
        )
        self.env.cr.execute(query, [budget.id])
        before = self.env.cr.fetchone()
        budget._check_available(self.company, [row])
        self.env.cr.execute(query, [budget.id])
        # A new version of the row: PostgreSQL refuses who saw the old one.
        self.assertNotEqual(self.env.cr.fetchone(), before)

    def test_one_query_for_all_budgets(self):
        """Use of many budgets takes the queries of one."""
        budgets = self._budget(user_id=self.rep.id)
        for user in (self.other_rep, self.clerk, self.manager, self.finance):
            budgets |= self._budget(user_id=user.id)
        counts = []
        for some in (budgets[:1], budgets[:1], budgets):
            self.env.flush_all()
            self.env.invalidate_all()
            some.mapped("amount")
            start = self.env.cr.sql_log_count
            some._get_usage()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(counts[1:], [1, 1])

    def test_same_scope_twice_is_refused(self):
        """Overlapping periods of one scope would say two things."""
        scopes = (
            {},
            {"user_id": self.rep.id},
            {"user_id": self.rep.id, "purpose_id": self.purpose.id},
            {"product_tmpl_id": self.product.product_tmpl_id.id},
        )
        for scope in scopes:
            self._budget(**scope)
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self._budget(date_from="2025-12-31", date_to="2026-12-31", **scope)
            self.assertTrue(
                self._budget(date_from="2026-01-01", date_to="2026-12-31", **scope)
            )

    def test_copy_is_for_the_next_year(self):
        copy = self._budget().copy()
        self.assertEqual(
            (copy.date_from, copy.date_to), (date(2026, 1, 1), date(2026, 12, 31))
        )

    def test_who_keeps_and_who_reads(self):
        """The fee administrator keeps budgets; representatives do not see them."""
        budget = self._budget()
        for user in (self.finance, self.auditor, self.manager, self.clerk):
            own = budget.with_user(user)
            self.assertEqual(own.read(["remaining"])[0]["remaining"], 100)
            for act in (
                lambda own=own: own.write({"amount": 1}),
                lambda own=own: own.copy(),
                lambda own=own: own.unlink(),
            ):
                with self.assertRaises(AccessError):
                    act()
        with self.assertRaises(AccessError):
            budget.with_user(self.rep).read(["amount"])
        with self.assertRaises(AccessError):
            self.statement.with_user(self.rep).read(["budget_ids"])
        self.assertEqual(self.statement.with_user(self.manager).budget_ids, budget)

    def test_report_agrees_with_the_budgets(self):
        """Budget less use in the report is what the budget says it has left."""
        budget = self._budget()
        with freeze_time("2025-04-02"):
            self.statement.with_user(self.rep).action_submit()
        ((used, remaining),) = (
            self.env["distributor.fee.budget.report"]
            .with_user(self.finance)
            ._read_group(
                [("budget_id", "=", budget.id)], [], ["used:sum", "remaining:sum"]
            )
        )
        self.assertEqual((used, remaining), (50, 50))
        self.assertEqual(self._used(budget)[3], 50)
