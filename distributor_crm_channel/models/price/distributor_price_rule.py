# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.distributor_crm.guard import without_closed
from odoo.addons.distributor_crm.validity import valid_domain

from ...price import choice

# What prices were judged by: a new rule from a later day changes it, not an edit.
TERMS = {
    *("company_id", "scope", "product_id", "product_tmpl_id", "categ_id", "brand_id"),
    *("grade_id", "channel", "country_id", "state_id", "currency_id", "date_from"),
    *("kind", "floor_price", "ceiling_price", "tolerance", "tax_included"),
    *("promotion_ids", "legal_basis"),
}
# Set by the buttons alone, over RPC too.
CLOSED = {"legal_approved_on", "legal_recorded_by_id"}

CHANNELS = [
    ("shop", "Our Web Shop and Stores"),
    ("direct", "Our Own Sales to Customers"),
    ("platform", "Platforms"),
    ("groupbuy", "Group-buys"),
    ("premises", "Shops on Premises"),
    ("wholesale", "Orders of Distributors"),
]


class DistributorPriceRule(models.Model):
    """What a product may cost, where and through whom (R170, R171, R124, R230).

    Which of several rules counts is told in ``price/choice.py``.
    """

    _name = "distributor.price.rule"
    _description = "Price Rule"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "precedence desc, date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        compute="_compute_name", store=True, precompute=True, readonly=False
    )
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    # What it is about
    scope = fields.Selection(
        selection=[
            ("variant", "Product Variant"),
            ("product", "Product"),
            ("category", "Category"),
            ("brand", "Brand"),
            ("all", "All Products"),
        ],
        string="Applies To",
        required=True,
        default="product",
        tracking=True,
    )
    product_tmpl_id = fields.Many2one(
        comodel_name="product.template",
        string="Product",
        ondelete="cascade",
        index="btree_not_null",
        check_company=True,
        tracking=True,
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        string="Variant",
        ondelete="cascade",
        index="btree_not_null",
        check_company=True,
        tracking=True,
    )
    categ_id = fields.Many2one(
        comodel_name="product.category",
        string="Category",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        help="With its sub-categories.",
    )
    brand_id = fields.Many2one(
        comodel_name="distributor.brand",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        tracking=True,
    )
    grade_id = fields.Many2one(
        comodel_name="res.partner.grade",
        string="Tier",
        ondelete="restrict",
        tracking=True,
        help="Of the distributor who sells. Leave empty for all tiers.",
    )
    channel = fields.Selection(
        selection=CHANNELS,
        tracking=True,
        help="Leave empty for all retail channels. What distributors pay themselves is "
        "a price of its own kind: choose Orders of Distributors to rule it.",
    )
    country_id = fields.Many2one(
        comodel_name="res.country", ondelete="restrict", tracking=True
    )
    state_id = fields.Many2one(
        comodel_name="res.country.state",
        string="Province",
        ondelete="restrict",
        domain="[('country_id', '=?', country_id)]",
        tracking=True,
    )
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today, tracking=True
    )
    date_to = fields.Date(
        string="Until", tracking=True, help="The last day. Empty: without an end."
    )
    # What it says
    kind = fields.Selection(
        selection=[
            ("floor", "Floor"),
            ("band", "Floor and Ceiling"),
            ("free", "Free"),
        ],
        required=True,
        default="floor",
        tracking=True,
        help="Free: prices are not controlled here.",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        tracking=True,
        help="Prices in other currencies are converted at the rate of the day, where "
        "no rule names their own.",
    )
    floor_price = fields.Monetary(string="Floor", tracking=True)
    ceiling_price = fields.Monetary(string="Ceiling", tracking=True)
    tax_included = fields.Boolean(
        string="Taxes Included",
        default=True,
        tracking=True,
        help="Whether floor and ceiling contain the sales taxes.",
    )
    tolerance = fields.Float(
        string="Tolerance (%)",
        digits=(16, 2),
        tracking=True,
        help="How far below the floor nobody minds.",
    )
    promotion_ids = fields.Many2many(
        comodel_name="distributor.price.promotion",
        string="Allowed Promotions",
        default=lambda self: self.env["distributor.price.promotion"].search(
            [("is_allowed", "=", True)]
        ),
        help="They leave the marked price as it is. Any other promotion lowers it.",
    )
    on_breach = fields.Selection(
        selection=[("approve", "Needs an approval"), ("refuse", "Is refused")],
        string="Our Own Sale Below",
        required=True,
        default="approve",
        tracking=True,
        help="What happens to a quotation or an order below the floor.",
    )
    # Why it may be
    legal_basis = fields.Selection(
        selection=[
            ("own", "We sell ourselves"),
            ("agency", "Agency: in our name and at our risk"),
            ("brand", "Condition of using our brand"),
            ("advertised", "Advertised prices alone"),
            ("recommended", "Recommended price"),
            ("resale", "Price of resellers"),
        ],
        tracking=True,
        help="Fixing a reseller's lowest price is forbidden in many countries (in China "
        "by article 18 of the Anti-Monopoly Law).",
    )
    legal_note = fields.Text(
        string="Why It Is Allowed",
        tracking=True,
        help="The contract or the opinion that it rests on.",
    )
    legal_approver = fields.Char(
        string="Approved by Lawyer",
        tracking=True,
        help="Who gave the legal opinion that resellers may be held to this price.",
    )
    legal_approved_on = fields.Date(
        string="Legal Approval Since", readonly=True, copy=False, tracking=True
    )
    legal_recorded_by_id = fields.Many2one(
        comodel_name="res.users", string="Recorded By", readonly=True, copy=False
    )
    precedence = fields.Integer(
        compute="_compute_precedence",
        store=True,
        precompute=True,
        help="The higher, the more specific: of several rules the highest counts.",
    )
    state = fields.Selection(
        selection=[
            ("upcoming", "Upcoming"),
            ("in_force", "In Force"),
            ("expired", "Expired"),
        ],
        string="Status",
        compute="_compute_state",
        search="_search_state",
    )
    observation_count = fields.Integer(
        string="Observations", compute="_compute_observation_count"
    )

    _dates_in_order = models.Constraint(
        "CHECK(date_to >= date_from)", "A rule ends on or after the day it starts."
    )
    _amounts = models.Constraint(
        "CHECK(kind = 'free' OR floor_price > 0)", "A floor is above zero."
    )
    _band = models.Constraint(
        "CHECK(kind <> 'band' OR ceiling_price >= floor_price)",
        "The ceiling is not below the floor.",
    )
    _tolerance_sane = models.Constraint(
        "CHECK(tolerance IS NULL OR tolerance >= 0 AND tolerance < 100)",
        "The tolerance is between 0 and 100%.",
    )
    _has_basis = models.Constraint(
        "CHECK(kind = 'free' OR legal_basis IS NOT NULL "
        "AND COALESCE(legal_note, '') ~ '\\S')",
        "A price floor needs its legal basis: choose it, and write down why it is "
        "allowed.",
    )
    _target_named = models.Constraint(
        "CHECK(CASE scope WHEN 'variant' THEN product_id IS NOT NULL"
        " WHEN 'product' THEN product_tmpl_id IS NOT NULL"
        " WHEN 'category' THEN categ_id IS NOT NULL"
        " WHEN 'brand' THEN brand_id IS NOT NULL ELSE TRUE END)",
        "Choose the product, the category or the brand that the rule is about.",
    )
    # Ranges of one number: GiST compares them for equality without an extension.
    _once = models.Constraint(
        "EXCLUDE USING gist ("
        "int4range(company_id, company_id, '[]') WITH =, "
        "int4range(COALESCE(product_id, 0), COALESCE(product_id, 0), '[]') WITH =, "
        "int4range(COALESCE(product_tmpl_id, 0), COALESCE(product_tmpl_id, 0), '[]')"
        " WITH =, "
        "int4range(COALESCE(categ_id, 0), COALESCE(categ_id, 0), '[]') WITH =, "
        "int4range(COALESCE(brand_id, 0), COALESCE(brand_id, 0), '[]') WITH =, "
        "int4range(COALESCE(grade_id, 0), COALESCE(grade_id, 0), '[]') WITH =, "
        "int4range(COALESCE(country_id, 0), COALESCE(country_id, 0), '[]') WITH =, "
        "int4range(COALESCE(state_id, 0), COALESCE(state_id, 0), '[]') WITH =, "
        "int4range(currency_id, currency_id, '[]') WITH =, "
        # the place of a word in a list stands for the word
        "int4range(strpos('  shop direct platform groupbuy premises wholesale',"
        " COALESCE(channel, '')), strpos('  shop direct platform groupbuy premises"
        " wholesale', COALESCE(channel, '')), '[]') WITH =, "
        "daterange(date_from, date_to, '[]') WITH &&) WHERE (active)",
        "There is a rule for just this already, on some of these days. End it first, or "
        "change it.",
    )

    @api.depends(
        *("scope", "product_id", "product_tmpl_id", "categ_id", "brand_id"),
        *("grade_id", "channel", "country_id", "state_id"),
    )
    def _compute_name(self):
        scopes = dict(self._fields["scope"]._description_selection(self.env))
        channels = dict(self._fields["channel"]._description_selection(self.env))
        for rule in self:
            target = rule._get_target()
            parts = (
                target.display_name if target else scopes.get(rule.scope, ""),
                rule.scope == "category" and rule.brand_id.name,
                rule.grade_id.name,
                channels.get(rule.channel),
                rule.state_id.name or rule.country_id.name,
            )
            rule.name = " · ".join(filter(None, parts))

    @api.depends(
        *("scope", "categ_id.parent_path", "brand_id"),
        *("grade_id", "channel", "country_id", "state_id"),
    )
    def _compute_precedence(self):
        for rule in self:
            path = rule.scope == "category" and rule.categ_id.parent_path
            rule.precedence = choice.precedence(
                rule.scope,
                depth=path.count("/") if path else 0,
                brand=rule.scope == "category" and bool(rule.brand_id),
                grade=bool(rule.grade_id),
                channel=bool(rule.channel),
                country=bool(rule.country_id),
                state=bool(rule.state_id),
            )

    @api.depends("date_from", "date_to")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for rule in self:
            if rule.date_from and rule.date_from > today:
                rule.state = "upcoming"
            elif rule.date_to and rule.date_to < today:
                rule.state = "expired"
            else:
                rule.state = "in_force"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        domains = {
            "upcoming": Domain("date_from", ">", today),
            "in_force": valid_domain(today, today),
            "expired": Domain("date_to", "<", today),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    def _compute_observation_count(self):
        counts = dict(
            self.env["distributor.price.observation"]._read_group(
                [("rule_id", "in", self.ids)], ["rule_id"], ["__count"]
            )
        )
        for rule in self:
            rule.observation_count = counts.get(rule, 0)

    def _get_target(self):
        """Return what the rule is about; an empty value for all products."""
        names = {
            "variant": "product_id",
            "product": "product_tmpl_id",
            "category": "categ_id",
            "brand": "brand_id",
        }
        return self[names[self.scope]] if self.scope in names else None

    # -- changes ---------------------------------------------------------------------

    @api.onchange("scope")
    def _onchange_scope(self):
        for name, scopes in (
            ("product_id", ("variant",)),
            ("product_tmpl_id", ("product",)),
            ("categ_id", ("category",)),
            ("brand_id", ("brand", "category")),
        ):
            if self.scope not in scopes:
                self[name] = False

    @api.onchange("state_id")
    def _onchange_state_id(self):
        if self.state_id:
            self.country_id = self.state_id.country_id

    @api.constrains("scope", "product_id", "product_tmpl_id", "categ_id", "brand_id")
    def _check_target(self):
        """A rule names one thing alone, so that it is clear what it is about."""
        wanted = {
            "variant": {"product_id"},
            "product": {"product_tmpl_id"},
            "category": {"categ_id", "brand_id"},
            "brand": {"brand_id"},
            "all": set(),
        }
        names = ("product_id", "product_tmpl_id", "categ_id", "brand_id")
        for rule in self:
            if any(rule[name] for name in names if name not in wanted[rule.scope]):
                raise ValidationError(
                    self.env._(
                        "%s: name only the product, the category or the brand that the "
                        "rule applies to.",
                        rule.name,
                    )
                )

    @api.constrains("state_id", "country_id")
    def _check_place(self):
        for rule in self:
            state = rule.state_id
            if state and state.country_id != rule.country_id:
                raise ValidationError(
                    self.env._("%s is not in this country.", state.display_name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        self, vals_list = without_closed(self, vals_list, CLOSED)
        for vals in vals_list:
            if vals.get("state_id") and not vals.get("country_id"):
                state = self.env["res.country.state"].browse(vals["state_id"])
                vals["country_id"] = state.country_id.id
        rules = super().create(vals_list)
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        if not self.env.su and CLOSED & vals.keys():
            raise UserError(self.env._("Use the button to record the legal approval."))
        if TERMS & vals.keys():
            self._check_unused()
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        self._check_unused()
        self.env.registry.clear_cache()
        return super().unlink()

    def _check_unused(self):
        """Refuse to change what prices were judged by."""
        # Who may change the rule may not see all that was judged by it.
        used = self.env["distributor.price.observation"].sudo()
        used = used.search([("rule_id", "in", self.ids)], limit=1).rule_id
        if used:
            raise UserError(
                self.env._(
                    "Prices were judged by %s. End it, and make a new rule from a later "
                    "day on.",
                    used.name,
                )
            )

    def action_view_observations(self):
        """Show the prices that were judged by these rules."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_channel.distributor_price_observation_action"
        )
        return {**action, "domain": [("rule_id", "in", self.ids)], "context": {}}
