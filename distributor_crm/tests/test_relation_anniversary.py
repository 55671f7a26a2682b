# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from odoo import fields
from odoo.tests import BaseCase, tagged

from ..relation.anniversary import next_anniversary
from .service_common import ServiceCommon, no_commits

DAYS = st.dates(date(1950, 1, 1), date(2100, 1, 1))


class TestAnniversaryArithmetic(BaseCase):
    def test_known_days(self):
        for day, today, expected in (
            (date(2020, 5, 1), date(2026, 5, 1), date(2026, 5, 1)),
            (date(2020, 5, 1), date(2026, 5, 2), date(2027, 5, 1)),
            (date(2024, 2, 29), date(2026, 2, 20), date(2026, 2, 28)),
            (date(2024, 2, 29), date(2027, 12, 31), date(2028, 2, 29)),
            # A day is no anniversary of itself, nor comes one before it.
            (date(2026, 5, 1), date(2026, 5, 1), date(2027, 5, 1)),
            (date(2026, 5, 1), date(2026, 1, 1), date(2027, 5, 1)),
        ):
            self.assertEqual(next_anniversary(day, today), expected)

    @given(DAYS, DAYS)
    def test_it_comes_within_a_year(self, day, today):
        found = next_anniversary(day, today)
        self.assertGreaterEqual(found, today)
        self.assertGreater(found.year, day.year)
        if today.year > day.year:
            self.assertLessEqual((found - today).days, 366)


@tagged("post_install", "-at_install")
class TestRelationReminders(ServiceCommon):
    def _remind(self):
        with no_commits(self):
            self.env["res.partner"]._cron_remind_of_days()

    def _activities(self, partner):
        kind = self.env.ref("distributor_crm.activity_type_anniversary")
        return partner.activity_ids.filtered(lambda a: a.activity_type_id == kind)

    def test_account_managers_think_of_the_day(self):
        """Three days before, once a year, whoever's day it is (A24)."""
        today = date(2026, 6, 10)
        self.company.anniversary_days = 3
        self.north.distributor_since = date(2021, 6, 12)
        self.south.distributor_since = date(2021, 6, 14)
        person = self.contacts[0]
        person.write({"memorable_on": "1980-06-11", "memorable_what": "Birthday"})
        with freeze_time(today):
            self._remind()
            self._remind()
        done = self._activities(self.north)
        self.assertEqual(len(done), 1)
        self.assertEqual(done.user_id, self.account_manager)
        self.assertEqual(done.date_deadline, date(2026, 6, 12))
        self.assertIn("5 years", done.summary)
        self.assertIn("Birthday", self._activities(person).summary)
        self.assertFalse(self._activities(self.south))
        with freeze_time(today + relativedelta(years=1)):
            self._remind()
        self.assertEqual(len(self._activities(self.north)), 2)

    def test_switched_off(self):
        self.env["res.company"].search([("id", "!=", False)]).anniversary_days = -1
        self.north.distributor_since = fields.Date.today() - relativedelta(years=1)
        self._remind()
        self.assertFalse(self._activities(self.north))

    def test_opening_a_store_begins_the_co_operation(self):
        store = self._store(self.south, "since")
        self.assertFalse(self.south.distributor_since)
        store._after_opening()
        self.assertEqual(self.south.distributor_since, store.opened_on)

    def _ask(self):
        with no_commits(self):
            self.env["sale.order.line"]._cron_ask_for_usage()
        return self.north.activity_ids.filtered(
            lambda a: "Used up" in (a.summary or "")
        )

    def test_goods_that_should_be_used_up(self):
        """Asked once, not before its day, and not where it was bought again (A24)."""
        self.goods.usage_days = 30
        today = fields.Date.today()
        order = self._order(self.north)
        order.delivered_on = today - timedelta(days=29)
        self.assertFalse(self._ask())
        order.delivered_on = today - timedelta(days=30)
        again = self._order(self.north)
        self.assertFalse(self._ask())
        again._action_cancel()
        self.assertEqual(len(self._ask()), 1)
        self.assertEqual(len(self._ask()), 1)
        self.assertEqual(self._ask().user_id, self.account_manager)
