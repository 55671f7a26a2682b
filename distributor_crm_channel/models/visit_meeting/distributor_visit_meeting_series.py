# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Sheets are prepared for so many days ahead.
AHEAD = 7


class DistributorVisitMeetingSeries(models.Model):
    """On which days agencies meet us to report: Monday and Friday at 14:00 (R064)."""

    _name = "distributor.visit.meeting.series"
    _description = "Regular Meeting with Agencies"
    _inherit = ["mail.thread"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(
        required=True, default=lambda self: self.env._("Meeting with the agencies")
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Held By",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        tracking=True,
        help="Is told when a report is missing.",
    )
    agency_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="distributor_visit_meeting_series_agency_rel",
        string="Agencies",
        domain=[("is_visit_agency", "=", True)],
        help="Empty: all agencies of the company.",
    )
    mon = fields.Boolean(string="Monday", default=True, tracking=True)
    tue = fields.Boolean(string="Tuesday")
    wed = fields.Boolean(string="Wednesday")
    thu = fields.Boolean(string="Thursday")
    fri = fields.Boolean(string="Friday", default=True, tracking=True)
    sat = fields.Boolean(string="Saturday")
    sun = fields.Boolean(string="Sunday")
    hour = fields.Float(string="At", default=14, required=True, tracking=True)
    duration = fields.Float(string="Hours", default=1, required=True)
    location = fields.Char(string="Place")
    event_id = fields.Many2one(
        comodel_name="calendar.event",
        string="Calendar Event",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The first one of the recurring events.",
    )
    meeting_ids = fields.One2many(
        comodel_name="distributor.visit.meeting", inverse_name="series_id"
    )
    meeting_count = fields.Integer(compute="_compute_meeting_count")

    _hours = models.Constraint(
        "CHECK(hour >= 0 AND hour < 24 AND duration > 0 AND duration <= 12)",
        "A meeting begins between 0:00 and 24:00.",
    )
    _some_day = models.Constraint(
        "CHECK(mon OR tue OR wed OR thu OR fri OR sat OR sun)",
        "Choose a day of the week.",
    )

    def _compute_meeting_count(self):
        counts = dict(
            self.env["distributor.visit.meeting"]._read_group(
                [("series_id", "in", self.ids)], ["series_id"], ["__count"]
            )
        )
        for series in self:
            series.meeting_count = counts.get(series, 0)

    def _get_agencies(self):
        self.ensure_one()
        return self.agency_ids or self.env["res.partner"].search(
            [
                ("is_visit_agency", "=", True),
                ("company_id", "in", (False, self.company_id.id)),
            ]
        )

    def _get_next(self, first, last):
        """Return the moments (UTC) of the meetings from one day to another."""
        self.ensure_one()
        length = (last - first).days + 1
        return [
            self.company_id._get_visit_moment(day, self.hour)
            for day in (first + timedelta(days=step) for step in range(length))
            if self[DAYS[day.weekday()]]
        ]

    def action_schedule(self):
        """Put the meetings into the calendars, each week for a year, and prepare the
        sheets of the next days.

        :raises UserError: they are there already
        """
        for series in self:
            if series.event_id:
                raise UserError(
                    self.env._(
                        "“%s” is in the calendar already. Change or delete it there.",
                        series.name,
                    )
                )
            series.event_id = self.env["calendar.event"].create(series._prepare_event())
        self._prepare_sheets()
        return True

    def _prepare_event(self):
        """Return the values of the recurring event."""
        self.ensure_one()
        today = self.company_id._get_visit_today()
        start = self._get_next(today + timedelta(days=1), today + timedelta(days=7))[0]
        days = {name: self[name] for name in DAYS}
        guests = self.user_id.partner_id | self._get_agencies()
        return {
            "name": self.name,
            "start": start,
            "stop": start + timedelta(hours=self.duration),
            "location": self.location,
            "user_id": self.user_id.id,
            "partner_ids": [Command.set(guests.ids)],
            "event_tz": self.company_id._get_agreement_tz(),
            "recurrency": True,
            "rrule_type": "weekly",
            "interval": 1,
            "end_type": "count",
            "count": 52 * sum(days.values()),
            **days,
        }

    def _prepare_sheets(self):
        """Make the sheets of the next days that are missing."""
        Meeting = self.env["distributor.visit.meeting"]
        vals_list = []
        for series in self:
            today = series.company_id._get_visit_today()
            moments = series._get_next(today, today + timedelta(days=AHEAD))
            known = set(
                Meeting.search(
                    [("series_id", "=", series.id), ("start_at", "in", moments)]
                ).mapped("start_at")
            )
            vals_list += [
                series._prepare_meeting(moment)
                for moment in moments
                if moment not in known and moment > fields.Datetime.now()
            ]
        return Meeting.create(vals_list)

    def _prepare_meeting(self, moment):
        self.ensure_one()
        day = self.company_id._get_visit_day(moment)
        first, last = self._get_week(day)
        recurrence = self.event_id.recurrence_id
        event = self.env["calendar.event"].search(
            [
                ("recurrence_id", "=", recurrence.id or 0),
                ("start", "=", moment),
            ],
            limit=1,
        )
        monday = day + timedelta(days=-day.weekday() + (7 if day.weekday() > 2 else 0))
        return {
            "series_id": self.id,
            "company_id": self.company_id.id,
            "user_id": self.user_id.id,
            "start_at": moment,
            "event_id": event.id,
            "date_from": first,
            "date_to": last,
            "plan_from": monday,
            "plan_to": monday + timedelta(days=6),
            "agency_line_ids": [
                Command.create({"agency_id": agency.id})
                for agency in self._get_agencies()
            ],
        }

    def _get_week(self, day):
        """Return the days that a meeting looks back on: this week so far, or on a Monday
        or Tuesday the week before."""
        monday = day - timedelta(days=day.weekday())
        if day.weekday() < 2:
            return monday - timedelta(days=7), monday - timedelta(days=1)
        return monday, day

    @api.model
    def _cron_prepare(self):
        """Prepare the sheets of the next days, each night."""
        self.search([("user_id.active", "=", True)])._prepare_sheets()

    def action_view_meetings(self):
        """Open the sheets of these meetings."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_channel.distributor_visit_meeting_action"
        )
        return {**action, "domain": [("series_id", "in", self.ids)], "context": {}}
