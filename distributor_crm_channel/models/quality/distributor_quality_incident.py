# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.distributor_crm.guard import without_closed

OPEN = ("open", "recalling")
CLOSED = {"name", "state", "closed_at", "recalled_at"}
# How soon it must be dealt with, in days.
DAYS = {"critical": 1, "major": 3, "minor": 10}


class DistributorQualityIncident(models.Model):
    """Something is wrong with goods: which lots, who has them, who answers for it, what
    is paid, and what it was (R116, R146)."""

    _name = "distributor.quality.incident"
    _description = "Quality Incident"
    _inherit = ["mail.thread", "mail.activity.mixin", "distributor.evidence.mixin"]
    _order = "state desc, deadline, id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    subject = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        selection=[
            ("spoiled", "Spoiled"),
            ("damaged", "Damaged"),
            ("defect", "Defect"),
            ("label", "Wrong Label or Date"),
            ("foreign", "Foreign Body"),
            ("fake", "Counterfeit"),
            ("other", "Other"),
        ],
        string="Type",
        required=True,
        default="defect",
        index=True,
        tracking=True,
    )
    severity = fields.Selection(
        selection=[("minor", "Minor"), ("major", "Major"), ("critical", "Critical")],
        required=True,
        default="major",
        index=True,
        tracking=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        check_company=True,
        index=True,
        tracking=True,
    )
    reported_on = fields.Date(required=True, default=fields.Date.context_today)
    reporter_id = fields.Many2one(
        comodel_name="res.partner",
        string="Reported By",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    deadline = fields.Date(
        compute="_compute_deadline",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        tracking=True,
        help="By default 1, 3 or 10 days after the report, by severity.",
    )
    is_overdue = fields.Boolean(
        string="Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    description = fields.Text()
    instruction = fields.Text(
        string="What Distributors Shall Do",
        help="They read it in the notice and on the portal: stop selling, set aside, send "
        "back.",
    )
    stop_delivery = fields.Boolean(
        string="Stop Deliveries",
        default=True,
        tracking=True,
        help="While the incident is open, these lots leave the warehouse to nobody.",
    )
    lot_line_ids = fields.One2many(
        comodel_name="distributor.quality.lot",
        inverse_name="incident_id",
        string="Lots",
        copy=True,
    )
    recall_ids = fields.One2many(
        comodel_name="distributor.quality.recall",
        inverse_name="incident_id",
        string="Recall List",
    )
    state = fields.Selection(
        selection=[
            ("open", "Looked Into"),
            ("recalling", "Recall"),
            ("closed", "Closed"),
            ("cancelled", "Unfounded"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="open",
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    recalled_at = fields.Datetime(string="Recalled On", readonly=True, copy=False)
    closed_at = fields.Datetime(string="Closed On", readonly=True, copy=False)
    cause_kind = fields.Selection(
        selection=[
            ("production", "Production"),
            ("material", "Material or Supplier"),
            ("storage", "Storage"),
            ("transport", "Transport"),
            ("dealer", "Handling by the Distributor"),
            ("consumer", "Handling by the Consumer"),
            ("unknown", "Not Found"),
        ],
        string="Where It Came From",
        tracking=True,
        index="btree_not_null",
    )
    cause = fields.Text(tracking=True)
    measures = fields.Text(help="What is done so that it does not happen again.")
    case_ids = fields.One2many(
        comodel_name="distributor.case", inverse_name="incident_id", string="Cases"
    )
    return_ids = fields.One2many(
        comodel_name="distributor.return", inverse_name="incident_id", string="Returns"
    )
    case_count = fields.Integer(compute="_compute_counts")
    return_count = fields.Integer(compute="_compute_counts")
    recall_count = fields.Integer(
        string="Distributors Concerned", compute="_compute_counts"
    )
    acknowledged_count = fields.Integer(
        string="Have Acknowledged", compute="_compute_counts"
    )
    delivered = fields.Float(compute="_compute_counts", digits="Product Unit")
    outstanding = fields.Float(
        compute="_compute_counts", digits="Product Unit", string="Still Out There"
    )

    _closed_has_cause = models.Constraint(
        "CHECK(state <> 'closed' OR (COALESCE(cause, '') <> '' AND cause_kind IS NOT NULL"
        " AND closed_at IS NOT NULL))",
        "Say what the cause was before you close the incident.",
    )

    @api.depends("reported_on", "severity")
    def _compute_deadline(self):
        for incident in self:
            day = incident.reported_on or fields.Date.context_today(self)
            incident.deadline = day + relativedelta(days=DAYS[incident.severity])

    @api.depends("deadline", "state")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for incident in self:
            incident.is_overdue = bool(
                incident.state in OPEN
                and incident.deadline
                and incident.deadline < today
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        today = fields.Date.context_today(self)
        return [("state", "in", OPEN), ("deadline", "<", today)]

    @api.depends("recall_ids.acknowledged_at", "recall_ids.outstanding")
    def _compute_counts(self):
        for incident in self:
            rows = incident.recall_ids
            partners = rows.partner_id
            waiting = rows.filtered(lambda row: not row.acknowledged_at).partner_id
            incident.recall_count = len(partners)
            incident.acknowledged_count = len(partners - waiting)
            incident.delivered = sum(rows.mapped("delivered"))
            incident.outstanding = sum(rows.mapped("outstanding"))
            incident.case_count = len(incident.case_ids)
            incident.return_count = len(incident.return_ids)

    @api.depends("name", "subject")
    def _compute_display_name(self):
        for incident in self:
            parts = (incident.name if incident.id else "", incident.subject)
            incident.display_name = ": ".join(filter(None, parts))

    @api.model_create_multi
    def create(self, vals_list):
        self, vals_list = without_closed(self, vals_list, CLOSED)
        Sequence = self.env["ir.sequence"]
        for vals in vals_list:
            company = vals.get("company_id") or self.env.company.id
            vals["name"] = (
                Sequence.with_company(company).next_by_code(self._name) or "/"
            )
        incidents = super().create(vals_list)
        for incident in incidents:
            incident.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=incident.deadline,
                summary=self.env._("Quality incident: find out what happened"),
                user_id=incident.user_id.id,
            )
        return incidents

    def write(self, vals):
        if CLOSED & vals.keys() and not self.env.su:
            raise UserError(
                self.env._("The status is changed with the buttons of the form.")
            )
        return super().write(vals)

    def _set(self, **values):
        """Write what is closed to users; whoever calls has checked who may."""
        return self.sudo().write(values)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_told(self):
        if told := self.filtered(lambda i: i.state != "open" or i.recall_ids)[:1]:
            raise UserError(
                self.env._("%s is kept: it was followed up.", told.display_name)
            )
