# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import Counter

from odoo import api, fields, models

SEGMENTS = [
    ("champion", "Champions"),
    ("loyal", "Loyal"),
    ("big", "Big Buyers"),
    ("promising", "Promising"),
    ("regular", "Regular"),
    ("slipping", "Slipping Away"),
    ("hibernating", "Hibernating"),
]
LIFECYCLE = [
    ("prospect", "No Purchase Yet"),
    ("new", "New"),
    ("active", "Active"),
    ("at_risk", "At Risk"),
    ("sleeping", "Sleeping"),
    ("lost", "Lost"),
    ("ending", "Ended, Matters Open"),
    ("ended", "Closed"),
]
CLASSES = [("a", "A"), ("b", "B"), ("c", "C")]


class DistributorPortfolio(models.Model):
    """What a distributor is worth and how it is doing, reckoned each night (R218–R227).

    Value class, relation stage and lifecycle are three things and three fields (A29).
    The rows are written by one SQL statement a company; nobody edits them.
    """

    _name = "distributor.portfolio"
    _description = "Portfolio of Distributors"
    _order = "place, id"
    _rec_name = "partner_id"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        context={"active_test": False},
    )
    partner_active = fields.Boolean(
        related="partner_id.active", store=True, string="Distributor Active"
    )
    account_manager_id = fields.Many2one(
        related="partner_id.account_manager_id", store=True
    )
    user_id = fields.Many2one(
        related="partner_id.user_id", store=True, string="Salesperson"
    )
    grade_id = fields.Many2one(related="partner_id.grade_id", store=True, string="Tier")
    state_id = fields.Many2one(
        related="partner_id.state_id", store=True, string="Province"
    )
    country_id = fields.Many2one(
        related="partner_id.country_id", store=True, string="Country"
    )
    relation_stage = fields.Selection(related="partner_id.relation_stage")
    # -- sales -----------------------------------------------------------------------
    sales = fields.Monetary(
        string="Sales 12 Months",
        readonly=True,
        help="Posted invoices less credit notes, without tax, of the last 12 months.",
    )
    sales_before = fields.Monetary(
        string="Sales Year Before",
        readonly=True,
        help="The same of the 12 months before.",
    )
    trend = fields.Float(
        string="Trend (%)", readonly=True, digits=(16, 1), aggregator=None
    )
    orders = fields.Integer(string="Orders 12 Months", readonly=True)
    orders_before = fields.Integer(string="Orders Year Before", readonly=True)
    sales_total = fields.Monetary(string="Sales Ever", readonly=True)
    returns = fields.Monetary(
        readonly=True, help="Credit notes ever; the sales are less these already."
    )
    # -- concentration ---------------------------------------------------------------
    place = fields.Integer(
        string="Rank", readonly=True, aggregator=None, help="By sales of 12 months."
    )
    share = fields.Float(string="Share (%)", readonly=True, digits=(16, 2))
    share_before = fields.Float(
        string="Share Year Before (%)", readonly=True, digits=(16, 2)
    )
    cumulative = fields.Float(
        string="Cumulative Share (%)",
        readonly=True,
        digits=(16, 2),
        aggregator="max",
        help="What this distributor and all bigger ones make together.",
    )
    abc_class = fields.Selection(
        selection=CLASSES,
        string="Value Class",
        readonly=True,
        index=True,
        help="A: the biggest who together make 80 percent, or what the settings say.",
    )
    abc_before = fields.Selection(
        selection=CLASSES, string="Value Class Year Before", readonly=True
    )
    is_key_account = fields.Boolean(
        string="Key Account",
        readonly=True,
        help="Orders, sales and profit rate are what the settings ask of a key account.",
    )
    # -- recency, frequency, money ---------------------------------------------------
    recency = fields.Integer(
        string="Recency Score",
        readonly=True,
        aggregator="avg",
        help="5 for the fifth who bought last, 1 for the fifth who did not for longest. "
        "Equal figures have equal scores.",
    )
    frequency = fields.Integer(
        string="Frequency Score",
        readonly=True,
        aggregator="avg",
        help="By the number of orders in 12 months.",
    )
    money = fields.Integer(
        string="Money Score",
        readonly=True,
        aggregator="avg",
        help="By the sales of 12 months.",
    )
    rfm = fields.Char(string="RFM", compute="_compute_rfm")
    rfm_segment = fields.Selection(
        selection=SEGMENTS, string="Segment", readonly=True, index=True
    )
    # -- rhythm and lifecycle --------------------------------------------------------
    first_order = fields.Date(readonly=True)
    last_order = fields.Date(readonly=True)
    silence = fields.Integer(
        string="Days Since Last Order", readonly=True, aggregator="avg"
    )
    rhythm = fields.Float(
        string="Days Between Orders",
        readonly=True,
        digits=(16, 1),
        aggregator="avg",
        help="The median. Unknown before the third order.",
    )
    lifecycle = fields.Selection(
        selection=LIFECYCLE,
        readonly=True,
        index=True,
        help="From the distributor's own rhythm of ordering.",
    )
    repurchased = fields.Float(
        string="Repurchase Rate (%)",
        readonly=True,
        aggregator="avg",
        help="Of those who bought in the last 12 months, how many did so again.",
    )
    retained = fields.Float(
        string="Retention Rate (%)",
        readonly=True,
        aggregator="avg",
        help="Of those who bought in the year before, how many did in the last one.",
    )
    # -- value -----------------------------------------------------------------------
    margin = fields.Monetary(
        string="Margin 12 Months",
        readonly=True,
        help="Sales less today's costs of the products, where these have one.",
    )
    margin_rate = fields.Float(
        string="Profit Rate (%)", readonly=True, digits=(16, 1), aggregator="avg"
    )
    margin_total = fields.Monetary(string="Margin Ever", readonly=True)
    is_margin_known = fields.Boolean(string="Costs Known", readonly=True)
    rebates = fields.Monetary(string="Rebates Ever", readonly=True)
    fees = fields.Monetary(string="Fees Ever", readonly=True)
    lifetime_value = fields.Monetary(
        readonly=True,
        help="Margin ever, or sales where no costs are known, less rebates and fees. "
        "Returns are taken off the sales.",
    )
    value_score = fields.Integer(
        readonly=True, aggregator="avg", help="Five for the most valuable fifth."
    )
    # -- churn -----------------------------------------------------------------------
    is_late = fields.Boolean(string="Order Overdue", readonly=True)
    is_declining = fields.Boolean(string="Declining", readonly=True)
    is_orphan = fields.Boolean(string="Without a Manager", readonly=True)
    complaints = fields.Integer(string="Open Complaints", readonly=True)
    open_cases = fields.Integer(readonly=True)
    open_balance = fields.Monetary(
        readonly=True, help="What the distributor owes, less what it has to its credit."
    )
    overdue = fields.Monetary(string="Overdue Amount", readonly=True)
    churn_risk = fields.Selection(
        selection=[
            ("none", "None"),
            ("low", "Low"),
            ("medium", "Medium"),
            ("high", "High"),
        ],
        compute="_compute_churn_risk",
        store=True,
        index=True,
        help="By the number of signs: one is low, two are medium, more are high. An order "
        "overdue, falling sales, an open complaint, overdue invoices, no manager.",
    )
    churn_reasons = fields.Char(
        string="Signs of Churn", compute="_compute_churn_reasons"
    )
    duplicate_count = fields.Integer(
        string="Suspected Duplicates", compute="_compute_duplicate_count"
    )

    # Not an index: the merge of contacts looks for constraints alone.
    _once = models.Constraint(
        "UNIQUE(company_id, partner_id)", "There is a row for this distributor already."
    )

    @api.depends("recency", "frequency", "money")
    def _compute_rfm(self):
        for row in self:
            row.rfm = (
                f"{row.recency}-{row.frequency}-{row.money}" if row.recency else False
            )

    @api.depends(
        "is_late", "is_declining", "is_orphan", "complaints", "overdue", "lifecycle"
    )
    def _compute_churn_risk(self):
        levels = ("none", "low", "medium", "high")
        for row in self:
            count = len(row._get_signs())
            row.churn_risk = levels[min(count, 3)]

    def _get_signs(self):
        """Return the names of the signs that this distributor may leave."""
        self.ensure_one()
        if self.lifecycle in (False, "prospect", "ending", "ended"):
            return []
        names = ("is_late", "is_declining", "complaints", "overdue", "is_orphan")
        return [name for name in names if self[name]]

    @api.depends("churn_risk", "silence", "rhythm", "trend")
    def _compute_churn_reasons(self):
        for row in self:
            row.churn_reasons = "; ".join(
                row._say_sign(name) for name in row._get_signs()
            )

    def _say_sign(self, name):
        if name == "is_late":
            if not self.rhythm:
                return self.env._("no order for %s days", self.silence)
            return self.env._(
                "no order for %(silence)s days, usually every %(rhythm)s",
                silence=self.silence,
                rhythm=round(self.rhythm),
            )
        if name == "is_declining":
            return self.env._("sales %s%% below the year before", round(-self.trend))
        if name == "complaints":
            return self.env._("%s open complaints", self.complaints)
        if name == "overdue":
            return self.env._("%s overdue", self.currency_id.format(self.overdue))
        return self.env._("nobody looks after it")

    def _compute_duplicate_count(self):
        # That a name may stand twice in a ranking is told to whoever reads it.
        Duplicate = self.env["distributor.duplicate"].sudo()
        counts = Counter()
        for field in ("partner_id", "other_id"):
            domain = [(field, "in", self.partner_id.ids), ("state", "=", "open")]
            for partner, count in Duplicate._read_group(domain, [field], ["__count"]):
                counts[partner.id] += count
        for row in self:
            row.duplicate_count = counts[row.partner_id.id]

    def action_open_partner(self):
        """Open the distributor of this row."""
        self.ensure_one()
        return self.partner_id._get_records_action()

    def action_plan(self):
        """Ask which task to plan for these distributors: a call, a visit, an offer."""
        wizard = self.env["distributor.portfolio.plan"].create(
            {"portfolio_ids": [fields.Command.set(self.ids)]}
        )
        return wizard._get_records_action(name=self.env._("Plan Tasks"), target="new")
