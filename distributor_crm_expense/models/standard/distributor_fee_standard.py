# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_amount, format_date, formatLang

from odoo.addons.distributor_crm.validity import valid_domain


class DistributorFeeStandard(models.Model):
    """What may be granted to whom per product (R087), from a day on.

    A company's standards are versions: one that was confirmed is never changed, it
    ends the day before its successor starts. What no standard covers is undecided,
    and nothing may be granted for it (R089).
    """

    _name = "distributor.fee.standard"
    _description = "Relationship Fee Standard"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"
    _rec_names_search = ["product_tmpl_id", "categ_id", "grade_id", "purpose_id"]
    _check_company_auto = True

    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("upcoming", "Upcoming"),
            ("in_force", "In Force"),
            ("expired", "Expired"),
        ],
        string="Status",
        compute="_compute_state",
        search="_search_state",
    )

    product_tmpl_id = fields.Many2one(
        comodel_name="product.template",
        string="Product",
        domain=[("sale_ok", "=", True)],
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    categ_id = fields.Many2one(
        comodel_name="product.category",
        string="Product Category",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="With its sub-categories. A standard of the product itself, or of a "
        "closer category, goes before.",
    )
    uom_id = fields.Many2one(related="product_tmpl_id.uom_id", string="Unit")
    grade_id = fields.Many2one(
        comodel_name="res.partner.grade",
        string="Distributor Tier",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="Leave empty for all tiers. For the same product, a standard of the "
        "distributor's own tier goes before.",
    )
    recipient = fields.Selection(
        selection=[
            ("entity", "The distributor"),
            ("person", "A person it employs"),
        ],
        string="Granted To",
        default="entity",
        required=True,
        tracking=True,
        help="A fee goes to the distributor as a company. A fee to a person it "
        "employs needs a lawful purpose, a cap, and the compliance reviewer's "
        "approval before it can be in force.",
    )
    legal_basis = fields.Text(
        string="Lawful Purpose",
        tracking=True,
        help="Why a person employed by a customer may receive this.",
    )

    purpose_id = fields.Many2one(
        comodel_name="distributor.fee.purpose",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        help="What the fee is meant for. A product may have one standard for each "
        "purpose: what they grant adds up. Empty: for relations in general.",
    )

    basis = fields.Selection(
        selection=[
            ("percent", "Percentage of net sales"),
            ("unit", "Amount per unit sold"),
            ("none", "Nothing"),
        ],
        string="Fee",
        default="percent",
        required=True,
        tracking=True,
        help="Net sales are sales less returns, without tax. Nothing: no fee is "
        "granted for this purpose, even where the category or another tier has one.",
    )
    rate = fields.Float(string="Rate (%)", digits=(9, 4), tracking=True)
    amount = fields.Monetary(
        string="Amount per Unit",
        tracking=True,
        help="Per unit of measure of the product.",
    )
    cap = fields.Monetary(
        string="Cap per Month",
        tracking=True,
        help="At most this much per distributor and month. 0: no cap.",
    )
    terms = fields.Char(string="Granted", compute="_compute_terms")
    unit_margin = fields.Monetary(
        string="Margin per Unit",
        compute="_compute_margin",
        groups="distributor_crm_expense.group_fee_admin,distributor_crm.group_finance",
        help="Sales price less cost, as they are today.",
    )
    margin_share = fields.Float(
        string="Fee in % of Margin",
        digits=(9, 1),
        compute="_compute_margin",
        groups="distributor_crm_expense.group_fee_admin,distributor_crm.group_finance",
    )

    date_from = fields.Date(
        string="From",
        required=True,
        tracking=True,
        default=lambda self: fields.Date.start_of(
            fields.Date.context_today(self), "month"
        ),
    )
    date_to = fields.Date(
        string="Until",
        copy=False,
        tracking=True,
        help="The last day. Leave empty until a new version follows.",
    )
    prepared_by_id = fields.Many2one(
        comodel_name="res.users",
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
        help="Who last changed the terms.",
    )
    reviewed_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Approved by",
        readonly=True,
        copy=False,
        tracking=True,
    )
    reviewed_on = fields.Datetime(string="Approved on", readonly=True, copy=False)
    confirmed_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Put in Force by",
        readonly=True,
        copy=False,
        tracking=True,
    )
    confirmed_on = fields.Datetime(string="Put in Force on", readonly=True, copy=False)

    _one_scope = models.Constraint(
        "CHECK((product_tmpl_id IS NULL) <> (categ_id IS NULL))",
        "A fee standard is for one product or for one product category. Choose "
        "exactly one of the two.",
    )
    _dates_in_order = models.Constraint(
        "CHECK(date_to >= date_from)",
        "A fee standard ends on or after the day it starts. Correct one of the two "
        "dates.",
    )
    _amounts_in_range = models.Constraint(
        "CHECK(COALESCE(amount, 0) >= 0 AND COALESCE(cap, 0) >= 0"
        " AND COALESCE(rate, 0) BETWEEN 0 AND 100)",
        "Amounts of a fee standard cannot be negative, and a rate is between 0 and "
        "100 %.",
    )
    _fee_given = models.Constraint(
        "CHECK(CASE basis WHEN 'percent' THEN COALESCE(rate, 0) > 0"
        " WHEN 'unit' THEN COALESCE(amount, 0) > 0 ELSE TRUE END)",
        'Say how much is granted, or choose "Nothing" as the fee.',
    )
    _person_within_bounds = models.Constraint(
        "CHECK(recipient <> 'person' OR basis = 'none'"
        " OR (COALESCE(cap, 0) > 0 AND COALESCE(legal_basis, '') <> ''))",
        "A fee to a person needs a cap per month and a lawful purpose.",
    )
    # Ranges of one number: GiST compares them for equality without an extension.
    _one_in_force = models.Constraint(
        "EXCLUDE USING gist ("
        "int4range(company_id, company_id, '[]') WITH =, "
        "int4range(COALESCE(product_tmpl_id, -categ_id),"
        " COALESCE(product_tmpl_id, -categ_id), '[]') WITH =, "
        "int4range(COALESCE(grade_id, 0), COALESCE(grade_id, 0), '[]') WITH =, "
        "int4range(COALESCE(purpose_id, 0), COALESCE(purpose_id, 0), '[]') WITH =, "
        "int4range((recipient = 'person')::int, (recipient = 'person')::int, '[]')"
        " WITH =, "
        "daterange(date_from, date_to, '[]') WITH &&"
        ") WHERE (confirmed_on IS NOT NULL)",
        "Two fee standards for the same product or category, tier, purpose and "
        "recipient cannot be in force on the same day. End the first before the second "
        "starts.",
    )

    @api.depends("confirmed_on", "date_from", "date_to")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for standard in self:
            if not standard.confirmed_on:
                standard.state = "draft"
            elif standard.date_from > today:
                standard.state = "upcoming"
            elif standard.date_to and standard.date_to < today:
                standard.state = "expired"
            else:
                standard.state = "in_force"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        confirmed = Domain("confirmed_on", "!=", False)
        domains = {
            "draft": Domain("confirmed_on", "=", False),
            "upcoming": confirmed & Domain("date_from", ">", today),
            "in_force": confirmed & valid_domain(today, today),
            "expired": confirmed & Domain("date_to", "<", today),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.depends("basis", "rate", "amount", "cap", "currency_id")
    def _compute_terms(self):
        for standard in self:
            standard.terms = standard._describe_terms()

    def _describe_terms(self):
        self.ensure_one()
        if self.basis == "none":
            return self.env._("Nothing")
        if self.basis == "percent":
            rate = formatLang(self.env, self.rate, digits=4).rstrip("0").rstrip(".,")
            text = self.env._("%(rate)s%% of net sales", rate=rate)
        else:
            amount = format_amount(self.env, self.amount, self.currency_id)
            text = self.env._("%(amount)s per unit", amount=amount)
        if not self.cap:
            return text
        return self.env._(
            "%(fee)s, at most %(cap)s a month",
            fee=text,
            cap=format_amount(self.env, self.cap, self.currency_id),
        )

    @api.depends("product_tmpl_id", "categ_id", "grade_id", "purpose_id", "date_from")
    def _compute_display_name(self):
        for standard in self:
            scope = standard.product_tmpl_id or standard.categ_id
            parts = scope and [
                scope.display_name,
                standard.grade_id.display_name,
                standard.purpose_id.display_name,
                standard.date_from and format_date(self.env, standard.date_from),
            ]
            standard.display_name = " · ".join(filter(None, parts or ()))
