# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.distributor_crm.guard import without_closed

CLOSED = {"received_at", "announced_at", "state"}
SET_ONCE = {"agent_id", "date_from", "date_to", "said_at", "company_id"}
LONGEST = timedelta(days=31)


class DistributorVisitAbsence(models.Model):
    """Somebody says before it happens that he will not be at his post (R059).

    What counts is when it was announced: now, as it comes in through the portal, or the
    time of the message in the promoters' group, which then has to be shown.
    """

    _name = "distributor.visit.absence"
    _description = "Absence Notice"
    _inherit = ["mail.thread", "distributor.evidence.mixin"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    agent_id = fields.Many2one(
        comodel_name="res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('is_company', '=', False)]",
    )
    agency_id = fields.Many2one(
        comodel_name="res.partner",
        compute="_compute_agency_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    date_from = fields.Datetime(string="From", required=True)
    date_to = fields.Datetime(string="Until", required=True)
    reason = fields.Char(required=True)
    received_at = fields.Datetime(
        string="Recorded At", readonly=True, required=True, default=fields.Datetime.now
    )
    said_at = fields.Datetime(
        string="Said in the Group At",
        help="When it stood in the promoters' group, if that was before it was recorded "
        "here. The picture of the message belongs to it.",
    )
    proof = fields.Binary(string="Picture of the Message", attachment=True, copy=False)
    announced_at = fields.Datetime(
        compute="_compute_announced_at",
        store=True,
        precompute=True,
        help="An empty post is excused if this is before the check.",
    )
    is_late = fields.Boolean(
        string="Announced Late",
        compute="_compute_is_late",
        store=True,
        precompute=True,
        help="Announced after the absence had begun.",
    )
    state = fields.Selection(
        selection=[("announced", "Filed"), ("withdrawn", "Withdrawn")],
        string="Status",
        default="announced",
        required=True,
        readonly=True,
        tracking=True,
    )

    _dates_in_order = models.Constraint(
        "CHECK(date_from < date_to)", "An absence ends after it begins."
    )
    _agent_times = models.Index("(agent_id, date_from, date_to)")

    @api.depends("agent_id")
    def _compute_agency_id(self):
        for absence in self:
            absence.agency_id = absence.agent_id.visit_agency_id

    @api.depends("received_at", "said_at")
    def _compute_announced_at(self):
        for absence in self:
            absence.announced_at = absence.said_at or absence.received_at

    @api.depends("announced_at", "date_from")
    def _compute_is_late(self):
        for absence in self:
            absence.is_late = bool(
                absence.date_from and absence.announced_at >= absence.date_from
            )

    @api.depends("agent_id", "date_from")
    def _compute_display_name(self):
        for absence in self:
            absence.display_name = f"{absence.agent_id.name}, {absence.date_from}"

    @api.constrains("said_at", "proof", "received_at")
    def _check_said_at(self):
        for absence in self.filtered("said_at"):
            if absence.said_at > absence.received_at:
                raise ValidationError(
                    self.env._("Nobody announces something later than it is recorded.")
                )
            if not absence.proof:
                raise ValidationError(
                    self.env._("Add the picture of the message in the group.")
                )

    @api.constrains("date_from", "date_to")
    def _check_length(self):
        for absence in self:
            if absence.date_to - absence.date_from > LONGEST:
                raise ValidationError(self.env._("Announce at most 31 days at once."))

    @api.model_create_multi
    def create(self, vals_list):
        records, vals_list = without_closed(self, vals_list, CLOSED)
        return super(DistributorVisitAbsence, records).create(vals_list)

    def write(self, vals):
        if not self.env.su and vals.keys() & (CLOSED | SET_ONCE):
            raise AccessError(
                self.env._(
                    "When an absence was announced, and for when, is not edited. "
                    "Withdraw it and record another one."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Absence notices stay on record. Withdraw them."))

    def action_withdraw(self):
        """The person comes after all."""
        self.check_access("write")
        # Who may was checked; the status is closed to users.
        self.sudo().state = "withdrawn"

    @api.model
    def _find_excuses(self, shifts, at):
        """Return {shift: the notice that excuses it at a moment}.

        :param shifts: `distributor.visit.roster`
        :param at: when somebody looked; only what was announced before counts
        """
        # Whoever checks posts need not see all notices.
        found = self.sudo().search(
            [
                ("agent_id", "in", shifts.agent_id.ids),
                ("state", "=", "announced"),
                ("announced_at", "<", at),
                ("date_from", "<=", at),
                ("date_to", ">", at),
            ],
            order="announced_at",
        )
        by_agent = {}
        for absence in found:
            by_agent.setdefault(absence.agent_id, absence)
        return {shift: by_agent.get(shift.agent_id) for shift in shifts}
