# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .earning_common import EarningCommon


@tagged("post_install", "-at_install")
class TestEarningBooking(EarningCommon):
    def _rows(self, order):
        self._follow()
        return order.earning_ids.sorted("number")

    def test_d2_own_and_upper_rate_free_on_the_seventh_day(self):
        """D2: 5% and 2.5% of 200 really paid; none before day 7, all from then on."""
        self.policy.write({"date_to": "2024-06-30"})
        policy = self._create_policy(date_from="2024-07-01")
        self._store_opinion(policy)
        policy.upper_rate = 2.5
        order = self._order(200, store=self.sub_store)
        invoice = self._invoice(order)
        self._follow()
        self.assertFalse(order.earning_ids, "earned before it was paid")
        self._pay(invoice)
        self._follow()
        self.assertEqual(self._earned(self.south), 10)
        self.assertEqual(self._earned(self.north), 5)
        self._release()
        self.assertFalse(self._available(self.south), "free before delivery")
        self._deliver(order, days_ago=6)
        self._release()
        self.assertFalse(self._available(self.south), "free a day too early")
        self._deliver(order, days_ago=7)
        self.assertEqual(set(order.earning_ids.mapped("release_on")), {self.today})
        self._release()
        self.assertEqual(self._available(self.south), 10)
        self.assertEqual(self._available(self.north), 5)

    def test_d2_none_if_returned(self):
        order = self._order(200)
        invoice = self._invoice(order)
        self._pay(invoice)
        self._deliver(order, days_ago=3)
        self._follow()
        self._refund(invoice)
        rows = self._rows(order)
        self.assertEqual(rows.mapped("amount"), [10, -10])
        self.assertEqual(rows[1].reason, "refunded")
        self.assertEqual(rows[1].date, self.today)
        self.assertEqual(set(rows.mapped("state")), {"cancelled"})
        self._deliver(order, days_ago=30)
        self.assertFalse(self._release())
        self.assertFalse(self._available())

    def test_w1_the_same_payment_five_times_earns_once(self):
        order = self._order(200)
        invoice = self._invoice(order)
        self._pay(invoice)
        for _time in range(5):
            self.env["distributor.earning.change"]._note_invoices(invoice)
            self._follow()
            order._book_earnings()
        self.assertEqual(order.earning_ids.mapped("amount"), [10])

    def test_w5_store_credit_and_coupons_are_not_paid(self):
        """Base 200 − 40 store credit; delivery of 40 earns nothing and bears its part."""
        credit = self.env["product.product"].create(
            {"name": "eWallet", "type": "service", "taxes_id": [Command.clear()]}
        )
        freight = self.env["product.product"].create(
            {"name": "Delivery", "type": "service", "invoice_policy": "order"}
        )
        order = self._order(
            200,
            {"product_id": freight.id, "price_unit": 40},
            {"product_id": credit.id, "price_unit": -60},
        )
        self._pay(self._invoice(order))
        rows = self._rows(order)
        self.assertEqual(rows.mapped("base"), [150])  # 200 × (240 − 60) / 240
        self.assertEqual(rows.mapped("amount"), [7.5])
        self.assertEqual(rows.product_id, self.goods)

    def test_w5_a_gift_credit_note_is_no_money(self):
        """An invoice that is settled by a credit nobody paid for earns nothing on it."""
        order = self._order(200)
        invoice = self._invoice(order)
        gift = self._sell(self.customer, -80, day=str(self.today))
        lines = (invoice | gift).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        lines.reconcile()
        self.assertFalse(self._rows(order))
        self._pay(invoice)
        self._follow()
        self.assertEqual(self._earned(), 6)  # 5% of 120

    def test_partial_payments_add_up_to_the_cent(self):
        order = self._order(99.99)
        invoice = self._invoice(order)
        for _number in range(3):
            self._pay(invoice, 33.33)
            self._follow()
        self.assertEqual(self._earned(), 5)
        self.assertEqual(len(order.earning_ids), 3)

    def test_payment_undone_and_made_again(self):
        order = self._order(200)
        invoice = self._invoice(order)
        payment = self._pay(invoice)
        self._follow()
        payment.move_id.line_ids.remove_move_reconcile()
        self._follow()
        self.assertEqual(self._earned(), 0)
        self.assertEqual(order.earning_ids.sorted("number")[1].reason, "reopened")
        (invoice | payment.move_id).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        self._follow()
        self.assertEqual(self._earned(), 10)
        self.assertEqual(self._earned(state="frozen"), 10)

    def test_part_refund_before_and_after_payment(self):
        """Credited before it was paid, or after: the same remains."""
        for first in ("refund", "pay"):
            order = self._order(200)
            invoice = self._invoice(order)
            if first == "pay":
                self._pay(invoice)
            refund = invoice._reverse_moves([{"invoice_date": self.today}])
            refund.invoice_line_ids.price_unit = 50
            refund.action_post()
            if first == "refund":
                (invoice | refund).line_ids.filtered(
                    lambda line: line.account_type == "asset_receivable"
                ).reconcile()
                self._pay(invoice)
            self._follow()
            self.assertEqual(sum(order.earning_ids.mapped("amount")), 7.5, first)
            if first == "pay":
                # The money that goes back does not count twice.
                self._pay(refund)
                self._follow()
                self.assertEqual(sum(order.earning_ids.mapped("amount")), 7.5)

    def test_credit_of_a_returned_order_pays_another(self):
        """Money paid once, returned and used for another order earns once."""
        first = self._order(200)
        invoice = self._invoice(first)
        self._pay(invoice)
        refund = invoice._reverse_moves([{"invoice_date": self.today}])
        refund.action_post()
        second = self._order(200)
        other = self._invoice(second)
        (other | refund).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        ).reconcile()
        self._follow()
        self.assertEqual(sum(first.earning_ids.mapped("amount")), 0)
        self.assertEqual(sum(second.earning_ids.mapped("amount")), 10)

    def test_write_off_in_a_payment_is_not_paid(self):
        order = self._order(200)
        invoice = self._invoice(order)
        self._pay(
            invoice,
            150,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data["default_account_expense"].id,
        )
        self.assertEqual(invoice.amount_residual, 0)
        self._follow()
        self.assertEqual(self._earned(), 7.5)

    def test_advance_and_final_invoice(self):
        order = self._order(200)
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "fixed", "fixed_amount": 80})
        )
        advance = wizard._create_invoices(order)
        advance.action_post()
        self._pay(advance)
        self._follow()
        self.assertFalse(order.earning_ids, "an advance is no sale yet")
        final = order._create_invoices(final=True)
        final.action_post()
        self._follow()
        self.assertEqual(self._earned(), 4)  # 80 of 200
        self._pay(final)
        self._follow()
        self.assertEqual(self._earned(), 10)

    def test_tax_counts_only_where_the_policy_says(self):
        tax = self.env["account.tax"].create(
            {
                "name": "13%",
                "amount": 13,
                "type_tax_use": "sale",
                "tax_group_id": self.env["account.tax.group"]
                .create({"name": "VAT", "company_id": self.company.id})
                .id,
            }
        )
        line = {"price_unit": 200, "tax_ids": [Command.set(tax.ids)]}
        order = self._order(line)
        self._pay(self._invoice(order))
        self.assertEqual(self._rows(order).mapped("amount"), [10])
        self.policy.date_to = self.today - timedelta(1)
        self._create_policy(date_from=self.today, with_tax=True)
        order = self._order(line)
        self._pay(self._invoice(order))
        self.assertEqual(self._rows(order).mapped("amount"), [11.3])

    def test_foreign_currency(self):
        """The base is what the ledger says in the company's currency."""
        currency = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        pricelist = self.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": currency.id}
        )
        order = self._order(200, pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, currency)
        invoice = self._invoice(order)
        self._pay(invoice, 100)
        self._follow()
        self.assertEqual(self._earned(), 2.5)
        self._pay(invoice)
        self._follow()
        self.assertEqual(self._earned(), 5)

    def test_margin(self):
        """Price paid less the owner's own price, which does not move afterwards."""
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Tier",
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 30})
                ],
            }
        )
        self.north.specific_property_product_pricelist = pricelist
        self.env.user.group_ids |= self.env.ref("product.group_product_pricelist")
        self.policy.date_to = self.today - timedelta(1)
        self._create_policy(date_from=self.today, method="margin", own_rate=0)
        order = self._order({"price_unit": 190, "product_uom_qty": 2})
        invoice = self._invoice(order)
        self._pay(invoice, 190)
        self.assertEqual(self._rows(order).mapped("amount"), [50])
        pricelist.item_ids.percent_price = 90
        self._pay(invoice)
        self._follow()
        self.assertEqual(self._earned(), 100)  # 2 × (190 − 140)

    def test_below_ones_own_price_is_no_debt(self):
        self.policy.date_to = self.today - timedelta(1)
        self._create_policy(date_from=self.today, method="margin", own_rate=0)
        order = self._order(10)  # the product's own price is 200
        self._pay(self._invoice(order))
        self.assertFalse(self._rows(order))

    def test_own_orders_and_orders_of_no_store_earn_nothing(self):
        own = self._order(200, partner_id=self.north.id)
        self._pay(self._invoice(own))
        none = self._order(200, store=self.env["distributor.store"])
        self._pay(self._invoice(none))
        self._follow()
        self.assertFalse((own | none).earning_ids)

    def test_closed_upline_earns_on_no_new_sale(self):
        """What was sold before stays earned."""
        self._store_opinion()
        self.policy.upper_rate = 2.5
        before = self._order(200, store=self.sub_store)
        self.store._close("Moved away")
        self.store.sudo().closed_on = self.today - timedelta(1)
        after = self._order(200, store=self.sub_store)
        before.date_order -= timedelta(2)
        for order in (before, after):
            self._pay(self._invoice(order))
        self._follow()
        self.assertEqual(sorted(before.earning_ids.mapped("level")), [1, 2])
        self.assertEqual(after.earning_ids.mapped("level"), [1])

    def test_one_owner_of_both_stores_is_paid_once(self):
        self._store_opinion()
        self.policy.upper_rate = 2.5
        own = self._create_store(self.north, "north2", parent_id=self.store.id)
        order = self._order(200, store=own)
        self._pay(self._invoice(order))
        self._follow()
        self.assertEqual(order.earning_ids.mapped("level"), [1])

    def test_no_policy_no_earning(self):
        order = self._order(200, date_order="2023-05-01 10:00:00")
        order.date_order = "2023-05-01 10:00:00"
        self._pay(self._invoice(order))
        self.assertFalse(self._rows(order))

    def test_moving_an_order_moves_what_it_earned(self):
        order = self._order(200, user_id=self.sales_rep.id)
        self._pay(self._invoice(order))
        self._follow()
        with self._refused(AccessError, "sales manager alone"):
            order.with_user(self.sales_rep).store_id = self.sub_store
        order.with_user(self.sales_manager).store_id = self.sub_store
        self._follow()
        self.assertEqual(self._earned(self.north), 0)
        self.assertEqual(self._earned(self.south), 10)
        self.assertIn("moved", order.earning_ids.mapped("reason"))

    def test_lines_add_up_to_the_rounded_order(self):
        """Rounded once: ten lines of 1.01 earn 5% of 10.10, not ten times 5 cents."""
        order = self._order(*[1.01] * 10)
        self._pay(self._invoice(order))
        self._follow()
        self.assertEqual(self._earned(), 0.51)  # 0.505 rounded once

    def test_return_holds_until_the_credit_note(self):
        """Goods that came back and are not credited yet are not paid for."""
        order = self._order({"price_unit": 100, "product_uom_qty": 2})
        invoice = self._invoice(order)
        self._pay(invoice)
        self._deliver(order, days_ago=30)
        self._follow()
        order.order_line.qty_delivered = 1
        self.assertFalse(self._release())
        refund = invoice._reverse_moves([{"invoice_date": self.today}])
        refund.invoice_line_ids.quantity = 1
        refund.action_post()
        self._release()
        self.assertEqual(self._available(), 5)

    def test_refund_after_release_goes_below_zero_and_is_set_off(self):
        _order, invoice = self._earn(200)
        withdrawal = self._ask_and_approve(10)
        withdrawal.action_pay()
        self.assertEqual(self._available(), 0)
        self._refund(invoice)
        self._release()
        self.assertEqual(self._available(), -10)
        with self._refused(UserError, "Only"):
            self._ask(1)
        self._earn(300)
        self.assertEqual(self._available(), 5)

    def test_released_entries_stay(self):
        order, _invoice = self._earn(200)
        move = order.earning_ids.move_id
        self.assertEqual(move.state, "posted")
        for act in ("button_draft", "button_cancel"):
            with self._refused(UserError, "released or paid"):
                getattr(move, act)()

    def test_one_entry_a_run_one_line_a_distributor(self):
        for store in (self.store, self.sub_store) * 2:
            order = self._order(200, store=store)
            self._pay(self._invoice(order))
            self._deliver(order, days_ago=30)
        rows = self._release()
        self.assertEqual(len(rows), 4)
        payable = rows.move_id.line_ids.filtered(
            lambda line: line.account_id == self.payable
        )
        self.assertEqual(len(rows.move_id), 1)
        self.assertEqual(sorted(payable.mapped("credit")), [20, 20])
        self.assertFalse(self._release(), "released twice")

    def test_chunks_go_on_where_they_were(self):
        for _number in range(3):
            order = self._order(200)
            self._pay(self._invoice(order))
            self._deliver(order, days_ago=30)
        self._follow()
        release = self.env["distributor.earning"]._release
        self.assertEqual([len(release(self.company, 2)) for _n in range(3)], [2, 1, 0])
        self.assertEqual(self._available(), 30)

    def test_lock_date_moves_the_entry_to_the_first_open_day(self):
        order = self._order(200)
        self._pay(self._invoice(order))
        self._deliver(order, days_ago=30)
        self._follow()
        self.company.sudo().fiscalyear_lock_date = self.today + timedelta(3)
        rows = self._release()
        self.assertEqual(rows.move_id.date, self.today + timedelta(4))

    def test_cron_does_the_same(self):
        order = self._order(200)
        self._pay(self._invoice(order))
        self._deliver(order, days_ago=30)
        with self.enter_registry_test_mode():
            self.env.ref(
                "distributor_crm.ir_cron_earning_follow"
            ).method_direct_trigger()
            self.env.ref(
                "distributor_crm.ir_cron_earning_release"
            ).method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self._available(), 10)

    def test_sweep_finds_what_left_no_note(self):
        order = self._order(200)
        self._pay(self._invoice(order))
        self.env["distributor.earning.change"].sudo().search([]).unlink()
        self._follow()
        self.assertFalse(order.earning_ids)
        self.env["distributor.earning.change"]._cron_sweep()
        self._follow()
        self.assertEqual(self._earned(), 10)
