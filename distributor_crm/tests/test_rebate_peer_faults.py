# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What other addons get wrong, done right.

R: rebates; C: commissions. Rows that are not here are named in the tests of the engine,
of the worked examples, of settlements, of access and of processes at once.
"""

from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_rebate_engine import EngineCommon


@tagged("post_install", "-at_install")
class TestRebatePeerFaults(EngineCommon):
    # -- tiers -----------------------------------------------------------------------

    def test_amount_on_a_tier_bound(self):
        """R04: it belongs to the higher tier, and stops nobody's run."""
        self._sell(self.north, 100)
        self._sell(self.south, 5000)
        program = self._create_program((0, 10), (100, 20))
        program._compute_now()
        self.assertEqual(self._dues(program), [20])
        self.assertEqual(self._dues(program, self.south), [1000])

    def test_no_gap_between_tiers(self):
        """R06: a tier ends where the next one starts; cents in between count."""
        self._sell(self.north, 1000.50)
        program = self._create_program((0, 1), (1001, 2))
        program._compute_now()
        self.assertEqual(self._dues(program), [10.01])

    @mute_logger("odoo.sql_db")
    def test_overlapping_tiers_are_refused(self):
        """R07: two tiers from one amount; inverted ones cannot be entered at all."""
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self._create_program((100, 1), (100, 2))
        program = self._create_program((500, 2), (100, 1))
        self._sell(self.north, 499)
        program._compute_now()
        self.assertEqual(self._dues(program), [4.99])

    def test_tier_of_the_whole_turnover(self):
        """C01: nine invoices of 1,000 are in the tier of 9,000, each of them."""
        for month in range(1, 10):
            self._sell(self.north, 1000, f"2024-{month:02}-10")
        program = self._create_program((0, 1), (5000, 4))
        program._compute_now()
        self.assertEqual(self._dues(program), [360])

    def test_rounded_once(self):
        """C14: fifty lines of 0.16 at 3% are 0.24, though each alone is nothing."""
        move = self._sell(self.north, 0.16)
        move.button_draft()
        line = {"name": "Goods", "price_unit": 0.16, "tax_ids": False}
        move.invoice_line_ids = [Command.create(line) for _n in range(49)]
        move.action_post()
        program = self._create_program((0, 3))
        program._compute_now()
        self.assertEqual(self._dues(program), [0.24])
        self.assertEqual(program.statement_ids.line_count, 50)

    def test_product_in_two_scopes(self):
        """R21: named itself, by its category and by its tag, a product counts once."""
        tag = self.env["product.tag"].create({"name": "Season"})
        self.product_a.product_tag_ids = tag
        self._sell(self.north, 1000, product=self.product_a)
        program = self._create_program(
            (0, 10),
            product_ids=[Command.set(self.product_a.ids)],
            product_categ_ids=[Command.set(self.product_a.categ_id.ids)],
            product_tag_ids=[Command.set(tag.ids)],
        )
        program._compute_now()
        self.assertRecordValues(program.statement_ids, [{"basis": 1000, "due": 100}])

    # -- whose ------------------------------------------------------------------------

    def test_addresses_count_once(self):
        """R19: what is added by hand counts once, however many contacts are invoiced."""
        contacts = self.env["res.partner"].create(
            [
                {"name": f"Shop {n}", "parent_id": self.north.id, "type": "invoice"}
                for n in range(3)
            ]
        )
        for contact in contacts:
            self._sell(contact, 1000)
        program = self._create_program((0, 10))
        program._compute_now()
        (statement,) = program.statement_ids
        self.assertEqual((statement.partner_id, statement.due), (self.north, 300))
        self._adjust(statement, 1000)
        self.assertEqual(self._dues(program), [1300])

    def _adjust(self, statement, amount):
        adjustment = self.env["distributor.rebate.adjustment"].with_user(self.finance)
        adjustment = adjustment.create(
            {
                "statement_id": statement.id,
                "amount": amount,
                "reason": "Bought elsewhere",
            }
        )
        adjustment.with_user(self.sales_manager).action_approve()
        return adjustment

    def test_contact_changes_company(self):
        """C12: invoices stay with the distributor they were made out to."""
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.north.id}
        )
        self._sell(contact, 1000)
        contact.parent_id = self.south
        self._sell(contact, 500)
        program = self._create_program((0, 10))
        program._compute_now()
        self.assertEqual(self._dues(program), [100])
        self.assertEqual(self._dues(program, self.south), [50])
        program._compute_statements(self.north.ids)
        self.assertEqual(self._dues(program), [100])

    # -- when -------------------------------------------------------------------------

    @freeze_time("2024-12-31")
    def test_last_day_of_a_period(self):
        """C02: settled up to a day, a period that ends on that day is in."""
        self._sell(self.north, 1000, "2024-12-15")
        program = self._create_program((0, 10), period_type="month")
        program._compute_now()
        self.assertEqual(self._of(program).date_to, date(2024, 12, 31))
        self._approve(program.statement_ids)
        self.assertEqual(self._dues(program), [100])

    def test_quarter_then_year(self):
        """R13: what a quarter was paid is taken off the year, and only that."""
        self._sell(self.north, 1000, "2024-02-01")
        program = self._create_program(
            (0, 5), (5000, 10), period_type="quarter", window_type="year"
        )
        program._compute_now()
        self._approve(program.statement_ids)
        self.assertEqual(self._dues(program), [50])
        self._sell(self.north, 9000, "2024-11-01")
        program._compute_now()
        self.assertEqual(self._dues(program), [50, 950])

    def test_late_invoice_in_a_settled_period(self):
        """C09b: a new statement says so, the settled one does not move."""
        self._sell(self.north, 300, "2024-01-10")
        program = self._create_program((0, 10), period_type="month")
        program._compute_now()
        (january,) = program.statement_ids
        self._approve(january)
        self._sell(self.north, 150, "2024-01-20")
        program._compute_now()
        february = self._of(program)[-1]
        self.assertRecordValues(
            january + february,
            [
                {"basis": 300, "due": 30, "is_outdated": True},
                {"basis": 0, "due": 15, "is_outdated": False},
            ],
        )
        self.assertRecordValues(february.line_ids, [{"amount": 150, "reason": "late"}])
        january.action_verify()

    # -- paid -------------------------------------------------------------------------

    def test_unpaid_invoice_releases_nothing(self):
        """R08: where rebates wait for the money, nothing is due before it."""
        self._sell(self.north, 1000)
        program = self._create_program((0, 10), release="collected")
        program._compute_now()
        self.assertRecordValues(
            program.statement_ids, [{"earned": 100, "released": 0, "due": 0}]
        )

    def test_almost_paid(self):
        """C03: 99% of the money releases 99% of the rebate."""
        invoice = self._sell(self.north, 1000)
        self._pay(invoice, 990)
        program = self._create_program((0, 5), release="collected")
        program._compute_now()
        self.assertEqual(self._dues(program), [49.5])

    def test_payment_bounces(self):
        """C04: what a bounced payment had released is taken back."""
        invoice = self._sell(self.north, 1000)
        payment = self._pay(invoice, 1000)
        program = self._create_program(
            (0, 5), release="collected", negative_policy="invoice"
        )
        program._compute_now()
        self._approve(program.statement_ids)
        payment.action_draft()
        program._compute_now()
        self.assertEqual(program.statement_ids.mapped("due"), [-50, 50])
        payment.action_cancel()
        program._follow_ledger()
        self.assertEqual(program.statement_ids.mapped("due"), [-50, 50])
        self.assertEqual(sum(program.statement_ids.mapped("settled")), 0)

    # -- settled ----------------------------------------------------------------------

    def _settled(self):
        """A statement of 1,000 that is settled, and its program."""
        self._sell(self.north, 10000)
        program = self._create_program((0, 10))
        program._compute_now()
        statement = program.statement_ids
        self._approve(statement)
        statement.with_user(self.finance).action_settle()
        return program, statement

    def test_a_rebate_is_a_credit_note(self):
        """R16: what the distributor is owed is credited, not invoiced to him."""
        _program, statement = self._settled()
        self.assertEqual(statement.move_id.move_type, "out_refund")
        self.assertEqual(statement.move_id.amount_total, 1000)

    def test_settled_statements_are_not_edited(self):
        """R17b: neither figures nor evidence, by nobody."""
        _program, statement = self._settled()
        for user in (self.sales_manager, self.channel_admin, self.finance):
            with self.assertRaises(AccessError):
                statement.with_user(user).write({"settled": 999999})
            with self.assertRaises(AccessError):
                statement.line_ids.with_user(user).write({"amount": 999999})
            with self.assertRaises(AccessError):
                statement.settlement_ids.with_user(user).write({"amount": 999999})

    def test_settled_statements_are_not_deleted(self):
        """R17c: nor what settles them, nor their program."""
        program, statement = self._settled()
        for user in (self.sales_manager, self.channel_admin, self.finance):
            for record in (statement, statement.settlement_ids, statement.line_ids):
                with self.assertRaises(AccessError):
                    record.with_user(user).unlink()
        with self.assertRaisesRegex(UserError, "Only draft"):
            statement.sudo().unlink()
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            program.unlink()

    def test_details_of_a_settlement_stay(self):
        """R20: the details of 1,000 are those of 1,000, whatever is invoiced later."""
        program, statement = self._settled()
        self._sell(self.north, 7000)
        program._compute_now()
        domain = statement.action_view_lines()["domain"]
        lines = self.env["distributor.rebate.line"].search(domain)
        self.assertEqual(sum(lines.mapped("amount")), 10000)
        self.assertEqual(self._dues(program), [1000, 700])
