# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models


class ResCompany(models.Model):
    """The days of visits: those of the company's time zone."""

    _inherit = "res.company"

    def _get_visit_zone(self):
        self.ensure_one()
        # Agents announce absences: they may not read the company's calendar.
        return pytz.timezone(self.sudo()._get_agreement_tz())

    def _get_visit_day(self, moment):
        """Return the day on which a moment in UTC falls here."""
        return pytz.utc.localize(moment).astimezone(self._get_visit_zone()).date()

    def _get_visit_today(self):
        return self._get_visit_day(fields.Datetime.now())

    def _get_visit_moment(self, day, hour=0.0):
        """Return an hour of a day here, in UTC."""
        local = datetime.combine(day, time()) + timedelta(hours=hour)
        zone = self._get_visit_zone()
        return zone.localize(local).astimezone(pytz.utc).replace(tzinfo=None)

    def _get_visit_day_start(self, day):
        return self._get_visit_moment(day)

    def _get_visit_day_end(self, day):
        """Return the first moment after a day."""
        return self._get_visit_moment(day + timedelta(days=1))
