# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.distributor_crm.guard import hold_until_committed

OPEN_FIELDS = {"note"}


class DistributorVisitSpotLine(models.Model):
    """One shift of an attendance check: what the inspector found (R058–R061)."""

    _name = "distributor.visit.spot.line"
    _description = "Checked Shift"
    _inherit = ["distributor.closed.rows", "distributor.evidence.mixin"]
    _order = "spot_id desc, sequence, id"

    spot_id = fields.Many2one(
        comodel_name="distributor.visit.spot",
        string="Check",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(string="Drawn As", readonly=True, aggregator=None)
    company_id = fields.Many2one(
        related="spot_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    inspector_id = fields.Many2one(
        related="spot_id.inspector_id", store=True, precompute=True
    )
    date = fields.Date(related="spot_id.date", store=True, precompute=True, index=True)
    roster_id = fields.Many2one(
        comodel_name="distributor.visit.roster",
        string="Shift",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    post_id = fields.Many2one(
        related="roster_id.post_id", store=True, precompute=True, index=True
    )
    agent_id = fields.Many2one(
        related="roster_id.agent_id", store=True, precompute=True, index=True
    )
    agency_id = fields.Many2one(
        related="roster_id.agency_id", store=True, precompute=True, index=True
    )
    start_at = fields.Datetime(related="roster_id.start_at")
    end_at = fields.Datetime(related="roster_id.end_at", store=True, precompute=True)
    result = fields.Selection(
        selection=[
            ("pending", "To Check"),
            ("present", "Present"),
            ("late", "Late"),
            ("excused", "Excused"),
            ("absent", "Empty Post"),
            ("missed", "Not Checked"),
        ],
        required=True,
        readonly=True,
        default="pending",
        index=True,
    )
    checked_at = fields.Datetime(readonly=True)
    checked_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    place_state = fields.Selection(
        selection=[
            ("inside", "At the post"),
            ("outside", "Elsewhere"),
            ("unknown", "Cannot be told"),
        ],
        string="Place",
        readonly=True,
        default="unknown",
    )
    absence_id = fields.Many2one(
        comodel_name="distributor.visit.absence",
        string="Filed Absence",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    duty_id = fields.Many2one(
        comodel_name="distributor.visit.duty",
        string="Rules",
        readonly=True,
        ondelete="restrict",
    )
    offence_number = fields.Integer(
        string="How Often",
        readonly=True,
        aggregator=None,
        help="The first empty post, the second and so on, as the rules count.",
    )
    penalty = fields.Monetary(readonly=True)
    violation_id = fields.Many2one(
        comodel_name="distributor.violation",
        string="Case",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    note = fields.Text()

    _once = models.Constraint(
        "UNIQUE(spot_id, roster_id)", "A shift is drawn once in a check."
    )
    _one_penalty_a_shift = models.UniqueIndex(
        "(roster_id) WHERE result = 'absent'",
        "This shift was found empty by another check already.",
    )
    _checked_by_somebody = models.Constraint(
        "CHECK((result IN ('pending', 'missed')) = (checked_by_id IS NULL))",
        "Whoever checked a shift is on record.",
    )

    @api.depends("agent_id", "post_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.post_id.name}, {line.agent_id.name}"

    @api.model
    def _get_open_names(self):
        return OPEN_FIELDS

    def _say_closed(self):
        return self.env._("What was found is recorded with the buttons, and stays.")

    def _check_inspector(self):
        """:raises AccessError: somebody else is sent, or who is of the agency"""
        self.check_access("read")
        if any(line.inspector_id != self.env.user for line in self):
            raise AccessError(
                self.env._("The inspector who is sent records what he finds.")
            )
        side = self.env["distributor.visit.spot"]._get_side(self.env.user)
        if (self.agency_id | self.agent_id) & side:
            raise AccessError(self.env._("Nobody checks his own agency."))

    # -- what the inspector finds ------------------------------------------------------

    def action_present(self):
        """The inspector met the person at the post."""
        return self._record("present")

    def action_absent(self):
        """The inspector found nobody."""
        return self._record("absent")

    def _record(self, result):
        """Record what the inspector found at a post (R058).

        Whoever is not there is excused if it was announced before this moment (R059).
        A post that is just not manned yet within the time of grace is not empty: come
        back later. The photos say where it was.

        :param result: "present" or "absent"
        :raises AccessError: not the inspector
        :raises UserError: too early, too late, recorded before, or without a photo
        """
        self._check_inspector()
        lines = self.sudo()  # the inspector alone may; the result is closed to users
        hold_until_committed(lines)
        lines.invalidate_recordset(["result"])
        now = fields.Datetime.now()
        for line in lines:
            line._check_open(now)
            if result == "absent" and not line._get_counting_evidence():
                raise UserError(
                    self.env._("Take a photo of the empty post: it has to be shown.")
                )
            line._keep_result(result, now)
            line._report_empty()
        lines.spot_id._close_when_done()
        return True

    def _check_open(self, now):
        if self.result != "pending":
            raise UserError(self.env._("%s was checked already.", self.display_name))
        if now < self.start_at or now >= self.end_at:
            raise UserError(
                self.env._(
                    "%(shift)s runs from %(start)s to %(end)s (UTC): a post is checked "
                    "while it has to be manned.",
                    shift=self.display_name,
                    start=self.start_at,
                    end=self.end_at,
                )
            )

    def _keep_result(self, result, now):
        self.ensure_one()
        duty = self.env["distributor.visit.duty"]._get_duty(
            self.company_id, self.agency_id, self.date
        )
        within_grace = now < self.start_at + timedelta(minutes=duty.late_minutes)
        absence = self.env["distributor.visit.absence"]
        if result == "absent":
            absence = absence._find_excuses(self.roster_id, now)[self.roster_id]
            if absence:
                result = "excused"
            elif within_grace:
                raise UserError(
                    self.env._(
                        "The shift began less than %s minutes ago: come back later.",
                        duty.late_minutes,
                    )
                )
            else:
                self._check_not_found_empty()
        self.write(
            {
                "result": result,
                "checked_at": now,
                "checked_by_id": self.env.uid,
                "duty_id": duty.id,
                "absence_id": absence.id if absence else False,
                "place_state": self._judge_place(),
            }
        )

    def action_late(self):
        """Whoever was found came late: the inspector says so after finding him."""
        self._check_inspector()
        lines = self.sudo()  # the inspector alone may
        if any(line.result != "present" for line in lines):
            raise UserError(self.env._("Only somebody who is there can be late."))
        lines.result = "late"

    def _check_not_found_empty(self):
        """Nobody is punished twice for one shift, however many checks drew it."""
        if self.search_count(
            [("roster_id", "=", self.roster_id.id), ("result", "=", "absent")], limit=1
        ):
            raise UserError(
                self.env._("Another check found %s empty already.", self.display_name)
            )

    def _judge_place(self):
        """Return whether the photos were taken at the post, as far as they tell."""
        placed = self.evidence_ids.filtered("position_source")
        if not placed or not (self.post_id.latitude or self.post_id.longitude):
            return "unknown"
        away = min(
            self.post_id._get_distance(one.latitude, one.longitude) for one in placed
        )
        return "inside" if away <= self.post_id.radius else "outside"

    def _get_evidence_place(self):
        # EXTENDS distributor.evidence.mixin
        post = self.post_id
        place = {"since": self.start_at, "until": self.end_at}
        if post.latitude or post.longitude:
            place.update(latitude=post.latitude, longitude=post.longitude)
        return place

    def _check_evidence_wanted(self):
        # EXTENDS distributor.evidence.mixin: the inspector shows what he sees.
        self._check_inspector()
        if self.result == "missed":
            raise UserError(self.env._("This shift was not checked."))
        return super()._check_evidence_wanted()

    # -- what follows ------------------------------------------------------------------

    def _count_empty_before(self):
        """Return how often a post was empty before, as the rules count; cases that were
        lifted do not count."""
        since = self.duty_id._get_empty_since(self.date)
        scope = "agency_id" if self.duty_id.empty_scope == "agency" else "agent_id"
        return len(
            self.search(
                [
                    ("id", "!=", self.id),
                    ("company_id", "=", self.company_id.id),
                    (scope, "=", self[scope].id),
                    ("result", "=", "absent"),
                    ("checked_at", "<=", self.checked_at),
                    *([("date", ">=", since)] if since else []),
                ]
            ).filtered(lambda line: line.violation_id.state != "lifted")
        )

    def _report_empty(self):
        """Open a case of an empty post: first the amount and a warning, then a day's
        wage of the agency's rate card (R060, R061)."""
        self.ensure_one()
        if self.result != "absent" or not self.agency_id:
            return
        number = self._count_empty_before() + 1
        wage = self.env["distributor.visit.rate"]._get_day_wage(
            self.company_id, self.agency_id, self.date
        )
        amount = self.duty_id.empty_amount if number == 1 or not wage else wage
        self.write({"offence_number": number, "penalty": amount})
        cases = self.env["distributor.violation"].sudo()  # the inspector reports it
        self.violation_id = cases._report([self._prepare_case(number, wage)])

    def _prepare_case(self, number, wage):
        if number == 1:
            consequence = self.env._("The first time: a deduction and a warning.")
        elif wage:
            consequence = self.env._(
                "Time no. %s: a day's wage of the agency's rate card.", number
            )
        else:
            consequence = self.env._(
                "Time no. %s: a day's wage is due, but the rate card names none; the "
                "amount of the first time stands until somebody fills it in.",
                number,
            )
        return {
            "policy": "empty_post",
            "partner_id": self.agency_id.id,
            "person_id": self.agent_id._get_visit_person(self.agency_id).id,
            "company_id": self.company_id.id,
            "occurred_at": self.checked_at,
            "source": self,
            "amount": self.penalty,
            "evidence_ids": self.evidence_ids.ids,
            "facts": self.env._(
                "%(agent)s was not at %(post)s on %(day)s, and had not announced it. "
                "%(consequence)s %(clause)s",
                agent=self.agent_id.name,
                post=self.post_id.name,
                day=self.date,
                consequence=consequence,
                clause=self.duty_id.clause or "",
            ).strip(),
        }

    def action_view_case(self):
        """Open the case that follows from what was found."""
        return self.violation_id._get_records_action()
