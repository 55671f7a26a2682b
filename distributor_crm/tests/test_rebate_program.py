# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import DistributorCommon


@tagged("post_install", "-at_install")
class TestRebateProgram(DistributorCommon):
    def assertStatements(self, program, *expected):
        """Compare (distributor, period, basis, rebate) of all statements."""
        found = {
            (s.partner_id.name, s.period, s.basis, s.earned)
            for s in program.statement_ids
        }
        self.assertEqual(found, {(p.name, label, b, e) for p, label, b, e in expected})

    def assertEvidence(self, statements):
        """The evidence adds up to the basis, to the cent."""
        for statement in statements:
            lines = statement.line_ids
            self.assertEqual(len(lines), statement.line_count)
            self.assertFalse(
                statement.currency_id.compare_amounts(
                    sum(lines.mapped("amount")), statement.basis
                )
            )

    def test_only_sales_in_period_and_scope_count(self):
        self._sell(self.north, 1500, "2024-01-01")
        self._sell(self.north, 700, "2024-12-31")
        self._sell(self.north, 5000, "2023-12-31")
        self._sell(self.north, 5000, "2025-01-01")
        self._sell(self.south, 999.99)
        self._sell(self.partner_a, 5000)  # no distributor
        draft = self._sell(self.south, 5000)
        draft.button_draft()
        program = self._create_program()
        program.action_compute()
        self.assertStatements(
            program,
            (self.north, "2024", 2200, 44),
            (self.south, "2024", 999.99, 0),
        )
        self.assertEvidence(program.statement_ids)
        south = program.statement_ids.filtered(lambda s: s.partner_id == self.south)
        self.assertEqual(south.missing, 0.01)
        self.assertFalse(south.tier_id)
        self.assertRecordValues(
            program,
            [
                {
                    "statement_count": 2,
                    "earning_count": 1,
                    "basis_total": 3199.99,
                    "earned_total": 44,
                }
            ],
        )

    def test_returns_subtract(self):
        invoice = self._sell(self.north, 3000)
        self._sell(self.north, -1200)
        reversed_invoice = self._sell(self.north, 10000)
        reversed_invoice._reverse_moves([{"invoice_date": "2024-05-01"}], cancel=True)
        program = self._create_program()
        program.action_compute()
        self.assertStatements(program, (self.north, "2024", 1800, 18))
        self.assertEvidence(program.statement_ids)
        self.assertIn(invoice, program.statement_ids.line_ids.move_id)

    def test_fully_reversed_earns_zero(self):
        """Neither rebate nor claw-back remains of a reversed invoice."""
        self._sell(self.north, 3000)._reverse_moves(
            [{"invoice_date": "2024-05-01"}], cancel=True
        )
        program = self._create_program((0, 5))
        program.action_compute()
        self.assertStatements(program, (self.north, "2024", 0, 0))

    def test_contacts_count_for_their_company(self):
        branch = self.env["res.partner"].create(
            {"name": "Branch", "parent_id": self.north.id, "type": "invoice"}
        )
        self._sell(self.north, 600)
        self._sell(branch, 600)
        program = self._create_program()
        program.action_compute()
        self.assertStatements(program, (self.north, "2024", 1200, 12))

    def test_tax_and_currency_stay_out(self):
        """The basis is without tax, in company currency by the ledger's rate."""
        currency = self.setup_other_currency("EUR", rates=[("2024-01-01", 2.0)])
        move = self._sell(self.north, 3000, currency_id=currency.id)
        move.button_draft()
        move.invoice_line_ids.tax_ids = self.tax_sale_a
        move.action_post()
        self.assertGreater(move.amount_total, 3000)
        program = self._create_program()
        program.action_compute()
        self.assertStatements(program, (self.north, "2024", 1500, 15))

    def test_periods_have_their_own_statements(self):
        self._sell(self.north, 1000, "2024-03-31")
        self._sell(self.north, 2000, "2024-04-01")
        program = self._create_program(period_type="quarter")
        program.action_compute()
        self.assertStatements(
            program,
            (self.north, "2024-Q1", 1000, 10),
            (self.north, "2024-Q2", 2000, 40),
        )
        self.assertEvidence(program.statement_ids)

    @freeze_time("2024-05-10")
    def test_periods_to_come_are_not_computed(self):
        self._sell(self.north, 1000, "2024-05-02")
        program = self._create_program(period_type="month")
        program.action_compute()
        self.assertEqual(program.statement_ids.mapped("period"), ["2024-05"])
        self.assertEqual(len(program._get_periods()), 5)

    def test_incremental(self):
        self._sell(self.north, 3500)
        program = self._create_program(method="incremental")
        program.action_compute()
        self.assertStatements(program, (self.north, "2024", 3500, 40))

    def test_running_again_changes_nothing(self):
        self._sell(self.north, 1500)
        program = self._create_program()
        program.action_compute()
        before = program.statement_ids.read()
        lines = program.statement_ids.line_ids.ids
        program.action_compute()
        self.assertEqual(program.statement_ids.read(), before)
        self.assertEqual(program.statement_ids.line_ids.ids, lines)

    def test_draft_statements_follow_the_ledger(self):
        invoice = self._sell(self.north, 1500)
        self._sell(self.south, 1000)
        program = self._create_program()
        program.action_compute()
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 2500
        invoice.action_post()
        self._sell(self.north, 100)
        program.action_compute()
        self.assertStatements(
            program, (self.north, "2024", 2600, 52), (self.south, "2024", 1000, 10)
        )
        self.assertEvidence(program.statement_ids)
        invoice.button_draft()
        program.action_compute()
        self.assertEvidence(program.statement_ids)
        # Nothing left behind for a distributor whose sales are gone
        south_moves = self.env["account.move"].search(
            [("partner_id", "=", self.south.id)]
        )
        south_moves.button_draft()
        program.action_compute()
        self.assertStatements(program, (self.north, "2024", 100, 0))

    def test_submitted_statements_stand(self):
        """What comes later is in a statement of its own, with its reason."""
        self._sell(self.north, 1500)
        program = self._create_program()
        program.action_compute()
        closed = program.statement_ids
        closed.action_submit()
        self._sell(self.north, 1500)
        program.action_compute()
        self.assertRecordValues(closed, [{"basis": 1500, "due": 15, "recomputed": 60}])
        self.assertTrue(closed.is_outdated)
        self.assertEvidence(closed)
        supplement = program.statement_ids - closed
        self.assertRecordValues(
            supplement, [{"number": 1, "basis": 0, "true_up": 0, "due": 45}]
        )
        self.assertRecordValues(
            supplement.line_ids, [{"amount": 1500, "reason": "late"}]
        )

    def test_distributor_scope(self):
        gold, plain = self.env["res.partner.grade"].create(
            [{"name": "Gold"}, {"name": "Plain", "is_rebate_eligible": False}]
        )
        self.north.write({"grade_id": gold.id, "country_id": self.env.ref("base.us")})
        tag = self.env["res.partner.category"].create({"name": "Key"})
        self.south.category_id = tag
        self._sell(self.north, 1000)
        self._sell(self.south, 1000)
        both = self.north + self.south
        for expected, values in (
            (both, {}),
            (self.north, {"grade_ids": gold.ids}),
            (self.south, {"partner_tag_ids": tag.ids}),
            (self.north, {"country_ids": self.env.ref("base.us").ids}),
            (self.south, {"partner_ids": self.south.ids}),
            (self.north, {"excluded_partner_ids": self.south.ids}),
        ):
            program = self._create_program(
                **{name: [Command.set(ids)] for name, ids in values.items()}
            )
            program.action_compute()
            self.assertEqual(program.statement_ids.partner_id, expected, values)
        self.north.grade_id = plain
        program = self._create_program()
        program.action_compute()
        self.assertEqual(program.statement_ids.partner_id, self.south)

    def test_archived_distributor_keeps_his_rebate(self):
        self._sell(self.north, 1000)
        self.north.active = False
        program = self._create_program()
        program.action_compute()
        self.assertStatements(program, (self.north, "2024", 1000, 10))

    def test_product_scope(self):
        parent = self.env["product.category"].create({"name": "Bikes"})
        child = self.env["product.category"].create(
            {"name": "Road", "parent_id": parent.id}
        )
        bike, gift = self.product_a, self.product_b
        bike.categ_id = child
        for amount, product in ((1000, bike), (2000, gift), (4000, None)):
            self._sell(self.north, amount, product=product)
        for expected, values in (
            (7000, {}),
            (1000, {"product_categ_ids": parent.ids}),
            (2000, {"product_ids": gift.ids}),
            (3000, {"product_categ_ids": child.ids, "product_ids": gift.ids}),
            (6000, {"excluded_product_ids": bike.ids}),
        ):
            program = self._create_program(
                (0, 1),
                **{name: [Command.set(ids)] for name, ids in values.items()},
            )
            program.action_compute()
            self.assertEqual(program.statement_ids.basis, expected, values)
            self.assertEvidence(program.statement_ids)

    def test_other_company_stays_out(self):
        """R18: the companies ticked in the switcher do not matter."""
        other = self.setup_other_company()["company"]
        self._sell(self.north, 1000)
        self.env["account.move"].with_company(other).create(
            {
                "move_type": "out_invoice",
                "partner_id": self.north.id,
                "invoice_date": "2024-03-15",
                "invoice_line_ids": [
                    Command.create({"name": "Goods", "price_unit": 5000})
                ],
            }
        ).action_post()
        program = self._create_program()
        program.with_context(
            allowed_company_ids=(self.company + other).ids
        ).action_compute()
        self.assertStatements(program, (self.north, "2024", 1000, 10))

    def test_branch_counts_distributors_of_its_company(self):
        """A partner of the parent company is a customer of its branches too."""
        branch = (
            self.env["res.company"]
            .sudo()  # the set-up of companies is not what is tested
            .create({"name": "Branch", "parent_id": self.company.id})
        )
        other = self.setup_other_company()["company"]
        self.north.company_id = self.company
        self.south.company_id = other
        program = self._create_program(start=False)
        program.sudo().write({"account_id": False, "company_id": branch.id})
        found = self.env["res.partner"].search(program._get_partner_domain())
        self.assertIn(self.north, found)
        self.assertNotIn(self.south, found)

    def test_query_count_does_not_grow(self):
        """Reading the ledger takes as many queries for forty as for four."""

        def run(count):
            partners = self.env["res.partner"].create(
                [{"name": f"D{i}", "is_distributor": True} for i in range(count)]
            )
            for partner in partners:
                self._sell(partner, 1500)
            program = self._create_program(partner_ids=[Command.set(partners.ids)])
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            program.action_compute()
            self.env.flush_all()
            self.assertEqual(len(program.statement_ids), count)
            return self.env.cr.sql_log_count - start

        run(1)
        few, many = run(4), run(40)
        # Chatter of new statements is written per batch; a slack of ten covers it.
        self.assertLessEqual(many, few + 10)

    # -- bad input -------------------------------------------------------------

    @mute_logger("odoo.sql_db")
    def test_database_refuses_senseless_terms(self):
        program = self._create_program((100, 1), start=False)
        for vals in (
            {"threshold": 100, "rate": 2},
            {"threshold": -1, "rate": 2},
            {"threshold": 200, "rate": -1},
        ):
            with self.assertRaises(IntegrityError), self.cr.savepoint():
                program.tier_ids = [Command.create(vals)]
        with self.assertRaisesRegex(ValidationError, "between 0 and 100"):
            program.tier_ids = [Command.create({"threshold": 200, "rate": 101})]
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            program.date_to = "2023-12-31"
            program.flush_recordset()

    def test_start_needs_tiers_and_compute_needs_start(self):
        program = self._create_program(start=False)
        with self.assertRaisesRegex(UserError, "not running"):
            program.action_compute()
        program.tier_ids.unlink()
        with self.assertRaisesRegex(UserError, "no tiers"):
            program.action_start()

    def test_account_of_the_wrong_type(self):
        with self.assertRaisesRegex(ValidationError, "cannot carry rebates"):
            self._create_program(
                account_id=self.company_data["default_account_receivable"].id
            )

    def test_terms_stand_once_settled(self):
        self._sell(self.north, 1500)
        program = self._create_program()
        program.action_compute()
        program.action_reset_to_draft()  # still only drafts
        program.tier_ids[0].rate = 1.5
        program.action_start()
        program.action_compute()
        program.statement_ids.action_approve()
        for change in (
            lambda: program.write({"date_to": "2024-06-30"}),
            lambda: program.write({"tier_ids": [Command.clear()]}),
            lambda: program.tier_ids[0].write({"rate": 9}),
            lambda: program.tier_ids[0].unlink(),
            lambda: program.tier_ids.create(
                {"program_id": program.id, "threshold": 1, "rate": 1}
            ),
            program.action_reset_to_draft,
        ):
            with self.assertRaisesRegex(UserError, "stand"):
                change()
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            program.unlink()
        copy = program.copy()
        self.assertEqual(copy.state, "draft")
        self.assertEqual(copy.tier_ids.mapped("rate"), [1.5, 2])

    def test_form_saves_with_few_clicks(self):
        with Form(self.env["distributor.rebate.program"]) as form:
            form.name = "Quick"
            with form.tier_ids.new() as tier:
                tier.threshold = 1000
                tier.rate = 1
        program = form.save()
        self.assertEqual(program.journal_id.type, "sale")
        self.assertIn("1% from", program.formula)
