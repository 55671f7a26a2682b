# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, timedelta

from odoo import models
from odoo.fields import Domain

from ...working_days import WorkingDays

# What may lie between a day that is asked for and the one that is found.
AROUND = timedelta(days=400)


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_working_days(self, day):
        """Return the working days of a company around a day.

        Entries of the company go before those of its country, and these before those
        for all. Where the table says nothing of a year, the days off of the company's
        working schedule count.

        :param day: date
        """
        self.ensure_one()
        first, last = day - AROUND, day + AROUND
        # Everybody's deadlines depend on the table; it holds nothing secret.
        entries = (
            self.env["distributor.working.day"]
            .sudo()
            .search_fetch(
                Domain("date", ">=", first)
                & Domain("date", "<=", last)
                & Domain("company_id", "in", (False, self.id))
                & Domain("country_id", "in", (False, self.country_id.id)),
                ["date", "kind", "company_id", "country_id"],
            )
        )
        kinds = {}
        for entry in entries.sorted(
            lambda one: (bool(one.company_id), bool(one.country_id))
        ):
            kinds[entry.date] = entry.kind
        if not kinds:
            kinds = dict.fromkeys(self._get_schedule_days_off(first, last), "holiday")
        return WorkingDays(
            holidays=frozenset(d for d, kind in kinds.items() if kind == "holiday"),
            extra=frozenset(d for d, kind in kinds.items() if kind == "working"),
        )

    def _get_schedule_days_off(self, first, last):
        """Return the whole days that the working schedule has off for everybody."""
        leaves = self.resource_calendar_id.sudo().global_leave_ids.filtered(
            lambda leave: not leave.resource_id
        )
        for leave in leaves:
            start, end = leave.date_from.date(), leave.date_to.date()
            day = max(start, first)
            while day <= min(end, last):
                yield day
                day += timedelta(days=1)

    def _get_working_day(self, year, month, number):
        """Return the n-th working day of a month (R092, R098, R105)."""
        return self._get_working_days(date(year, month, 1)).nth(year, month, number)

    def _is_working_day(self, day) -> bool:
        return day in self._get_working_days(day)

    def _count_working_days(self, first, last) -> int:
        """Return how many working days there are, both days included."""
        return self._get_working_days(first).count(first, last)
