# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .earning_common import EarningCommon


@tagged("post_install", "-at_install")
class TestWithdrawal(EarningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._earn(2000)  # 100 to withdraw

    def _balance(self, account):
        return round(
            sum(
                self.env["account.move.line"]
                .search(
                    [("account_id", "=", account.id), ("parent_state", "=", "posted")]
                )
                .mapped("balance")
            ),
            2,
        )

    def test_from_request_to_money(self):
        withdrawal = self._ask(60)
        self.assertEqual(withdrawal.state, "requested")
        self.assertEqual(self._figures()["reserved"], 60)
        self.assertEqual(self._available(), 40)
        withdrawal.with_user(self.sales_manager).action_approve()
        self.assertEqual(withdrawal.state, "approved")
        self.assertEqual(self._available(), 40)
        withdrawal.with_user(self.finance).action_pay()
        self.assertEqual(withdrawal.state, "paid")
        payment = withdrawal.payment_id
        self.assertEqual(payment.amount, 60)
        self.assertEqual(payment.partner_bank_id, self.bank)
        self.assertEqual(payment.payment_type, "outbound")
        self.assertEqual(self._available(), 40)
        self.assertEqual(self._figures()["reserved"], 0)
        self.assertEqual(-self._balance(self.payable), 40)
        reconciled = payment.move_id.line_ids.filtered(
            lambda line: line.account_id == self.payable
        )
        self.assertTrue(reconciled.reconciled)

    def test_w2_no_amount_that_is_none(self):
        """0, −5, 10⁹, NaN, too many decimals: refused by the method that all ways use."""
        for amount in (
            0,
            -5,
            "0",
            "-5",
            10**9,
            "1e9",
            10**15,
            "NaN",
            "inf",
            "x",
            "",
            None,
            True,
            "10.001",
            10.0000001,
            "1_0e",
            "１０e9",
        ):
            with self.subTest(amount), self._refused(UserError, "."):
                self._ask(amount)
        self.assertEqual(self._available(), 100)

    def test_w2_the_database_refuses_too(self):
        withdrawal = self._ask(10)
        self.env.flush_all()
        for amount in ("0", "-5", "'NaN'"):
            for table, column in (
                ("distributor_withdrawal", "amount"),
                ("distributor_withdrawal_line", "amount"),
            ):
                if table.endswith("line") and amount == "'NaN'":
                    continue
                with (
                    self.subTest(amount + table),
                    mute_logger("odoo.sql_db"),
                    self.assertRaises(IntegrityError),
                    self.env.cr.savepoint(flush=False),
                ):
                    self.env.cr.execute(
                        f"UPDATE {table} SET {column} = {amount} "
                        f"WHERE {'withdrawal_id' if table.endswith('line') else 'id'}"
                        f" = {withdrawal.id}"
                    )

    def test_w3_header_and_lines_are_equal(self):
        self._earn(1000)
        withdrawal = self._ask(130)
        self.assertEqual(withdrawal.line_ids.mapped("amount"), [100, 30])
        self.assertEqual(withdrawal.amount, 130)
        self.assertEqual(withdrawal.net + withdrawal.fee + withdrawal.tax, 130)
        # What one draws, the next does not.
        other = self._ask(20)
        self.assertEqual(
            other.line_ids.move_line_id, withdrawal.line_ids[1].move_line_id
        )
        for record in (withdrawal, withdrawal.line_ids[0]):
            for user in (self.finance, self.sales_manager, self.channel_admin):
                with self._refused(AccessError, "."):
                    record.with_user(user).write({"amount": 1})

    def test_w6_rejected_the_money_is_back_and_the_reason_told(self):
        withdrawal = self._ask(100).with_user(self.sales_manager)
        form = self.env["distributor.withdrawal.reject"].with_user(self.sales_manager)
        with self._refused(UserError, "Say why"):
            form.create(
                {"withdrawal_ids": withdrawal.ids, "reason": " "}
            ).action_reject()
        form.create(
            {"withdrawal_ids": withdrawal.ids, "reason": "The account is closed."}
        ).action_reject()
        self.assertEqual(withdrawal.state, "rejected")
        self.assertEqual(self._available(), 100)
        mail = withdrawal.sudo().message_ids.filtered(
            lambda message: "The account is closed." in (message.body or "")
        )
        self.assertIn(self.north, mail.notified_partner_ids | mail.partner_ids)
        self._ask(100)  # asked anew

    def test_fee_and_withheld_tax(self):
        self.policy.write(
            {"fee_fixed": 1, "fee_percent": 1, "tax_mode": "withhold", "tax_rate": 20}
        )
        withdrawal = self._ask_and_approve(100)
        self.assertEqual((withdrawal.fee, withdrawal.tax, withdrawal.net), (2, 20, 78))
        withdrawal.action_pay()
        self.assertEqual(withdrawal.payment_id.sudo().amount, 78)
        self.assertEqual(self._balance(self.fee_account), -2)
        self.assertEqual(self._balance(self.tax_account), -20)
        self.assertEqual(self._balance(self.payable), 0)

    def test_own_invoice_instead_of_tax(self):
        self.policy.tax_mode = "bill"
        self.policy.fee_fixed = 3
        withdrawal = self._ask_and_approve(100)
        with self._refused(UserError, "needs the distributor's own invoice"):
            withdrawal.action_pay()
        expense = self.company_data["default_account_expense"]
        before = self._balance(expense)
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.north.id,
                "invoice_date": self.today,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Commission",
                            "price_unit": 90,
                            "account_id": expense.id,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        bill.action_post()
        withdrawal.bill_id = bill
        with self._refused(UserError, "without tax"):
            withdrawal.action_pay()
        bill.button_draft()
        bill.invoice_line_ids.price_unit = 100
        bill.action_post()
        withdrawal.action_pay()
        self.assertEqual(withdrawal.payment_id.sudo().amount, 97)
        self.assertEqual(bill.amount_residual, 0)
        self.assertEqual(self._balance(self.payable), 0)
        self.assertEqual(self._balance(expense), before, "an expense counted twice")

    def test_minimum_and_number_a_month(self):
        self.policy.write({"minimum": 20, "monthly_limit": 2})
        with self._refused(UserError, "smallest withdrawal"):
            self._ask(19.99)
        self._ask(20)
        second = self._ask(20)
        with self._refused(UserError, "a month are possible"):
            self._ask(20)
        second.with_user(self.account_manager).action_cancel()
        self._ask(20)

    def test_never_more_than_there_is(self):
        self._ask(70)
        with self._refused(UserError, "Only"):
            self._ask(30.01)
        self._ask(30)

    def test_only_to_a_verified_account_of_his_own(self):
        foreign = self._create_bank(self.south, "1234567")
        unverified = self._create_bank(self.north, "7654321", trusted=False)
        other_name = self._create_bank(
            self.north, "9999999", acc_holder_name="Somebody Else"
        )
        gone = self._create_bank(self.north, "8888888")
        gone.active = False
        none = self.env["res.partner.bank"]
        for bank, text in (
            (foreign, "one of the distributor's"),
            (unverified, "not verified"),
            (other_name, "another name"),
            (gone, "not verified"),
            (none.browse(10**8), "one of the distributor's"),
        ):
            with self.subTest(bank), self._refused(UserError, text):
                self._ask(10, bank=bank)
        with self._refused(UserError, "one of the distributor's"):
            self.env["distributor.withdrawal"]._request(
                self.company, self.north, none, 10
            )
        same = self._create_bank(
            self.north, "5555555", acc_holder_name=" NORTH  ｔrading"
        )
        self._ask(10, bank=same)

    def test_account_that_changed_after_the_request(self):
        withdrawal = self._ask_and_approve(10)
        self._create_bank(self.south, "x1")  # another one changes nothing
        self.env.cr.execute(
            "UPDATE res_partner_bank SET acc_number = '666' WHERE id = %s",
            [self.bank.id],
        )
        self.bank.invalidate_recordset()
        with self._refused(UserError, "another number"):
            withdrawal.action_pay()

    def test_nobody_decides_alone(self):
        """Who asked does not approve; who approved does not pay."""
        own = self._ask(10, user=self.sales_manager)
        with self._refused(UserError, "."):
            own.with_user(self.sales_manager).action_approve()
        both = self._new_user(
            "both", "distributor_crm.group_sales_manager,distributor_crm.group_finance"
        )
        withdrawal = self._ask(10).with_user(both)
        withdrawal.action_approve()
        with self._refused(AccessError, "a colleague in finance"):
            withdrawal.action_pay()
        asked = self._ask(10, user=self.finance)
        asked.with_user(both).action_approve()
        with self._refused(AccessError, "a colleague in finance"):
            asked.with_user(self.finance).action_pay()
        withdrawal.with_user(self.finance).action_pay()
        self.assertEqual(withdrawal.state, "paid")

    def test_refunded_meanwhile_is_not_paid(self):
        _order, invoice = self._earn(400)  # 20 more
        withdrawal = self._ask_and_approve(120)
        self._refund(invoice)
        self._release()
        self.assertEqual(self._available(), -20)
        with self._refused(UserError, "only"):
            withdrawal.action_pay()

    def test_paid_once(self):
        withdrawal = self._ask_and_approve(10)
        withdrawal.action_pay()
        with self._refused(UserError, "status"):
            withdrawal.action_pay()

    def test_cancel_before_it_is_approved(self):
        withdrawal = self._ask(10)
        with self._refused(AccessError, "."):
            withdrawal.with_user(self.sales_rep).action_cancel()
        withdrawal.with_user(self.account_manager).action_cancel()
        self.assertEqual(withdrawal.state, "cancelled")
        self.assertEqual(self._available(), 100)
        approved = self._ask_and_approve(10)
        with self._refused(UserError, "status"):
            approved.with_user(self.finance).action_cancel()

    def test_returned_by_the_bank(self):
        self.policy.write({"fee_fixed": 1})
        withdrawal = self._ask_and_approve(100)
        withdrawal.action_pay()
        payment = withdrawal.payment_id.sudo()
        for act in ("action_draft", "action_cancel"):
            with self._refused(UserError, "Returned by the Bank"):
                getattr(payment, act)()
        form = self.env["distributor.withdrawal.reject"].with_user(self.finance)
        form.create(
            {"withdrawal_ids": withdrawal.ids, "reason": "Account closed"}
        ).action_reject()
        self.assertEqual(withdrawal.state, "rejected")
        self.assertEqual(self._available(), 100)
        self.assertEqual(self._balance(self.fee_account), 0)
        self._ask_and_approve(100).action_pay()
        self.assertEqual(self._available(), 0)

    def test_several_at_once(self):
        self._earn(1000, store=self.sub_store)
        other = self._create_bank(self.south, "777777777")
        both = self._ask(10) | self._ask(20, partner=self.south, bank=other)
        both.with_user(self.sales_manager).action_approve()
        both.with_user(self.finance).action_pay()
        self.assertEqual(set(both.mapped("state")), {"paid"})
        self.assertEqual(sorted(both.payment_id.mapped("amount")), [10, 20])

    def test_merging_distributors_keeps_both_histories(self):
        twin = self.env["res.partner"].create({"name": "Twin", "is_distributor": True})
        store = self._create_store(twin, "twin")
        self._earn(200, store=store)
        bank = self._create_bank(twin, "444444")
        withdrawals = self._ask(10) | self._ask(
            10, partner=twin, bank=bank, user=self.finance
        )
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.north | twin).ids, self.north)
        self.env.invalidate_all()
        self.assertEqual(withdrawals.exists(), withdrawals)
        self.assertEqual(withdrawals.partner_id, self.north)
        self.assertEqual(self._figures()["balance"], 110)
        self.assertEqual(self._figures()["reserved"], 20)

    def test_no_trust_in_defaults_of_the_context(self):
        model = self.env["distributor.withdrawal"].with_context(
            default_state="paid",
            default_amount=10**6,
            default_paid_by_id=self.finance.id,
        )
        withdrawal = model.with_user(self.account_manager)._request(
            self.company, self.north, self.bank, 10
        )
        self.assertEqual((withdrawal.state, withdrawal.amount), ("requested", 10))

    def test_payment_file(self):
        from io import BytesIO

        from openpyxl import load_workbook

        self.north.name = self.bank.acc_holder_name = "=1+1 Trading"
        withdrawal = self._ask_and_approve(10)
        report = self.env["report.distributor_crm.earning_payment_xlsx"]
        content, _kind = (
            report.with_user(self.finance)
            .with_context(active_model=withdrawal._name)
            .create_xlsx_report(withdrawal.ids, {})
        )
        sheet = load_workbook(BytesIO(content)).active
        row = [cell.value for cell in sheet[2]]
        self.assertEqual(row[0], withdrawal.name)
        self.assertEqual(row[3], self.bank.acc_number)
        self.assertEqual(row[6], 10)
        self.assertEqual(sheet["B2"].data_type, "s", "a formula in the bank's file")
        with self._refused(AccessError, "Only finance"):
            report.with_user(self.sales_manager).with_context(
                active_model=withdrawal._name
            ).create_xlsx_report(withdrawal.ids, {})
