# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .common import DistributorCommon


class TierCommon(DistributorCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["distributor.tier.rule"].search([]).active = False
        Grade = cls.env["res.partner.grade"]
        cls.gold, cls.silver, cls.bronze = Grade.create(
            [
                {"name": "T-Gold", "sequence": 101, "grace_days": 30},
                {"name": "T-Silver", "sequence": 102, "grace_days": 0},
                {"name": "T-Bronze", "sequence": 103},
            ]
        )
        cls.env["res.partner.grade"].search(
            [("id", "not in", (cls.gold + cls.silver + cls.bronze).ids)]
        ).active = False
        cls.gold_rule = cls.make_rule(cls.gold, 200000)
        cls.silver_rule = cls.make_rule(cls.silver, 50000)
        partners = cls.north + cls.south
        cls.env["res.partner"].search(
            [("is_distributor", "=", True), ("id", "not in", partners.ids)]
        ).is_distributor = False
        partners.with_context(is_known_tier_change=True).grade_id = cls.bronze
        cls.changes = cls.env["distributor.tier.change"]

    @classmethod
    def make_rule(cls, grade, value, kind="enter", **condition):
        return cls.env["distributor.tier.rule"].create(
            {
                "grade_id": grade.id,
                "kind": kind,
                "company_id": cls.company.id,
                "condition_ids": [Command.create({"value": value, **condition})],
            }
        )

    def night(self, day="2024-06-15"):
        with freeze_time(day):
            return self.changes._judge_company(self.company)

    def _pay(self, invoice, day):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"payment_date": day})._create_payments()

    def proposal(self, partner=None):
        return self.changes.search(
            [
                ("partner_id", "=", (partner or self.north).id),
                ("state", "=", "proposed"),
            ]
        )


@tagged("post_install", "-at_install")
class TestTier(TierCommon):
    def test_a_promotion_is_proposed_with_the_figures_of_the_day(self):
        """R001: exactly 200,000.00 is enough; the reason names it."""
        self._sell(self.north, 200000)
        self._sell(self.south, 199999.99)
        self.night()
        change = self.proposal()
        self.assertRecordValues(
            change,
            [
                {
                    "old_grade_id": self.bronze.id,
                    "new_grade_id": self.gold.id,
                    "direction": "up",
                    "rule_id": self.gold_rule.id,
                    "is_due": True,
                }
            ],
        )
        self.assertEqual(change.figure_ids.mapped("figure"), [200000])
        self.assertIn("200,000", change.reason)
        self.assertEqual(self.proposal(self.south).new_grade_id, self.silver)
        self.assertEqual(self.north.grade_id, self.bronze, "only proposed")

    def test_judging_again_changes_nothing(self):
        self._sell(self.north, 200000)
        self.night()
        first = self.proposal()
        self.night()
        self.night("2024-06-16")
        self.assertEqual(
            self.changes.search([("partner_id", "=", self.north.id)]), first
        )

    def test_returns_take_the_promotion_back(self):
        self._sell(self.north, 200000)
        self.night()
        change = self.proposal()
        self._sell(self.north, -1)
        self.night()
        self.assertEqual(change.state, "withdrawn")
        self.assertEqual(self.proposal().new_grade_id, self.silver)

    def test_approval_gives_tier_and_pricelist(self):
        """What follows the tier follows at once; the history says who decided."""
        pricelist = self.env["product.pricelist"].create({"name": "Gold"})
        self.gold.default_pricelist_id = pricelist
        self._sell(self.north, 200000)
        self.night()
        change = self.proposal()
        with self.assertRaises(AccessError):
            change.with_user(self.account_manager).action_approve()
        change.with_user(self.sales_manager).action_approve()
        self.assertEqual(self.north.grade_id, self.gold)
        self.assertEqual(self.north.specific_property_product_pricelist, pricelist)
        self.assertEqual(
            (change.state, change.decided_by_id), ("applied", self.sales_manager)
        )
        with self.assertRaises(UserError):
            change.with_user(self.sales_manager).action_approve()

    def test_losing_the_tier_loses_its_pricelist(self):
        self.gold.default_pricelist_id = self.env["product.pricelist"].create(
            {"name": "Gold"}
        )
        self.north.grade_id = self.gold
        self.company.tier_demotion_mode = "automatic"
        self.night("2024-06-15")
        self.night("2024-07-15")
        self.assertEqual(self.north.grade_id, self.bronze)
        self.assertFalse(self.north.specific_property_product_pricelist)

    def test_grace(self):
        """Who stops holding a tier keeps it for its grace, and may win it back."""
        self.company.tier_demotion_mode = "automatic"
        self.north.with_context(is_known_tier_change=True).grade_id = self.gold
        self.night("2024-06-15")
        change = self.proposal()
        self.assertEqual(str(change.due_on), "2024-07-15")
        self.night("2024-07-14")
        self.assertEqual(self.north.grade_id, self.gold)
        self._sell(self.north, 200000, "2024-07-14")
        self.night("2024-07-14")
        self.assertEqual(change.state, "withdrawn")
        self.night("2025-07-14")
        self.assertEqual(self.proposal().new_grade_id, self.bronze)
        self.night("2025-08-13")
        self.assertEqual(self.north.grade_id, self.bronze)

    def test_automatic_promotion(self):
        self.company.tier_promotion_mode = "automatic"
        self._sell(self.north, 60000)
        self.night()
        self.assertEqual(self.north.grade_id, self.silver)

    def test_what_was_refused_waits(self):
        self._sell(self.north, 60000)
        self.night()
        with freeze_time("2024-06-15"):
            wizard = self.proposal().with_user(self.sales_manager).action_refuse()
            wizard = self.env[wizard["res_model"]].browse(wizard["res_id"])
            wizard.with_user(self.sales_manager).reason = "One big order"
            wizard.with_user(self.sales_manager).action_refuse()
        self.night("2024-06-16")
        self.assertFalse(self.proposal())
        self.assertEqual(
            self.changes.search([("partner_id", "=", self.north.id)]).refusal,
            "One big order",
        )
        self.night("2024-10-01")
        self.assertTrue(self.proposal())

    def test_collected_sales(self):
        """What is invoiced and not paid does not count where collection is asked."""
        self.silver_rule.condition_ids.metric = "collected"
        invoice = self._sell(self.north, 60000)
        self.night()
        self.assertFalse(self.proposal())
        self._pay(invoice, "2024-06-01")
        self.night()
        self.assertEqual(self.proposal().new_grade_id, self.silver)

    def test_invoices_and_all_conditions_hold_together(self):
        self.silver_rule.condition_ids = [
            Command.create({"metric": "invoices", "value": 2, "operator": ">="})
        ]
        self._sell(self.north, 60000)
        self.night()
        self.assertFalse(self.proposal())
        self._sell(self.north, 1)
        self.night()
        self.assertTrue(self.proposal())

    def test_by_hand_is_history_too(self):
        self._sell(self.north, 60000)
        self.night()
        proposal = self.proposal()
        self.north.with_user(self.sales_manager).grade_id = self.gold
        self.assertEqual(proposal.state, "withdrawn")
        change = self.north.tier_change_ids - proposal
        self.assertRecordValues(
            change,
            [
                {
                    "origin": "manual",
                    "state": "applied",
                    "old_grade_id": self.bronze.id,
                    "new_grade_id": self.gold.id,
                    "decided_by_id": self.sales_manager.id,
                }
            ],
        )

    def test_history_is_closed(self):
        """Nobody writes a proposal, a state or a figure himself, over RPC either."""
        self._sell(self.north, 60000)
        self.night()
        change = self.proposal().with_user(self.sales_manager)
        for values in (
            {"state": "applied"},
            {"new_grade_id": self.gold.id},
            {"due_on": "2024-01-01"},
            {"figure_ids": [Command.clear()]},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                change.write(values)
        with self.assertRaises(AccessError):
            change.unlink()
        with self.assertRaises(UserError):
            self.changes.with_user(self.sales_manager).create(
                {
                    "partner_id": self.north.id,
                    "company_id": self.company.id,
                    "new_grade_id": self.gold.id,
                }
            )
        with self.assertRaises(AccessError):
            self.north.with_user(self.account_manager).grade_id = self.gold

    def test_everybody_sees_his_own(self):
        self._sell(self.north, 60000)
        self._sell(self.south, 60000)
        self.south.user_id = self.south.account_manager_id = False
        self.night()
        for user, expected in (
            (self.sales_rep, self.north),
            (self.account_manager, self.north),
            (self.sales_manager, self.north + self.south),
        ):
            seen = self.changes.with_user(user).search([])
            self.assertEqual(seen.partner_id, expected, user.login)
            self.assertEqual(seen.figure_ids.change_id, seen)

    def test_what_if_writes_nothing(self):
        self._sell(self.north, 60000)
        self._sell(self.south, 20000)
        wizard = (
            self.env["distributor.tier.simulation"]
            .with_user(self.sales_manager)
            .create({"company_id": self.company.id})
        )
        self.assertEqual(wizard.line_ids.mapped("value"), [200000, 50000])
        wizard.line_ids.filtered(lambda line: line.value == 50000).value = 10000
        with freeze_time("2024-06-15"):
            wizard.action_simulate()
        self.assertRecordValues(
            wizard.move_ids,
            [
                {
                    "old_grade_id": self.bronze.id,
                    "new_grade_id": self.silver.id,
                    "count_now": 1,
                    "count_then": 2,
                }
            ],
        )
        self.assertFalse(self.changes.search([("partner_id", "=", self.north.id)]))
        self.assertEqual(self.silver_rule.condition_ids.value, 50000)

    def test_what_if_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        wizard = (
            self.env["distributor.tier.simulation"]
            .with_user(self.sales_manager)
            .create({"company_id": other.id})
        )
        with self.assertRaisesRegex(AccessError, "do not work for Elsewhere"):
            wizard.action_simulate()

    def test_bad_rules(self):
        with self.assertRaises(ValidationError):
            self.env["distributor.tier.rule"].create({"grade_id": self.gold.id})
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.make_rule(self.gold, -1)
        with self.assertRaises(ValidationError):
            self.make_rule(self.gold, 0, operator="<")

    def test_queries_do_not_grow_with_distributors(self):
        partners = self.env["res.partner"].create(
            [
                {"name": f"P{n}", "is_distributor": True, "grade_id": self.bronze.id}
                for n in range(20)
            ]
        )
        self._sell(self.north, 60000)
        counts = []
        self.changes._get_verdicts(self.company)  # what is read once
        for _round in range(2):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.changes._get_verdicts(self.company)
            counts.append(self.cr.sql_log_count - before)
            partners.copy()
        self.assertEqual(*counts)


@tagged("post_install", "-at_install")
class TestTierPortal(TierCommon, HttpCase):
    def test_a_distributor_sees_how_far_the_next_tier_is(self):
        user = new_test_user(
            self.env, "tier_portal", "base.group_portal", password="tier_portal"
        )
        user.partner_id.parent_id = self.north
        self._sell(self.north, 12345)
        self._sell(self.south, 49000)
        self.authenticate("tier_portal", "tier_portal")
        with freeze_time("2024-06-15"):
            page = self.url_open("/my/tier").text
        self.assertIn("T-Bronze", page)
        self.assertIn("T-Silver", page)
        self.assertIn("37,655.00", page)
        self.assertNotIn("49,000", page)

    def test_others_are_led_home(self):
        new_test_user(
            self.env, "tier_other", "base.group_portal", password="tier_other"
        )
        self.authenticate("tier_other", "tier_other")
        response = self.url_open("/my/tier", allow_redirects=False)
        self.assertIn(response.status_code, (302, 303))
