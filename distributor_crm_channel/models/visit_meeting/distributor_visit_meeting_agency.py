# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

MAX_TEXT = 4000
MAX_GROUPS = 100000


class DistributorVisitMeetingAgency(models.Model):
    """One agency at a meeting: who came, and what it plans for the next week."""

    _name = "distributor.visit.meeting.agency"
    _description = "Agency at a Meeting"
    _order = "meeting_id desc, agency_id, id"
    _rec_name = "agency_id"

    meeting_id = fields.Many2one(
        comodel_name="distributor.visit.meeting",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="meeting_id.company_id", store=True, precompute=True
    )
    agency_id = fields.Many2one(
        comodel_name="res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_visit_agency", "=", True)],
    )
    is_present = fields.Boolean(string="Came")
    attendees = fields.Char(string="Who Came")
    planned_groups = fields.Integer(string="Groups Planned")
    planned_shifts = fields.Integer(
        string="Shifts Planned", compute="_compute_planned_shifts"
    )
    frozen_shifts = fields.Integer(readonly=True)
    plan = fields.Text(string="Plan of Next Week")
    reported_at = fields.Datetime(
        string="Reported", help="When the agency handed in its plan."
    )
    is_late = fields.Boolean(compute="_compute_is_late")

    _once = models.Constraint(
        "UNIQUE(meeting_id, agency_id)", "This agency is on the sheet already."
    )
    _groups_positive = models.Constraint(
        "CHECK(planned_groups >= 0)", "Nobody plans less than no group."
    )

    @api.depends("reported_at", "meeting_id.start_at")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for line in self:
            start = line.meeting_id.start_at
            line.is_late = bool(start and (line.reported_at or now) > start)

    def _compute_planned_shifts(self):
        for line in self:
            meeting = line.meeting_id
            line.planned_shifts = (
                line.frozen_shifts
                if meeting.state in ("frozen", "held")
                else line._count_shifts()
            )

    def _count_shifts(self):
        return self.env["distributor.visit.roster"].search_count(
            [
                ("agency_id", "=", self.agency_id.id),
                ("company_id", "=", self.company_id.id),
                ("date", ">=", self.meeting_id.plan_from),
                ("date", "<=", self.meeting_id.plan_to),
            ]
        )

    def _freeze(self):
        for line in self:
            line.frozen_shifts = line._count_shifts()

    def _report(self, groups, plan):
        """Take in an agency's plan; the caller checked that it is its own.

        :param groups: how many groups it plans to bring, untrusted
        :param plan: text, untrusted
        :raises UserError: it says nothing, or the meeting is over
        """
        self.ensure_one()
        if self.meeting_id.state in ("held", "cancelled"):
            raise UserError(self.env._("This meeting is over."))
        plan = (plan or "").strip()[:MAX_TEXT]
        try:
            groups = int(groups or 0)
        except (TypeError, ValueError):
            groups = -1
        if not 0 <= groups <= MAX_GROUPS:
            raise UserError(self.env._("Say how many groups you plan to bring."))
        if not plan and not groups:
            raise UserError(self.env._("Say what you plan for the next week."))
        self.write(
            {
                "plan": plan,
                "planned_groups": groups,
                "reported_at": self.reported_at or fields.Datetime.now(),
            }
        )
