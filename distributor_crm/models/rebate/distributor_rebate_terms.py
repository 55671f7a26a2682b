# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_repr

from ...rebate.arithmetic import Terms
from ...rebate.period import KINDS, Period, periods, window_of
from ...rebate.statements import Plan

PERIODS = [
    ("half_month", "Half month"),
    ("month", "Month"),
    ("quarter", "Quarter"),
    ("half_year", "Half-year"),
    ("year", "Year"),
    ("whole", "Whole program"),
]
# What such a program pays for is no sale: somebody claims it.
CLAIMED = ("display", "advertising", "stock", "price_protection", "group_buy")


class DistributorRebateProgram(models.Model):
    """What is measured, and what is paid for it."""

    _inherit = "distributor.rebate.program"

    period_type = fields.Selection(
        selection=PERIODS,
        string="Settled Every",
        default="year",
        required=True,
        tracking=True,
        help="Each distributor has one statement a period.",
    )
    window_type = fields.Selection(
        selection=PERIODS,
        string="Added Up Over",
        compute="_compute_window_type",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        tracking=True,
        help="Sales add up over this time before the tier is looked up. When it is "
        "longer than a period, each statement pays what the sum has earned so far, "
        "less what was settled before.",
    )
    is_fiscal = fields.Boolean(
        string="Fiscal Years",
        help="Years, half-years and quarters begin with the company's fiscal year.",
    )
    grace_days = fields.Integer(
        help="Payments up to so many days after a period still count for it, and its "
        "statement is not approved before.",
    )

    measure = fields.Selection(
        selection=[
            ("amount", "Invoiced amount without tax"),
            ("quantity", "Quantity"),
            ("collected", "Collected amount"),
            ("claim", "Approved claims"),
        ],
        compute="_compute_measure",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        tracking=True,
        help="What picks the tier. Posted customer invoices less credit notes, by "
        "invoice date, in the company's currency; a credit note counts on the day of "
        "the invoice that it takes back. Collected: as far as customers have paid. "
        "Documents that pay rebates never count. Approved claims: what was claimed for "
        "displays, advertising, stock or gifts, by the claim's date.",
    )
    uom_id = fields.Many2one(
        comodel_name="uom.uom",
        string="Unit",
        compute="_compute_uom_id",
        store=True,
        readonly=False,
        help="Quantities are converted to this unit.",
    )
    scale = fields.Selection(
        selection=[
            ("absolute", "The sum itself"),
            ("growth", "% of an earlier period"),
            ("target", "% of a target"),
        ],
        string="Tiers Ask For",
        default="absolute",
        required=True,
        tracking=True,
    )
    baseline = fields.Selection(
        selection=[
            ("year", "Same period a year before"),
            ("previous", "The period before"),
        ],
        string="Earlier Period",
        default="year",
        required=True,
        help="An agreed baseline of a distributor takes its place.",
    )
    target_ids = fields.One2many(
        comodel_name="distributor.rebate.target",
        inverse_name="program_id",
        string="Targets",
        copy=True,
    )
    basis = fields.Selection(
        selection=[
            ("amount", "Invoiced amount without tax"),
            ("quantity", "Quantity"),
            ("collected", "Collected amount"),
            ("growth", "Growth over the earlier period"),
            ("claim", "Approved claims"),
        ],
        string="Pays On",
        compute="_compute_basis",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        tracking=True,
        help="What the rate is applied to; it may differ from what picks the tier.",
    )
    reward = fields.Selection(
        selection=[
            ("percent", "Percentage"),
            ("unit", "Amount per unit"),
            ("lump", "Fixed amount"),
            ("goods", "Free goods"),
        ],
        default="percent",
        required=True,
        tracking=True,
    )
    method = fields.Selection(
        selection=[
            ("retroactive", "Retroactive"),
            ("incremental", "Incremental"),
            ("rolling", "Full lower tiers plus reached rate"),
            ("total", "All reached rates together"),
        ],
        default="retroactive",
        required=True,
        tracking=True,
        help="Retroactive: the reached rate pays on everything.\n"
        "Incremental: each rate pays on the part of the sales inside its tier.\n"
        "Full lower tiers plus reached rate: each filled tier pays up to its end, and "
        "the reached rate on everything besides.\n"
        "All reached rates together: every rate up to the reached one pays on "
        "everything.",
    )
    multiple = fields.Float(
        string="For Every",
        digits="Product Unit",
        default=1,
        help="So many units bring the free ones that the reached tier names.",
    )
    free_product_id = fields.Many2one(
        comodel_name="product.product",
        check_company=True,
    )
    tier_ids = fields.One2many(
        comodel_name="distributor.rebate.tier",
        inverse_name="program_id",
        string="Tiers",
        copy=True,
    )
    minimum = fields.Monetary(
        string="Pays From",
        help="A rebate below this amount is not paid.",
    )
    maximum = fields.Monetary(
        string="Pays At Most",
        help="No more than this is paid to a distributor. Zero for no limit.",
    )
    guarantee = fields.Monetary(
        string="Guaranteed Minimum",
        help="What a distributor receives at least when the time is over.",
    )
    is_guarantee_cumulated = fields.Boolean(
        string="Guarantee Adds Up",
        help="The guarantees of all periods are set against all earnings: a good "
        "period makes up for a bad one.",
    )
    release = fields.Selection(
        selection=[
            ("invoiced", "At once"),
            ("collected", "As customers pay"),
        ],
        string="Released",
        default="invoiced",
        required=True,
        tracking=True,
        help="As customers pay: in proportion to what was collected of the invoices "
        "behind the rebate.",
    )
    negative_policy = fields.Selection(
        selection=[
            ("carry", "Carried to the next statement"),
            ("invoice", "Invoiced to the distributor"),
        ],
        string="Overpaid Rebates",
        default="carry",
        required=True,
        tracking=True,
        help="What returns and corrections take back after a settlement.",
    )
    keep_evidence = fields.Boolean(
        default=True,
        copy=True,
        help="Keep each invoice line behind a statement. Without it only sums are "
        "kept, and corrections after a settlement are not listed one by one.",
    )

    _amounts_not_negative = models.Constraint(
        "CHECK(COALESCE(minimum, 0) >= 0 AND COALESCE(maximum, 0) >= 0 "
        "AND COALESCE(guarantee, 0) >= 0 AND COALESCE(grace_days, 0) >= 0)",
        "Limits, guarantee and days of grace cannot be negative. Enter zero for none.",
    )
    _multiple_positive = models.Constraint(
        "CHECK(reward <> 'goods' OR multiple > 0)",
        "Free goods need a number of units that brings them. Enter one above zero.",
    )

    @api.depends("period_type")
    def _compute_window_type(self):
        for program in self:
            window = program.window_type
            if not window or KINDS.index(window) < KINDS.index(program.period_type):
                program.window_type = program.period_type

    @api.depends("kind")
    def _compute_measure(self):
        for program in self:
            if program.kind in CLAIMED:
                program.measure = "claim"
            elif not program.measure or program.measure == "claim":
                program.measure = "amount"

    @api.depends("measure", "reward")
    def _compute_basis(self):
        for program in self:
            if program.measure == "claim":
                program.basis = "claim"
            elif program.reward in ("unit", "goods"):
                program.basis = "quantity"
            elif program.basis != "growth" or program.scale != "growth":
                units = program.measure == "quantity"
                program.basis = "amount" if units else program.measure

    @api.depends("measure", "basis")
    def _compute_uom_id(self):
        for program in self:
            if not program._needs_unit():
                program.uom_id = False
            elif not program.uom_id:
                program.uom_id = self.env.ref("uom.product_uom_unit", False)

    def _needs_unit(self):
        return "quantity" in (self.measure, self.basis)

    @api.constrains("period_type", "window_type")
    def _check_window_type(self):
        for program in self:
            if KINDS.index(program.window_type) < KINDS.index(program.period_type):
                raise ValidationError(
                    self.env._(
                        "%(program)s adds up over less time than it settles. Choose a "
                        "time at least as long as the period.",
                        program=program.name,
                    )
                )

    @api.constrains(
        "measure", "basis", "reward", "scale", "uom_id", "method", "release", "stacking"
    )
    def _check_terms_fit(self):
        for program in self:
            problem = program._get_terms_problem()
            if problem:
                raise ValidationError(
                    self.env._(
                        "%(program)s: %(problem)s",
                        program=program.name,
                        problem=problem,
                    )
                )

    def _get_terms_problem(self):
        """Return what does not fit together in the terms, or nothing."""
        if "claim" in (self.measure, self.basis):
            return self._get_claim_problem()
        by_unit = self.reward in ("unit", "goods")
        if by_unit != (self.basis == "quantity") and self.reward != "lump":
            return self.env._(
                "an amount per unit and free goods pay on a quantity, a percentage on "
                "an amount. Change what it pays on."
            )
        if self._needs_unit() and not self.uom_id:
            return self.env._("choose the unit in which quantities are counted.")
        if self.basis == "growth" and self.scale != "growth":
            return self.env._("only programs whose tiers ask for growth pay on growth.")
        if self.reward == "goods" and not self.free_product_id:
            return self.env._("choose the product that is given away.")
        if self.reward in ("lump", "goods") and self.method not in (
            "retroactive",
            "total",
        ):
            return self.env._(
                "fixed amounts and free goods are retroactive, or all reached ones "
                "together."
            )
        return None

    # -- plain values for the arithmetic ---------------------------------------------

    def _get_periods(self) -> list[Period]:
        """Return the periods of the program that have begun."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        return [span for span in self._cut(self.period_type) if span.start <= today]

    def _cut(self, kind):
        """Cut the program's time, by the fiscal year where it says so."""
        month = 1
        if self.is_fiscal:
            month = int(self.company_id.fiscalyear_last_month) % 12 + 1
        return periods(kind, self.date_from, self.date_to, month)

    def _get_windows(self, spans) -> list[Period]:
        """Return for each span the window in which its sales add up."""
        windows = list(self._cut(self.window_type))
        return [windows[number] for number in window_of(spans, windows)]

    def _get_plan(self, spans) -> Plan:
        """Return what the program promises, exact as it is stored."""
        self.ensure_one()
        starts = [window.start for window in self._get_windows(spans)]
        order = {start: number for number, start in enumerate(dict.fromkeys(starts))}
        goods = self.reward == "goods"
        return Plan(
            versions=[v._get_terms() for v in self._get_applied_versions()],
            windows=[order[start] for start in starts],
            unit=Decimal(1)
            if goods
            else self._exact(self.currency_id.rounding, 6).normalize(),
            # A claim's amount stands where an invoice line's does.
            measure=self.measure.replace("claim", "amount"),
            basis=self.basis.replace("claim", "amount"),
            relative=self.scale != "absolute",
            minimum=self._exact(self.minimum),
            maximum=self._exact(self.maximum) if self.maximum else None,
            guarantee=self._exact(self.guarantee),
            cumulated=self.is_guarantee_cumulated,
            on_collection=self.release == "collected",
            carry=self.negative_policy == "carry",
            is_over=not spans or self._is_over(spans),
        )

    def _is_over(self, spans):
        """Whether the window of the last period has ended."""
        return self._get_windows(spans)[-1].end < fields.Date.context_today(self)

    def _exact(self, value, digits=None) -> Decimal:
        if digits is None:
            digits = self.currency_id.decimal_places
        return Decimal(float_repr(value, digits))

    def _get_worth(self) -> Decimal:
        """Return what a unit of what is paid is worth: of money 1, of free goods their
        cost."""
        goods = self.reward == "goods"
        return self._exact(self.free_product_id.standard_price) if goods else Decimal(1)

    def _get_terms(self) -> Terms:
        """Return the ladder of this version and how it pays."""
        self.ensure_one()
        return Terms(
            self.method,
            self.tier_ids._as_tuples(),
            reward=self.reward,
            multiple=self._exact(self.multiple or 1, 6),
        )

    def _check_complete(self):
        """Check that a program can be published.

        :raises UserError: says what is missing
        """
        for program in self:
            if not program.tier_ids:
                raise UserError(
                    self.env._(
                        "%(program)s has no tiers yet. Add at least one tier, with "
                        "the amount it starts from and its rate.",
                        program=program.name,
                    )
                )
            if program.scale == "target" and not program.target_ids:
                raise UserError(
                    self.env._(
                        "%(program)s pays for the attainment of targets and has none. "
                        "Enter the distributors' targets first.",
                        program=program.name,
                    )
                )
