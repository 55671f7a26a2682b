# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime

from odoo.addons.distributor_crm.guard import without_closed

CLOSED = {"state", "frozen_at", "checksum", "line_ids", "attachment_id", "is_alerted"}
PLANNED_FIELDS = {"date_from", "date_to", "plan_from", "plan_to", "start_at"}


class DistributorVisitMeeting(models.Model):
    """The sheet of one meeting with the agencies (R064, R065).

    Until the meeting its figures are read live; when it begins they are copied, printed
    and stay as they were shown.
    """

    _name = "distributor.visit.meeting"
    _description = "Meeting with Agencies"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "start_at desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    series_id = fields.Many2one(
        comodel_name="distributor.visit.meeting.series",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Held By",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        tracking=True,
    )
    start_at = fields.Datetime(
        string="Begins", required=True, default=fields.Datetime.now, tracking=True
    )
    event_id = fields.Many2one(
        comodel_name="calendar.event",
        string="Calendar Event",
        index="btree_not_null",
        ondelete="set null",
    )
    date_from = fields.Date(
        string="Looks Back From", required=True, default=lambda self: self._get_days(0)
    )
    date_to = fields.Date(
        string="Until", required=True, default=lambda self: self._get_days(6)
    )
    plan_from = fields.Date(
        string="Plans From", required=True, default=lambda self: self._get_days(7)
    )
    plan_to = fields.Date(
        string="Plans Until", required=True, default=lambda self: self._get_days(13)
    )
    agency_line_ids = fields.One2many(
        comodel_name="distributor.visit.meeting.agency",
        inverse_name="meeting_id",
        string="Agencies",
    )
    line_ids = fields.One2many(
        comodel_name="distributor.visit.meeting.line",
        inverse_name="meeting_id",
        string="Figures",
        readonly=True,
    )
    missing_count = fields.Integer(
        string="Reports Missing", compute="_compute_missing_count"
    )
    minutes_ids = fields.One2many(
        comodel_name="distributor.minutes",
        inverse_name="visit_meeting_id",
        groups="distributor_crm.group_sales_rep",
    )
    minutes_count = fields.Integer(
        compute="_compute_minutes_count", groups="distributor_crm.group_sales_rep"
    )
    state = fields.Selection(
        selection=[
            ("planned", "Planned"),
            ("frozen", "Figures Frozen"),
            ("held", "Took Place"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        default="planned",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    frozen_at = fields.Datetime(readonly=True, copy=False)
    checksum = fields.Char(
        string="Figures SHA-256",
        readonly=True,
        copy=False,
        help="Of the figures when they were frozen.",
    )
    attachment_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Printed Sheet",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    is_alerted = fields.Boolean(readonly=True, copy=False)

    _once = models.UniqueIndex(
        "(series_id, start_at) WHERE series_id IS NOT NULL",
        "There is a sheet of this meeting already.",
    )
    _days_in_order = models.Constraint(
        "CHECK(date_from <= date_to AND plan_from <= plan_to)",
        "Days go from an earlier to a later one.",
    )

    @api.model
    def _get_days(self, number):
        """Return a day counted from this week's Monday."""
        today = self.env.company._get_visit_today()
        return today + timedelta(days=number - today.weekday())

    @api.depends("start_at", "series_id")
    @api.depends_context("tz", "lang")
    def _compute_name(self):
        for meeting in self:
            when = format_datetime(
                self.env,
                meeting.start_at,
                tz=meeting.company_id._get_agreement_tz(),
                dt_format="yyyy-MM-dd HH:mm",
            )
            title = meeting.series_id.name or self.env._("Meeting with the agencies")
            meeting.name = f"{title}, {when}"

    @api.depends("name")
    def _compute_display_name(self):
        for meeting in self:
            meeting.display_name = meeting.name

    @api.depends("agency_line_ids.reported_at")
    def _compute_missing_count(self):
        for meeting in self:
            meeting.missing_count = len(
                meeting.agency_line_ids.filtered(lambda line: not line.reported_at)
            )

    @api.depends("minutes_ids")
    def _compute_minutes_count(self):
        for meeting in self:
            meeting.minutes_count = len(meeting.minutes_ids)

    # -- create, change, delete --------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        records, vals_list = without_closed(self, vals_list, CLOSED)
        return super(DistributorVisitMeeting, records).create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if vals.keys() & CLOSED:
                raise AccessError(
                    self.env._("The figures of a meeting are frozen, not edited.")
                )
            if vals.keys() & PLANNED_FIELDS and any(
                one.state != "planned" for one in self
            ):
                raise UserError(
                    self.env._("Its figures are frozen: the days stay as they are.")
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_planned(self):
        if any(meeting.state not in ("planned", "cancelled") for meeting in self):
            raise UserError(self.env._("Meetings that took place stay on record."))

    # -- reports of agencies -----------------------------------------------------------

    @api.model
    def _cron_follow(self):
        """Freeze the figures of meetings that begin, and tell of missing reports."""
        now = fields.Datetime.now()
        due = self.search([("state", "=", "planned"), ("start_at", "<=", now)])
        due._freeze()
        self.search(
            [
                ("state", "!=", "cancelled"),
                ("is_alerted", "=", False),
                ("start_at", "<=", now),
                ("start_at", ">", now - timedelta(days=7)),
            ]
        )._alert_missing()

    def _alert_missing(self):
        """Tell whoever holds the meeting which agencies have not reported (R064)."""
        for meeting in self:
            missing = meeting.agency_line_ids.filtered(
                lambda line: not line.reported_at
            )
            meeting.is_alerted = True
            if not missing:
                continue
            names = ", ".join(missing.agency_id.mapped("name"))
            meeting.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=meeting.user_id.id,
                summary=self.env._("Reports are missing: %s", names),
            )
            meeting.message_post(
                body=self.env._(
                    "Your report for %(meeting)s is missing: enter your plan in the "
                    "portal under Meetings.",
                    meeting=meeting.name,
                ),
                partner_ids=missing.agency_id.ids,
                subtype_xmlid="mail.mt_comment",
            )

    def action_view_minutes(self):
        """Open the minutes of the meeting, or write new ones."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm.distributor_minutes_action"
        )
        return {
            **action,
            "domain": [("visit_meeting_id", "=", self.id)],
            "context": {
                "default_visit_meeting_id": self.id,
                "default_name": self.name,
                "default_partner_id": self.agency_line_ids.agency_id[:1].id,
                "default_date": self.company_id._get_visit_day(self.start_at),
            },
        }

    def action_view_days(self):
        """Open the figures of the days looked back on, to turn and group them."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_channel.distributor_visit_day_action"
        )
        return {
            **action,
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("date", ">=", self.date_from),
                ("date", "<=", self.date_to),
            ],
            "context": {},
        }
