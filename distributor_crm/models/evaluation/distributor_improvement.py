# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ...guard import without_defaults

# Set by the buttons alone, over RPC too.
CLOSED = {"state", "ended_on", "proposes_end", "evaluation_id"}


class DistributorImprovement(models.Model):
    """What a distributor who did badly does until when, and what came of it (R127)."""

    _name = "distributor.improvement"
    _description = "Improvement Plan"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "deadline, id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_distributor", "=", True), ("parent_id", "=", False)],
        check_company=True,
        tracking=True,
    )
    account_manager_id = fields.Many2one(related="partner_id.account_manager_id")
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    evaluation_id = fields.Many2one(
        comodel_name="distributor.evaluation",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        required=True,
        domain=[("share", "=", False)],
        default=lambda self: self.env.user,
        tracking=True,
    )
    date = fields.Date(
        string="Begun On", required=True, default=fields.Date.context_today
    )
    deadline = fields.Date(required=True, tracking=True)
    state = fields.Selection(
        selection=[
            ("open", "Open"),
            ("done", "Improved"),
            ("failed", "Not Improved"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        readonly=True,
        copy=False,
        default="open",
        index=True,
        tracking=True,
        group_expand=True,
    )
    action_ids = fields.One2many(
        comodel_name="distributor.improvement.action",
        inverse_name="improvement_id",
        string="Actions",
    )
    action_count = fields.Integer(compute="_compute_progress", store=True)
    done_count = fields.Integer(
        string="Actions Done", compute="_compute_progress", store=True
    )
    progress = fields.Float(
        compute="_compute_progress", store=True, aggregator="avg", digits=(16, 0)
    )
    is_overdue = fields.Boolean(
        string="Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    proposes_end = fields.Boolean(
        string="Second in a Row",
        readonly=True,
        copy=False,
        help="The evaluation before asked for a plan too: a sales manager is asked "
        "whether the co-operation goes on.",
    )
    result = fields.Text(tracking=True, help="What came of it.")
    ended_on = fields.Date(readonly=True, copy=False)

    _one_per_evaluation = models.UniqueIndex(
        "(evaluation_id) WHERE evaluation_id IS NOT NULL",
        "There is a plan for this evaluation already.",
    )
    _deadline_after_start = models.Constraint(
        "CHECK(deadline >= date)", "A plan ends on or after the day it begins."
    )
    _ended_has_result = models.Constraint(
        "CHECK(state IN ('open', 'cancelled') "
        "OR (ended_on IS NOT NULL AND TRIM(COALESCE(result, '')) <> ''))",
        "Say what came of a plan that is over.",
    )

    @api.depends("action_ids.is_done")
    def _compute_progress(self):
        for plan in self:
            plan.action_count = len(plan.action_ids)
            plan.done_count = len(plan.action_ids.filtered("is_done"))
            count = plan.action_count
            plan.progress = 100 * plan.done_count / count if count else 0

    @api.depends("deadline", "state")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for plan in self:
            plan.is_overdue = plan.state == "open" and bool(
                plan.deadline and plan.deadline < today
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        late = ["&", ("state", "=", "open"), ("deadline", "<", today)]
        return late if True in value else ["!", *late]

    @api.depends("partner_id", "date")
    def _compute_display_name(self):
        for plan in self:
            period = plan.evaluation_id.period or plan.date or ""
            plan.display_name = f"{plan.partner_id.name or ''}: {period}"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self = without_defaults(self, CLOSED)
            vals_list = [
                {key: value for key, value in vals.items() if key not in CLOSED}
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        if CLOSED & vals.keys() and not self.env.su:
            raise UserError(self.env._("A plan is ended with its buttons."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_followed(self):
        if any(plan.evaluation_id for plan in self):
            raise UserError(
                self.env._("A plan that follows from an evaluation stays. Cancel it.")
            )

    def action_improved(self):
        """End a plan that had its effect."""
        self._end("done")

    def action_failed(self):
        """End a plan that had no effect."""
        self._end("failed")

    def action_cancel(self):
        """Give a plan up that is not needed any more."""
        self._end("cancelled")

    def _end(self, state):
        """End open plans.

        :raises UserError: over already, or without a word on what came of it
        """
        self.check_access("write")
        over = self.filtered(lambda plan: plan.state != "open")
        if over:
            raise UserError(
                self.env._(
                    "%s is over already.", ", ".join(over.mapped("display_name"))
                )
            )
        if state != "cancelled":
            silent = self.filtered(lambda plan: not (plan.result or "").strip())
            if silent:
                raise UserError(
                    self.env._(
                        "%s: write under Result what came of it first.",
                        ", ".join(silent.mapped("display_name")),
                    )
                )
        # The state is closed to users; who may was checked.
        self.sudo().write({"state": state, "ended_on": fields.Date.context_today(self)})
        self.activity_unlink(["mail.mail_activity_data_todo"])

    # -- who is told -----------------------------------------------------------------

    def _tell_responsible(self):
        """Put new plans on the list of those who are responsible."""
        for plan in self:
            plan.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=plan.deadline,
                user_id=plan.user_id.id,
                summary=self.env._("Improvement plan: agree on it, and follow it up"),
            )

    def _propose_end(self):
        """Ask a sales manager whether the co-operation goes on; he alone decides."""
        for plan in self:
            managers = plan.company_id._get_group_users(
                "distributor_crm.group_sales_manager"
            )
            chosen = (managers - plan.user_id)[:1] or plan.user_id
            plan.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=chosen.id,
                summary=self.env._(
                    "Second bad evaluation in a row: go on, or end the co-operation?"
                ),
                note=self.env._(
                    "Nothing ends by itself. To end it, close the plan with Not "
                    "Improved and use End the Relation."
                ),
            )

    def action_view_agreements(self):
        """Open the agreements with the distributor, where one is ended."""
        return self.partner_id.action_view_agreements()
