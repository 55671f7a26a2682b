# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ...guard import find_other_states, without_defaults

# What a draft says, and what nobody changes afterwards.
CONTENT = {
    "program_id",
    "partner_id",
    "place_id",
    "date",
    "product_id",
    "quantity",
    "unit_amount",
    "description",
}
# Set by the buttons alone, over RPC too.
CLOSED = {
    "name",
    "state",
    "user_id",
    "editor_id",
    "decided_by_id",
    "decided_at",
    "amount",
    "counts_from",
    "company_id",
}


class DistributorRebateClaim(models.Model):
    """What a distributor is to receive for something that is no sale: a display, an
    advertisement, a counted stock, a gift.

    Approved claims feed their program as invoice lines feed the others; everything
    after that, from tiers to true-ups, is the same.
    """

    _name = "distributor.rebate.claim"
    _description = "Rebate Claim"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    program_id = fields.Many2one(
        comodel_name="distributor.rebate.program",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[
            ("measure", "=", "claim"),
            ("origin_id", "=", False),
            ("state", "=", "running"),
        ],
        tracking=True,
    )
    kind = fields.Selection(related="program_id.kind")
    company_id = fields.Many2one(
        related="program_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_distributor", "=", True)],
        check_company=True,
        tracking=True,
    )
    account_manager_id = fields.Many2one(related="partner_id.account_manager_id")
    place_id = fields.Many2one(
        comodel_name="res.partner",
        string="Store",
        domain="[('id', 'child_of', partner_id)]",
        ondelete="restrict",
        help="The shop or address that it is for, where the distributor has several.",
    )
    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
        tracking=True,
        help="The day that it is for; of a stock count, the day of the count.",
    )
    counts_from = fields.Date(
        compute="_compute_counts_from",
        store=True,
        precompute=True,
        help="From this day on no second claim of the same is accepted: the first day of "
        "the period, or the day itself, as the program limits claims.",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    quantity = fields.Float(
        digits="Product Unit", default=1, required=True, tracking=True
    )
    unit_amount = fields.Monetary(
        string="Amount per Unit",
        compute="_compute_unit_amount",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    amount = fields.Monetary(
        compute="_compute_amount", store=True, precompute=True, tracking=True
    )
    description = fields.Text(
        help="What was displayed, advertised, counted or given, and where the evidence "
        "shows it."
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("submitted", "To Approve"),
            ("approved", "Approved"),
            ("refused", "Refused"),
        ],
        string="Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Author",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
    )
    editor_id = fields.Many2one(
        comodel_name="res.users",
        string="Last Changed By",
        readonly=True,
        copy=False,
        help="Who last changed what is claimed. He does not approve it either.",
    )
    decided_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)
    decided_at = fields.Datetime(string="Decided On", readonly=True, copy=False)
    statement_count = fields.Integer(compute="_compute_statement_count")

    _claim_unique = models.UniqueIndex(
        "(program_id, partner_id, COALESCE(place_id, 0), COALESCE(product_id, 0), "
        "counts_from) WHERE state <> 'refused'",
        "There is a claim of this distributor for the same program, store and product "
        "in this period already. Open that one; nothing is paid twice.",
    )
    _quantity_positive = models.Constraint(
        "CHECK(quantity > 0 AND unit_amount >= 0)",
        "A claim needs a quantity above zero, and an amount that is not negative.",
    )
    _four_eyes = models.Constraint(
        "CHECK(state <> 'approved' OR (decided_by_id IS NOT NULL "
        "AND decided_by_id <> user_id AND decided_by_id IS DISTINCT FROM editor_id))",
        "Nobody approves his own claim. Ask another sales manager.",
    )

    @api.depends(
        "date",
        "program_id.claim_limit",
        "program_id.period_type",
        "program_id.is_fiscal",
        "program_id.date_from",
        "program_id.date_to",
    )
    def _compute_counts_from(self):
        for claim in self:
            claim.counts_from = claim.program_id._get_claim_day(claim.date)

    @api.depends("program_id.claim_price")
    def _compute_unit_amount(self):
        for claim in self:
            claim.unit_amount = claim.program_id.claim_price or claim.unit_amount

    @api.depends("quantity", "unit_amount")
    def _compute_amount(self):
        for claim in self:
            currency = claim.currency_id
            unit = currency.round(claim.unit_amount) if currency else claim.unit_amount
            amount = claim.quantity * unit
            claim.amount = currency.round(amount) if currency else amount

    def _compute_statement_count(self):
        counts = dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT -move_line_key, COUNT(DISTINCT statement_id)
                      FROM distributor_rebate_line WHERE move_line_key = ANY(%s)
                     GROUP BY 1
                    """,
                    [-number for number in self.ids],
                )
            )
        )
        for claim in self:
            claim.statement_count = counts.get(claim._origin.id, 0)

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for claim in self:
            saved = claim.id and f"{claim.name}: {claim.partner_id.name}"
            claim.display_name = saved or claim.partner_id.name

    # -- constraints -----------------------------------------------------------------

    @api.constrains("program_id", "partner_id", "place_id", "date", "product_id")
    def _check_counts(self):
        for claim in self:
            place = claim.place_id
            if place and place.commercial_partner_id != claim.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(place)s is no store of %(distributor)s. Choose one of his "
                        "addresses.",
                        place=place.display_name,
                        distributor=claim.partner_id.name,
                    )
                )
        for program, claims in self.grouped("program_id").items():
            program._check_claims(claims)

    @api.constrains("unit_amount", "program_id")
    def _check_unit_amount(self):
        for claim in self:
            price = claim.program_id.claim_price
            if price and claim.currency_id.compare_amounts(price, claim.unit_amount):
                raise ValidationError(
                    self.env._(
                        "%(program)s pays %(price)s per unit. Claim the quantity; the "
                        "amount follows.",
                        program=claim.program_id.name,
                        price=claim.currency_id.format(price),
                    )
                )

    # -- create, change, delete ------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        Sequence = self.env["ir.sequence"]
        vals_list = [
            {k: v for k, v in vals.items() if k not in CLOSED} for vals in vals_list
        ]
        for vals in vals_list:
            company = (
                self.env["distributor.rebate.program"]
                .browse(vals.get("program_id"))
                .company_id
            )
            numbers = Sequence.with_company(company)
            vals["name"] = numbers.next_by_code("distributor.rebate.claim") or "/"
        own = without_defaults(self, CLOSED)
        return super(DistributorRebateClaim, own).create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if CLOSED & vals.keys():
                raise AccessError(
                    self.env._(
                        "A claim's status is changed with its buttons; its amount "
                        "follows from the quantity."
                    )
                )
            if CONTENT & vals.keys():
                self._check_state("draft")
                vals = {**vals, "editor_id": self.env.uid}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        self._check_state("draft")

    def _check_state(self, *states):
        """Refuse what is done to claims in another state.

        :raises UserError: names the claims, and says what to do
        """
        if wrong := find_other_states(self, states, "name"):
            raise UserError(
                self.env._(
                    "%(claims)s: this is for claims in status %(states)s only. Use "
                    "Back to Draft to correct a claim.",
                    claims=wrong["records"],
                    states=wrong["states"],
                )
            )
