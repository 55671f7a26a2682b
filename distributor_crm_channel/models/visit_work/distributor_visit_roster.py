# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

FROZEN = {"post_id", "agent_id", "agency_id", "date", "hour_from", "hour_to"}


class DistributorVisitRoster(models.Model):
    """Who stands where, on which day and from when until when (R044).

    What was planned for a day that has begun stays: it is what attendance is held
    against. Changes of what is still to come are written down at the post.
    """

    _name = "distributor.visit.roster"
    _description = "Shift"
    _order = "date desc, hour_from, post_id, id"
    _check_company_auto = True

    post_id = fields.Many2one(
        comodel_name="distributor.visit.post",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="post_id.company_id", store=True, precompute=True, index=True
    )
    agent_id = fields.Many2one(
        comodel_name="res.partner",
        required=True,
        ondelete="restrict",
        domain="[('is_company', '=', False)]",
        help="A field agent of an agency, or a resident representative of ours.",
    )
    agency_id = fields.Many2one(
        comodel_name="res.partner",
        compute="_compute_agency_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        help="The agency on the day of planning; it answers for the shift.",
    )
    date = fields.Date(required=True, index=True, default=fields.Date.context_today)
    hour_from = fields.Float(string="From", required=True, default=9, aggregator=None)
    hour_to = fields.Float(string="To", required=True, default=18, aggregator=None)
    start_at = fields.Datetime(
        compute="_compute_times", store=True, precompute=True, string="Begins"
    )
    end_at = fields.Datetime(
        compute="_compute_times", store=True, precompute=True, string="Ends"
    )
    spot_line_ids = fields.One2many(
        comodel_name="distributor.visit.spot.line", inverse_name="roster_id"
    )
    note = fields.Char()

    _once_a_day = models.Constraint(
        "UNIQUE(agent_id, date, hour_from)",
        "This person has a shift that begins at the same time.",
    )
    _hours_in_order = models.Constraint(
        "CHECK(hour_from >= 0 AND hour_from < hour_to AND hour_to <= 24)",
        "A shift ends after it begins, on the same day.",
    )
    _agent_day = models.Index("(agent_id, date)")

    @api.depends("agent_id")
    def _compute_agency_id(self):
        for shift in self:
            shift.agency_id = shift.agent_id.visit_agency_id

    @api.depends("date", "hour_from", "hour_to", "company_id")
    def _compute_times(self):
        for shift in self:
            if not shift.date or not shift.company_id:
                shift.start_at = shift.end_at = False
                continue
            moment = shift.company_id._get_visit_moment
            shift.start_at = moment(shift.date, shift.hour_from)
            shift.end_at = moment(shift.date, shift.hour_to)

    @api.depends("post_id", "agent_id", "date")
    def _compute_display_name(self):
        for shift in self:
            shift.display_name = (
                f"{shift.post_id.name}, {shift.agent_id.name}, {shift.date}"
            )

    @api.constrains("agent_id", "date", "hour_from", "hour_to")
    def _check_overlap(self):
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT own.id
              FROM distributor_visit_roster own
              JOIN distributor_visit_roster other
                ON other.agent_id = own.agent_id AND other.date = own.date
               AND other.id <> own.id AND other.hour_from < own.hour_to
               AND own.hour_from < other.hour_to
             WHERE own.id = ANY(%s) LIMIT 1
            """,
            [self.ids],
        )
        if found := self.env.cr.fetchone():
            shift = self.browse(found[0])
            raise ValidationError(
                self.env._(
                    "%(agent)s would stand at two posts at once on %(day)s.",
                    agent=shift.agent_id.name,
                    day=shift.date,
                )
            )

    @api.constrains("agent_id", "date", "post_id")
    def _check_agent(self):
        for (agent, post), shifts in self.grouped(
            lambda shift: (shift.agent_id, shift.post_id)
        ).items():
            for shift in shifts:
                agent._check_may_be_rostered(shift.company_id, shift.date)
                if (post.date_from and shift.date < post.date_from) or (
                    post.date_to and shift.date > post.date_to
                ):
                    raise ValidationError(
                        self.env._(
                            "%(post)s is not manned on %(day)s: it is open from %(first)s "
                            "until %(last)s.",
                            post=post.name,
                            day=shift.date,
                            first=post.date_from or "…",
                            last=post.date_to or "…",
                        )
                    )

    # -- create, change, delete --------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        shifts = super().create(vals_list)
        shifts._check_not_begun()
        return shifts

    def write(self, vals):
        touched = vals.keys() & FROZEN
        if touched:
            self._check_not_begun()
            before = {shift: shift.display_name for shift in self}
        result = super().write(vals)
        if touched:
            self._check_not_begun()
            for shift in self:
                shift.post_id.message_post(
                    body=self.env._(
                        "Shift changed: %(before)s → %(after)s, %(start)s–%(end)s",
                        before=before[shift],
                        after=shift.display_name,
                        start=shift.hour_from,
                        end=shift.hour_to,
                    )
                )
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        self._check_not_begun()
        for post, shifts in self.grouped("post_id").items():
            post.message_post(
                body=self.env._(
                    "Shifts taken off: %s", ", ".join(shifts.mapped("display_name"))
                )
            )

    def _check_not_begun(self):
        """Nobody edits what attendance is held against; our own code may.

        :raises UserError: names the first shift that has begun
        """
        if self.env.su:
            return
        now = fields.Datetime.now()
        begun = self.filtered(lambda shift: shift.start_at and shift.start_at <= now)
        if begun:
            raise UserError(
                self.env._(
                    "%s has begun: the plan of a day is not changed afterwards. Record an "
                    "absence instead.",
                    begun[0].display_name,
                )
            )

    def _check_planner(self):
        """:raises AccessError: only account managers plan shifts"""
        if not self.env.user.has_group("distributor_crm.group_account_manager"):
            raise AccessError(self.env._("Account managers plan the shifts."))
