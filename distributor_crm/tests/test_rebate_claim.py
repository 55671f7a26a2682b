# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import DistributorCommon


@tagged("post_install", "-at_install")
class TestRebateClaim(DistributorCommon):
    """R135, R136, R022: allowances of the trade, from claims to statements."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.display = cls._create_claim_program()

    @classmethod
    def _create_claim_program(cls, **values):
        values = {
            "name": "Display 2024",
            "kind": "display",
            "period_type": "quarter",
            "claim_evidence": False,
            "tier_ids": False,
            **values,
        }
        return cls._create_program(**values)

    def _claim(self, amount=100, partner=None, program=None, user=None, **values):
        return (
            self.env["distributor.rebate.claim"]
            .with_user(user or self.sales_rep)
            .create(
                {
                    "program_id": (program or self.display).id,
                    "partner_id": (partner or self.north).id,
                    "date": "2024-02-10",
                    "unit_amount": amount,
                    **values,
                }
            )
        )

    def _approve(self, *claims):
        for claim in claims:
            claim.action_submit()
            claim.with_user(self.sales_manager).action_approve()

    def _statement(self, partner=None, program=None):
        return (program or self.display).statement_ids.filtered(
            lambda s: s.partner_id == (partner or self.north)
        )

    def test_a_statement_of_claims_speaks_of_claims(self):
        """What was claimed was not sold: the statement does not call it sales."""
        self._approve(self._claim(100), self._claim(50, partner=self.south))
        self.display.action_compute()
        rows = self._statement()._get_calculation()
        told = " ".join(f"{row['label']} {row['value']} {row['note']}" for row in rows)
        self.assertIn("Claimed", told)
        self.assertIn("Claims: 1", told)
        self.assertNotIn("ales", told)
        self.assertNotIn("nvoice", told)

    # -- programs ----------------------------------------------------------------------

    def test_what_is_claimed_is_paid(self):
        """A program for claims needs no ladder: all that was approved is paid."""
        self.assertRecordValues(
            self.display,
            [{"measure": "claim", "basis": "claim", "claim_limit": "period"}],
        )
        self.assertRecordValues(self.display.tier_ids, [{"threshold": 0, "rate": 100}])
        with Form(self.env["distributor.rebate.program"]) as form:
            form.name = "Stock"
            form.kind = "stock"
        self.assertEqual(form.record.measure, "claim")
        self.assertEqual(form.record.tier_ids.mapped("rate"), [100])
        self.assertTrue(form.record.claim_evidence)

    def test_sales_do_not_count(self):
        self._sell(self.north, 5000)
        self._approve(self._claim(120))
        self.display.action_compute()
        self.assertRecordValues(
            self.display.statement_ids,
            [
                {
                    "partner_id": self.north.id,
                    "period": "2024-Q1",
                    "basis": 120,
                    "earned": 120,
                    "due": 120,
                    "line_count": 1,
                }
            ],
        )

    def test_terms_that_do_not_fit_claims(self):
        for values in (
            {"basis": "amount"},
            {"reward": "goods"},
            {"scale": "growth"},
            {"release": "collected"},
            {"stacking": "cascade"},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self._create_claim_program(**values)
        with self.assertRaises(ValidationError):
            self._create_program(measure="amount", basis="claim")

    def test_kind_stands_once_published(self):
        with self.assertRaises(UserError):
            self.display.kind = "group_buy"

    def test_claims_are_no_sales_to_later_programs(self):
        later = self._create_program((0, 10), stacking="cascade", sequence=99)
        self.assertFalse(later._get_cascade())
        self._approve(self._claim(50))
        self.display.action_compute()
        self._sell(self.north, 1000)
        later.action_compute()
        self.assertEqual(later.statement_ids.mapped("earned"), [100])

    # -- from claim to statement and back ----------------------------------------------

    def test_only_approved_claims_count(self):
        self._approve(self._claim(100, date="2024-01-05"))
        refused = self._claim(200, date="2024-04-05")
        refused.action_submit()
        refused.with_user(self.sales_manager).action_refuse()
        self._claim(400, date="2024-07-05").action_submit()
        self._claim(800, date="2024-10-05")
        self.display.action_compute()
        self.assertEqual(sum(self._statement().mapped("due")), 100)

    def test_evidence_leads_to_the_claim_and_back(self):
        claim = self._claim(100)
        self._approve(claim)
        self.display.action_compute()
        line = self._statement().line_ids
        self.assertEqual(line.claim_id, claim)
        self.assertEqual((line.move_name, line.amount), (claim.name, 100))
        self.assertFalse(line.move_line_id or line.move_id)
        self.assertEqual(line.action_view_claim()["res_id"], claim.id)
        self.assertEqual(claim.statement_count, 1)
        action = claim.action_view_statements()
        self.assertEqual(action["res_id"], self._statement().id)

    def test_statements_follow_approved_claims(self):
        """Only the distributor whose claim changed is computed again."""
        other = self._claim(70, partner=self.south)
        self._approve(other)
        self.display.action_compute()
        stamp = self._statement(self.south).write_date
        claim = self._claim(100)
        self._approve(claim)
        self.env.flush_all()
        follow = self.env["distributor.rebate.program"]
        self.assertIn(self.north.id, follow._get_touched(self.display.watermark))
        follow._follow_ledger()
        self.assertEqual(self._statement().due, 100)
        self.assertEqual(self._statement(self.south).write_date, stamp)
        claim.with_user(self.sales_manager).action_reset_to_draft()
        follow._follow_ledger()
        self.assertFalse(self._statement())

    def test_correction_after_settlement_is_a_true_up(self):
        claim = self._claim(100)
        self._approve(claim)
        self.display.action_compute()
        self._statement().with_user(self.sales_manager).action_approve()
        claim.with_user(self.sales_manager).action_reset_to_draft()
        claim.unit_amount = 60
        self._approve(claim)
        self.display.action_compute()
        first, second = self._statement().sorted("date_from")
        self.assertEqual((first.due, first.recomputed), (100, 60))
        self.assertEqual((second.period, second.true_up), ("2024-Q2", -40))
        self.assertRecordValues(second.line_ids, [{"amount": -40, "reason": "changed"}])
        claim.with_user(self.sales_manager).action_reset_to_draft()
        self.display.action_compute()
        second = self._statement().sorted("date_from")[1]
        self.assertEqual(second.due, -100)
        self.assertRecordValues(
            second.line_ids, [{"amount": -100, "reason": "removed"}]
        )

    def test_ladder_of_claims(self):
        """Half of what is above 100, settled like any other statement."""
        program = self._create_claim_program(
            tier_ids=[
                Command.create({"threshold": 0, "rate": 100}),
                Command.create({"threshold": 100, "rate": 50}),
            ],
            method="incremental",
        )
        self._approve(self._claim(300, program=program))
        program.action_compute()
        statement = self._statement(program=program)
        self.assertEqual(statement.due, 200)
        statement.with_user(self.sales_manager).action_approve()
        statement.with_user(self.finance).action_settle()
        self.assertEqual(statement.move_id.amount_untaxed, 200)

    def test_claims_follow_the_version_of_their_date(self):
        self._approve(self._claim(100, date="2024-02-10"))
        self._approve(self._claim(100, date="2024-08-10"))
        version = self.env["distributor.rebate.program"].browse(
            self.display.action_new_version()["res_id"]
        )
        version.write({"valid_from": "2024-07-01"})
        version.tier_ids.rate = 40
        version.action_start()
        self.display.action_compute()
        dues = self._statement().sorted("date_from").mapped("due")
        self.assertEqual(dues, [100, 40])

    def test_head_office_is_paid_for_its_branches(self):
        branch = self.env["res.partner"].create(
            {
                "name": "Branch",
                "is_company": True,
                "is_distributor": True,
                "parent_id": self.north.id,
                "user_id": self.sales_rep.id,
            }
        )
        program = self._create_claim_program(group_policy="head")
        self._approve(self._claim(80, partner=branch, program=program))
        program.action_compute()
        self.assertEqual(program.statement_ids.partner_id, self.north)
        self.assertEqual(program.statement_ids.due, 80)

    def test_claim_is_entered_in_the_form(self):
        with Form(
            self.env["distributor.rebate.claim"].with_user(self.sales_rep)
        ) as form:
            form.quantity = 3
            form.program_id = self.display
            form.partner_id = self.north
            form.date = "2024-05-10"
            form.unit_amount = 33.335
            self.assertEqual(form.amount, 100.02)
        self.assertRecordValues(
            form.record,
            [{"state": "draft", "user_id": self.sales_rep.id, "amount": 100.02}],
        )
        self.assertEqual(str(form.record.counts_from), "2024-04-01")

    # -- no double claims, no strange ones ---------------------------------------------

    @mute_logger("odoo.sql_db")
    def _assert_double(self, **values):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._claim(**values)

    def test_one_claim_a_period_and_store(self):
        """R135, R136: no double claim of the same store and period."""
        self._claim(date="2024-01-05")
        self._assert_double(date="2024-03-31")
        self._claim(date="2024-04-01")
        shops = self.env["res.partner"].create(
            [
                {"name": name, "parent_id": self.north.id, "type": "other"}
                for name in ("Shop 1", "Shop 2")
            ]
        )
        for shop in shops:
            self._claim(date="2024-01-05", place_id=shop.id)
        self._assert_double(date="2024-01-06", place_id=shops[0].id)
        product = self._create_product()
        self._claim(date="2024-01-05", product_id=product.id)

    def test_one_claim_a_day(self):
        program = self._create_claim_program(kind="group_buy")
        self.assertEqual(program.claim_limit, "day")
        self._claim(program=program, date="2024-01-05")
        self._claim(program=program, date="2024-01-06")
        self._assert_double(program=program, date="2024-01-06")

    def test_refused_claims_may_be_entered_again(self):
        claim = self._claim()
        claim.action_submit()
        claim.with_user(self.sales_manager).action_refuse()
        self.env.flush_all()
        self._claim()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            claim.with_user(self.sales_manager).action_reset_to_draft()
            self.env.flush_all()

    def test_claims_that_would_never_count(self):
        stranger = self.env["res.partner"].create(
            {"name": "No distributor", "user_id": self.sales_rep.id}
        )
        product = self._create_product()
        scoped = self._create_claim_program(
            excluded_product_ids=[Command.link(product.id)]
        )
        shop = self.env["res.partner"].create(
            {"name": "Shop of South", "parent_id": self.south.id}
        )
        for values in (
            {"date": "2025-01-01"},
            {"partner": stranger},
            {"program": scoped, "product_id": product.id},
            {"program": self._create_program()},
            {"place_id": shop.id},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self._claim(**values)

    def test_price_of_the_program(self):
        """R136: quantity on hand × rate."""
        program = self._create_claim_program(kind="stock", claim_price=0.5)
        values = {
            "program_id": program.id,
            "partner_id": self.north.id,
            "date": "2024-02-10",
            "quantity": 240,
        }
        Claim = self.env["distributor.rebate.claim"].with_user(self.sales_rep)
        claim = Claim.create(values)
        self.assertEqual((claim.unit_amount, claim.amount), (0.5, 120))
        with self.assertRaises(ValidationError):
            claim.unit_amount = 5
        with self.assertRaises(ValidationError):
            Claim.create({**values, "date": "2024-05-10", "unit_amount": 5})

    # -- people ------------------------------------------------------------------------

    def test_evidence_is_attached_before_submitting(self):
        program = self._create_claim_program(claim_evidence=True)
        claim = self._claim(program=program)
        with self.assertRaisesRegex(UserError, "evidence"):
            claim.action_submit()
        self.env["ir.attachment"].with_user(self.sales_rep).create(
            {"name": "shelf.jpg", "res_model": claim._name, "res_id": claim.id}
        )
        claim.invalidate_recordset()
        claim.action_submit()
        self.assertEqual(claim.state, "submitted")

    def test_nothing_is_not_claimed(self):
        with self.assertRaises(UserError):
            self._claim(0).action_submit()

    def test_four_eyes(self):
        claim = self._claim(user=self.sales_manager)
        claim.action_submit()
        with self.assertRaises(AccessError):
            claim.action_approve()
        second = new_test_user(
            self.env, "second_manager", "distributor_crm.group_sales_manager"
        )
        claim.action_reset_to_draft()
        claim.with_user(second).quantity = 2
        claim.action_submit()
        for user in (second, self.sales_manager):
            with self.assertRaises(AccessError):
                claim.with_user(user).action_approve()
        claim.with_user(self.channel_admin).action_approve()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            claim.sudo().decided_by_id = claim.user_id
            self.env.flush_all()

    def test_who_sees_and_enters_claims(self):
        ours, theirs = self._claim(), self._claim(partner=self.south)
        self.south.user_id = self.south.account_manager_id = False
        for user, expected in (
            (self.sales_rep, ours),
            (self.account_manager, ours),
            (self.sales_manager, ours + theirs),
            (self.finance, ours + theirs),
        ):
            found = self.env["distributor.rebate.claim"].with_user(user).search([])
            self.assertEqual(found, (ours + theirs) & expected, user.login)
        with self.assertRaises(AccessError):
            self._claim(partner=self.south, date="2024-06-01")
        with self.assertRaises(AccessError):
            self._claim(user=self.finance, date="2024-06-01")
        stranger = new_test_user(self.env, "stranger", "base.group_user")
        with self.assertRaises(AccessError):
            ours.with_user(stranger).read(["amount"])

    def test_status_and_decision_are_closed(self):
        claim = self._claim()
        for vals in (
            {"state": "approved"},
            {"amount": 9},
            {"user_id": self.finance.id},
            {"editor_id": False},
            {"decided_by_id": self.finance.id},
            {"counts_from": "2020-01-01"},
        ):
            for user in (self.sales_rep, self.sales_manager):
                with self.assertRaises(AccessError):
                    claim.with_user(user).write(vals)
        forged = self._claim(
            date="2024-05-01", state="approved", decided_by_id=self.sales_manager.id
        )
        self.assertEqual((forged.state, forged.user_id), ("draft", self.sales_rep))
        claim.action_submit()
        for user in (self.sales_rep, self.sales_manager):
            with self.assertRaises(UserError):
                claim.with_user(user).quantity = 5
            with self.assertRaises(UserError):
                claim.with_user(user).unlink()
        for action in ("action_approve", "action_refuse"):
            with self.assertRaises(AccessError):
                getattr(claim, action)()
        claim.with_user(self.sales_manager).action_approve()
        with self.assertRaises(AccessError):
            claim.action_reset_to_draft()
