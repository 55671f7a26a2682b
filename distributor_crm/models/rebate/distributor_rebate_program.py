# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

REBATE_ACCOUNT_TYPES = (
    "income",
    "income_other",
    "expense",
    "expense_other",
    "expense_direct_cost",
    "liability_current",
)


class DistributorRebateProgram(models.Model):
    _name = "distributor.rebate.program"
    _description = "Rebate Program"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "sequence, date_from desc, name, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(
        default=10,
        help="Where several programs look at one sale, the lower number comes first.",
    )
    kind = fields.Selection(
        selection=[
            ("volume", "Volume"),
            ("growth", "Growth"),
            ("target", "Target"),
            ("display", "Display allowance"),
            ("advertising", "Focal advertising allowance"),
            ("stock", "Stock allowance"),
            ("price_protection", "Price protection"),
            ("group_buy", "Group-buy gift"),
        ],
        default="volume",
        required=True,
        tracking=True,
        help="What the money is for. It groups programs and reports.",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("running", "Running"),
            ("closed", "Closed"),
        ],
        string="Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        tracking=True,
    )
    date_from = fields.Date(
        string="From",
        required=True,
        tracking=True,
        default=lambda self: fields.Date.start_of(
            fields.Date.context_today(self), "year"
        ),
    )
    date_to = fields.Date(
        string="To",
        required=True,
        tracking=True,
        default=lambda self: fields.Date.end_of(
            fields.Date.context_today(self), "year"
        ),
    )
    account_id = fields.Many2one(
        comodel_name="account.account",
        string="Rebate Account",
        domain=[("account_type", "in", REBATE_ACCOUNT_TYPES)],
        check_company=True,
        tracking=True,
        help="Credit notes of this program are booked here, to reduce income or as "
        "an expense.",
    )
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        domain=[("type", "=", "sale")],
        check_company=True,
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        help="The sales journal of the credit notes.",
    )

    statement_ids = fields.One2many(
        comodel_name="distributor.rebate.statement", inverse_name="program_id"
    )
    statement_count = fields.Integer(compute="_compute_statement_totals")
    earning_count = fields.Integer(
        string="Distributors Earning", compute="_compute_statement_totals"
    )
    basis_total = fields.Monetary(string="Sales", compute="_compute_statement_totals")
    earned_total = fields.Monetary(
        string="Rebates", compute="_compute_statement_totals"
    )
    is_frozen = fields.Boolean(
        compute="_compute_statement_totals",
        help="Statements were submitted or settled on these terms.",
    )
    computed_at = fields.Datetime(string="Last Computed", readonly=True, copy=False)
    _dates_in_order = models.Constraint(
        "CHECK(date_to >= date_from)",
        "A program ends on or after the day it starts. Correct one of the two dates.",
    )

    @api.depends("company_id")
    def _compute_journal_id(self):
        for company, programs in self.grouped("company_id").items():
            stale = programs.filtered(lambda p: p.journal_id.company_id != p.company_id)
            stale.journal_id = company._get_sales_journal()

    @api.depends(
        "statement_ids.earned",
        "statement_ids.adjustment",
        "statement_ids.approval_state",
    )
    def _compute_statement_totals(self):
        Statement = self.env["distributor.rebate.statement"]
        mine = [("program_id", "in", self.ids)]
        totals = {}
        for program, state, *figures in Statement._read_group(
            mine,
            ["program_id", "approval_state"],
            ["__count", "basis:sum"],
        ):
            totals.setdefault(program, {})[state] = figures
        earning = dict(
            Statement._read_group(
                [*mine, ("earned", ">", 0)],
                ["program_id"],
                ["partner_id:count_distinct"],
            )
        )
        settled = self._get_settled_until()
        earned = self._get_earned()
        for program in self:
            by_state = totals.get(program, {})
            columns = list(zip(*by_state.values(), strict=True)) or [(), ()]
            program.statement_count = sum(columns[0])
            program.basis_total = sum(columns[1])
            program.earned_total = earned.get(program._origin.id, 0)
            program.earning_count = earning.get(program, 0)
            last = settled.get(program.origin_id)
            program.is_frozen = bool(by_state.keys() - {"draft"}) or bool(
                last and program.state != "draft" and program.valid_from <= last
            )

    def _get_settled_until(self):
        """Return until when the programs of these versions are settled."""
        if not self.origin_id:
            return {}
        closed = [
            ("program_id", "in", self.origin_id.ids),
            ("approval_state", "!=", "draft"),
        ]
        return dict(
            self.env["distributor.rebate.statement"]._read_group(
                closed, ["program_id"], ["date_to:max"]
            )
        )

    @api.constrains("account_id")
    def _check_account_id(self):
        for program in self:
            account = program.account_id
            if account and account.account_type not in REBATE_ACCOUNT_TYPES:
                raise ValidationError(
                    self.env._(
                        "Account %(account)s cannot carry rebates. Choose an income, "
                        "expense or current liability account.",
                        account=account.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        frozen = self.filtered("is_frozen")
        if frozen:
            raise UserError(
                self.env._(
                    "%(programs)s cannot be deleted: statements were submitted or "
                    "settled. Close or archive it instead.",
                    programs=", ".join(frozen.mapped("name")),
                )
            )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if "name" not in (default or {}):
            for program, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%s (copy)", program.name)
        return vals_list

    # -- actions ---------------------------------------------------------------

    def action_view_statements(self):
        """Open the statements of these programs."""
        return self._get_statement_action()

    def action_view_earning(self):
        """Open the statements that earned something."""
        return self._get_statement_action(context={"search_default_earning": 1})

    def action_view_analysis(self):
        """Open the statements as a pivot."""
        return self._get_statement_action("pivot")

    def _get_statement_action(self, first="list", context=None):
        action = self.env["distributor.rebate.statement"]._get_list_action(
            [("program_id", "in", self.ids)], context
        )
        views = sorted(action["views"], key=lambda view: view[1] != first)
        return {**action, "views": views}
