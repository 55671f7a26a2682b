# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What is entered wrong, or changes midway: refused, or handled as one would expect."""

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_rebate_engine import EngineCommon


@tagged("post_install", "-at_install")
class TestRebateBadInput(EngineCommon):
    # -- terms -----------------------------------------------------------------------

    def test_a_rate_of_nothing_earns_nothing(self):
        """A tier may pay nothing; the next one pays on everything."""
        self._sell(self.north, 1000)
        self._sell(self.south, 3000)
        program = self._create_program((0, 0), (2000, 1))
        program._compute_now()
        self.assertEqual(self._dues(program), [0])
        self.assertEqual(self._dues(program, self.south), [30])

    @mute_logger("odoo.sql_db")
    def test_limits_and_multiples_below_zero(self):
        for values in (
            {"minimum": -1},
            {"maximum": -1},
            {"guarantee": -1},
            {"grace_days": -1},
            {
                "measure": "quantity",
                "reward": "goods",
                "multiple": 0,
                "free_product_id": self.product_a.id,
            },
        ):
            with self.assertRaises(IntegrityError), self.cr.savepoint():
                self._create_program((0, 1), **values)

    def test_terms_that_do_not_fit_together(self):
        for values in (
            {"basis": "growth"},
            {"reward": "unit", "basis": "amount"},
            {"reward": "goods", "measure": "quantity"},
            {"reward": "lump", "method": "incremental"},
            {"period_type": "year", "window_type": "month"},
        ):
            with self.assertRaises(ValidationError, msg=values):
                self._create_program((0, 1), start=False, **values)

    def test_a_program_of_one_day(self):
        self._sell(self.north, 100, "2024-03-14")
        self._sell(self.north, 1000, "2024-03-15")
        program = self._create_program(
            (0, 10), date_from="2024-03-15", date_to="2024-03-15", period_type="month"
        )
        program._compute_now()
        self.assertEqual(self._dues(program), [100])

    def test_a_program_that_has_not_begun(self):
        program = self._create_program(
            (0, 10), date_from="2098-01-01", date_to="2098-12-31", guarantee=100
        )
        program._compute_now()
        self.assertFalse(program.statement_ids)

    def test_fifty_years_of_half_months(self):
        """However finely time is cut."""
        self._sell(self.north, 1000, "2024-03-15")
        program = self._create_program(
            (0, 10), date_from="1970-01-01", period_type="half_month"
        )
        program._compute_now()
        self.assertEqual(self._dues(program), [100])

    # -- units, currencies, accounts -------------------------------------------------

    def test_mixed_units_are_refused_before_anything_is_written(self):
        """One product by the piece, one by weight: the message names the wrong one."""
        self.product_b.uom_id = self.env.ref("uom.product_uom_kgm")
        self._sell(self.north, 100, product=self.product_a)
        self._sell(self.south, 100, product=self.product_b)
        program = self._create_program((1, 5), measure="quantity")
        with self.assertRaisesRegex(UserError, self.product_b.name):
            program._compute_now()
        self.assertFalse(program.statement_ids)
        program.action_reset_to_draft()
        program.excluded_product_ids = self.product_b
        program.action_start()
        program._compute_now()
        self.assertEqual(program.statement_ids.partner_id, self.north)

    def test_what_has_no_unit_is_not_counted_in_one(self):
        """A line of text and a price, without a product and a unit, is no quantity."""
        self._sell(self.north, 100)
        self._sell(self.north, 100, product=self.product_a)
        program = self._create_program((1, 5), measure="quantity")
        program._compute_now()
        self.assertRecordValues(
            program.statement_ids, [{"quantity": 1, "basis": 100, "due": 5}]
        )

    def test_currency_without_a_rate(self):
        """The ledger's amount counts, whatever rate Odoo took for it."""
        currency = self.env["res.currency"].create({"name": "XQQ", "symbol": "Q"})
        invoice = self._sell(self.north, 1000, currency_id=currency.id)
        program = self._create_program((0, 10))
        program._compute_now()
        booked = -sum(invoice.invoice_line_ids.mapped("balance"))
        self.assertRecordValues(
            program.statement_ids, [{"basis": booked, "due": booked / 10}]
        )

    def test_paid_in_another_currency(self):
        """Half of the invoice's currency is half of the rebate, whatever the rates."""
        currency = self.setup_other_currency(
            "EUR", rates=[("2024-01-01", 2.0), ("2024-03-18", 4.0)]
        )
        invoice = self._sell(self.north, 3000, currency_id=currency.id)
        self._pay(invoice, 1500)
        self.assertEqual(invoice.amount_residual, 1500)
        for values in ({"release": "collected"}, {"measure": "collected"}):
            program = self._create_program((0, 10), **values)
            program._compute_now()
            self.assertEqual(self._dues(program), [75], values)

    @freeze_time("2024-12-31")
    def test_settled_in_a_closed_period(self):
        """Refused before anything is written; after the lock it goes through."""
        self._sell(self.north, 1000)
        program = self._create_program((0, 10))
        program._compute_now()
        self._approve(program.statement_ids)
        self.company.sudo().fiscalyear_lock_date = "2024-12-31"
        statement = program.statement_ids.with_user(self.finance)
        with self.assertRaisesRegex(UserError, "closed period"):
            statement.action_settle()
        self.assertFalse(statement.move_id)
        with freeze_time("2025-01-02"):
            statement.action_settle()
        self.assertEqual(statement.move_id.state, "posted")

    def test_free_goods_keep_their_worth(self):
        """A new cost of the product changes nothing of what was settled in units; and
        no amount of money is added to them."""
        self.product_b.standard_price = 3
        self._sell(self.north, 10, product=self.product_a)
        program = self._create_program(
            (0, 1),
            measure="quantity",
            reward="goods",
            free_product_id=self.product_b.id,
        )
        program._compute_now()
        (statement,) = program.statement_ids
        self._approve(statement)
        self.product_b.standard_price = 4
        program._compute_now()
        self.assertRecordValues(
            program.statement_ids, [{"due": 3, "recomputed": 3, "is_outdated": False}]
        )
        self._sell(self.north, -10, product=self.product_a)
        program._compute_now()
        self.assertRecordValues(statement, [{"recomputed": 0, "is_outdated": True}])
        with self.assertRaisesRegex(UserError, "free goods"):
            self._adjust(self._of(program)[-1], 5)

    # -- runs -------------------------------------------------------------------------

    def test_program_changed_while_a_run_works(self):
        """A program that is taken back before its turn is left alone; the run ends."""
        self._sell(self.north, 1000)
        one = self._create_program((0, 10))
        other = self._create_program((0, 5))
        run = self.env["distributor.rebate.run"]._start(one + other).sudo()
        run.step_ids[0]._work()
        other.action_reset_to_draft()
        other.tier_ids.rate = 7
        run.step_ids[1]._work()
        self.assertEqual(run.state, "done")
        self.assertEqual((self._dues(one), self._dues(other)), ([100], []))
        other.action_start()
        other._compute_now()
        self.assertEqual(self._dues(other), [70])

    def test_a_program_that_cannot_be_computed_stops_no_other(self):
        """Its step tells why; the others are computed, and the run may be resumed."""
        self._sell(self.north, 1000, product=self.product_a)
        kilo = self.env.ref("uom.product_uom_kgm")
        wrong = self._create_program((0, 1), measure="quantity", uom_id=kilo.id)
        right = self._create_program((0, 10), sequence=20)
        run = self.env["distributor.rebate.run"]._start(wrong + right).sudo()
        for step in run.step_ids:
            step._work()
        self.assertEqual(run.state, "failed")
        self.assertIn("do not convert", run.message)
        self.assertEqual(self._dues(right), [100])
        self.assertFalse(wrong.statement_ids)

    # -- companies ---------------------------------------------------------------------

    def test_branches_of_companies_are_apart(self):
        """The program of a company counts its sales; its branch's have their own."""
        branch = (
            self.env["res.company"]
            .sudo()  # the set-up of companies is not what is tested
            .create({"name": "Our branch", "parent_id": self.company.id})
        )
        self.env.user.company_ids += branch
        self.env["account.journal"].sudo().create(
            {
                "name": "Branch sales",
                "code": "BRS",
                "type": "sale",
                "company_id": branch.id,
                "default_account_id": self.company_data["default_account_revenue"].id,
            }
        )
        self.north.with_company(
            branch
        ).property_account_receivable_id = self.company_data[
            "default_account_receivable"
        ]
        both = self.env(context={"allowed_company_ids": (self.company + branch).ids})
        move = both["account.move"].with_company(branch)
        move = move.create(
            {
                "move_type": "out_invoice",
                "partner_id": self.north.id,
                "invoice_date": "2024-03-15",
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Goods", "price_unit": 300, "tax_ids": False}
                    )
                ],
            }
        )
        move.action_post()
        self.assertEqual(move.company_id, branch)
        self._sell(self.north, 1000)
        above = self._create_program((0, 10))
        below = self._create_program((0, 10), start=False)
        below.sudo().write({"account_id": False, "company_id": branch.id})
        below.action_start()
        (above + below).with_env(both)._compute_now()
        self.assertEqual((self._dues(above), self._dues(below)), ([100], [30]))
