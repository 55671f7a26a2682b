# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .fee_common import FEE, FeeStatementCommon

# The documents of fees, and who may read, write, create and delete them: c is the
# clerk, m the manager, f finance, a the auditor, p compliance, k the keeper (fee
# administrator), r the representative.
MATRIX = {
    "distributor.fee.standard": ("cmfapkr", "k", "k", "k"),
    "distributor.fee.policy": ("cmfapkr", "k", "k", "k"),
    "distributor.fee.purpose": ("cmfapkr", "k", "k", "k"),
    "distributor.fee.budget": ("cmfak", "k", "k", "k"),
    "distributor.fee.budget.report": ("mfak", "", "", ""),
    "distributor.fee.register": ("fap", "", "", ""),
    "distributor.fee.statement": ("cmfapr", "fmr", "", ""),
    "distributor.fee.statement.line": ("cmfapr", "mr", "", ""),
    "distributor.fee.application": ("cmfapr", "fmr", "mr", "mr"),
}


@tagged("post_install", "-at_install")
class TestFeePolicy(FeeStatementCommon):
    """The rules of fees have versions; what was worked out by one keeps it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls._new_user("fs_fee_admin", f"base.group_user,{FEE}admin")
        cls.compliance = cls._new_user(
            "fs_compliance", f"base.group_user,{FEE}compliance"
        )

    def _refused(self, values):
        with (
            self.subTest(values=values),
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.policy.write(values)
            self.policy.flush_recordset()

    def test_database_refuses(self):
        """Days follow one another, limits are not negative, exceptions say why."""
        for values in (
            {"submit_day": 0},
            {"submit_day": 9, "check_day": 8},
            {"payout_day": 8},
            {"check_day": 21, "payout_day": 22},
            {"advance_limit": -1},
            {"spot_check_count": -1},
            {"allow_cash": True},
            {"allow_person": True, "person_year_limit": 10},
            {"allow_person": True, "legal_basis": "Tasting course"},
        ):
            self._refused(values)

    def test_one_a_day(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.policy.copy()

    def test_later_one_follows(self):
        """Each day has the last policy that started; before the first there is none."""
        later = self.policy.copy({"date_from": "2025-06-15"})
        for day, expected in (
            (date(2024, 1, 1), self.policy),
            (date(2025, 6, 14), self.policy),
            (date(2025, 6, 15), later),
        ):
            self.assertEqual(self.company._get_fee_policy(day), expected)
        with self.assertRaisesRegex(UserError, "has no fee policy"):
            self.company._get_fee_policy(date(2023, 12, 31))

    def test_used_policy_keeps_its_terms(self):
        """Once a month was worked out by it, its terms stand; its limits do not."""
        own = self.policy.with_user(self.admin)
        own.submit_day = 2
        self._sell("2025-03-10", 1000)
        self._build("2025-03")
        for act in (
            lambda: own.write({"submit_day": 3}),
            lambda: own.write({"collection_mode": "after_full"}),
            lambda: own.write({"date_from": "2024-02-01"}),
            own.unlink,
        ):
            with self.assertRaisesRegex(UserError, "Create another one"):
                act()
        own.advance_limit = 1000
        later = own.copy({"date_from": "2025-05-01"})
        later.submit_day = 1
        later.unlink()

    def test_who_may_do_what(self):
        """Each role does what it is for, and no more."""
        users = dict(
            zip(
                "cmfapkr",
                (
                    self.clerk,
                    self.manager,
                    self.finance,
                    self.auditor,
                    self.compliance,
                    self.admin,
                    self.rep,
                ),
                strict=True,
            )
        )
        for model, rights in MATRIX.items():
            for right, allowed in zip(
                ("read", "write", "create", "unlink"), rights, strict=True
            ):
                found = {
                    key
                    for key, user in users.items()
                    if self.env[model].with_user(user).has_access(right)
                }
                with self.subTest(model=model, right=right):
                    self.assertEqual(found, set(allowed))

    def test_auditor_changes_nothing(self):
        """He reads all of it, and each way to change it is closed."""
        self._sell("2025-03-10", 1000)
        statement = self._build("2025-03").with_user(self.auditor)
        self.assertEqual(statement.line_ids.payable, 0)
        for act in (
            lambda: statement.write({"note": "x"}),
            lambda: statement.line_ids.write({"explanation": "x"}),
            lambda: self.policy.with_user(self.auditor).write({"advance_limit": 1}),
            lambda: statement._void_by_hand("x"),
        ):
            with self.assertRaises(AccessError):
                act()
