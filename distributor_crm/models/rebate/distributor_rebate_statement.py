# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import float_compare

# What the engine and the actions below write; nobody else, not over RPC either.
ENGINE_FIELDS = {
    "program_id",
    "partner_id",
    "date_from",
    "date_to",
    "period",
    "basis",
    "earned",
    "missing",
    "tier_id",
    "line_count",
    "approval_state",
    "state",
    "move_id",
    "line_ids",
    "company_id",
    "effective_rate",
    "currency_id",
    "account_manager_id",
    "grade_id",
    "country_id",
}


class DistributorRebateStatement(models.Model):
    """What one distributor earned under one program in one period."""

    _name = "distributor.rebate.statement"
    _description = "Rebate Statement"
    _inherit = ["mail.thread", "mail.activity.mixin", "tier.validation"]
    _order = "date_from desc, earned desc, id"
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

    basis = fields.Monetary(
        string="Sales",
        readonly=True,
        help="What the program measures and pays on: the sum of the invoice lines "
        "behind this statement.",
    )
    earned = fields.Monetary(
        string="Rebate", readonly=True, help="Rounded once, on the whole."
    )
    tier_id = fields.Many2one(
        comodel_name="distributor.rebate.tier",
        string="Tier Reached",
        readonly=True,
        ondelete="set null",
    )
    missing = fields.Monetary(
        string="To Next Tier",
        readonly=True,
        aggregator=None,
        help="Sales missing to reach the next tier; nothing on the highest.",
    )
    effective_rate = fields.Float(
        string="Effective Rate (%)",
        compute="_compute_effective_rate",
        store=True,
        digits=(9, 4),
        aggregator=None,
        help="The rebate as a percentage of the sales.",
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
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Credit Note",
        readonly=True,
        copy=False,
        check_company=True,
        ondelete="set null",
    )
    formula = fields.Text(related="program_id.formula", string="Terms")
    is_payable = fields.Boolean(compute="_compute_is_payable")

    _period_unique = models.Constraint(
        "UNIQUE(program_id, partner_id, date_from)",
        "This distributor already has a statement for this program and period.",
    )
    # Also what the statement of a credit note is found by.
    _move_unique = models.UniqueIndex(
        "(move_id) WHERE move_id IS NOT NULL",
        "A credit note pays one statement.",
    )

    @api.depends("program_id", "partner_id", "period")
    def _compute_display_name(self):
        for statement in self:
            statement.display_name = self.env._(
                "%(program)s, %(period)s: %(partner)s",
                program=statement.program_id.name,
                period=statement.period,
                partner=statement.partner_id.name,
            )

    @api.depends("basis", "earned")
    def _compute_effective_rate(self):
        for statement in self:
            basis = statement.basis
            statement.effective_rate = statement.earned / basis * 100 if basis else 0

    @api.depends(
        "approval_state",
        "move_id.state",
        "move_id.payment_state",
        "move_id.is_rebate_reversed",
    )
    def _compute_state(self):
        for statement in self:
            # The ledger decides: a credit note that was cancelled or reversed pays
            # nothing, so its statement is to be posted again.
            statement.state = statement.approval_state
            move = statement._get_standing_move()
            if move.state == "posted":
                done = move.payment_state in ("paid", "in_payment")
                statement.state = "paid" if done else "posted"

    @api.depends("state", "earned", "move_id.state", "move_id.is_rebate_reversed")
    def _compute_is_payable(self):
        for statement in self:
            statement.is_payable = (
                statement.state == "approved"
                and not statement._get_standing_move()
                and statement.currency_id.compare_amounts(statement.earned, 0) > 0
            )

    def _get_standing_move(self):
        """Return the credit note unless it was cancelled or reversed."""
        return self.move_id.filtered(
            lambda move: move.state != "cancel" and not move.is_rebate_reversed
        )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_engine()
        return super().create(vals_list)

    def write(self, vals):
        if ENGINE_FIELDS & vals.keys():
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

    def _update_figures(self, values: dict):
        """Write those of `values` that differ, so that an idle run writes nothing."""
        self.ensure_one()
        changed = {
            name: value for name, value in values.items() if self._differs(name, value)
        }
        if changed:
            self.write(changed)

    def _differs(self, name, value):
        if name == "tier_id":
            return self.tier_id.id != value
        digits = self.currency_id.decimal_places
        return float_compare(self[name], value, precision_digits=digits) != 0

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
            "context": {},
        }

    def action_view_move(self):
        """Open the credit note."""
        self.ensure_one()
        return self.move_id._get_records_action()

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
