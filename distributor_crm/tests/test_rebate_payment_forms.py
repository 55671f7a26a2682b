# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .rebate_accounting_common import RebateAccountingCommon

Y2024 = {"invoice_date": "2024-05-01"}


@tagged("post_install", "-at_install")
class TestRebatePaymentForms(RebateAccountingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.env["account.analytic.plan"].create({"name": "Plan"})

    def _lines(self, move):
        """Amount and taxes of a document's lines."""
        return sorted(
            (line.price_subtotal, line.tax_ids.mapped("amount"))
            for line in move.invoice_line_ids
        )

    # -- taxes -----------------------------------------------------------------------

    def test_taxes_in_proportion_to_the_invoices(self):
        self._sell_taxed(self.north, 1000, self.tax_a)
        self._sell_taxed(self.north, 3000, self.env["account.tax"])
        program = self._create_program((0, 2))
        program.action_compute()
        move = self._settle(program.statement_ids).move_id
        self.assertEqual(self._lines(move), [(20, [15]), (60, [])])
        self.assertEqual((move.amount_untaxed, move.amount_tax), (80, 3))

    def test_parts_add_up_to_the_cent(self):
        """P2's rule for taxes: rounded on the running total, 10.00 in all."""
        taxes = [self.tax_a, self.tax_b, self.tax_a + self.tax_b]
        for tax in taxes:
            self._sell_taxed(self.north, 100, tax)
        program = self._create_program((0, 10), reward="lump")
        program.action_compute()
        move = self._settle(program.statement_ids).move_id
        amounts = sorted(line.price_subtotal for line in move.invoice_line_ids)
        self.assertEqual(amounts, [3.33, 3.33, 3.34])
        self.assertEqual(move.amount_untaxed, 10)

    def test_a_tax_in_the_price_leaves_what_was_promised(self):
        """The amount without tax is exact, whatever the company rounds."""
        included = self._create_tax("C", 17, price_include_override="tax_included")
        for rounding in ("round_per_line", "round_globally"):
            self.company.tax_calculation_rounding_method = rounding
            program = self._create_program((0, 3), name=rounding)
            for number, amount in enumerate((117.13, 11.7, 3.33, 58.5)):
                analytic = self._create_analytic(f"{rounding} {number}")
                self._sell_taxed(
                    self.north,
                    amount,
                    included,
                    analytic_distribution={str(analytic.id): 100},
                )
            program.action_compute()
            statement = program.statement_ids
            move = self._settle(statement).move_id
            self.assertGreater(len(move.invoice_line_ids), 3)
            self.assertAlmostEqual(move.amount_untaxed, statement.settled, 2)
            lines = move.invoice_line_ids
            self.assertAlmostEqual(sum(lines.mapped("balance")), statement.settled, 2)
            self.assertAlmostEqual(
                move.amount_tax, statement.settled * 0.17, delta=0.021
            )

    def test_taxes_by_the_piece_are_none_of_a_rebate(self):
        piece = self._create_tax("D", 3, amount_type="fixed")
        self._sell_taxed(self.north, 1000, self.tax_a + piece)
        program = self._create_program((0, 2))
        program.action_compute()
        move = self._settle(program.statement_ids).move_id
        self.assertEqual(self._lines(move), [(20, [15])])

    def test_taxes_of_earlier_months_that_are_paid_later(self):
        """S1 with a tax that changes: November pays for October's sales too."""
        self._sell_taxed(self.north, 3000, self.tax_a, "2024-10-10")
        self._sell_taxed(self.north, 4000, self.tax_b, "2024-11-10")
        self._sell_taxed(self.north, 20000, self.tax_b, "2024-12-10")
        program = self._create_program(
            (5000, 2), (10000, 4), period_type="month", window_type="year"
        )
        program.action_compute()
        october = self._statement(program, period="2024-10")
        november = self._statement(program, period="2024-11")
        december = self._statement(program, period="2024-12")
        self._approve(october)
        self.assertFalse(october.is_payable)
        move = self._settle(november).move_id
        self.assertEqual(self._lines(move), [(60, [15]), (80, [5])])
        self.assertEqual(move.amount_untaxed, 140)
        move = self._settle(december).move_id
        # Of 1,080 in all: 120 for October, 960 for the rest.
        self.assertEqual(self._lines(move), [(60, [15]), (880, [5])])
        self.assertEqual(move.amount_untaxed, 940)

    def test_no_evidence_no_tax(self):
        self._sell_taxed(self.north, 1000, self.tax_a)
        program = self._create_program((0, 2), keep_evidence=False)
        program.action_compute()
        move = self._settle(program.statement_ids).move_id
        self.assertEqual(self._lines(move), [(20, [])])

    def test_tax_policy_of_the_program(self):
        self._sell_taxed(self.north, 1000, self.tax_a)
        for policy, expected in (("none", []), ("fixed", [5])):
            program = self._create_program(
                (0, 2),
                name=policy,
                tax_policy=policy,
                tax_ids=self.tax_b.ids if policy == "fixed" else [],
            )
            program.action_compute()
            move = self._settle(program.statement_ids).move_id
            self.assertEqual(self._lines(move), [(20, expected)])

    def test_sales_taxes_do_not_stand_on_bills(self):
        with self.assertRaisesRegex(ValidationError, "purchase taxes"):
            self._create_program(
                settlement_form="vendor_bill",
                tax_policy="fixed",
                tax_ids=self.tax_a.ids,
            )

    def _create_analytic(self, name):
        return self.env["account.analytic.account"].create(
            {"name": name, "plan_id": self.plan.id}
        )

    def test_analytic_follows_the_sales(self):
        one, two = self._create_analytic("One"), self._create_analytic("Two")
        for analytic, amount in ((one, 1000), (two, 3000)):
            self._sell_taxed(
                self.north,
                amount,
                self.tax_a,
                analytic_distribution={str(analytic.id): 100},
            )
        program = self._create_accruing((0, 2))
        program.action_compute()
        move = self._settle(program.statement_ids).move_id
        self.assertEqual(
            sorted(
                (line.price_subtotal, line.analytic_distribution)
                for line in move.invoice_line_ids
            ),
            [(20, {str(one.id): 100}), (60, {str(two.id): 100})],
        )
        move.button_draft()
        move.button_cancel()
        entry = self._accrue("2024-12-31").move_ids
        cost = entry.line_ids.filtered(
            lambda item: item.account_id == self.rebate_account
        )
        self.assertEqual(cost.analytic_distribution, {str(one.id): 25, str(two.id): 75})

    def test_no_query_more_for_many(self):
        """One query says what was sold behind all statements."""
        partners = self.env["res.partner"].create(
            [{"name": f"D{n}", "is_distributor": True} for n in range(12)]
        )
        for partner in partners:
            self._sell_taxed(partner, 1000, self.tax_a)
        program = self._create_program((0, 2))
        program.action_compute()
        statements = self._approve(program.statement_ids)
        self.env.flush_all()
        counts = []
        for some in (statements[:2], statements[2:12]):
            self.env.invalidate_all()
            some.mapped("settled")
            some.mapped("currency_id.decimal_places")
            before = self.cr.sql_log_count
            some._cut_by_sales()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    # -- forms -----------------------------------------------------------------------

    def test_vendor_bill(self):
        tax = self._create_tax("P", 13, type_tax_use="purchase")
        self._sell_taxed(self.north, 1000, self.tax_a)
        program = self._create_program(
            (0, 2), settlement_form="vendor_bill", tax_policy="fixed", tax_ids=tax.ids
        )
        self.assertEqual(program.purchase_journal_id.type, "purchase")
        program.action_compute()
        statement = program.statement_ids
        move = self._settle(statement).move_id
        self.assertRecordValues(
            move,
            [
                {
                    "move_type": "in_invoice",
                    "journal_id": program.purchase_journal_id.id,
                    "state": "posted",
                    "amount_untaxed": 20,
                    "amount_tax": 2.6,
                    "is_distributor_rebate": True,
                }
            ],
        )
        self.assertEqual(statement.state, "posted")

    def test_sold_taxes_are_not_for_bills(self):
        self._sell_taxed(self.north, 1000, self.tax_a)
        program = self._create_program((0, 2), settlement_form="vendor_bill")
        program.action_compute()
        self.assertFalse(
            self._settle(program.statement_ids).move_id.invoice_line_ids.tax_ids
        )

    def _overpaid(self, **values):
        """P5: 500 settled, then goods of 1,200 come back."""
        invoice = self._sell(self.north, 2000)
        program = self._create_program((0, 10), (1000, 25), **values)
        program.action_compute()
        self._settle(program.statement_ids)
        wizard = invoice._reverse_moves([Y2024])
        wizard.invoice_line_ids.price_unit = 1200
        wizard.action_post()
        program.action_compute()
        return program.statement_ids.filtered("number")

    def test_overpaid_is_invoiced(self):
        """P5, and NetSuite's table of signs: negative credit note, invoice."""
        statement = self._overpaid(negative_policy="invoice")
        self.assertEqual((statement.due, statement.settled), (-420, -420))
        move = self._settle(statement).move_id
        self.assertEqual((move.move_type, move.amount_untaxed), ("out_invoice", 420))
        self.assertEqual(statement.settlement_ids.amount, -420)

    def test_overpaid_bill_is_refunded(self):
        statement = self._overpaid(
            negative_policy="invoice", settlement_form="vendor_bill"
        )
        move = self._settle(statement).move_id
        self.assertEqual((move.move_type, move.amount_untaxed), ("in_refund", 420))

    def test_overpaid_is_carried(self):
        statement = self._overpaid(negative_policy="carry")
        self.assertEqual((statement.due, statement.settled), (-420, 0))
        statement = self._approve(statement)
        self.assertFalse(statement.is_payable)
        with self.assertRaisesRegex(UserError, "Nothing to settle"):
            statement.action_settle()

    def _free_goods(self, **values):
        gift = self.env["product.product"].create(
            {"name": "Gift", "standard_price": 7, "list_price": 20}
        )
        self.north.user_id = False
        self._sell(self.north, 100, product=gift)
        line = self.env["account.move.line"].search(
            [("partner_id", "=", self.north.id), ("display_type", "=", "product")]
        )
        line.move_id.button_draft()
        line.quantity = 25
        line.move_id.action_post()
        program = self._create_program(
            (0, 1),
            measure="quantity",
            reward="goods",
            multiple=10,
            free_product_id=gift.id,
            uom_id=gift.uom_id.id,
            **values,
        )
        program.action_compute()
        return program, gift

    def test_free_goods_are_an_order_at_no_price(self):
        program, gift = self._free_goods()
        self.assertEqual(program.settlement_form, "free_goods")
        statement = program.statement_ids
        self.assertEqual((statement.due_quantity, statement.settled), (2, 14))
        order = self._settle(statement).order_id
        self.assertRecordValues(
            order.order_line,
            [
                {
                    "product_id": gift.id,
                    "product_uom_qty": 2,
                    "price_unit": 0,
                    "price_total": 0,
                }
            ],
        )
        self.assertEqual((order.state, order.partner_id), ("sale", self.north))
        self.assertEqual(statement.state, "posted")
        self.assertEqual(statement.action_view_move()["res_id"], order.id)
        # Nobody edits what was promised.
        with self.assertRaisesRegex(UserError, "locked order"):
            order.order_line.product_uom_qty = 200
        order.order_line.qty_delivered = 2
        self.assertEqual(statement.state, "paid")
        # The gift earns no gift.
        invoice = order.sudo()._create_invoices()
        invoice.invoice_date = "2024-06-01"
        invoice.action_post()
        self.assertIn("Free goods", invoice.invoice_line_ids.rebate_exclusion)
        program.action_compute()
        self.assertEqual(program.statement_ids, statement)

    def test_cancelled_order_is_settled_again(self):
        program, _gift = self._free_goods()
        statement = program.statement_ids
        first = self._settle(statement).order_id.sudo()
        with self.assertRaisesRegex(UserError, "cannot be settled"):
            statement.with_user(self.finance).action_settle()
        first.action_unlock()
        first.action_cancel()
        self.assertEqual(statement.state, "approved")
        self.assertTrue(statement.is_payable)
        statement.with_user(self.finance).action_settle()
        self.assertNotEqual(statement._get_standing().order_id, first)
        with self.assertRaisesRegex(UserError, "settles rebate"):
            first.unlink()

    def test_goods_that_cost_nothing_are_given_too(self):
        program, gift = self._free_goods()
        gift.standard_price = 0
        program.action_compute()
        statement = program.statement_ids
        self.assertEqual(statement.settled, 0)
        self.assertEqual(self._settle(statement).order_id.order_line.product_uom_qty, 2)

    def test_free_goods_and_form_belong_together(self):
        with self.assertRaisesRegex(ValidationError, "order at no price"):
            self._create_program(settlement_form="free_goods")

    # -- together, offset --------------------------------------------------------------

    def test_several_programs_in_one_document(self):
        self._sell(self.north, 1000)
        self._sell(self.south, 1000)
        programs = self._create_program((0, 2), name="One")
        programs += self._create_program((0, 3), name="Two")
        for program in programs:
            program.action_compute()
        settlements = self._settle(programs.statement_ids, together=True)
        self.assertEqual(len(settlements), 4)
        moves = settlements.move_id
        self.assertEqual(moves.partner_id, self.north + self.south)
        self.assertEqual(moves.mapped("amount_total"), [50, 50])
        self.assertEqual(sorted(moves[0].invoice_line_ids.mapped("balance")), [20, 30])
        self.assertEqual(set(programs.statement_ids.mapped("state")), {"posted"})

    def test_what_is_owed_both_ways_is_netted_in_one_document(self):
        back = self._overpaid(negative_policy="invoice")
        other = self._create_program((0, 50), name="Other")
        other.action_compute()
        both = back + other.statement_ids
        self.assertEqual(sum(both.mapped("settled")), -20)
        move = self._settle(both, together=True).move_id
        self.assertEqual((move.move_type, move.amount_untaxed), ("out_invoice", 20))

    def _wizard(self, statements):
        action = self._approve(statements).action_open_settle()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        return wizard.with_user(self.finance)

    def _pay(self, invoice, amount):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create(
            {"amount": amount, "payment_date": "2024-04-01"}
        ).action_create_payments()

    def test_offset_the_oldest_first(self):
        for day, amount in (("2024-03-01", 30), ("2024-02-01", 40), ("2024-04-01", 50)):
            self._sell(self.north, amount, day)
        self._sell(self.south, 10, "2024-01-01")
        program = self._create_program((0, 50))
        program.action_compute()
        statement = self._statement(program)  # 60 of 120
        wizard = self._wizard(statement)
        self.assertEqual(
            [(line.amount_total, line.is_chosen) for line in wizard.line_ids],
            [(40, True), (30, True), (50, False)],
        )
        wizard.is_offset = True
        wizard.action_settle()
        self.assertEqual(statement.state, "paid")
        moves = wizard.line_ids.move_id
        self.assertEqual(moves.mapped("amount_residual"), [0, 10, 50])

    def test_short_payment_is_matched_first(self):
        """The distributor kept what was due to him."""
        self._sell(self.north, 500, "2024-02-01")
        short = self._sell(self.north, 500, "2024-03-01")
        self._pay(short, 480)
        program = self._create_program((0, 2))
        program.action_compute()
        wizard = self._wizard(program.statement_ids)  # 20
        self.assertEqual(
            [(line.move_id, line.is_short_payment) for line in wizard.line_ids],
            [(short, True), (wizard.line_ids[1].move_id, False)],
        )
        self.assertEqual(wizard.line_ids.mapped("is_chosen"), [True, False])
        wizard.is_offset = True
        wizard.action_settle()
        self.assertEqual(short.amount_residual, 0)
        self.assertIn(short.payment_state, ("paid", "in_payment"))

    def test_short_payment_includes_the_tax(self):
        short = self._sell_taxed(self.north, 1000, self.tax_a)
        self._pay(short, 1150 - 23)
        program = self._create_program((0, 2))
        program.action_compute()
        wizard = self._wizard(program.statement_ids)
        self.assertTrue(wizard.line_ids.is_short_payment)
        wizard.is_offset = True
        wizard.action_settle()
        self.assertEqual(short.amount_residual, 0)

    def test_each_note_goes_where_it_is_missing(self):
        """Two programs, two invoices paid short by just one of them each."""
        one = self._sell(self.north, 500, "2024-02-01")
        two = self._sell(self.north, 500, "2024-03-01")
        programs = self._create_program((0, 3), name="Three")
        programs += self._create_program((0, 5), name="Five")
        self._pay(one, 450)
        self._pay(two, 470)
        for program in programs:
            program.action_compute()
        wizard = self._wizard(programs.statement_ids)
        self.assertEqual(wizard.line_ids.mapped("is_short_payment"), [True, True])
        wizard.is_offset = True
        wizard.action_settle()
        self.assertEqual((one + two).mapped("amount_residual"), [0, 0])
        for invoice, program in ((one, programs[1]), (two, programs[0])):
            note = program.statement_ids.move_id
            partial = note.line_ids.matched_debit_ids
            self.assertEqual(partial.debit_move_id.move_id, invoice)

    def test_only_own_open_invoices_are_offset(self):
        self._sell(self.north, 1000)
        foreign = self._sell(self.south, 1000)
        program = self._create_program((0, 2))
        program.action_compute()
        wizard = self._wizard(self._statement(program))
        wizard.line_ids.move_id = foreign
        wizard.is_offset = True
        with self.assertRaisesRegex(UserError, "cannot be offset"):
            wizard.action_settle()

    def test_invoice_in_another_currency_is_offset_at_its_rate(self):
        currency = self.setup_other_currency(
            "EUR", rates=[("2024-01-01", 2.0), ("2025-01-01", 2.0)]
        )
        invoice = self._sell(self.north, 2000, currency_id=currency.id)
        program = self._create_program((0, 10))
        program.action_compute()
        statement = program.statement_ids
        self.assertEqual(statement.basis, 1000)
        wizard = self._wizard(statement)
        wizard.write({"is_offset": True, "date": "2024-12-31"})
        wizard.action_settle()
        move = statement.move_id
        self.assertEqual(move.currency_id, self.company.currency_id)
        self.assertEqual(move.amount_residual, 0)
        self.assertEqual(invoice.amount_residual, 1800)

    # -- nothing wrong, nothing twice, nothing by the wrong people ---------------------

    def _simple(self):
        self._sell(self.north, 1000)
        program = self._create_program((0, 2))
        program.action_compute()
        return program.statement_ids

    def test_edited_document_is_not_posted_again(self):
        """R17: what settles a statement says what the statement does."""
        statement = self._simple()
        move = self._settle(statement).move_id
        move.button_draft()
        move.invoice_line_ids.price_unit = 999999
        with self.assertRaisesRegex(UserError, "says otherwise"):
            move.action_post()
        move.invoice_line_ids.price_unit = 20
        move.partner_id = self.south
        with self.assertRaisesRegex(UserError, "says otherwise"):
            move.action_post()
        move.partner_id = self.north
        move.action_post()
        self.assertEqual(statement.state, "posted")

    def test_document_and_settlement_are_not_deleted(self):
        statement = self._simple()
        settlement = self._settle(statement)
        move = settlement.move_id
        move.button_draft()
        with self.assertRaisesRegex(UserError, "Cancel it instead"):
            move.with_user(self.finance).unlink()
        with self.assertRaises(AccessError):
            move.with_user(self.finance).is_distributor_rebate = False
        for user in (self.finance, self.channel_admin):
            with self.assertRaises(AccessError):
                settlement.with_user(user).unlink()
            with self.assertRaises(AccessError):
                settlement.with_user(user).amount = 1

    def test_closed_day_is_refused_before_anything_is_written(self):
        statement = self._approve(self._simple())
        self.company.sale_lock_date = "2024-06-30"
        with self.assertRaisesRegex(UserError, "closed period"):
            statement._settle(day=fields.Date.to_date("2024-06-30"))
        self.assertFalse(statement.settlement_ids)
        statement._settle(day=fields.Date.to_date("2024-07-01"))
        self.assertEqual(str(statement.move_id.date), "2024-07-01")

    def test_wizard_is_finance_only(self):
        statement = self._simple()
        self._approve(statement)
        for user in (self.sales_manager, self.channel_admin, self.sales_rep):
            with self.assertRaises(AccessError):
                statement.with_user(user).action_open_settle()
            with self.assertRaises(AccessError):
                self.env["distributor.rebate.settle"].with_user(user).create(
                    {"statement_ids": [Command.set(statement.ids)]}
                )

    def test_journal_of_the_wrong_type(self):
        with self.assertRaisesRegex(ValidationError, "wrong type"):
            self._create_program(
                journal_id=self.company_data["default_journal_purchase"].id
            )

    def test_journal_of_another_company(self):
        other = self.setup_other_company()
        with self.assertRaises(UserError):
            self._create_program(journal_id=other["default_journal_sale"].id)

    def test_defaults_come_from_the_company(self):
        self.company.write(
            {
                "rebate_account_id": self.rebate_account.id,
                "rebate_accrual_basis": "expected",
                "rebate_accrual_account_id": self.liability.id,
            }
        )
        program = self.env["distributor.rebate.program"].create({"name": "New"})
        self.assertRecordValues(
            program,
            [
                {
                    "account_id": self.rebate_account.id,
                    "accrual_basis": "expected",
                    "accrual_account_id": self.liability.id,
                    "tax_policy": "sold",
                    "settlement_form": "credit_note",
                }
            ],
        )
        self.assertEqual(program.accrual_journal_id.type, "general")
        self.assertEqual(program.journal_id.type, "sale")

    def test_settings_are_for_those_who_manage_settings(self):
        with self.assertRaises(AccessError):
            self.env["res.config.settings"].with_user(self.channel_admin).create({})
        settings = self.env["res.config.settings"].create(
            {"rebate_account_id": self.rebate_account.id}
        )
        settings.execute()
        self.assertEqual(self.company.rebate_account_id, self.rebate_account)
