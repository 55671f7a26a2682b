# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..stock_days.pace import SPAN, daily_sales, days_of_stock, level
from .service_common import ServicePortalCase


class TestPace(BaseCase):
    def test_what_is_gone_was_sold(self):
        """30 were there, 20 came, 10 are left after 20 days: 2 a day, 5 days more."""
        pace = daily_sales(10, 30, 20, 20, 900)
        self.assertEqual((pace, days_of_stock(10, pace)), (2, 5))

    def test_without_a_count_before_deliveries_tell(self):
        self.assertEqual(daily_sales(10, None, 0, 0, SPAN), 1)
        # More is there than can be: some of it came from elsewhere.
        self.assertEqual(daily_sales(99, 30, 20, 20, SPAN), 1)

    def test_levels(self):
        self.assertEqual(days_of_stock(10, 0), None)
        found = [level(days, 15, 90) for days in (None, 14.9, 15, 90, 90.1)]
        self.assertEqual(found, ["idle", "short", "ok", "ok", "heavy"])


@tagged("post_install", "-at_install")
class TestStockReport(ServicePortalCase):
    def _report(self, quantity, days_ago=0, **values):
        return self.env["distributor.stock.report"].create(
            {
                "partner_id": self.north.id,
                "company_id": self.company.id,
                "date": fields.Date.today() - timedelta(days=days_ago),
                "line_ids": [
                    Command.create({"product_id": self.goods.id, "quantity": quantity})
                ],
                **values,
            }
        )

    def _deliver(self, quantity, days_ago):
        order = self._order(self.north, quantity=quantity)
        order.order_line.qty_delivered = quantity
        order.delivered_on = fields.Date.today() - timedelta(days=days_ago)
        self.assertEqual(order.order_line.qty_delivered, quantity)
        return order

    def test_days_of_stock(self):
        """The pace between two counts, with what came meanwhile, tells how long it
        lasts (R114)."""
        self.north.account_manager_id = self.account_manager
        self._report(30, days_ago=20)
        self._deliver(20, days_ago=10)
        self._deliver(500, days_ago=30)
        report = self._report(10)
        line = report.line_ids
        self.assertAlmostEqual(line.daily_sales, 2)
        self.assertAlmostEqual(line.days_of_stock, 5)
        self.assertEqual((line.level, report.short_count), ("short", 1))
        self.assertEqual(report.activity_ids.user_id, self.account_manager)
        line.quantity = 50
        self.assertEqual((line.level, report.heavy_count), ("idle", 1))

    def test_first_count_goes_by_deliveries(self):
        self._deliver(45, days_ago=30)
        self._deliver(45, days_ago=60)
        self._deliver(900, days_ago=200)
        line = self._report(30).line_ids
        self.assertAlmostEqual(line.daily_sales, 1)
        self.assertEqual(line.level, "ok")

    def test_one_reading_for_all_lines(self):
        products = self.goods.create([{"name": f"G{n}"} for n in range(30)])
        report = self._report(1)
        report.line_ids = [
            Command.create({"product_id": product.id, "quantity": 1})
            for product in products
        ]
        self.env.flush_all()
        with self.assertQueryCount(2):
            rows = report.line_ids._read_movements()
        self.assertEqual(len(rows), 31)

    def test_latest_of_each(self):
        old, new = self._report(5, days_ago=9), self._report(4)
        found = old.search(
            [("is_latest", "=", True), ("partner_id", "=", self.north.id)]
        )
        self.assertEqual(found, new)
        self.assertEqual((old + new).mapped("is_latest"), [False, True])

    def test_bad_counts(self):
        self._report(5)
        for values in ({"quantity": 5}, {"quantity": -1, "days_ago": 3}):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                with self.env.cr.savepoint():
                    self._report(**values)
        with self.assertRaises(ValidationError):
            self._report(5, days_ago=-1)
        with self.assertRaises(ValidationError):
            self._report(5, days_ago=2, partner_id=self.contacts[0].id)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                self._report(5, days_ago=2, own_turnover=9, department_turnover=5)

    def test_our_share_of_the_department(self):
        """What the head of the department looks at, and what we do (R140)."""
        report = self._report(5, own_turnover=250, department_turnover=1000)
        self.assertEqual(report.own_share, 0.25)

    def test_rights(self):
        self.north.account_manager_id = self.account_manager
        report = self._report(5)
        self.assertTrue(report.with_user(self.account_manager).read(["date"]))
        self.north.account_manager_id = False
        self.env.flush_all()
        with self.assertRaises(AccessError):
            report.with_user(self.account_manager).read(["date"])
        with self.assertRaises(AccessError):
            report.with_user(self.north_user).read(["date"])
        with self.assertRaises(UserError):
            report.line_ids.with_user(self.sales_manager).level = "ok"

    def test_count_on_the_portal(self):
        """What he bought, once a day; sent again it replaces (R114)."""
        self._deliver(4, days_ago=3)
        other = self.goods.create({"name": "Never bought"})
        self._login()
        page = self.url_open("/my/stock/new").text
        self.assertIn("Twin Box", page)
        self.assertNotIn("Never bought", page)
        name = f"quantity_{self.goods.id}"
        self.assertIn(
            "Enter a number", self._post("/my/stock/new", **{name: "many"}).text
        )
        self.assertIn("Enter how much", self._post("/my/stock/new").text)
        sent = {name: "7", f"quantity_{other.id}": "5"}
        for quantity in ("7", "6"):
            self._post("/my/stock/new", **{**sent, name: quantity})
        report = self.env["distributor.stock.report"].search(
            [("partner_id", "=", self.north.id)]
        )
        self.assertEqual(report.line_ids.mapped("quantity"), [6])
        self.assertEqual((report.source, len(report)), ("portal", 1))
        self._check_own_only_after(f"/my/stock/{report.id}")

    def _check_own_only_after(self, path):
        self.authenticate(None, None)
        self._check_own_only(path)
