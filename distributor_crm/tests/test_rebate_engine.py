# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DistributorCommon


class EngineCommon(DistributorCommon):
    """What the tests of the engine share."""

    def _of(self, program, partner=None):
        """The statements of a distributor, in their order."""
        partner = partner or self.north
        found = program.statement_ids.filtered(lambda s: s.partner_id == partner)
        return found.sorted(lambda s: (s.date_from, s.number))

    def _dues(self, program, partner=None):
        return self._of(program, partner).mapped("due")

    def _pay(self, invoice, amount, day="2024-03-20"):
        """A bank payment set against an invoice; returns it."""
        journal = self.company_data["default_journal_bank"]
        kind = "inbound" if invoice.move_type == "out_invoice" else "outbound"
        return (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"amount": amount, "payment_date": day, "journal_id": journal.id})
            ._create_payments()
            .with_context(kind=kind)
        )

    def _approve(self, statements):
        statements.with_user(self.sales_manager).action_approve()

    def _check_evidence(self, program):
        """Line by line, the evidence of all statements is what the ledger says.

        Where nothing is open, what changed without a consequence waits for the next
        statement.
        """
        drafts = program.statement_ids.filtered(lambda s: s.approval_state == "draft")
        lines = self.env["account.move.line"].search(
            [
                ("company_id", "=", self.company.id),
                ("parent_state", "=", "posted"),
                ("display_type", "=", "product"),
                ("move_id.move_type", "in", ("out_invoice", "out_refund")),
                ("move_id.is_distributor_rebate", "=", False),
                ("partner_id.is_distributor", "=", True),
            ]
        )
        expected = {
            line.id: -line.balance
            for line in lines
            if line.partner_id in drafts.partner_id
        }
        found = {}
        for evidence in program.statement_ids.filtered(
            lambda s: s.partner_id in drafts.partner_id
        ).line_ids:
            key = evidence.move_line_key
            found[key] = round(found.get(key, 0) + evidence.amount, 2)
        self.assertEqual({k: v for k, v in found.items() if v}, expected)


@tagged("post_install", "-at_install")
class TestRebateEngine(EngineCommon):
    def test_late_credit_note_over_two_years(self):
        """R10: what last year's invoice earned, its return takes back."""
        invoice = self._sell(self.north, 100000, "2023-12-01")
        program = self._create_program(
            (50000, 6), date_from="2023-01-01", date_to="2024-12-31"
        )
        program._compute_now()
        self._approve(program.statement_ids)
        invoice._reverse_moves([{"invoice_date": "2024-01-10"}], cancel=True)
        program._compute_now()
        self.assertEqual(self._dues(program), [6000, -6000])
        self.assertEqual(self._of(program)[-1].date_from, date(2024, 1, 1))
        self._check_evidence(program)

    def test_unlinked_credit_note_of_a_later_year(self):
        self._sell(self.north, 100000, "2023-12-01")
        self._sell(self.north, -100000, "2024-01-10")
        program = self._create_program(
            (50000, 6), date_from="2023-01-01", date_to="2024-12-31"
        )
        program._compute_now()
        self.assertEqual(self._dues(program), [6000, -6000])

    def test_growth_over_the_period_before(self):
        self._sell(self.north, 1000, "2024-03-31")
        self._sell(self.north, 1200, "2024-04-30")
        program = self._create_program(
            (110, 5), scale="growth", baseline="previous", period_type="month"
        )
        program._compute_now()
        self.assertEqual(self._dues(program), [0, 60])

    def test_target_attainment(self):
        self._sell(self.north, 900)
        program = self._create_program(
            (90, 1),
            (100, 2),
            scale="target",
            target_ids=[Command.create({"partner_id": self.north.id, "amount": 1000})],
        )
        program._compute_now()
        (statement,) = program.statement_ids
        self.assertEqual((statement.measure, statement.due), (90, 9))
        self.assertEqual((statement.missing, statement.progress), (100, 90))

    def test_target_needs_targets(self):
        with self.assertRaisesRegex(UserError, "has none"):
            self._create_program((90, 1), scale="target")

    def test_quantity_in_a_unit(self):
        """Dozens and pieces add up in the program's unit; measured in units, paid on
        the amount, or an amount per unit."""
        dozen = self.env.ref("uom.product_uom_dozen")
        move = self._sell(self.north, 100, product=self.product_a)
        move.button_draft()
        line = move.invoice_line_ids
        line.write({"quantity": 2, "product_uom_id": dozen.id})
        line.price_unit = 100
        move.action_post()
        program = self._create_program((24, 5), measure="quantity")
        program._compute_now()
        (statement,) = program.statement_ids
        self.assertEqual((statement.quantity, statement.basis), (24, 200))
        self.assertEqual(statement.due, 10)
        self.assertEqual(statement.line_ids.quantity, 24)
        program = self._create_program((24, 0.5), measure="quantity", reward="unit")
        program._compute_now()
        self.assertEqual(program.statement_ids.due, 12)

    def test_units_that_do_not_convert_are_refused(self):
        self._sell(self.north, 100, product=self.product_a)
        program = self._create_program(
            (1, 5), measure="quantity", uom_id=self.env.ref("uom.product_uom_kgm").id
        )
        with self.assertRaisesRegex(UserError, "do not convert"):
            program._compute_now()
        self.assertFalse(program.statement_ids)

    def test_free_goods(self):
        """One free for each dozen, due in units, valued at cost; settled units count."""
        self.product_b.standard_price = 3
        self._sell_quantity(30)
        program = self._create_program(
            (0, 1),
            measure="quantity",
            reward="goods",
            multiple=12,
            free_product_id=self.product_b.id,
        )
        program._compute_now()
        self.assertRecordValues(
            program.statement_ids, [{"due_quantity": 2, "due": 6, "earned": 6}]
        )
        self._approve(program.statement_ids)
        self._sell_quantity(6)
        program._compute_now()
        self.assertEqual(self._of(program)[-1].due_quantity, 1)

    def _sell_quantity(self, quantity):
        move = self._sell(self.north, 10, product=self.product_a)
        move.button_draft()
        move.invoice_line_ids.quantity = quantity
        move.action_post()

    def test_collected_amount_by_a_cut_off(self):
        """What was paid until the days of grace are over; later money comes later."""
        invoice = self._sell(self.north, 1000, "2024-01-15")
        self._pay(invoice, 400, "2024-02-05")
        self._pay(invoice, 600, "2024-02-06")
        program = self._create_program(
            (0, 10), measure="collected", period_type="month", grace_days=5
        )
        self.assertEqual(program.basis, "collected")
        program._compute_now()
        self.assertEqual(self._dues(program), [40, 60])
        january, february = self._of(program)
        self.assertEqual((february.period, february.basis), ("2024-02", 0))
        self.assertRecordValues(january.line_ids, [{"amount": 1000, "collected": 400}])
        payment = [{"amount": 0, "collected": 600, "reason": "payment"}]
        self.assertRecordValues(february.line_ids, payment)
        self._approve(january)
        program._compute_now()
        self.assertEqual(self._dues(program), [40, 60])
        self.assertRecordValues(february.line_ids, payment)

    def test_a_credit_note_is_no_payment(self):
        """Set against an invoice it lowers the sale; a write-off is no payment."""
        invoice = self._sell(self.north, 1000)
        refund = self._sell(self.north, -200)
        (invoice + refund).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        self._pay(invoice, 500)
        program = self._create_program((0, 10), measure="collected")
        program._compute_now()
        self.assertEqual(program.statement_ids.collected, 500)
        self.assertEqual(program.statement_ids.due, 50)

    def test_grace_keeps_statements_open(self):
        self._sell(self.north, 1000, "2024-12-01")
        program = self._create_program((0, 10), grace_days=36500)
        program._compute_now()
        with self.assertRaisesRegex(UserError, "grace"):
            self._approve(program.statement_ids)

    def test_statements_are_closed_in_their_order(self):
        self._sell(self.north, 1000, "2024-01-15")
        self._sell(self.north, 1000, "2024-02-15")
        program = self._create_program((0, 10), period_type="month")
        program._compute_now()
        january, february = self._of(program)
        with self.assertRaisesRegex(UserError, "in their order"):
            self._approve(february)
        self._approve(january + february)
        with self.assertRaisesRegex(UserError, "Later statements"):
            january.with_user(self.sales_manager).action_reject()
        (february + january).with_user(self.sales_manager).action_reject()
        self.assertEqual(january.approval_state, "draft")

    def test_head_office_and_branches(self):
        """R02: three times 40,000 reach 100,000 together."""
        branches = self.env["res.partner"].create(
            [
                {
                    "name": f"Branch {number}",
                    "is_company": True,
                    "parent_id": self.north.id,
                    "is_distributor": True,
                }
                for number in (1, 2)
            ]
        )
        group = self.north + branches
        for partner in group:
            self._sell(partner, 40000)
        self._sell(self.south, 40000)
        for policy, expected in (
            ("shared", [1600] * 3),
            ("head", [4800]),
            ("own", [0] * 3),
        ):
            program = self._create_program((100000, 4), group_policy=policy)
            program._compute_now()
            mine = program.statement_ids.filtered(lambda s: s.partner_id in group)
            self.assertEqual(mine.mapped("due"), expected, policy)
            self.assertEqual(self._dues(program, self.south), [0])
            self.assertEqual(len(mine.line_ids), 3)
        self.assertEqual(mine.partner_id, group)

    def test_a_version_does_not_reach_into_closed_statements(self):
        self._sell(self.north, 1000, "2024-03-06")
        program = self._create_program((0, 10), period_type="quarter")
        program._compute_now()
        self._approve(program.statement_ids)
        version = self.env["distributor.rebate.program"].browse(
            program.action_new_version()["res_id"]
        )
        version.valid_from = "2024-03-31"
        with self.assertRaisesRegex(UserError, "2024-03-31"):
            version.action_start()
        version.valid_from = "2024-04-01"
        version.action_start()
        with self.assertRaisesRegex(UserError, "belong to the program"):
            version.sudo().copy({"valid_from": "2024-05-01"}).period_type = "month"

    def test_exclusive_program_keeps_its_sales(self):
        self._sell(self.north, 1000)
        self._sell(self.south, 100)
        first = self._create_program((500, 10), sequence=1, is_exclusive=True)
        second = self._create_program((0, 5), sequence=2)
        (first + second)._compute_now()
        self.assertEqual(self._dues(first), [100])
        self.assertEqual(self._dues(second), [])
        # Below the first tier it earns nothing there, and counts here.
        self.assertEqual(self._dues(second, self.south), [5])

    def test_deleted_and_entered_again(self):
        """C10b: a settled line is deleted, and the invoice posted again."""
        invoice = self._sell(self.north, 300)
        program = self._create_program((0, 10))
        program._compute_now()
        self._approve(program.statement_ids)
        invoice.button_draft()
        invoice.invoice_line_ids = [
            Command.clear(),
            Command.create({"name": "Goods", "price_unit": 300, "tax_ids": False}),
        ]
        invoice.action_post()
        program._compute_now()
        self.assertEqual(self._dues(program), [30])
        self._sell(self.north, 100)
        program._compute_now()
        self.assertEqual(self._dues(program), [30, 10])
        self._check_evidence(program)

    def test_corrected_after_settlement(self):
        """C10: accepted; the difference is in the next statement."""
        invoice = self._sell(self.north, 300)
        program = self._create_program((0, 10))
        program._compute_now()
        self._approve(program.statement_ids)
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 500
        invoice.action_post()
        program._compute_now()
        self.assertEqual(self._dues(program), [30, 20])
        last = self._of(program)[-1]
        self.assertRecordValues(last.line_ids, [{"amount": 200, "reason": "changed"}])

    def test_moved_to_another_distributor(self):
        invoice = self._sell(self.north, 300)
        program = self._create_program((0, 10))
        program._compute_now()
        self._approve(program.statement_ids)
        invoice.button_draft()
        invoice.partner_id = self.south
        invoice.action_post()
        program._follow_ledger()
        self.assertEqual(self._dues(program), [30, -30])
        self.assertEqual(self._dues(program, self.south), [30])
        self._check_evidence(program)

    def test_half_months_hold_all_their_days(self):
        """C08: the second half of January ends on the 31st."""
        self._sell(self.north, 1000, "2024-01-31")
        program = self._create_program((0, 10), period_type="half_month")
        program._compute_now()
        (found,) = program.statement_ids
        self.assertEqual(
            (found.date_from, found.date_to), (date(2024, 1, 16), date(2024, 1, 31))
        )

    def test_fiscal_years(self):
        self.company.fiscalyear_last_month = "3"
        self._sell(self.north, 1000, "2024-03-31")
        self._sell(self.north, 1000, "2024-04-01")
        program = self._create_program(
            (0, 10), is_fiscal=True, date_from="2023-04-01", date_to="2025-03-31"
        )
        program._compute_now()
        self.assertEqual(
            self._of(program).mapped("period"),
            ["2023-04-01 – 2024-03-31", "2024-04-01 – 2025-03-31"],
        )

    def test_adjustment_needs_a_second_person(self):
        self._sell(self.north, 1000)
        program = self._create_program((0, 10))
        program._compute_now()
        (statement,) = program.statement_ids
        adjustment = self.env["distributor.rebate.adjustment"].with_user(
            self.sales_manager
        )
        adjustment = adjustment.create(
            {"statement_id": statement.id, "amount": -7, "reason": "Agreed by phone"}
        )
        with self.assertRaisesRegex(UserError, "Decide on the adjustments"):
            self._approve(statement)
        with self.assertRaisesRegex(UserError, "his own"):
            adjustment.action_approve()
        adjustment.with_user(self.channel_admin).action_approve()
        self.assertRecordValues(statement, [{"adjustment": -7, "due": 93}])
        self._approve(statement)
        self._sell(self.north, 100)
        program._compute_now()
        # It came on top: the next statement neither repeats it nor takes it back.
        self.assertEqual(self._dues(program), [93, 10])

    def test_seal_tells_what_was_changed_in_the_database(self):
        self._sell(self.north, 1000)
        program = self._create_program((0, 10))
        program._compute_now()
        (statement,) = program.statement_ids
        self._approve(statement)
        self.assertEqual(len(statement.checksum), 64)
        statement.action_verify()
        self.env.cr.execute("UPDATE distributor_rebate_line SET amount = amount + 1")
        with self.assertRaisesRegex(UserError, "not those that were approved"):
            statement.action_verify()

    def test_out_of_scope_later_keeps_what_was_settled(self):
        """Demoted in July, a distributor keeps the first half-year, and earns no more."""
        gold, plain = self.env["res.partner.grade"].create(
            [{"name": "Gold"}, {"name": "Plain"}]
        )
        self.north.grade_id = gold
        self._sell(self.north, 1000, "2024-02-01")
        program = self._create_program(
            (0, 10), period_type="half_year", grade_ids=[Command.set(gold.ids)]
        )
        program._compute_now()
        self._approve(program.statement_ids)
        self.north.grade_id = plain
        self._sell(self.north, 1000, "2024-08-01")
        program._compute_now()
        self.assertEqual(self._dues(program), [100])
        self.assertFalse(program.statement_ids.is_outdated)

    def test_merged_distributors_keep_their_statements(self):
        """Settled statements of both stand; nothing is due twice or taken back."""
        self._sell(self.north, 1000)
        self._sell(self.south, 2000)
        program = self._create_program((0, 10))
        program._compute_now()
        self._approve(program.statement_ids)
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        wizard._merge((self.north + self.south).ids, self.north)
        program._compute_now()
        self.assertEqual(self._dues(program), [100, 200])
        self._sell(self.north, 500)
        program._compute_now()
        self.assertEqual(self._dues(program), [100, 200, 50])
        program.statement_ids.action_verify()

    def test_programs_are_published_by_their_admins_alone(self):
        program = self._create_program((0, 10), start=False)
        finance = program.with_user(self.finance)
        for act in (
            finance.action_start,
            lambda: finance.write({"state": "running"}),
            lambda: program.with_user(self.channel_admin).write({"state": "running"}),
            lambda: finance.write({"watermark": False}),
        ):
            with self.assertRaises(AccessError):
                act()
        forged = program.with_user(self.channel_admin).create(
            {"name": "Forged", "state": "running"}
        )
        self.assertEqual(forged.state, "draft")
        program.with_user(self.channel_admin).action_start()
        self.assertEqual(program.state, "running")

    def test_excluded_by_hand(self):
        """A line with a reason counts nowhere; the ledger's followers notice."""
        invoice = self._sell(self.north, 1000)
        program = self._create_program((0, 10))
        program._compute_now()
        invoice.invoice_line_ids.rebate_exclusion = "Sold at a special price"
        program._follow_ledger()
        self.assertFalse(program.statement_ids)
        invoice.invoice_line_ids.rebate_exclusion = False
        program._follow_ledger()
        self.assertEqual(self._dues(program), [100])
