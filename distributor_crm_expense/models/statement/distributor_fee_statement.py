# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

from ..document.distributor_fee_document import OPEN_FIELDS as DOCUMENT_FIELDS
from .distributor_fee_statement_line import SIGNED

# What people may write; everything else is the actions' alone, over RPC too.
OPEN_FIELDS = DOCUMENT_FIELDS | {"line_ids", "note"}


class DistributorFeeStatement(models.Model):
    """What one representative's customers bought, paid and are due in a month (R093).

    The system works it out from the ledger; the representative says to whom it is paid
    and why, and three others sign it, one after the other. Without all signatures it
    is void (R095-R098).
    """

    _name = "distributor.fee.statement"
    _description = "Monthly Fee Statement"
    _inherit = ["distributor.fee.document"]
    _order = "month desc, user_id, id"
    _check_company_auto = True
    _fee_report = "distributor_crm_expense.fee_statement_report"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Representative",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    month = fields.Date(
        required=True,
        readonly=True,
        index=True,
        help="The month of the sales, by its first day.",
    )
    period = fields.Char(compute="_compute_period", string="Sales Of")
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("submitted", "Being Signed"),
            ("signed", "Signed"),
            ("paid", "Paid"),
            ("void", "Void"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    line_ids = fields.One2many(
        comodel_name="distributor.fee.statement.line",
        inverse_name="statement_id",
        string="Lines",
    )
    note = fields.Text(
        string="Explanation", help="What the representative adds to the figures."
    )
    net_sales = fields.Monetary(
        compute="_compute_totals", store=True, help="Sales of the month less returns."
    )
    collected = fields.Monetary(compute="_compute_totals", store=True)
    collection_rate = fields.Float(
        string="Collected (%)", compute="_compute_totals", store=True, aggregator=None
    )
    fee_full = fields.Monetary(
        string="Whole Fee",
        compute="_compute_totals",
        store=True,
        help="The standard on all sales of the month, collected or not.",
    )
    payable = fields.Monetary(
        compute="_compute_totals",
        store=True,
        tracking=True,
        help="What collection released of this month and of earlier ones, less what "
        "was granted before.",
    )
    not_released = fields.Monetary(
        compute="_compute_totals",
        store=True,
        help="What later collections of this month's sales can still release.",
    )
    undecided_count = fields.Integer(
        compute="_compute_totals",
        store=True,
        help="Lines whose product has no fee standard: nothing is granted on them.",
    )
    built_on = fields.Datetime(string="Worked Out On", readonly=True, copy=False)
    late_reason = fields.Char(readonly=True, copy=False, tracking=True)
    reopen_reason = fields.Char(readonly=True, copy=False, tracking=True)
    application_count = fields.Integer(compute="_compute_application_count")
    line_digest = fields.Char(
        compute="_compute_line_digest",
        help="SHA-256 of all that the lines say: what the signatures stand for.",
    )

    _once_a_month = models.UniqueIndex(
        "(company_id, user_id, month)",
        "This representative has a statement for that month already.",
    )
    _month_is_whole = models.Constraint(
        "CHECK(EXTRACT(DAY FROM month) = 1)",
        "A month is given by its first day.",
    )
    _void_has_reason = models.Constraint(
        "CHECK(state <> 'void' OR COALESCE(void_reason, '') <> '')",
        "A void statement says why.",
    )

    @api.depends("month")
    @api.depends_context("lang")
    def _compute_period(self):
        for statement in self:
            statement.period = statement.month and format_date(
                self.env, statement.month, date_format="MMM y"
            )

    @api.depends("user_id", "period")
    def _compute_display_name(self):
        for statement in self:
            statement.display_name = " · ".join(
                filter(None, (statement.user_id.name, statement.period))
            )

    @api.depends(
        "line_ids.net_sales",
        "line_ids.collected",
        "line_ids.fee_full",
        "line_ids.fee_due",
        "line_ids.payable",
        "line_ids.kind",
        "line_ids.standard_id",
    )
    def _compute_totals(self):
        for statement in self:
            lines = statement.line_ids
            own = lines.filtered(lambda line: line.kind == "month")
            # One sale stands in a line for each purpose that it is granted for.
            sales = own._one_a_sale()
            statement.net_sales = sum(sales.mapped("net_sales"))
            statement.collected = sum(sales.mapped("collected"))
            statement.collection_rate = (
                100 * statement.collected / statement.net_sales
                if statement.net_sales
                else 0.0
            )
            statement.fee_full = sum(own.mapped("fee_full"))
            statement.not_released = sum(own.mapped("fee_full")) - sum(
                own.mapped("fee_due")
            )
            statement.payable = sum(lines.mapped("payable"))
            statement.undecided_count = len(
                own.filtered(lambda line: not line.standard_id)
            )

    # -- create, change, delete ------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(
                self.env._(
                    "Statements are worked out from the ledger. Use “Work Out Last "
                    "Month”."
                )
            )
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if vals.keys() - OPEN_FIELDS:
                raise AccessError(
                    self.env._(
                        "The figures and the status of a statement are not edited. Use "
                        "its buttons."
                    )
                )
            self._check_paper(vals)
            if {"line_ids", "note"} & vals.keys():
                self._check_explainable()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("Statements stay on record. Work it out again instead.")
        )

    def _check_explainable(self):
        """Check that the representative may still explain, or whoever acts for him.

        :raises UserError: it is being signed, or was
        """
        fixed = self.filtered(lambda statement: statement.state != "draft")
        if fixed:
            raise UserError(
                self.env._(
                    "%(statements)s was submitted and stays as it is. Take it back to "
                    "change it.",
                    statements=", ".join(fixed[:5].mapped("display_name")),
                )
            )

    # -- what is signed --------------------------------------------------------------

    @api.model
    def _get_signed_fields(self):
        # EXTENDS tier.validation: every figure, and whom it goes to.
        return (
            *super()._get_signed_fields(),
            "company_id",
            "user_id",
            "month",
            "note",
            "line_digest",
        )

    @api.depends(*(f"line_ids.{name}" for name in SIGNED))
    def _compute_line_digest(self):
        for statement in self:
            statement.line_digest = statement.line_ids._get_digest()

    def _get_applications(self):
        """Return the special fees applied for in this month, for its summary (R094)."""
        start = self.month
        return self.env["distributor.fee.application"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("user_id", "=", self.user_id.id),
                ("submitted_on", ">=", start),
                ("submitted_on", "<", start + relativedelta(months=1)),
            ],
            order="id",
        )

    def action_view_applications(self):
        return self._get_applications()._get_records_action(
            name=self.env._("Special Fees of the Month")
        )

    def _compute_application_count(self):
        for statement in self:
            statement.application_count = len(statement._get_applications())

    def _get_report_base_filename(self):
        month = self.month and self.month.strftime("%Y-%m")
        return f"{self.env._('Fee statement')} {self.user_id.name} {month}"
