# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.distributor_crm import draw
from odoo.addons.distributor_crm.guard import hold_in_state, without_closed

OPEN_FIELDS = {
    "activity_ids",
    "activity_user_id",
    "message_follower_ids",
    "message_ids",
    "message_main_attachment_id",
    "message_partner_ids",
    "note",
}
DRAFT_FIELDS = {"inspector_id", "date", "wanted", "agency_ids"}
CLOSED = {"name", "seed", "algorithm", "population", "fingerprint", "drawn_on", "state"}


class DistributorVisitSpot(models.Model):
    """Irregular checks of who is at his post: the posts are drawn, nobody chooses (R058).

    Population, seed and algorithm are kept with the draw; whoever has them draws the
    same shifts. Agencies see neither the draw nor its inspector.
    """

    _name = "distributor.visit.spot"
    _description = "Attendance Check"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    date = fields.Date(
        required=True, default=lambda self: self.env.company._get_visit_today()
    )
    inspector_id = fields.Many2one(
        comodel_name="res.users",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        help="Whoever goes and looks; never somebody of an agency that is checked.",
    )
    agency_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Only These Agencies",
        domain=[("is_visit_agency", "=", True)],
    )
    wanted = fields.Integer(
        string="Shifts to Check", default=3, required=True, aggregator=None
    )
    seed = fields.Char(readonly=True, copy=False)
    algorithm = fields.Char(readonly=True, copy=False)
    population = fields.Text(
        readonly=True,
        copy=False,
        help="The numbers of all shifts of the day, as they were when it was drawn.",
    )
    fingerprint = fields.Char(string="Population SHA-256", readonly=True, copy=False)
    population_count = fields.Integer(
        string="Shifts That Day", readonly=True, copy=False, aggregator=None
    )
    drawn_on = fields.Datetime(readonly=True, copy=False)
    line_ids = fields.One2many(
        comodel_name="distributor.visit.spot.line",
        inverse_name="spot_id",
        string="Shifts",
    )
    state = fields.Selection(
        selection=[("draft", "Draft"), ("drawn", "To Check"), ("done", "Checked")],
        string="Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    absent_count = fields.Integer(string="Empty", compute="_compute_counts")
    line_count = fields.Integer(string="Drawn", compute="_compute_counts")
    note = fields.Text()

    _wanted_positive = models.Constraint(
        "CHECK(wanted > 0)", "Check at least one shift."
    )

    @api.depends("line_ids.result")
    def _compute_counts(self):
        for spot in self:
            spot.line_count = len(spot.line_ids)
            spot.absent_count = len(
                spot.line_ids.filtered(lambda line: line.result == "absent")
            )

    @api.constrains("inspector_id", "agency_ids")
    def _check_inspector(self):
        """:raises ValidationError: the inspector belongs to an agency"""
        for spot in self:
            if spot.inspector_id.share:
                raise ValidationError(
                    self.env._("Checks are made by people of the company.")
                )

    @api.model
    def _get_side(self, user):
        """Return the partners that this user belongs to, agencies among them."""
        partner = user.sudo().partner_id  # whose side somebody is on is asked of all
        return partner | partner.commercial_partner_id | partner.visit_agency_id

    # -- create, change, delete --------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        records, vals_list = without_closed(self, vals_list, CLOSED | {"line_ids"})
        spots = super(DistributorVisitSpot, records).create(vals_list)
        numbers = self.env["ir.sequence"]
        for spot in spots.sudo():  # numbers are closed to users
            spot.name = numbers.with_company(spot.company_id).next_by_code(
                "distributor.visit.spot"
            )
        return spots

    def write(self, vals):
        touched = vals.keys() - OPEN_FIELDS
        if touched and not self.env.su:
            if touched - DRAFT_FIELDS or any(s.state != "draft" for s in self):
                raise AccessError(
                    self.env._("Nobody chooses whom to check: the draw is not edited.")
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(spot.state != "draft" for spot in self):
            raise UserError(self.env._("Attendance checks stay on record."))

    # -- the draw ----------------------------------------------------------------------

    def _get_population(self):
        """Return the shifts of the day that may be drawn: none of the inspector's side."""
        self.ensure_one()
        domain = [
            ("company_id", "=", self.company_id.id),
            ("date", "=", self.date),
            ("end_at", ">", fields.Datetime.now()),
        ]
        if self.agency_ids:
            domain.append(("agency_id", "in", self.agency_ids.ids))
        side = self._get_side(self.inspector_id)
        return (
            self.env["distributor.visit.roster"]
            .search(domain)
            .filtered(lambda shift: not (shift.agency_id | shift.agent_id) & side)
        )

    def action_draw(self):
        """Draw shifts of the day that are not over yet.

        :raises UserError: there are none
        """
        self.check_access("write")
        hold_in_state(self, ("draft",))
        for spot in self.sudo():  # who may was checked; the draw is closed to users
            shifts = spot._get_population()
            if not shifts:
                raise UserError(
                    self.env._(
                        "No shift of %(day)s can be checked any more: plan shifts, or "
                        "choose another day or inspector.",
                        day=spot.date,
                    )
                )
            spot.write(spot._prepare_draw(shifts))
            spot.line_ids = spot._prepare_drawn_lines()
            spot._ask_inspector()
        return True

    @api.model
    def _prepare_draw(self, shifts):
        """Return what is kept of a draw among these shifts."""
        return {
            "seed": draw.new_seed(),
            "algorithm": draw.ALGORITHM,
            "population": json.dumps(sorted(shifts.ids)),
            "population_count": len(shifts),
            "fingerprint": draw.fingerprint(shifts.ids),
            "drawn_on": fields.Datetime.now(),
            "state": "drawn",
        }

    def _prepare_drawn_lines(self):
        """Return commands that create the lines of those drawn first."""
        return [
            Command.create({"roster_id": shift_id, "sequence": number})
            for number, shift_id in enumerate(self._get_order()[: self.wanted], start=1)
        ]

    def _get_order(self):
        """Return the ids of all shifts of the day, in the order of the draw."""
        return draw.order(json.loads(self.population), self.seed, self.algorithm)

    def _ask_inspector(self):
        if self.inspector_id != self.env.user:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=self.date,
                user_id=self.inspector_id.id,
                summary=self.env._("Look who is at these posts"),
            )

    def action_verify_draw(self):
        """Draw again from what is kept, and say whether it gives the same shifts."""
        self.ensure_one()
        self.check_access("read")
        drawn = self.line_ids.sorted("sequence").roster_id.ids
        same = (
            self.fingerprint == draw.fingerprint(json.loads(self.population or "[]"))
            and self._get_order()[: len(drawn)] == drawn
        )
        if same:
            message = self.env._(
                "Drawn again from the stored seed: the same shifts in the same order."
            )
        else:
            message = self.env._(
                "The shifts are not those that the stored seed gives. Tell an auditor."
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if same else "danger",
                "message": message,
                "sticky": not same,
            },
        }

    def _close_when_done(self):
        """Close checks whose shifts were all looked at."""
        done = self.filtered(
            lambda spot: "pending" not in spot.line_ids.mapped("result")
        )
        done.state = "done"
        done.activity_ids.action_done()

    @api.model
    def _cron_close(self):
        """What nobody looked at on the day stays open no longer: it was not checked."""
        late = self.env["distributor.visit.spot.line"].search(
            [("result", "=", "pending"), ("end_at", "<", fields.Datetime.now())]
        )
        late.result = "missed"
        late.spot_id._close_when_done()
