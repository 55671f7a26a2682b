# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from psycopg2 import IntegrityError

from odoo.tests import BaseCase, TransactionCase, tagged
from odoo.tools import mute_logger

from ..working_days import WorkingDays

DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))
TABLES = st.builds(
    WorkingDays,
    holidays=st.frozensets(DAYS, max_size=40),
    extra=st.frozensets(DAYS, max_size=40),
)


@tagged("post_install", "-at_install")
class TestWorkingDaysArithmetic(BaseCase):
    """Deadlines are counted in working days (R092, R098, R105)."""

    @given(TABLES, DAYS, st.integers(1, 30))
    def test_nth_is_worked_and_the_nth(self, days, first, number):
        """The n-th working day is one, and so many lie up to it."""
        start = first.replace(day=1)
        found = days.nth(first.year, first.month, number)
        self.assertIn(found, days)
        self.assertEqual(days.count(start, found), number)

    @given(TABLES, DAYS, st.integers(1, 20), st.integers(1, 20))
    def test_after_adds_up(self, days, day, first, second):
        """Some days on, and some more, are as many as both together."""
        self.assertEqual(
            days.after(days.after(day, first), second), days.after(day, first + second)
        )

    @given(TABLES, DAYS)
    def test_make_up_day_goes_before_a_holiday(self, days, day):
        """A day in both lists is worked."""
        both = WorkingDays(
            holidays=days.holidays | {day}, extra=frozenset(days.extra) | {day}
        )
        self.assertIn(day, both)
        off = WorkingDays(holidays=frozenset({day}))
        self.assertNotIn(day, off)

    @given(DAYS, st.integers(0, 60))
    def test_without_entries_it_is_the_week(self, day, length):
        last = day + timedelta(days=length)
        every = [day + timedelta(days=step) for step in range(length + 1)]
        self.assertEqual(
            WorkingDays().count(day, last), sum(one.weekday() < 5 for one in every)
        )

    def test_counted_from_one(self):
        with self.assertRaises(ValueError):
            WorkingDays().nth(2025, 1, 0)
        with self.assertRaises(ValueError):
            WorkingDays(weekdays=()).nth(2025, 1, 1)


@tagged("post_install", "-at_install")
class TestWorkingDayTable(TransactionCase):
    """Which entries hold for a company: its own, its country's, those for all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.country = cls.env.ref("base.nz")
        cls.company = cls.env["res.company"].create(
            {"name": "Working Day Company", "country_id": cls.country.id}
        )
        # A Wednesday of a year that no shipped entry speaks of.
        cls.day = date(2019, 5, 15)

    def _entry(self, kind, **values):
        return self.env["distributor.working.day"].create(
            {"date": self.day, "kind": kind, "name": "Test", **values}
        )

    def test_closest_entry_goes_before(self):
        self.assertTrue(self.company._is_working_day(self.day))
        self._entry("holiday")
        self.assertFalse(self.company._is_working_day(self.day))
        self._entry("working", country_id=self.country.id)
        self.assertTrue(self.company._is_working_day(self.day))
        self._entry("holiday", company_id=self.company.id)
        self.assertFalse(self.company._is_working_day(self.day))

    def test_entries_of_others_do_not_count(self):
        self._entry("holiday", country_id=self.env.ref("base.cn").id)
        self._entry("holiday", company_id=self.env.company.id)
        self.assertTrue(self.company._is_working_day(self.day))

    def test_same_day_twice_is_refused(self):
        self._entry("holiday")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self._entry("working")

    def test_imported_from_a_file(self):
        """Odoo's own import reads next year's notice."""
        result = self.env["distributor.working.day"].load(
            ["date", "kind", "name", "country_id"],
            [
                ["2019-05-18", "Working day", "Make-up", self.country.name],
                ["2019-05-15", "holiday", "Festival", self.country.name],
            ],
        )
        self.assertFalse(result["messages"])
        self.assertTrue(self.company._is_working_day(date(2019, 5, 18)))
        self.assertFalse(self.company._is_working_day(self.day))
        self.assertEqual(
            self.company._count_working_days(date(2019, 5, 13), date(2019, 5, 19)), 5
        )
