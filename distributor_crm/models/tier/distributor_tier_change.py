# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

# Set by the nightly job and the buttons alone, over RPC too.
CLOSED = {
    "partner_id",
    "company_id",
    "old_grade_id",
    "new_grade_id",
    "origin",
    "state",
    "date",
    "due_on",
    "decided_on",
    "decided_by_id",
    "refusal",
    "figure_ids",
}


class DistributorTierChange(models.Model):
    """A change of a distributor's tier: proposed, decided, and kept with its figures."""

    _name = "distributor.tier.change"
    _description = "Change of Tier"
    _inherit = ["mail.thread", "mail.activity.mixin", "tier.validation"]
    _order = "date desc, id desc"
    _check_company_auto = True
    _state_from = ["proposed"]
    _state_to = ["applied"]
    _cancel_state = "withdrawn"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    account_manager_id = fields.Many2one(related="partner_id.account_manager_id")
    company_id = fields.Many2one(comodel_name="res.company", required=True, index=True)
    old_grade_id = fields.Many2one(
        comodel_name="res.partner.grade", string="From", ondelete="restrict"
    )
    new_grade_id = fields.Many2one(
        comodel_name="res.partner.grade", string="To", ondelete="restrict"
    )
    direction = fields.Selection(
        selection=[("up", "Promotion"), ("down", "Demotion")],
        compute="_compute_direction",
        store=True,
    )
    origin = fields.Selection(
        selection=[("rule", "By the rules"), ("manual", "By hand")],
        required=True,
        default="rule",
    )
    state = fields.Selection(
        selection=[
            ("proposed", "Proposed"),
            ("applied", "Applied"),
            ("refused", "Refused"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        default="proposed",
        index=True,
        tracking=True,
    )
    date = fields.Date(
        string="Found On", required=True, default=fields.Date.context_today
    )
    due_on = fields.Date(
        help="A demotion is due when the grace of the tier is over.",
    )
    is_due = fields.Boolean(compute="_compute_is_due", search="_search_is_due")
    decided_on = fields.Date(copy=False, readonly=True)
    decided_by_id = fields.Many2one(comodel_name="res.users", copy=False, readonly=True)
    refusal = fields.Text(string="Why Refused", copy=False, readonly=True)
    rule_id = fields.Many2one(
        comodel_name="distributor.tier.rule", ondelete="set null", readonly=True
    )
    figure_ids = fields.One2many(
        comodel_name="distributor.tier.figure",
        inverse_name="change_id",
        string="Figures of the Day",
        readonly=True,
    )
    reason = fields.Char(compute="_compute_reason")
    lacks_manager = fields.Boolean(
        string="Needs an Account Manager",
        compute="_compute_lacks_manager",
        search="_search_lacks_manager",
        help="The new tier is one of core distributors, and nobody looks after this one.",
    )

    _one_proposal = models.UniqueIndex(
        "(partner_id, company_id) WHERE state = 'proposed'",
        "There is a proposal for this distributor already.",
    )
    _decided_has_day = models.Constraint(
        "CHECK(state IN ('proposed', 'withdrawn') OR decided_on IS NOT NULL)",
        "What was decided has the day of the decision.",
    )
    _is_change = models.Constraint(
        "CHECK(old_grade_id IS DISTINCT FROM new_grade_id)",
        "A change of tier leads from one tier to another.",
    )

    @api.depends("old_grade_id.sequence", "new_grade_id.sequence")
    def _compute_direction(self):
        for change in self:
            old, new = change.old_grade_id, change.new_grade_id
            is_up = not old or (new and (new.sequence, new.id) < (old.sequence, old.id))
            change.direction = "up" if is_up else "down"

    @api.depends("due_on", "state")
    def _compute_is_due(self):
        today = fields.Date.context_today(self)
        for change in self:
            change.is_due = change.state == "proposed" and (
                not change.due_on or change.due_on <= today
            )

    def _search_is_due(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        due = ["&", ("state", "=", "proposed")]
        due += ["|", ("due_on", "=", False), ("due_on", "<=", today)]
        return due if True in value else ["!", *due]

    @api.depends("figure_ids.condition", "figure_ids.is_met", "origin", "direction")
    def _compute_reason(self):
        for change in self:
            if change.origin == "manual":
                change.reason = self.env._("Set by hand")
                continue
            up = change.direction == "up"
            told = change.figure_ids.filtered(lambda f, up=up: f.is_met == up)
            change.reason = "; ".join(told.mapped("condition"))

    @api.depends("state", "new_grade_id.is_core", "partner_id.account_manager_id")
    def _compute_lacks_manager(self):
        for change in self:
            change.lacks_manager = (
                change.state == "proposed"
                and change.new_grade_id.is_core
                and not change.partner_id.account_manager_id
            )

    def _search_lacks_manager(self, operator, value):
        if operator != "in":
            return NotImplemented
        lacking = (
            Domain("state", "=", "proposed")
            & Domain("new_grade_id.is_core", "=", True)
            & Domain("partner_id.account_manager_id", "=", False)
        )
        return lacking if True in value else ~lacking

    @api.depends("partner_id", "old_grade_id", "new_grade_id")
    def _compute_display_name(self):
        for change in self:
            nothing = self.env._("none")
            change.display_name = (
                f"{change.partner_id.name}: {change.old_grade_id.name or nothing} → "
                f"{change.new_grade_id.name or nothing}"
            )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(
                self.env._(
                    "Changes of tier come from the rules, or from the tier that is set "
                    "on the distributor."
                )
            )
        return super().create(vals_list)

    def write(self, vals):
        if CLOSED & vals.keys() and not self.env.su:
            raise UserError(
                self.env._("Approve or refuse a change of tier by its buttons.")
            )
        return super().write(vals)

    @api.model
    def _get_signed_fields(self):
        # EXTENDS tier.validation
        return (
            *super()._get_signed_fields(),
            "company_id",
            "old_grade_id",
            "new_grade_id",
            "date",
        )

    def _say_due(self) -> str:
        """Return when a demotion takes effect, in words."""
        return format_date(self.env, self.due_on) if self.due_on else ""
