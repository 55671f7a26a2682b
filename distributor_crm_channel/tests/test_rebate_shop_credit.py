# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.distributor_crm.tests.rebate_accounting_common import (
    RebateAccountingCommon,
)


@tagged("post_install", "-at_install")
class TestRebateShopCredit(RebateAccountingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owed = cls.liability.copy({"code": "219902", "name": "Shop credit"})
        product = cls.env["product.product"].create(
            {
                "name": "Wallet",
                "type": "service",
                "property_account_income_id": cls.owed.id,
            }
        )
        cls.wallet = cls.env["loyalty.program"].create(
            {
                "name": "Rebate credit",
                "program_type": "ewallet",
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount_mode": "per_point",
                            "discount": 1,
                            "discount_line_product_id": product.id,
                        }
                    )
                ],
            }
        )
        cls.product = product
        cls._sell(cls.north, 1000)
        cls.program = cls._create_accruing(
            (0, 2), settlement_form="shop_credit", wallet_id=cls.wallet.id
        )
        cls.program.action_compute()
        cls.statement = cls.program.statement_ids

    def _card(self):
        return self.env["loyalty.card"].search(
            [("program_id", "=", self.wallet.id), ("partner_id", "=", self.north.id)]
        )

    def test_credit_and_ledger_say_the_same(self):
        self._accrue("2024-12-31")
        self.assertEqual(self._accrued(), 20)
        settlement = self._settle(self.statement)
        card = self._card()
        self.assertEqual((card.points, settlement.card_id), (20, card))
        self.assertEqual(card.history_ids.mapped("issued"), [20])
        self.assertEqual(self._accrued(self.owed, partner=self.north), 20)
        self.assertEqual(self._accrued(), 0)
        self.assertEqual(self.statement.state, "paid")
        self.assertFalse(self.statement.is_payable)

    def test_the_same_card_again(self):
        self._settle(self.statement)
        other = self._create_accruing(
            (0, 1),
            name="Other",
            settlement_form="shop_credit",
            wallet_id=self.wallet.id,
        )
        other.action_compute()
        self._settle(other.statement_ids)
        self.assertEqual(self._card().points, 30)

    def test_several_programs_in_one_entry(self):
        other = self._create_accruing(
            (0, 1),
            name="Other",
            settlement_form="shop_credit",
            wallet_id=self.wallet.id,
        )
        other.action_compute()
        both = self.statement + other.statement_ids
        settlements = self._settle(both, together=True)
        self.assertEqual(len(settlements.move_id), 1)
        self.assertEqual(self._card().points, 30)

    def test_taken_back_while_it_is_there(self):
        settlement = self._settle(self.statement)
        move = settlement.move_id.sudo()
        for undo in (move.button_draft, move.button_cancel, move._reverse_moves):
            with self.assertRaisesRegex(UserError, "Take the credit back"):
                undo()
        self.statement.with_user(self.finance).action_take_back_credit()
        self.assertEqual(self._card().points, 0)
        self.assertEqual(self._accrued(self.owed), 0)
        self.assertEqual(self.statement.state, "approved")
        self.assertTrue(self.statement.is_payable)
        self._settle_again()
        self.assertEqual(self._card().points, 20)
        self.assertEqual(self._accrued(self.owed), 20)

    def _settle_again(self):
        self.statement.with_user(self.finance).action_settle()

    def test_spent_credit_is_not_taken_back(self):
        self._settle(self.statement)
        self._card().points = 5
        with self.assertRaisesRegex(UserError, "has spent the credit"):
            self.statement.with_user(self.finance).action_take_back_credit()
        self.assertEqual(self.statement.state, "paid")

    def test_wallet_needs_a_liability(self):
        self.product.property_account_income_id = self.company_data[
            "default_account_revenue"
        ]
        with self.assertRaisesRegex(UserError, "not booked on a current liability"):
            self._settle(self.statement)
        self.assertFalse(self._card())
        self.program.wallet_id = False
        with self.assertRaisesRegex(UserError, "no shop credit"):
            self.statement.with_user(self.finance).action_settle()

    def test_what_is_paid_back_is_invoiced(self):
        """P5 in credit: an invoice, not less credit."""
        program = self._create_accruing(
            (0, 10),
            (1000, 25),
            name="P5",
            negative_policy="invoice",
            settlement_form="shop_credit",
            wallet_id=self.wallet.id,
        )
        invoice = self._sell(self.south, 2000)
        program.action_compute()
        self._settle(self._statement(program, self.south))
        back = invoice._reverse_moves([{"invoice_date": "2024-05-01"}])
        back.invoice_line_ids.price_unit = 1200
        back.action_post()
        program.action_compute()
        extra = program.statement_ids.filtered("number")
        move = self._settle(extra).move_id
        self.assertEqual((move.move_type, move.amount_untaxed), ("out_invoice", 420))

    def test_finance_only(self):
        self._settle(self.statement)
        for user in (self.sales_manager, self.channel_admin):
            with self.assertRaises(AccessError):
                self.statement.with_user(user).action_take_back_credit()
            with self.assertRaises(AccessError):
                self.statement.settlement_ids.with_user(user).is_taken_back = True

    def test_uninstalled_form_falls_back(self):
        field = self.env["distributor.rebate.program"]._fields["settlement_form"]
        self.assertIn("shop_credit", field.ondelete)
