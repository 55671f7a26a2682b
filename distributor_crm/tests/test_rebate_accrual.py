# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .rebate_accounting_common import RebateAccountingCommon


@tagged("post_install", "-at_install")
class TestRebateAccrual(RebateAccountingCommon):
    def test_entry_against_the_rebate_account(self):
        self._sell(self.north, 1000)
        self._sell(self.south, 3000)
        program = self._create_accruing((0, 2))
        program.action_compute()
        move = self._accrue("2024-12-31").move_ids
        self.assertRecordValues(
            move,
            [
                {
                    "move_type": "entry",
                    "state": "posted",
                    "rebate_program_id": program.id,
                    "rebate_entry": "accrual",
                    "journal_id": program.accrual_journal_id.id,
                }
            ],
        )
        self.assertEqual(str(move.date), "2024-12-31")
        self.assertEqual(
            sorted(
                (i.account_id.code, i.partner_id.name, i.balance) for i in move.line_ids
            ),
            sorted(
                [
                    (self.liability.code, "North Trading", -20),
                    (self.liability.code, "South Trading", -60),
                    (self.rebate_account.code, "North Trading", 20),
                    (self.rebate_account.code, "South Trading", 60),
                ]
            ),
        )

    def test_second_run_books_nothing(self):
        self._sell(self.north, 1000)
        self._create_accruing((0, 2))
        self.assertTrue(self._accrue("2024-12-31").move_ids)
        self.assertFalse(self._accrue("2024-12-31").move_ids)
        self.assertEqual(self._accrued(), 20)

    def test_partial_settlement_by_month_within_a_year(self):
        """S1: 0, 140, 940, documents posted, accrual taken back as they are."""
        for day, amount in (
            ("2024-10-10", 3000),
            ("2024-11-10", 4000),
            ("2024-12-10", 20000),
        ):
            self._sell(self.north, amount, day)
        program = self._create_accruing(
            (5000, 2), (10000, 4), period_type="month", window_type="year"
        )
        program.action_compute()
        states = []
        for month, day in (("10", "31"), ("11", "30"), ("12", "31")):
            self._accrue(f"2024-{month}-{day}")
            before = self._accrued()
            statement = self._approve(self._statement(program, period=f"2024-{month}"))
            if statement.is_payable:
                statement._settle(day=statement.date_to)
            states.append((statement.settled, before, self._accrued()))
        self.assertEqual(states, [(0, 0, 0), (140, 140, 0), (940, 940, 0)])
        self.assertEqual(
            sum(program.statement_ids.settlement_ids.mapped("amount")), 1080
        )
        # Contra-revenue bears each cent once.
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", self.rebate_account.id),
                ("parent_state", "=", "posted"),
            ]
        )
        self.assertEqual(sum(lines.mapped("balance")), 1080)

    def test_fixed_rate_and_final_true_up(self):
        """S2: 2,000 accrued where nothing is earned; 10,000; at the end −2,500."""
        days = ("2024-02-10", "2024-06-10", "2024-11-10")
        for day, amount in zip(days, (50_000, 100_000, 100_000), strict=True):
            self._sell(self.north, amount, day)
        program = self._create_accruing(
            (100_000, 2), (200_000, 3), basis="fixed", accrual_rate=4
        )
        program.action_compute()
        self.assertEqual(program.statement_ids.earned, 7500)
        self._accrue("2024-02-29")
        self.assertEqual(self._accrued(), 2000)
        self._accrue("2024-11-30")
        self.assertEqual(self._accrued(), 10_000)
        run = self._accrue("2024-12-31")
        self.assertEqual(self._accrued(), 7500)
        line = run.move_ids.line_ids.filtered(
            lambda item: item.account_id == self.liability
        )
        self.assertEqual(line.balance, 2500)
        self._settle(program.statement_ids)
        self.assertEqual(self._accrued(), 0)

    def test_expected_tier_by_the_run_rate(self):
        """A quarter of a leap year: four times as much is expected, 3% instead of 1%."""
        self._sell(self.north, 900_000, "2024-02-10")
        self._create_accruing((0, 1), (1_000_000, 2), (2_500_000, 3), basis="expected")
        self._accrue("2024-03-31")
        self.assertEqual(self._accrued(), 27_000)
        self._accrue("2024-12-31")
        self.assertEqual(self._accrued(), 9000)

    def test_expected_is_the_target(self):
        self._sell(self.north, 50_000, "2024-02-10")
        self._create_accruing(
            (80, 1),
            (100, 2),
            basis="expected",
            scale="target",
            target_ids=[
                Command.create({"partner_id": self.north.id, "amount": 100_000})
            ],
        )
        self._accrue("2024-06-30")
        self.assertEqual(self._accrued(), 1000)

    def test_as_the_ledger_was_on_the_day(self):
        """What was sold, paid and settled after it does not count."""
        self._sell(self.north, 1000, "2024-03-15")
        self._sell(self.north, 500, "2024-04-15")
        program = self._create_accruing((0, 2))
        program.action_compute()
        self._settle(program.statement_ids, day="2024-05-01")
        self._accrue("2024-03-31")
        self.assertEqual(self._accrued(), 20)
        # In May all of it was settled.
        self._accrue("2024-05-31")
        self.assertEqual(self._accrued(), 0)

    def test_reached_tier_as_of_the_day(self):
        self._sell(self.north, 1000, "2024-03-15")
        self._sell(self.north, 9000, "2024-04-15")
        self._create_accruing((0, 2), (10_000, 4))
        self._accrue("2024-03-31")
        self.assertEqual(self._accrued(), 20)
        self._accrue("2024-04-30")
        self.assertEqual(self._accrued(), 400)

    def test_collected_later_is_owed_now(self):
        """What waits for the customer's payment is earned, and accrued."""
        self._sell(self.north, 1000)
        program = self._create_accruing((0, 2), release="collected")
        program.action_compute()
        self.assertEqual(program.statement_ids.due, 0)
        self._accrue("2024-12-31")
        self.assertEqual(self._accrued(), 20)

    def test_settlement_takes_back_exactly_its_part(self):
        """SAP Community 12519607: a partial settlement reverses its accrual."""
        self._sell(self.north, 1000)
        self._sell(self.south, 3000)
        program = self._create_accruing((0, 2))
        program.action_compute()
        self._accrue("2024-12-31")
        statement = self._statement(program)
        settlement = self._settle(statement)
        self.assertEqual(self._accrued(partner=self.north), 0)
        self.assertEqual(self._accrued(partner=self.south), 60)
        entry = settlement.release_move_id
        self.assertRecordValues(
            entry,
            [{"rebate_entry": "release", "rebate_program_id": program.id}],
        )
        self.assertEqual(entry.date, settlement.move_id.date)

    def test_no_more_is_taken_back_than_was_accrued(self):
        self._sell(self.north, 1000)
        program = self._create_accruing((0, 2))
        self._accrue("2024-12-31")
        self._sell(self.north, 500)
        program.action_compute()
        self._settle(program.statement_ids)  # 30, of which 20 were accrued
        self.assertEqual(self._accrued(), 0)
        self.assertFalse(self._accrue("2099-12-31").move_ids)

    def test_nothing_accrued_nothing_taken_back(self):
        self._sell(self.north, 1000)
        program = self._create_accruing((0, 2))
        program.action_compute()
        self.assertFalse(self._settle(program.statement_ids).release_move_id)

    def test_cancelled_or_reversed_document_is_owed_again(self):
        self._sell(self.north, 1000)
        program = self._create_accruing((0, 2))
        program.action_compute()
        self._accrue("2024-12-31")
        statement = program.statement_ids
        move = self._settle(statement, day="2025-01-10").move_id
        self.assertEqual(self._accrued(), 0)
        move.button_draft()
        move.button_cancel()
        self._accrue("2025-01-31")
        self.assertEqual(self._accrued(), 20)
        move = self._settle_again(statement, "2025-02-10")
        self.assertEqual(self._accrued(), 0)
        move._reverse_moves([{"invoice_date": "2025-02-20"}], cancel=True)
        self._accrue("2025-02-28")
        self.assertEqual(self._accrued(), 20)

    def _settle_again(self, statement, day):
        return statement.with_user(self.finance)._settle(day=day).move_id

    def test_overpaid_and_carried_lowers_the_balance(self):
        """P5, carried: −420 is still to be taken off, so the ledger says so."""
        invoice = self._sell(self.north, 2000, "2024-03-15")
        program = self._create_accruing((0, 10), (1000, 25))
        program.action_compute()
        self._settle(program.statement_ids, day="2024-04-01")
        back = invoice._reverse_moves([{"invoice_date": "2024-05-01"}])
        back.invoice_line_ids.price_unit = 1200
        back.action_post()
        self._accrue("2024-12-31")
        self.assertEqual(self._accrued(), -420)

    def test_overpaid_and_invoiced_takes_it_back(self):
        """P5, invoiced: what was accrued as negative goes with the invoice."""
        invoice = self._sell(self.north, 2000, "2024-03-15")
        program = self._create_accruing((0, 10), (1000, 25), negative_policy="invoice")
        program.action_compute()
        self._settle(program.statement_ids, day="2024-04-01")
        back = invoice._reverse_moves([{"invoice_date": "2024-05-01"}])
        back.invoice_line_ids.price_unit = 1200
        back.action_post()
        program.action_compute()
        self._accrue("2024-12-31")
        self.assertEqual(self._accrued(), -420)
        extra = program.statement_ids.filtered("number")
        self.assertEqual(self._settle(extra).move_id.move_type, "out_invoice")
        self.assertEqual(self._accrued(), 0)

    def test_another_account_takes_the_balance_over(self):
        self._sell(self.north, 1000)
        program = self._create_accruing((0, 2))
        self._accrue("2024-12-31")
        other = self.liability.copy({"code": "219901", "name": "Other"})
        program.accrual_account_id = other
        self._accrue("2025-01-31")
        self.assertEqual((self._accrued(), self._accrued(other)), (0, 20))

    def test_free_goods_at_their_cost(self):
        gift = self.env["product.product"].create({"name": "G", "standard_price": 7})
        move = self._sell(self.north, 100, product=gift)
        move.button_draft()
        move.invoice_line_ids.quantity = 25
        move.action_post()
        program = self._create_accruing(
            (0, 1),
            measure="quantity",
            reward="goods",
            multiple=10,
            free_product_id=gift.id,
            uom_id=gift.uom_id.id,
        )
        program.action_compute()
        self._accrue("2024-12-31")
        self.assertEqual(self._accrued(), 14)
        self._settle(program.statement_ids)
        self.assertEqual(self._accrued(), 0)
        self.assertFalse(self._accrue("2099-12-31").move_ids)

    # -- refusals ----------------------------------------------------------------------

    def test_closed_period(self):
        """Clear, and nothing is written."""
        self._sell(self.north, 1000)
        self._create_accruing((0, 2))
        self.company.fiscalyear_lock_date = "2024-12-31"
        run = self.env["distributor.rebate.accrual"].create({"date": "2024-12-31"})
        with self.assertRaisesRegex(UserError, "closed period"):
            run.action_post()
        self.assertEqual((run.state, run.move_count), ("draft", 0))
        run.date = "2025-01-31"
        run.action_post()
        self.assertEqual(self._accrued(), 20)

    def test_wrong_account_types(self):
        wrong = self.company_data["default_account_revenue"]
        with self.assertRaisesRegex(ValidationError, "cannot hold accrued"):
            self._create_accruing(accrual_account_id=wrong.id)
        self.liability.reconcile = True
        with self.assertRaisesRegex(ValidationError, "does not allow reconciliation"):
            self._create_accruing()
        self.liability.reconcile = False
        with self.assertRaisesRegex(ValidationError, "income or expense"):
            self._create_accruing(account_id=self.liability.id)
        with self.assertRaisesRegex(ValidationError, "cannot hold accrued"):
            self.company.rebate_accrual_account_id = wrong

    @mute_logger("odoo.sql_db")
    def test_fixed_rate_needs_a_rate(self):
        with self.assertRaisesRegex(Exception, "accrual_rate_positive"):
            self._create_accruing(basis="fixed")
            self.env.flush_all()

    def test_set_up_is_asked_for_before_anything_is_written(self):
        self._sell(self.north, 1000)
        self._create_accruing((0, 2))
        bare = self._create_accruing((0, 2), name="Bare", accrual_account_id=False)
        run = self.env["distributor.rebate.accrual"].create({"date": "2024-12-31"})
        with self.assertRaisesRegex(UserError, "Bare names no rebate account"):
            run.action_post()
        self.assertEqual(self._accrued(), 0)
        bare.accrual_basis = "none"
        run.action_post()

    def test_no_program_accrues(self):
        self._create_program()
        run = self.env["distributor.rebate.accrual"].create({"date": "2024-12-31"})
        with self.assertRaisesRegex(UserError, "No published program"):
            run.action_post()

    def test_finance_only_and_not_by_hand(self):
        self._sell(self.north, 1000)
        self._create_accruing((0, 2))
        Accrual = self.env["distributor.rebate.accrual"]
        for user in (self.sales_manager, self.channel_admin, self.sales_rep):
            with self.assertRaises(AccessError):
                Accrual.with_user(user).create({"date": "2024-12-31"})
            with self.assertRaises(AccessError):
                Accrual.with_user(user).search([])
        run = Accrual.with_user(self.finance).create(
            {"date": "2024-12-31", "state": "posted"}
        )
        self.assertEqual(run.state, "draft")
        for vals in ({"state": "posted"}, {"move_ids": [Command.clear()]}):
            with self.assertRaises(AccessError):
                run.write(vals)
        run.action_post()
        with self.assertRaises(AccessError):
            run.date = "2025-01-31"
        with self.assertRaisesRegex(UserError, "stays on record"):
            run.unlink()
        with self.assertRaises(AccessError):
            run.move_ids.with_user(self.finance).rebate_program_id = False

    def test_other_companies_are_left_alone(self):
        other = self.setup_other_company()["company"]
        self._sell(self.north, 1000)
        self._create_accruing((0, 2))
        with self.assertRaises(AccessError):
            self.env["distributor.rebate.accrual"].with_user(self.finance).create(
                {"company_id": other.id, "date": "2024-12-31"}
            )
        run = self.env["distributor.rebate.accrual"].create(
            {"company_id": other.id, "date": "2024-12-31"}
        )
        with self.assertRaisesRegex(UserError, "No published program"):
            run.action_post()

    def test_month_end_is_proposed(self):
        with freeze_time("2024-03-05"):
            run = self.env["distributor.rebate.accrual"].create({})
        self.assertEqual(str(run.date), "2024-02-29")
