# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.distributor_crm.guard import find_other_states, without_closed

# What people may write, and the terms only before it is requested; everything else is
# the actions' alone, over RPC too.
TERMS = {"amount", "statement_id"}
OPEN_FIELDS = TERMS | {
    "activity_ids",
    "activity_user_id",
    "message_follower_ids",
    "message_ids",
    "message_main_attachment_id",
    "message_partner_ids",
    "note",
}
OPEN = ("requested", "approved", "issued")


class DistributorFeeAdvance(models.Model):
    """Money lent to a representative to pay the fees of a signed statement (借支, R105).

    One at a time, by a constraint of the database. What is outstanding is what the
    ledger says on the account for advances, under the employee's name.
    """

    _name = "distributor.fee.advance"
    _description = "Fee Advance"
    _inherit = ["mail.thread", "mail.activity.mixin", "tier.validation"]
    _order = "id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    _state_from = ["requested"]
    # Issued and cleared are steps further: the approval stands.
    _state_to = ["approved", "issued", "cleared"]
    _cancel_state = "cancelled"

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    statement_id = fields.Many2one(
        comodel_name="distributor.fee.statement",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        help="The signed statement whose fees are paid with the money.",
    )
    company_id = fields.Many2one(
        related="statement_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        related="statement_id.user_id",
        string="Representative",
        store=True,
        precompute=True,
        index=True,
    )
    employee_id = fields.Many2one(
        comodel_name="hr.employee",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        # Representatives see their advances, not the files of colleagues.
        groups="hr.group_hr_user,distributor_crm.group_finance",
    )
    amount = fields.Monetary(required=True, tracking=True)
    available = fields.Monetary(
        compute="_compute_available",
        help="What may be borrowed now: what is payable on the statement, and no more "
        "than is left of the limit.",
    )
    outstanding = fields.Monetary(
        compute="_compute_outstanding",
        help="What of it is not cleared yet, by the ledger.",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("requested", "Requested"),
            ("approved", "Approved"),
            ("issued", "Issued"),
            ("cleared", "Cleared"),
            ("rejected", "Rejected"),
            ("cancelled", "Cancelled"),
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
    requested_on = fields.Date(readonly=True, copy=False)
    approved_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    issued_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)
    issued_on = fields.Date(readonly=True, copy=False)
    cleared_on = fields.Date(readonly=True, copy=False)
    payment_id = fields.Many2one(
        comodel_name="account.payment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    move_ids = fields.One2many(
        comodel_name="account.move",
        inverse_name="fee_advance_id",
        string="Journal Entries",
        readonly=True,
        groups="account.group_account_readonly,account.group_account_invoice",
    )
    note = fields.Text()
    reject_reason = fields.Text(string="Reason", readonly=True, copy=False)

    # Two that are requested at the same moment cannot both be open.
    _one_open = models.UniqueIndex(
        "(company_id, user_id) WHERE state IN ('requested', 'approved', 'issued')",
        "This representative has an advance open already. Clear that one first.",
    )
    _amount_positive = models.Constraint(
        "CHECK(amount > 0 AND amount <> 'NaN' AND amount < 1000000000000)",
        "An advance is more than 0.",
    )
    _four_eyes = models.Constraint(
        "CHECK(issued_by_id IS NULL OR (issued_by_id IS DISTINCT FROM approved_by_id "
        "AND issued_by_id <> user_id))",
        "Nobody issues an advance that he approved or that is his own. Ask a colleague.",
    )

    @api.depends("statement_id")
    def _compute_available(self):
        for advance in self:
            statement = advance.statement_id
            if not statement or advance.state not in ("draft", "requested", "approved"):
                advance.available = 0
                continue
            # Ledger and employees are closed to representatives.
            figures = advance.sudo()._get_room()
            advance.available = max(0, min(figures))

    def _get_room(self):
        """Return what is payable on the statement, and what the limit leaves."""
        self.ensure_one()
        statement, company = self.statement_id, self.company_id
        limit = company._get_fee_policy(fields.Date.context_today(self)).advance_limit
        employee = statement.user_id.with_company(company).employee_id
        held = employee._get_fee_outstanding(company).get(employee.id, 0)
        payable = statement._get_open_payable()[statement.id]
        return float(payable), company.currency_id.round(limit - held)

    @api.depends("state", "move_ids.line_ids.amount_residual")
    def _compute_outstanding(self):
        for advance in self.sudo():  # entries are closed to representatives
            advance.outstanding = sum(
                advance._get_open_items().mapped("amount_residual")
            )

    def _get_open_items(self):
        """Return the journal items of what these gave out and is not cleared."""
        return self.payment_id.move_id.line_ids.filtered(
            lambda line: (
                line.account_id == line.company_id.fee_advance_account_id
                and not line.reconciled
            )
        )

    @api.depends("name", "user_id")
    def _compute_display_name(self):
        for advance in self:
            name = advance.name if advance.name != "/" else self.env._("New Advance")
            advance.display_name = name

    @api.model
    def _get_signed_fields(self):
        # EXTENDS tier.validation
        return (*super()._get_signed_fields(), "amount", "statement_id", "user_id")

    def _get_approval_owners(self):
        # EXTENDS tier.validation: who is paid
        return super()._get_approval_owners() | self.user_id

    def _may_ask_for_approval(self):
        # REPLACES tier.validation: asked for by requesting alone.
        return self.env.su

    # -- create, change, delete ------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        closed = set(self._fields) - OPEN_FIELDS
        records, vals_list = without_closed(self, vals_list, closed)
        return (
            super(DistributorFeeAdvance, records).create(vals_list).with_env(self.env)
        )

    def write(self, vals):
        if not self.env.su:
            if vals.keys() - OPEN_FIELDS:
                raise AccessError(
                    self.env._("An advance is not edited. Use its buttons.")
                )
            if TERMS & vals.keys():
                self._check_state("draft")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_alone(self):
        if any(advance.state != "draft" for advance in self):
            raise UserError(
                self.env._("Advances stay on record. Cancel or reject it instead.")
            )

    # -- checks ----------------------------------------------------------------------

    def _check_state(self, *states):
        """Refuse what is done to advances in another state.

        :raises UserError: names them
        """
        if wrong := find_other_states(self, states):
            raise UserError(
                self.env._(
                    "%(advances)s: this is for advances in status %(states)s only.",
                    advances=wrong["records"],
                    states=wrong["states"],
                )
            )

    def _check_may_borrow(self):
        """Check what an advance needs when it is requested, and again when issued.

        :raises UserError: says what to do first
        """
        self.ensure_one()
        statement = self.statement_id
        statement._check_may_pay_out()
        if self.company_id.currency_id.compare_amounts(self.amount, 0) <= 0:
            raise UserError(self.env._("Enter an amount above 0."))
        self._check_former()
        payable, left = self._get_room()
        compare, show = self.currency_id.compare_amounts, self.currency_id.format
        if compare(self.amount, payable) > 0:
            raise UserError(
                self.env._(
                    "Only %(payable)s is payable on %(statement)s: borrow no more.",
                    payable=show(payable),
                    statement=statement.display_name,
                )
            )
        if compare(self.amount, left) > 0:
            raise UserError(
                self.env._(
                    "%(user)s may hold %(left)s more under the fee policy. Clear what is "
                    "outstanding, or borrow less.",
                    user=self.user_id.name,
                    left=show(max(left, 0)),
                )
            )

    def _check_former(self):
        """The advance before is cleared, and its spot check passed (R108, R109)."""
        former = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("user_id", "=", self.user_id.id),
                ("state", "in", OPEN),
                ("id", "!=", self.id),
            ],
            limit=1,
        )
        if former:
            raise UserError(
                self.env._(
                    "%(advance)s is still open. Clear it first: hand in the receipts and "
                    "the money that is left.",
                    advance=former.name,
                )
            )
        self.env["distributor.fee.check"]._check_no_freeze(
            self.company_id, self.user_id
        )
