# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from ..growth import concentration, rfm, rhythm
from .common import DistributorCommon

TODAY = date(2024, 12, 31)


class PortfolioCommon(DistributorCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.north + cls.south
        cls.env["res.partner"].with_context(active_test=False).search(
            [("is_distributor", "=", True), ("id", "not in", partners.ids)]
        ).is_distributor = False
        cls.Portfolio = cls.env["distributor.portfolio"].sudo()

    def refresh(self, today=TODAY):
        self.Portfolio._refresh(self.company, today)

    def row(self, partner):
        return self.Portfolio.search([("partner_id", "=", partner.id)])


@tagged("post_install", "-at_install")
class TestPortfolio(PortfolioCommon):
    def test_all_figures_equal_an_independent_computation(self):
        """RFM, concentration and lifecycle of 12 distributors over three years."""
        rng = random.Random(218)
        more = self.env["res.partner"].create(
            [{"name": f"P{n}", "is_distributor": True} for n in range(10)]
        )
        everybody = self.north + self.south + more
        sold = defaultdict(list)
        for place, partner in enumerate(everybody[:-1]):
            for _number in range(1 + place % 4 * 2):
                day = TODAY - timedelta(days=rng.randrange(900))
                amount = rng.choice([100, 250, 250, 1000, 4000])
                self._sell(partner, amount, str(day))
                sold[partner].append((day, amount))
        self.refresh()
        start = date(2024, 1, 1)
        sales = {
            partner.id: Decimal(sum(a for day, a in sold[partner] if day >= start))
            for partner in everybody
        }
        orders = {p: sum(day >= start for day, _a in sold[p]) for p in everybody}
        buyers = [p for p in everybody if sold[p]]
        r = rfm.scores({p: max(sold[p])[0].toordinal() for p in buyers})
        f = rfm.scores({p: orders[p] for p in buyers})
        m = rfm.scores({p: sales[p.id] for p in buyers})
        classes = concentration.classes(sales, 80, 95)
        terms = self.Portfolio._get_terms(self.company)
        for partner in everybody:
            row = self.row(partner)
            days = [day for day, _amount in sold[partner]]
            with self.subTest(partner=partner.name):
                self.assertAlmostEqual(row.sales, float(sales[partner.id]))
                self.assertAlmostEqual(
                    row.sales_total, sum(a for _d, a in sold[partner])
                )
                self.assertEqual(row.orders, orders[partner])
                self.assertEqual(
                    (row.recency, row.frequency, row.money),
                    (r.get(partner, 0), f.get(partner, 0), m.get(partner, 0)),
                )
                expected = (
                    rfm.segment(*(s[partner] for s in (r, f, m))) if days else False
                )
                self.assertEqual(row.rfm_segment, expected)
                letter, share = classes.get(partner.id, (False, None))
                self.assertEqual(row.abc_class, letter)
                if share is not None:
                    self.assertAlmostEqual(row.cumulative, float(share), 2)
                self.assertEqual(
                    row.lifecycle, rhythm.lifecycle(days, TODAY, terms.rhythm)
                )
                self.assertAlmostEqual(row.rhythm, rhythm.rhythm(days) or 0)

    def test_returns_and_rebates_are_no_sales(self):
        self._sell(self.north, 1000, "2024-11-01")
        self._sell(self.north, -300, "2024-12-01")
        rebate = self._sell(self.north, -50, "2024-12-02")
        rebate.sudo().is_distributor_rebate = True
        self.refresh()
        row = self.row(self.north)
        self.assertEqual((row.sales, row.returns, row.rebates), (700, 300, 50))
        self.assertFalse(row.is_margin_known)
        self.assertEqual(row.lifetime_value, 650)

    def test_margin_counts_where_costs_are_known(self):
        """A09: value is margin less rebates; a dozen costs twelve times a piece."""
        product = self.env["product.product"].create(
            {"name": "Spirit", "standard_price": 60}
        )
        self._sell(self.north, 100, "2024-11-01", product)
        self._sell(self.north, 500, "2024-11-02")
        self.refresh()
        row = self.row(self.north)
        self.assertTrue(row.is_margin_known)
        self.assertEqual(
            (row.margin, row.margin_rate, row.lifetime_value), (40, 40, 40)
        )
        dozen = self.env["uom.uom"].create(
            {
                "name": "T-dozen",
                "relative_factor": 12,
                "relative_uom_id": product.uom_id.id,
            }
        )
        move = self._sell(self.south, 1000, "2024-11-01", product)
        move.button_draft()
        move.invoice_line_ids.product_uom_id = dozen
        move.invoice_line_ids.price_unit = 1000
        move.action_post()
        self.refresh()
        self.assertEqual(self.row(self.south).margin, 1000 - 12 * 60)

    def test_key_accounts_by_three_measures(self):
        """R227: frequency, volume and profit rate; what nobody knows does not help."""
        self.company.write({"key_orders": 2, "key_sales": 300, "key_margin": 0})
        for day in ("2024-11-01", "2024-12-01"):
            self._sell(self.north, 150, day)
        self._sell(self.south, 900, "2024-12-01")
        self.refresh()
        self.assertTrue(self.row(self.north).is_key_account)
        self.assertFalse(self.row(self.south).is_key_account)
        self.company.key_margin = 10
        self.refresh()
        self.assertFalse(self.row(self.north).is_key_account)

    def test_signs_of_churn_are_told_in_words(self):
        """R224: the reasons are shown, and the risk is their number."""
        for day in ("2023-05-01", "2023-05-11", "2023-05-21", "2024-10-01"):
            self._sell(self.north, 100, day, invoice_date_due=day)
        self.north.account_manager_id = False
        self.refresh()
        row = self.row(self.north)
        self.assertEqual(row.lifecycle, "lost")
        self.assertEqual(row.churn_risk, "high")
        for text in (
            "no order for 91 days, usually every 10",
            "67% below",
            "nobody",
            "overdue",
        ):
            self.assertIn(text, row.churn_reasons)
        stored = row.churn_risk
        row._compute_churn_risk()
        self.assertEqual(row.churn_risk, stored)

    def test_ended_with_open_matters_is_not_closed(self):
        """R223: the end comes when balance and cases are settled."""
        self._sell(self.north, 100, "2024-12-01")
        self.north.active = False
        self.south.active = False
        self.refresh()
        self.assertEqual(self.row(self.north).lifecycle, "ending")
        self.assertEqual(self.row(self.south).lifecycle, "ended")

    def test_again_changes_nothing_and_forgets_who_left(self):
        self._sell(self.north, 100, "2024-12-01")
        self.refresh()
        before = self.Portfolio.search([]).read(["partner_id", "sales", "place"])
        self.refresh()
        self.assertEqual(
            before, self.Portfolio.search([]).read(["partner_id", "sales", "place"])
        )
        self.south.is_distributor = False
        self.refresh()
        self.assertEqual(self.Portfolio.search([]).partner_id, self.north)

    def test_the_number_of_statements_is_fixed(self):
        """Nothing is asked by distributor."""

        def count():
            self.env.flush_all()
            start = self.cr.sql_log_count
            self.refresh()
            return self.cr.sql_log_count - start

        self.refresh()
        few = count()
        self.env["res.partner"].create(
            [{"name": f"Q{n}", "is_distributor": True} for n in range(40)]
        )
        self.assertEqual(count(), few)
        self.assertLessEqual(few, 10)

    def test_who_sees_whom(self):
        """Sellers see their distributors, managers theirs, finance all; nobody writes."""
        self.south.write({"user_id": False, "account_manager_id": False})
        self.refresh()
        for user, seen in (
            (self.sales_rep, self.north),
            (self.account_manager, self.north),
            (self.sales_manager, self.north + self.south),
            (self.finance, self.north + self.south),
        ):
            self.assertEqual(self.Portfolio.with_user(user).search([]).partner_id, seen)
            with self.assertRaises(AccessError):
                self.Portfolio.with_user(user).create({"partner_id": self.north.id})
        row = self.row(self.north)
        with self.assertRaises(AccessError):
            row.with_user(self.sales_manager).write({"abc_class": "a"})
        outsider = new_test_user(self.env, "growth_out", "base.group_portal")
        with self.assertRaises(AccessError):
            self.Portfolio.with_user(outsider).search([])

    def test_lists_lead_to_tasks(self):
        self.refresh()
        rows = self.Portfolio.search([]).with_user(self.sales_manager)
        action = rows.action_plan()
        wizard = self.env["distributor.portfolio.plan"].with_user(self.sales_manager)
        wizard = wizard.browse(action["res_id"])
        wizard.write({"kind": "visit", "date_deadline": "2024-01-01"})
        with freeze_time("2024-12-31"), self.assertRaises(UserError):
            wizard.action_plan()
        wizard.date_deadline = "2031-01-01"
        with freeze_time("2024-12-31"):
            wizard.action_plan()
        self.assertEqual(self.north.activity_ids.user_id, self.account_manager)
        self.assertEqual(len(self.south.activity_ids), 1)

    def test_a_loss_says_whether_we_could_have_acted(self):
        """A38: the answer is mandatory, and the figures of the day stay."""
        self._sell(self.north, 100, "2024-12-01")
        self.refresh()
        reason = self.env.ref("distributor_crm.churn_reason_price")
        Churn = self.env["distributor.churn"].with_user(self.sales_rep)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            Churn.create({"partner_id": self.north.id, "reason_id": reason.id})
        churn = Churn.create(
            {
                "partner_id": self.north.id,
                "reason_id": reason.id,
                "could_have_acted": "yes",
            }
        )
        self.assertEqual(churn.lost_sales, 100)
        self.south.user_id = False
        with self.assertRaises(AccessError):
            Churn.create(
                {
                    "partner_id": self.south.id,
                    "reason_id": reason.id,
                    "could_have_acted": "no",
                }
            )

    def test_merged_distributors_are_one(self):
        self._sell(self.north, 100, "2024-12-01")
        self._sell(self.south, 200, "2024-12-01")
        self.refresh()
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.north + self.south).ids, self.north
        )
        self.assertEqual(len(self.Portfolio.search([])), 1)
        self.refresh()
        self.assertEqual(self.row(self.north).sales, 300)
