# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .service_common import ServiceCommon


@tagged("post_install", "-at_install")
class TestCreditHold(ServiceCommon):
    """Who pays too late orders nothing more, until finance lets him (R118, R143)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tier = cls.env["res.partner.grade"].create(
            {"name": "Strict", "overdue_hold_days": 30}
        )
        cls.north.grade_id = cls.tier
        cls.today = fields.Date.today()

    def _owe(self, days):
        """Let north owe an invoice that is overdue for so many days."""
        due = self.today - timedelta(days=days)
        return self._sell(self.north, 500, due, invoice_date_due=due)

    def _is_held(self):
        return bool(self.north._get_distributor_holds("order", self.company))

    def test_held_after_the_days_of_the_tier(self):
        self._owe(30)
        self.assertFalse(self._is_held())
        invoice = self._owe(31)
        self.assertTrue(self._is_held())
        with self.assertRaisesRegex(UserError, "unpaid since"):
            self._order(self.north)
        self._order(self.south)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self.assertFalse(self._is_held())

    def test_finance_lets_orders_go_on(self):
        self._owe(60)
        with self.assertRaisesRegex(UserError, "Finance decides"):
            self.north.with_user(self.sales_manager).credit_released_until = self.today
        self.north.credit_released_until = self.today
        self._order(self.north)
        self.north.credit_released_until = self.today - timedelta(days=1)
        self.assertTrue(self._is_held())

    def test_payouts_are_not_held_for_debts(self):
        """What he earned may be offset, and is not kept back for this."""
        self._owe(60)
        for purpose in ("rebate", "earning", "store"):
            self.assertFalse(self.north._get_distributor_holds(purpose, self.company))

    def test_other_tiers_cost_nothing(self):
        self.tier.overdue_hold_days = 0
        self._owe(60)
        self.env.flush_all()
        self.north.grade_id.read(["overdue_hold_days"])
        self.north.read(["commercial_partner_id", "grade_id"])
        before = self.env.cr.sql_log_count
        self.assertFalse(self._is_held())
        self.assertLessEqual(self.env.cr.sql_log_count - before, 2)
