# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# What people may write; everything else is the engine's and the actions' alone, over RPC
# too.
OPEN_FIELDS = {
    "activity_ids",
    "activity_user_id",
    "message_follower_ids",
    "message_ids",
    "message_main_attachment_id",
    "message_partner_ids",
    "adjustment_ids",
    "write_date",
    "write_uid",
}


class DistributorRebateStatement(models.Model):
    """What one distributor earned under one program in one period."""

    _name = "distributor.rebate.statement"
    _description = "Rebate Statement"
    _inherit = ["mail.thread", "mail.activity.mixin", "tier.validation"]
    _order = "date_from desc, number desc, due desc, id"
    _check_company_auto = True
    _mail_post_access = "read"

    _state_field = "approval_state"
    _state_from = ["draft", "submitted"]
    _state_to = ["approved"]

    program_id = fields.Many2one(
        comodel_name="distributor.rebate.program",
        required=True,
        readonly=True,
        ondelete="cascade",
        check_company=True,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_ref = fields.Char(related="partner_id.ref", string="Code")
    company_id = fields.Many2one(
        related="program_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id", store=True, precompute=True
    )
    account_manager_id = fields.Many2one(
        related="partner_id.account_manager_id", store=True, precompute=True
    )
    grade_id = fields.Many2one(
        related="partner_id.grade_id",
        string="Distributor Tier",
        store=True,
        precompute=True,
    )
    country_id = fields.Many2one(
        related="partner_id.country_id", store=True, precompute=True
    )
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_to = fields.Date(string="To", required=True, readonly=True)
    period = fields.Char(required=True, readonly=True)

    number = fields.Integer(
        string="Supplement",
        readonly=True,
        default=0,
        required=True,
        aggregator=None,
        help="Zero for the period itself; above it, what changed after the program's "
        "last statement was closed.",
    )
    window_from = fields.Date(
        string="Added Up From",
        readonly=True,
        help="Sales add up from this day before the tier is looked up.",
    )
    version_id = fields.Many2one(
        comodel_name="distributor.rebate.program",
        readonly=True,
        ondelete="set null",
    )

    basis = fields.Monetary(
        string="Sales",
        readonly=True,
        help="Of the period, without tax: the sum of the invoice lines behind this "
        "statement.",
    )
    quantity = fields.Float(
        readonly=True,
        digits="Product Unit",
        help="Of the period, in the program's unit.",
    )
    window_basis = fields.Monetary(
        string="Sales Added Up",
        readonly=True,
        aggregator=None,
        help="Sales since the time began over which they add up.",
    )
    collected = fields.Monetary(
        readonly=True,
        aggregator=None,
        help="What customers have paid of the sales added up, by the cut-off.",
    )
    measure = fields.Float(
        string="Measured",
        readonly=True,
        digits=(16, 4),
        aggregator=None,
        help="What picks the tier: of the whole group, added up. An amount, a quantity, "
        "or a percentage of the baseline or target.",
    )
    baseline = fields.Float(
        string="Baseline or Target", readonly=True, digits=(16, 4), aggregator=None
    )
    earned = fields.Monetary(
        string="Rebate",
        readonly=True,
        help="Earned on the sales added up. Rounded once, on the whole.",
    )
    earned_quantity = fields.Float(
        string="Free Units", readonly=True, digits="Product Unit"
    )
    released = fields.Monetary(
        readonly=True,
        aggregator=None,
        help="The part of the rebate that may be paid: all of it, or in proportion to "
        "what customers have paid.",
    )
    settled_before = fields.Monetary(
        readonly=True,
        aggregator=None,
        help="What earlier statements have settled of the same sum.",
    )
    true_up = fields.Monetary(
        string="True-up",
        readonly=True,
        help="What changed in the time before: late invoices, credit notes, payments, "
        "corrections; and what an earlier statement carried over.",
    )
    adjustment = fields.Monetary(
        string="Adjustments",
        compute="_compute_adjustment",
        store=True,
        help="Approved adjustments, made by hand.",
    )
    due = fields.Monetary(
        readonly=True,
        help="Released, less settled before, plus true-up and adjustments.",
    )
    due_quantity = fields.Float(
        string="Free Units Due", readonly=True, digits="Product Unit"
    )
    settled = fields.Monetary(
        string="To Settle",
        readonly=True,
        help="What this statement pays, or takes back when negative amounts are "
        "invoiced. A negative due that is carried settles nothing.",
    )
    tier_id = fields.Many2one(
        comodel_name="distributor.rebate.tier",
        string="Tier Reached",
        readonly=True,
        ondelete="set null",
    )
    missing = fields.Float(
        string="To Next Tier",
        readonly=True,
        digits=(16, 4),
        aggregator=None,
        help="What is missing to reach the next tier, in what the program measures; "
        "nothing on the highest.",
    )
    progress = fields.Float(
        string="Way to Next Tier (%)",
        readonly=True,
        aggregator=None,
        digits=(9, 4),
    )
    effective_rate = fields.Float(
        string="Effective Rate (%)",
        readonly=True,
        digits=(9, 4),
        aggregator=None,
        help="The rebate as a percentage of the sales added up.",
    )
    recomputed = fields.Monetary(
        string="Would Be Due",
        readonly=True,
        copy=False,
        aggregator=None,
        help="What this closed statement would be due if it were computed today.",
    )
    is_outdated = fields.Boolean(
        string="Ledger Changed",
        readonly=True,
        copy=False,
        help="The ledger changed after this statement was closed. The difference is "
        "part of the next statement.",
    )
    line_ids = fields.One2many(
        comodel_name="distributor.rebate.line",
        inverse_name="statement_id",
        string="Evidence",
        readonly=True,
    )
    line_count = fields.Integer(string="Invoice Lines", readonly=True)

    approval_state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("submitted", "To Approve"),
            ("approved", "Approved"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        help="What people decided; the status adds what the ledger says.",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("submitted", "To Approve"),
            ("approved", "Approved"),
            ("posted", "Posted"),
            ("paid", "Paid"),
        ],
        string="Status",
        compute="_compute_state",
        store=True,
        index=True,
        tracking=True,
    )
    partner_state = fields.Selection(
        selection=[
            ("open", "Not Answered"),
            ("accepted", "Accepted"),
            ("disputed", "Disputed"),
        ],
        string="Distributor's Answer",
        default="open",
        readonly=True,
        copy=False,
        tracking=True,
    )
    closed_at = fields.Datetime(
        string="Closed On",
        readonly=True,
        copy=False,
        help="The figures and the evidence stand since then.",
    )
    checksum = fields.Char(
        readonly=True,
        copy=False,
        help="SHA-256 of the figures and of every line of evidence, taken when the "
        "statement was closed.",
    )
    formula = fields.Text(related="program_id.formula", string="Terms")
    adjustment_ids = fields.One2many(
        comodel_name="distributor.rebate.adjustment",
        inverse_name="statement_id",
    )
    is_relative = fields.Boolean(compute="_compute_is_relative")
    stacking_note = fields.Text(related="program_id.stacking_note")

    _period_unique = models.Constraint(
        "UNIQUE(program_id, partner_id, date_from, number)",
        "This distributor already has a statement for this program and period.",
    )

    @api.depends("program_id", "partner_id", "period", "number")
    def _compute_display_name(self):
        for statement in self:
            statement.display_name = self.env._(
                "%(program)s, %(period)s: %(partner)s",
                program=statement.program_id.name,
                period=statement._get_period_label(),
                partner=statement.partner_id.name,
            )

    def _get_period_label(self) -> str:
        """Return the period, and which supplement to it this is."""
        if not self.number:
            return self.period or ""
        return self.env._(
            "%(period)s, supplement %(number)s", period=self.period, number=self.number
        )

    @api.depends("program_id.scale")
    def _compute_is_relative(self):
        for statement in self:
            statement.is_relative = statement.program_id.scale != "absolute"

    @api.depends("adjustment_ids.amount", "adjustment_ids.state")
    def _compute_adjustment(self):
        for statement in self:
            approved = statement._get_approved_adjustments()
            statement.adjustment = sum(approved.mapped("amount"))

    def _get_approved_adjustments(self):
        """Return the adjustments that count."""
        return self.adjustment_ids.filtered(lambda a: a.state == "approved")

    @api.model_create_multi
    def create(self, vals_list):
        self._check_engine()
        return super().create(vals_list)

    def write(self, vals):
        if vals.keys() - OPEN_FIELDS:
            self._check_engine()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        if any(statement.approval_state != "draft" for statement in self):
            raise UserError(
                self.env._(
                    "Only draft statements can be deleted; what was submitted or "
                    "settled stays on record."
                )
            )

    def _check_engine(self):
        """Refuse changes by hand: figures come from the ledger, states from actions.

        :raises AccessError: not called by the engine or an action of this model
        """
        if not self.env.su:
            raise AccessError(
                self.env._(
                    "The figures and the status of a rebate statement are not "
                    "edited. Compute the program, or use the statement's buttons."
                )
            )

    # -- actions ---------------------------------------------------------------

    @api.model
    def _get_list_action(self, domain, context=None):
        """Return the action that opens the statements of a domain."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm.distributor_rebate_statement_action"
        )
        return {**action, "domain": domain, "context": context or {}}

    def action_view_lines(self):
        """Open the invoice lines behind these statements."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm.distributor_rebate_line_action"
        )
        return {
            **action,
            "domain": [("statement_id", "in", self.ids)],
            "context": self._get_evidence_context(),
        }

    def _get_evidence_context(self) -> dict:
        """Return which columns of the evidence mean nothing here."""
        return {
            "hide_quantity": not any(self.mapped("shows_quantity")),
            "hide_collected": not any(self.mapped("shows_collected")),
            "hide_reason": not any(self.mapped("correction_count")),
        }

    def action_view_program(self):
        """Open the program."""
        self.ensure_one()
        return self.program_id._get_records_action()

    def _describe(self, limit=5) -> str:
        """Return the names of the first statements, and how many more there are."""
        names = ", ".join(self[:limit].mapped("display_name"))
        if len(self) <= limit:
            return names
        return self.env._(
            "%(names)s and %(count)s more", names=names, count=len(self) - limit
        )

    def _check_open(self):
        """Check that these statements are drafts.

        :raises UserError: names those that are closed
        """
        closed = self.filtered(lambda s: s.approval_state != "draft")
        if closed:
            raise UserError(
                self.env._(
                    "%(statements)s is closed. Take it back to draft first, or wait for "
                    "the next statement.",
                    statements=closed._describe(),
                )
            )

    def _recompute_now(self):
        """Bring the statements of these distributors up to date."""
        # The engine writes what users may not; who asked was checked by the caller.
        for program, statements in self.sudo().grouped("program_id").items():
            program._lock_for_run()
            program._compute_statements(statements.partner_id.ids)
