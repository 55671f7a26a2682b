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
    def _new_branch(self, head, name="Branch"):
        return self.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "parent_id": head.id,
                "is_distributor": True,
            }
        )

    def _all_due(self, program):
        """Everything that a program has settled and still owes, by distributor."""
        return {
            partner.name: sum(self._of(program, partner).mapped("due"))
            for partner in program.statement_ids.partner_id
        }

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

    # -- guarantees ------------------------------------------------------------------

    def test_guarantee_is_due_when_the_time_is_over(self):
        """Not on the first day, and not only to who buys in the last month."""
        self._sell(self.north, 1000, "2024-01-15")
        program = self._create_program(
            (0, 10), period_type="month", window_type="quarter", guarantee=500
        )
        for day, expected in (
            ("2024-01-20", [100]),
            ("2024-03-31", [100]),
            ("2024-04-01", [100, 400]),
            ("2024-07-01", [100, 400, 500]),
        ):
            with freeze_time(day):
                program._compute_now()
                self.assertEqual(self._dues(program), expected, day)

    def test_guarantee_follows_one_distributor(self):
        """One is looked at again; the other's statement stays as it was."""
        self._sell(self.north, 10000)
        self._sell(self.south, 20000)
        program = self._create_program(
            (0, 10),
            guarantee=500,
            partner_ids=[Command.set((self.north + self.south).ids)],
        )
        program._compute_now()
        program._compute_statements(self.north.ids)
        self.assertEqual(self._dues(program), [1000])
        self.assertEqual(self._dues(program, self.south), [2000])

    def test_guarantee_is_for_who_takes_part(self):
        """Named and excluded, one has none; nor after he has left."""
        self._sell(self.north, 10000, "2024-02-01")
        program = self._create_program(
            (0, 10),
            period_type="quarter",
            guarantee=500,
            partner_ids=[Command.set((self.north + self.south).ids)],
            excluded_partner_ids=[Command.set(self.south.ids)],
        )
        with freeze_time("2024-03-31"):
            program._compute_now()
        self.assertEqual(program.statement_ids.partner_id, self.north)
        self._approve(program.statement_ids)
        self.north.is_distributor = False
        program._compute_now()
        self.assertEqual(self._dues(program), [1000])

    # -- what changes midway -----------------------------------------------------------

    def test_moved_to_another_head_office(self):
        """What was settled stands on both sides; from the next window on they are
        measured with the new one."""
        branch = self._new_branch(self.north)
        self._sell(self.north, 6000, "2024-02-01")
        self._sell(branch, 6000, "2024-02-01")
        self._sell(self.south, 4000, "2024-02-01")
        for policy, second in (
            # 6,000 alone, and 10,000 together
            ("shared", {"North Trading": 600, "Branch": 1200, "South Trading": 800}),
            ("head", {"North Trading": 600, "South Trading": 2000}),
        ):
            program = self._create_program(
                (0, 10), (10000, 20), period_type="half_year", group_policy=policy
            )
            with freeze_time("2024-07-01"):
                program._compute_now()
            before = self._all_due(program)
            self._approve(program.statement_ids)
            branch.parent_id = self.south
            program._compute_now()
            self.assertEqual(self._all_due(program), before, policy)
            self.assertFalse(any(program.statement_ids.mapped("is_outdated")))
            sales = [
                self._sell(partner, amount, "2024-08-01")
                for partner, amount in (
                    (self.north, 6000),
                    (branch, 6000),
                    (self.south, 4000),
                )
            ]
            program._follow_ledger()
            gained = {
                name: due - before.get(name, 0)
                for name, due in self._all_due(program).items()
            }
            self.assertEqual(gained, second, policy)
            # A late return of the branch is taken back where it was earned.
            self._sell(branch, -6000, "2024-03-01")
            program._compute_statements(branch.ids)
            lost = {
                name: due - before.get(name, 0) - second[name]
                for name, due in self._all_due(program).items()
            }
            if policy == "shared":
                expected = {"North Trading": -600, "Branch": -1200, "South Trading": 0}
            else:
                expected = {"North Trading": -1800, "South Trading": 0}
            self.assertEqual(lost, expected, policy)
            program._compute_now()
            self.assertEqual(
                sum(self._all_due(program).values()),
                sum(before.values()) + sum(second.values()) - 1800,
            )
            self._undo(branch, sales)

    def _undo(self, branch, sales):
        branch.parent_id = self.north
        self._sell(branch, 6000, "2024-03-01")
        for sale in sales:
            sale.button_draft()

    def test_moved_within_a_window(self):
        """Months of a year: what is settled of the year keeps its group to the end."""
        branch = self._new_branch(self.north)
        for partner in (self.north, branch):
            self._sell(partner, 5000, "2024-01-15")
        program = self._create_program(
            (0, 1), (10000, 10), period_type="month", window_type="year"
        )
        with freeze_time("2024-02-01"):
            program._compute_now()
        self._approve(program.statement_ids)
        branch.parent_id = False
        program._compute_now()
        self.assertEqual(self._all_due(program), {"North Trading": 500, "Branch": 500})
        self._sell(branch, 1000, "2024-05-15")
        program._follow_ledger()
        self.assertEqual(self._all_due(program), {"North Trading": 500, "Branch": 600})
        # Taken back, nothing holds them together any more.
        program.statement_ids.filtered(lambda s: s.approval_state != "draft").with_user(
            self.sales_manager
        ).action_reject()
        program._compute_now()
        self.assertEqual(self._all_due(program), {"North Trading": 50, "Branch": 60})

    def test_a_newcomer_in_the_scope_of_a_later_version(self):
        """What he bought under the version before was not promised anything."""
        self._sell(self.north, 1000, "2024-02-01")
        self._sell(self.north, 1000, "2024-08-01")
        program = self._create_program(
            (0, 10), period_type="half_year", partner_ids=[Command.set(self.south.ids)]
        )
        version = self.env["distributor.rebate.program"].browse(
            program.action_new_version()["res_id"]
        )
        version.valid_from = "2024-07-01"
        version.partner_ids = self.south + self.north
        version.action_start()
        program._compute_now()
        self.assertEqual(self._dues(program), [100])
        self._approve(program.statement_ids)
        program._compute_now()
        self.assertEqual(self._dues(program), [100])

    def test_demoted_into_the_scope_of_a_later_version(self):
        """What was settled under the first version stands; the second one follows."""
        gold, silver = self.env["res.partner.grade"].create(
            [{"name": "Gold"}, {"name": "Silver"}]
        )
        self.north.grade_id = gold
        self._sell(self.north, 1000, "2024-02-01")
        program = self._create_program(
            (0, 10), period_type="half_year", grade_ids=[Command.set(gold.ids)]
        )
        version = self.env["distributor.rebate.program"].browse(
            program.action_new_version()["res_id"]
        )
        version.write({"valid_from": "2024-07-01", "grade_ids": silver})
        version.tier_ids.rate = 5
        version.action_start()
        program._compute_now()
        self._approve(program.statement_ids)
        self.north.grade_id = silver
        self._sell(self.north, 1000, "2024-08-01")
        program._compute_now()
        self.assertEqual(self._dues(program), [100, 50])

    def test_left_out_of_a_later_version(self):
        """What is open of the version before is still due."""
        self._sell(self.north, 1000, "2024-02-01")
        self._sell(self.north, 1000, "2024-05-01")
        self._sell(self.north, 1000, "2024-08-01")
        program = self._create_program((0, 10), period_type="quarter")
        version = self.env["distributor.rebate.program"].browse(
            program.action_new_version()["res_id"]
        )
        version.write({"valid_from": "2024-07-01", "excluded_partner_ids": self.north})
        version.action_start()
        program._compute_now()
        self.assertEqual(self._dues(program), [100, 100])
        self._approve(self._of(program)[0])
        program._compute_now()
        self.assertEqual(self._dues(program), [100, 100])

    def test_archived_midway(self):
        """An archived distributor keeps what he earned, and his returns count."""
        invoice = self._sell(self.north, 1000, "2024-02-01")
        program = self._create_program((0, 10), period_type="quarter")
        program._compute_now()
        self._approve(program.statement_ids)
        self.north.active = False
        invoice._reverse_moves([{"invoice_date": "2024-05-01"}], cancel=True)
        program._compute_now()
        self.assertEqual(self._dues(program), [100, -100])

    def test_merged_with_adjustments(self):
        """What somebody approved by hand is not lost with the statement it stood on."""
        self._sell(self.north, 1000)
        self._sell(self.south, 2000)
        program = self._create_program((0, 10))
        program._compute_now()
        for statement in program.statement_ids:
            self._adjust(statement, 7)
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        wizard._merge((self.north + self.south).ids, self.north)
        program._compute_now()
        self.assertEqual(self._dues(program), [314])

    def _adjust(self, statement, amount):
        adjustment = self.env["distributor.rebate.adjustment"].with_user(self.finance)
        adjustment = adjustment.create(
            {"statement_id": statement.id, "amount": amount, "reason": "Agreed"}
        )
        adjustment.with_user(self.sales_manager).action_approve()

    def test_adjusted_supplement_outlives_the_next_period(self):
        """A supplement that was adjusted stays when a new period begins."""
        self._sell(self.north, 1000, "2024-01-15")
        program = self._create_program((0, 10), period_type="month")
        with freeze_time("2024-01-31"):
            program._compute_now()
            self._approve(program.statement_ids)
            self._sell(self.north, 100, "2024-01-20")
            program._compute_now()
            self._adjust(self._of(program)[-1], 5)
        self.assertEqual(self._dues(program), [100, 15])
        with freeze_time("2024-02-10"):
            self._sell(self.north, 200, "2024-02-05")
            program._compute_now()
        self.assertEqual(self._dues(program), [100, 15, 20])

    def test_fiscal_year_changed_after_settlement(self):
        """What was settled in years that were cut otherwise is not paid again."""
        self._sell(self.north, 1000)
        program = self._create_program(
            (0, 10), is_fiscal=True, period_type="year", date_to="2025-12-31"
        )
        company = self.company.sudo()
        company.write({"fiscalyear_last_month": "6", "fiscalyear_last_day": 30})
        self._sell(self.north, 1000, "2024-08-01")
        program._compute_now()
        self._approve(program.statement_ids)
        company.write({"fiscalyear_last_month": "12", "fiscalyear_last_day": 31})
        with self.assertRaisesRegex(UserError, "fiscal year was changed"):
            program._compute_now()
        self.assertEqual(self._dues(program), [100, 100])

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
