# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

OPEN = ("new", "in_progress", "waiting")


class DistributorCase(models.Model):
    """A question, complaint or problem of a distributor; his account manager is the first
    to answer for it (R035)."""

    _name = "distributor.case"
    _description = "Distributor Case"
    _inherit = ["distributor.service.document", "portal.mixin"]

    subject = fields.Char(required=True, tracking=True)
    kind = fields.Selection(
        selection=lambda self: (
            self.env["distributor.case.policy"]
            ._fields["kind"]
            ._description_selection(self.env)
        ),
        string="Type",
        required=True,
        default="question",
        index=True,
        tracking=True,
    )
    priority = fields.Selection(
        selection=[("0", "Normal"), ("1", "Urgent")], default="0"
    )
    contact_id = fields.Many2one(
        comodel_name="res.partner",
        domain="[('id', 'child_of', partner_id)]",
        check_company=True,
        help="The person at the distributor who gets the answers.",
    )
    store_id = fields.Many2one(
        comodel_name="distributor.store",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('partner_id', '=', partner_id)]",
        check_company=True,
    )
    order_id = fields.Many2one(
        comodel_name="sale.order",
        index="btree_not_null",
        ondelete="restrict",
        domain="['|', ('partner_id', 'child_of', partner_id), "
        "('store_id.partner_id', '=', partner_id)]",
        check_company=True,
    )
    description = fields.Text()
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        domain=[("share", "=", False)],
        tracking=True,
    )
    state = fields.Selection(
        selection=[
            ("new", "New"),
            ("in_progress", "In Progress"),
            ("waiting", "Waiting for Distributor"),
            ("solved", "Solved"),
            ("closed", "Closed"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="new",
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    policy_id = fields.Many2one(
        comodel_name="distributor.case.policy", readonly=True, copy=False
    )
    opened_at = fields.Datetime(
        readonly=True, copy=False, default=fields.Datetime.now, index=True
    )
    response_deadline = fields.Datetime(
        string="Answer By", readonly=True, copy=False, index="btree_not_null"
    )
    solve_deadline = fields.Datetime(
        string="Solve By", readonly=True, copy=False, index="btree_not_null"
    )
    first_response_at = fields.Datetime(
        string="First Answer", readonly=True, copy=False
    )
    waiting_since = fields.Datetime(readonly=True, copy=False)
    solved_at = fields.Datetime(string="Solved On", readonly=True, copy=False)
    closed_at = fields.Datetime(string="Closed On", readonly=True, copy=False)
    reopen_count = fields.Integer(
        string="Reopened", readonly=True, copy=False, aggregator="sum"
    )
    escalation_level = fields.Integer(readonly=True, copy=False, aggregator="max")
    response_hours = fields.Float(
        string="Hours to First Answer", readonly=True, copy=False, aggregator="avg"
    )
    solve_hours = fields.Float(
        string="Hours to Solution", readonly=True, copy=False, aggregator="avg"
    )
    is_overdue = fields.Boolean(
        string="Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    was_late = fields.Boolean(
        string="Late",
        compute="_compute_was_late",
        store=True,
        help="A deadline was missed, be it solved since or not.",
    )
    late_count = fields.Integer(
        string="Cases Late", compute="_compute_was_late", store=True
    )
    rating = fields.Integer(
        string="Satisfaction", readonly=True, copy=False, aggregator="avg"
    )
    rating_comment = fields.Text(readonly=True, copy=False)
    lead_ids = fields.One2many(
        comodel_name="crm.lead", inverse_name="distributor_case_id"
    )
    lead_count = fields.Integer(compute="_compute_lead_count")

    _rating_in_scale = models.Constraint(
        "CHECK(rating BETWEEN 0 AND 5)", "Satisfaction is rated from 1 to 5."
    )
    _solved_has_time = models.Constraint(
        "CHECK(state NOT IN ('solved', 'closed') OR solved_at IS NOT NULL)",
        "A solved case has the time at which it was solved.",
    )

    @api.model
    def _get_closed_fields(self):
        return super()._get_closed_fields() | {
            "policy_id",
            "opened_at",
            "response_deadline",
            "solve_deadline",
            "first_response_at",
            "waiting_since",
            "solved_at",
            "closed_at",
            "reopen_count",
            "escalation_level",
            "response_hours",
            "solve_hours",
            "rating",
            "rating_comment",
            "access_token",
        }

    @api.depends("partner_id")
    def _compute_user_id(self):
        """The account manager is the first responsible, then who sells to him."""
        for case in self:
            partner = case.partner_id
            case.user_id = case.user_id or partner.account_manager_id or partner.user_id

    @api.depends("state", "response_deadline", "solve_deadline", "first_response_at")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for case in self:
            case.is_overdue = case._is_late_at(now)

    def _is_late_at(self, now):
        """Whether a deadline of an open case has passed; it waits for us, not for him."""
        if self.state not in ("new", "in_progress"):
            return False
        unanswered = self.response_deadline and not self.first_response_at
        return bool(
            (unanswered and self.response_deadline < now)
            or (self.solve_deadline and self.solve_deadline < now)
        )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        late = [
            ("state", "in", ("new", "in_progress")),
            "|",
            "&",
            ("first_response_at", "=", False),
            ("response_deadline", "<", now),
            ("solve_deadline", "<", now),
        ]
        if set(value) == {True, False}:
            return fields.Domain.TRUE
        domain = fields.Domain(late)
        return domain if True in value else ~domain

    @api.depends(
        "first_response_at",
        "response_deadline",
        "solved_at",
        "solve_deadline",
        "escalation_level",
    )
    def _compute_was_late(self):
        for case in self:
            answered, solved = case.first_response_at, case.solved_at
            late = bool(
                case.escalation_level
                or (
                    answered
                    and case.response_deadline
                    and answered > case.response_deadline
                )
                or (solved and case.solve_deadline and solved > case.solve_deadline)
            )
            case.was_late = late
            case.late_count = int(late)

    @api.depends("lead_ids")
    @api.depends_context("uid")
    def _compute_lead_count(self):
        # Finance reads cases, and no opportunities.
        may_read = self.env["crm.lead"].has_access("read")
        for case in self:
            case.lead_count = len(case.lead_ids) if may_read else 0

    def _compute_access_url(self):
        # EXTENDS portal
        result = super()._compute_access_url()
        for case in self:
            case.access_url = f"/my/cases/{case.id}"
        return result

    @api.depends("name", "subject")
    def _compute_display_name(self):
        for case in self:
            case.display_name = f"{case.name}: {case.subject or ''}"

    @api.constrains("partner_id", "store_id", "order_id", "contact_id")
    def _check_belongs(self):
        # Whose they are does not depend on whose orders one may read.
        for case in self.sudo():
            partner, order = case.partner_id, case.order_id
            owners = order.partner_id.commercial_partner_id | order.store_id.partner_id
            is_wrong = (
                (case.store_id and case.store_id.partner_id != partner)
                or (order and partner not in owners)
                or (
                    case.contact_id and case.contact_id.commercial_partner_id != partner
                )
            )
            if is_wrong:
                raise ValidationError(
                    self.env._(
                        "Contact, store and order of %s must be the distributor's own.",
                        case.name,
                    )
                )

    def _read_group_select(self, aggregate_spec, query):
        # EXTENDS base: a case that was not rated is not rated zero, and one that was not
        # answered was not answered at once.
        if aggregate_spec in ("rating:avg", "response_hours:avg", "solve_hours:avg"):
            field = self._field_to_sql(
                self._table, aggregate_spec.partition(":")[0], query
            )
            return SQL("AVG(NULLIF(%s, 0))", field)
        return super()._read_group_select(aggregate_spec, query)

    def _get_contacts(self):
        return self.contact_id or self.partner_id

    def _mail_get_partners(self, introspect_fields=False):
        # OVERRIDES mail: one person each, who reads the case on the portal
        return {case.id: case._get_contacts() for case in self}
