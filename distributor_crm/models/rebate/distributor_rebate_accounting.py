# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

ACCRUAL_BASES = [
    ("none", "No accrual"),
    ("reached", "Tier reached"),
    ("expected", "Tier expected"),
    ("fixed", "Fixed rate"),
]


class DistributorRebateProgram(models.Model):
    """How a program's rebates are settled and accrued."""

    _inherit = "distributor.rebate.program"

    account_id = fields.Many2one(
        compute="_compute_account_id", store=True, readonly=False
    )
    settlement_form = fields.Selection(
        selection=[
            ("credit_note", "Customer credit note"),
            ("vendor_bill", "Vendor bill"),
            ("free_goods", "Free goods"),
        ],
        string="Settled By",
        compute="_compute_settlement_form",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        tracking=True,
        help="Credit note: lowers what the distributor owes. Vendor bill: the "
        "distributor is paid like a supplier. Free goods: an order at no price.",
    )
    tax_policy = fields.Selection(
        selection=[
            ("sold", "As the sales behind it"),
            ("fixed", "These taxes"),
            ("none", "No taxes"),
        ],
        string="Taxes On Settlement",
        default="sold",
        required=True,
        tracking=True,
        help="As the sales: each tax in proportion to the invoices behind the rebate. "
        "Vendor bills bear the taxes chosen here, or none: those of a sale are not for "
        "purchases.",
    )
    tax_ids = fields.Many2many(
        comodel_name="account.tax",
        relation="distributor_rebate_program_tax_rel",
        string="Taxes",
        check_company=True,
        help="Sales taxes for credit notes, purchase taxes for vendor bills.",
    )
    purchase_journal_id = fields.Many2one(
        comodel_name="account.journal",
        domain=[("type", "=", "purchase")],
        check_company=True,
        compute="_compute_purchase_journal_id",
        store=True,
        readonly=False,
        help="The journal of the vendor bills.",
    )
    accrual_basis = fields.Selection(
        selection=ACCRUAL_BASES,
        string="Accrual",
        compute="_compute_accrual_basis",
        store=True,
        readonly=False,
        tracking=True,
        help="What is accrued at the end of a month for the time that still runs; when "
        "it is over, what was earned.\n"
        "Tier reached: what has been earned so far.\n"
        "Tier expected: at the rate of the tier that the sales will reach if they go on "
        "as they began, or that the target asks for.\n"
        "Fixed rate: a percentage of the sales so far.",
    )
    accrual_rate = fields.Float(
        string="Accrual Rate (%)", digits=(16, 4), tracking=True
    )
    accrual_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Accrued Rebates",
        domain=[("account_type", "=", "liability_current"), ("reconcile", "=", False)],
        check_company=True,
        compute="_compute_accrual_account_id",
        store=True,
        readonly=False,
        tracking=True,
        help="The current liability that holds what is accrued and not yet settled.",
    )
    accrual_journal_id = fields.Many2one(
        comodel_name="account.journal",
        domain=[("type", "=", "general")],
        check_company=True,
        compute="_compute_accrual_journal_id",
        store=True,
        readonly=False,
    )

    _accrual_rate_positive = models.Constraint(
        "CHECK(accrual_basis IS DISTINCT FROM 'fixed' OR COALESCE(accrual_rate, 0) > 0)",
        "An accrual at a fixed rate needs a rate above zero. Enter it on the Accounting "
        "tab.",
    )

    @api.depends("company_id")
    def _compute_account_id(self):
        self._follow_company("account_id", "rebate_account_id")

    # A method a field: what is given for one must not leave the others empty.
    @api.depends("company_id")
    def _compute_purchase_journal_id(self):
        self._follow_company("purchase_journal_id", "rebate_purchase_journal_id")

    @api.depends("company_id")
    def _compute_accrual_account_id(self):
        self._follow_company("accrual_account_id", "rebate_accrual_account_id")

    @api.depends("company_id")
    def _compute_accrual_journal_id(self):
        self._follow_company("accrual_journal_id", "rebate_accrual_journal_id")

    @api.depends("company_id")
    def _compute_accrual_basis(self):
        for program in self.filtered(lambda program: not program.accrual_basis):
            program.accrual_basis = program.company_id.rebate_accrual_basis or "none"

    def _follow_company(self, name, default):
        """Take the company's default, where nothing of this company stands yet."""
        for program in self:
            company, value = program.company_id, program[name]
            owners = (
                value.company_ids if name.endswith("account_id") else (value.company_id)
            )
            if not value or not owners & company.parent_ids:
                program[name] = company[default] or company._get_rebate_default(default)

    @api.depends("reward")
    def _compute_settlement_form(self):
        for program in self:
            if program.reward == "goods":
                program.settlement_form = "free_goods"
            elif program.settlement_form in (False, "free_goods"):
                program.settlement_form = "credit_note"

    @api.constrains("reward", "settlement_form")
    def _check_settlement_form(self):
        for program in self:
            if (program.reward == "goods") != (program.settlement_form == "free_goods"):
                raise ValidationError(
                    self.env._(
                        "%(program)s: free goods are settled by an order at no price, "
                        "and nothing else is. Choose another form of settlement or "
                        "another reward.",
                        program=program.name,
                    )
                )

    @api.constrains("tax_ids", "tax_policy", "settlement_form")
    def _check_tax_ids(self):
        for program in self:
            use = "purchase" if program.settlement_form == "vendor_bill" else "sale"
            wrong = program.tax_ids.filtered(
                lambda tax, use=use: tax.type_tax_use != use
            )
            if program.tax_policy == "fixed" and wrong:
                raise ValidationError(
                    self.env._(
                        "%(program)s: %(taxes)s cannot stand on its settlements. Choose "
                        "sales taxes for credit notes and purchase taxes for vendor "
                        "bills.",
                        program=program.name,
                        taxes=", ".join(wrong.mapped("name")),
                    )
                )

    @api.constrains("purchase_journal_id", "accrual_journal_id", "journal_id")
    def _check_journal_types(self):
        for program in self:
            for name, kind in (
                ("journal_id", "sale"),
                ("purchase_journal_id", "purchase"),
                ("accrual_journal_id", "general"),
            ):
                if program[name] and program[name].type != kind:
                    raise ValidationError(
                        self.env._(
                            "Journal %(journal)s is of the wrong type. Credit notes "
                            "need a sales journal, vendor bills a purchase journal and "
                            "accruals a miscellaneous one.",
                            journal=program[name].display_name,
                        )
                    )

    @api.constrains("accrual_account_id", "account_id", "accrual_basis")
    def _check_accrual_account_id(self):
        for program in self:
            program.accrual_account_id._check_rebate_accrual()
            account = program.account_id
            if program.accrual_basis in (False, "none") or not account:
                continue
            if account.account_type == "liability_current":
                raise ValidationError(
                    self.env._(
                        "%(program)s accrues its rebates, so its rebate account "
                        "%(account)s must be one of income or expense.",
                        program=program.name,
                        account=account.display_name,
                    )
                )
