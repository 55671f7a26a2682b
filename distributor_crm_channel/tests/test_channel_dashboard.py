# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from .authorization_common import AuthorizationCommon

MONDAY = date(2026, 5, 11)


@tagged("post_install", "-at_install")
class TestChannelDashboard(AuthorizationCommon, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Dashboard = cls.env["distributor.channel.dashboard"]
        cls.north.state_id = cls.env.ref("base.state_us_5")

    def report(self, partner, policy="listing_duty", **values):
        return self.env["distributor.violation"]._report(
            [
                {
                    "policy": policy,
                    "partner_id": partner.id,
                    "company_id": self.company.id,
                    "occurred_at": datetime.now() - timedelta(hours=1),
                    "source": None,
                    "facts": "Seen",
                    **values,
                }
            ]
        )

    def overview(self, user=None):
        return self.Dashboard.with_user(user or self.head).get_overview()

    def tile(self, key, user=None):
        [found] = [t for t in self.overview(user)["tiles"] if t["key"] == key]
        return found

    def test_numbers_are_the_records(self):
        """Each number is what its list shows."""
        self.report(self.north)
        self.report(self.south, "undeclared_shop")
        self.grant(date_to=self.day(5))
        self.draft(self.shop_2)
        self.env.flush_all()
        overview = self.overview()
        for tile in overview["tiles"]:
            model = self.env[tile["model"]].with_user(self.head)
            self.assertEqual(
                model.search_count(tile["domain"]), tile["value"], tile["key"]
            )
        self.assertGreaterEqual(self.tile("cases")["value"], 2)
        self.assertGreaterEqual(self.tile("expiring")["value"], 1)
        self.assertGreaterEqual(self.tile("to_grant")["value"], 1)
        for chart in overview["charts"]:
            model = self.env[chart["model"]].with_user(self.head)
            self.assertTrue(chart["bars"], chart["title"])
            for bar in chart["bars"]:
                self.assertEqual(model.search_count(bar["domain"]), bar["value"])
        kinds = overview["charts"][0]["bars"]
        self.assertEqual(
            sum(bar["value"] for bar in kinds), self.tile("cases")["value"]
        )
        top, ending = overview["lists"]
        self.assertIn(self.north.id, [row["id"] for row in top["rows"]])
        self.assertTrue(ending["rows"])

    def test_own_portfolio_only(self):
        """An account manager sees the cases of his own distributors in the numbers."""
        self.north.account_manager_id = False
        before = self.tile("cases", self.manager)["value"]
        self.report(self.north)
        self.env.flush_all()
        self.assertEqual(self.tile("cases", self.manager)["value"], before)

    def test_strangers(self):
        with self.assertRaises(AccessError):
            self.overview(self.rep)
        finance = self._new_user("dash_finance", "distributor_crm.group_finance")
        self.assertTrue(self.overview(finance)["tiles"])

    def test_price_index(self):
        """R121: average index by week; a week without a price is left out."""
        today = self.today
        observations = self.env["distributor.price.observation"].create(
            [
                {
                    "product_id": self.plum.product_variant_id.id,
                    "observed_at": datetime.combine(
                        today - timedelta(weeks=ago), datetime.min.time()
                    ),
                    "marked_price": 90,
                    "shop_id": self.shop.id,
                    "partner_id": self.north.id,
                }
                for ago in (0, 0, 4)
            ]
        )
        self.env.flush_all()
        for record, index in zip(observations, (90, 110, 80), strict=True):
            self.env.cr.execute(
                "UPDATE distributor_price_observation SET floor_price = 100,"
                " price_index = %s WHERE id = %s",
                (index, record.id),
            )
        self.env.invalidate_all()
        prices = self.overview()["prices"]
        series = [
            s for s in prices["series"] if s["id"] == self.plum.product_variant_id.id
        ]
        self.assertEqual(len(series), 1)
        values = series[0]["values"]
        self.assertEqual(len(values), 12)
        self.assertEqual((values[-1], values[-5]), (100, 80))
        self.assertEqual(len(series[0]["points"].split()), 2)

    def test_weekly_report_once(self):
        """On Monday, of the week before, one a company, however often it runs."""
        Week = self.env["distributor.channel.week"]
        self.head.email = "head@example.com"
        with freeze_time(MONDAY):
            Week._cron_report()
            Week._cron_report()
        with freeze_time(MONDAY + timedelta(days=2)):
            Week._cron_report()
        week = Week.search([("company_id", "=", self.company.id)])
        self.assertEqual(
            (week.date_from, week.date_to), (date(2026, 5, 4), date(2026, 5, 10))
        )
        self.assertTrue(week.document_id.raw)
        self.assertIn("tiles", week.figures)
        mails = (
            self.env["mail.mail"]
            .sudo()
            .search([("attachment_ids", "in", week.document_id.ids)])
        )
        to_head = mails.filtered(lambda m: "head@example.com" in m.email_to)
        self.assertEqual(len(to_head), 1)
        with self.assertRaises(AccessError):
            week.with_user(self.head).write({"case_count": 0})

    def test_report_goes_on_after_a_break(self):
        """Made but not sent: the next run sends it, once."""
        Week = self.env["distributor.channel.week"]
        with freeze_time(MONDAY):
            week = Week._make(self.company, date(2026, 5, 4))
            self.assertFalse(week.sent_at)
            Week._cron_report()
        self.assertTrue(week.sent_at)
