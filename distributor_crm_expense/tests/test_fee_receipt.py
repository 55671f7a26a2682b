# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Receipts: each proves one fee, once; look-alikes are compared."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .fee_payment_common import FeePaymentCommon


@tagged("post_install", "-at_install")
class TestFeeReceipt(FeePaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.other = cls.customers[:2]
        cls.first = cls._create_statement((cls.customer, 80))
        cls.second = cls._create_statement(
            (cls.customer, 80), (cls.other, 80), user=cls.colleague
        )

    def test_needed(self):
        """Nothing is paid without receipts over at least what each payee gets."""
        payout = self._prepare(self.second)
        self._receipt(payout, self.customer)
        with self._refused(UserError, self.other.name):
            payout.action_post()
        self._receipt(payout, self.other, amount=79.99)
        with self._refused(UserError, self.other.name):
            payout.action_post()
        self._receipt(payout, self.other, amount=0.01)
        payout.action_post()
        with self._refused(UserError, "for payouts in status"):
            payout.receipt_ids[0].amount = 5
        with self._refused(UserError, "for payouts in status"):
            payout.receipt_ids[0].unlink()

    def test_used_twice(self):
        """The same file, or the same number of the same payee: refused."""
        payout = self._prepare(self.first)
        file = self._file("The invoice")
        self._receipt(payout, file=file, number="No. 000-12 345/A")
        other = self._prepare(self.second)
        for values in (
            {"file": file},
            {"number": "no.00012345 a"},
        ):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                with self.env.cr.savepoint():
                    self._receipt(other, self.customer, **values)
        # Another payee may have the same number.
        self._receipt(other, self.other, number="No. 000-12 345/A")
        payout._cancel("Wrong")
        self._receipt(other, self.customer, file=file, number="no 00012345-A")

    def test_file_of_another_expense(self):
        """A receipt of an ordinary expense proves no fee."""
        expense = self.env["hr.expense"].create(
            {
                "name": "Dinner",
                "employee_id": self.employee.id,
                "product_id": self.company.fee_product_id.id,
                "total_amount_currency": 80,
            }
        )
        self.env["ir.attachment"].create(
            {
                "name": "dinner.pdf",
                "datas": self._file("Dinner"),
                "res_model": "hr.expense",
                "res_id": expense.id,
            }
        )
        payout = self._prepare(self.first)
        with self._refused(UserError, "receipt of the expense “Dinner”"):
            self._receipt(payout, file=self._file("Dinner"))

    def test_alike(self):
        """Same amount, same day: flagged, until somebody in finance compared them."""
        first = self._receipt(self._prepare(self.first), date="2024-03-01")
        payout = self._prepare(self.second)
        receipts = self._receipt(payout, date="2024-03-01", user=self.colleague)
        self.assertEqual(set(receipts.mapped("duplicate_state")), {"suspect"})
        self.assertIn(first, receipts.sudo()[0].duplicate_ids)
        with self._refused(UserError, "looks like"):
            payout.action_post()
        with self._refused(AccessError, ""):
            receipts.with_user(self.colleague).action_confirm_unique()
        with self._refused(UserError, "not edited"):
            receipts.with_user(self.colleague).write({"duplicate_state": "unique"})
        receipts.with_user(self.payer).action_confirm_unique()
        self.assertEqual(receipts.confirmed_by_id, self.payer)
        payout.action_post()

    def test_bad_input(self):
        """Amounts of 0 or below, no number, no picture, another payee."""
        payout = self._prepare(self.first)
        for amount in (-1, 0):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                with self.env.cr.savepoint():
                    self._receipt(payout, amount=amount)
        with self._refused(UserError, "number printed"):
            self._receipt(payout, number=" - ")
        with self._refused(UserError, "is not accepted"):
            self._receipt(payout, file=b"QUJD")
        with self._refused(UserError, "paid nothing in"):
            self._receipt(payout, self.other, amount=5)
        with self._refused(AccessError, ""):
            self._receipt(payout, user=self.colleague)
        with self._refused(AccessError, ""):
            self._receipt(payout, user=self.auditor)
