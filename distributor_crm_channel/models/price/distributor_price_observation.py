# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.distributor_crm.guard import without_closed

from .distributor_price_source import RETAIL

# What the comparison and the buttons set alone, over RPC too.
CLOSED = {
    *("state", "day", "rule_id", "unit_price", "floor_price", "percent_below"),
    *("price_index", "is_lead", "is_undeclared", "share_below", "import_id"),
    *("source_ref", "compared_at", "hold_reason", "shop_key"),
    *("violation_id", "undeclared_case_id"),
}
# What was compared: it stays as it is once the comparison was made.
FACTS = {
    *("company_id", "source_id", "product_id", "product_code", "observed_at"),
    *("shop_id", "store_id", "partner_id", "shop_name", "url", "shop_url", "platform"),
    *("channel", "country_id", "state_id", "marked_price", "paid_price"),
    *("currency_id", "tax_included", "shipping", "pieces", "promotion_id"),
}
OPEN = ("new", "unknown_product", "unknown_shop", "no_rate", "old", "free")


class DistributorPriceObservation(models.Model):
    """A price at which one of our products was seen on sale outside (R170 to R172).

    It is matched to product, shop and distributor; one statement holds all that are
    new against the floors of their day.
    """

    _name = "distributor.price.observation"
    _description = "Observed Price"
    _inherit = ["mail.thread", "mail.activity.mixin", "distributor.evidence.mixin"]
    _order = "observed_at desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    source_id = fields.Many2one(
        comodel_name="distributor.price.source",
        ondelete="restrict",
        check_company=True,
    )
    source_ref = fields.Char(
        readonly=True,
        copy=False,
        help="What names this observation for ever, however often it is sent.",
    )
    import_id = fields.Many2one(
        comodel_name="distributor.price.import",
        string="File",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    # What was seen
    observed_at = fields.Datetime(
        string="Seen On", required=True, default=fields.Datetime.now
    )
    day = fields.Date(compute="_compute_day", store=True, precompute=True)
    product_id = fields.Many2one(
        comodel_name="product.product",
        ondelete="restrict",
        check_company=True,
    )
    product_code = fields.Char(
        string="Product as Seen", help="Barcode, reference or number of the article."
    )
    platform = fields.Selection(
        selection=lambda self: (
            self.env["distributor.declared.shop"]
            ._fields["platform"]
            ._description_selection(self.env)
        ),
    )
    shop_name = fields.Char(string="Shop as Seen")
    shop_url = fields.Char(string="Address of the Shop")
    url = fields.Char(string="Page", help="The page that shows the price.")
    channel = fields.Selection(selection=RETAIL, required=True, default="platform")
    country_id = fields.Many2one(comodel_name="res.country")
    state_id = fields.Many2one(
        comodel_name="res.country.state",
        string="Province",
        domain="[('country_id', '=?', country_id)]",
    )
    # The price
    marked_price = fields.Monetary(required=True, help="The price that is shown.")
    paid_price = fields.Monetary(
        help="What is paid in the end, after coupons and discounts; empty if not seen."
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    tax_included = fields.Boolean(string="With Taxes", default=True)
    shipping = fields.Monetary(
        string="Shipping Inside", help="What of the price is for shipping."
    )
    pieces = fields.Integer(
        default=1, help="How many pieces of the product the price is for."
    )
    promotion_id = fields.Many2one(comodel_name="distributor.price.promotion")
    # Whose it is
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        ondelete="restrict",
        domain=[("is_distributor", "=", True), ("parent_id", "=", False)],
        check_company=True,
        tracking=True,
    )
    shop_id = fields.Many2one(
        comodel_name="distributor.declared.shop",
        string="Declared Shop",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
        tracking=True,
    )
    store_id = fields.Many2one(
        comodel_name="distributor.store",
        string="Store on Our Site",
        ondelete="set null",
        check_company=True,
    )
    shop_key = fields.Char(
        readonly=True, copy=False, help="The same for all that was seen in one shop."
    )
    is_undeclared = fields.Boolean(
        string="Undeclared Shop",
        readonly=True,
        copy=False,
        help="The distributor is known, the shop was not declared (R180, R181).",
    )
    # What the comparison says
    state = fields.Selection(
        selection=[
            ("new", "New"),
            ("unknown_product", "Unknown Product"),
            ("unknown_shop", "Unknown Shop"),
            ("no_rate", "No Exchange Rate"),
            ("old", "Older Than the Rule"),
            ("free", "Not Controlled"),
            ("ok", "In Order"),
            ("above", "Above the Ceiling"),
            ("below", "Below the Floor"),
            ("reported", "Reported"),
            ("dismissed", "Dismissed"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="new",
        copy=False,
        tracking=True,
    )
    rule_id = fields.Many2one(
        comodel_name="distributor.price.rule",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    unit_price = fields.Float(
        string="Price of One",
        digits="Product Price",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="In the currency of the rule, without shipping, with or without taxes as "
        "the rule has them.",
    )
    floor_price = fields.Float(
        string="Floor",
        digits="Product Price",
        readonly=True,
        copy=False,
        aggregator="avg",
    )
    percent_below = fields.Float(
        string="Below (%)", digits=(16, 2), readonly=True, copy=False, aggregator="max"
    )
    price_index = fields.Float(
        digits=(16, 2),
        readonly=True,
        copy=False,
        aggregator="avg",
        help="The price of one in percent of the floor.",
    )
    rule_currency_id = fields.Many2one(
        related="rule_id.currency_id", string="Currency of the Rule"
    )
    compared_at = fields.Datetime(readonly=True, copy=False)
    hold_reason = fields.Selection(
        selection=[("legal", "No legal approval for resellers")],
        string="Not Reported Because",
        readonly=True,
        copy=False,
    )
    is_lead = fields.Boolean(
        readonly=True,
        copy=False,
        help="The one that is reported of those of the same shop, product and day.",
    )
    share_below = fields.Float(
        string="Products Below (%)",
        digits=(16, 2),
        readonly=True,
        copy=False,
        aggregator="max",
        help="Of the controlled products seen in the shop in 30 days, how many were "
        "below the floor, when this was reported (R172).",
    )
    violation_id = fields.Many2one(
        comodel_name="distributor.violation",
        string="Case",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    undeclared_case_id = fields.Many2one(
        comodel_name="distributor.violation",
        string="Case of the Shop",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    account_manager_id = fields.Many2one(related="partner_id.account_manager_id")

    _ref_unique = models.UniqueIndex(
        "(source_id, source_ref) WHERE source_ref IS NOT NULL",
        "This price was sent before.",
    )
    _todo_idx = models.Index("(company_id, id) WHERE state = 'new'")
    _state_idx = models.Index("(company_id, state, observed_at DESC)")
    _product_idx = models.Index("(product_id, day)")
    _partner_idx = models.Index(
        "(partner_id, observed_at) WHERE partner_id IS NOT NULL"
    )
    _shop_idx = models.Index("(company_id, shop_key, day) WHERE shop_key IS NOT NULL")
    # Reported once for a shop, a product and a day, whoever reports.
    _lead_unique = models.UniqueIndex(
        "(company_id, shop_key, product_id, day) WHERE is_lead"
    )
    _price_positive = models.Constraint(
        "CHECK(marked_price > 0)", "A price is above zero."
    )
    _paid_positive = models.Constraint(
        "CHECK(paid_price IS NULL OR paid_price >= 0)", "What is paid is not negative."
    )
    _pieces_positive = models.Constraint(
        "CHECK(pieces > 0)", "The price is for one piece at least."
    )
    _shipping_inside = models.Constraint(
        "CHECK(shipping IS NULL OR shipping >= 0 AND shipping < marked_price)",
        "The shipping is a part of the price, and less than all of it.",
    )

    @api.depends("observed_at", "source_id", "company_id")
    def _compute_day(self):
        for seen in self:
            zone = seen.source_id.tz or self.env.user.tz or "UTC"
            moment = seen.observed_at
            seen.day = moment and fields.Date.context_today(
                seen.with_context(tz=zone), moment
            )

    @api.depends("product_id", "shop_id", "shop_name", "day")
    def _compute_display_name(self):
        for seen in self:
            parts = (
                seen.product_id.display_name or seen.product_code,
                seen.shop_id.name or seen.shop_name or seen.partner_id.name,
                seen.day and str(seen.day),
            )
            seen.display_name = " · ".join(filter(None, parts))

    @api.onchange("product_id", "source_id")
    def _onchange_source_id(self):
        if self.source_id:
            self.currency_id = self.source_id.currency_id
            self.tax_included = self.source_id.tax_included
            self.channel = self.source_id.channel

    @api.onchange("shop_id")
    def _onchange_shop_id(self):
        if self.shop_id:
            self.partner_id = self.shop_id.partner_id
            self.platform = self.shop_id.platform

    @api.constrains("product_id", "product_code")
    def _check_product(self):
        for seen in self:
            if not seen.product_id and not (seen.product_code or "").strip():
                raise ValidationError(
                    self.env._("Choose the product, or type the code that was seen.")
                )

    @api.constrains("observed_at")
    def _check_observed_at(self):
        limit = fields.Datetime.add(fields.Datetime.now(), days=1)
        for seen in self:
            if seen.observed_at > limit:
                raise ValidationError(
                    self.env._("A price cannot be seen in the future.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        self, vals_list = without_closed(self, vals_list, CLOSED)
        records = super().create(vals_list)
        records.filtered(lambda seen: seen.state == "new")._match()
        return records

    def write(self, vals):
        if not self.env.su:
            if CLOSED & vals.keys():
                raise UserError(
                    self.env._("The comparison and the buttons alone set this.")
                )
            if FACTS & vals.keys():
                self._check_open()
        result = super().write(vals)
        if FACTS & vals.keys() and "state" not in vals:
            again = self.filtered(lambda seen: seen.state in OPEN)
            # Compared anew with what is known now; who changed it may write.
            again.sudo().write({"state": "new"})
            again._match()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_judged(self):
        if not self.env.su:
            self._check_open()

    def _check_open(self):
        closed = self.filtered(lambda seen: seen.state not in OPEN)
        if closed:
            raise UserError(
                self.env._(
                    "%s was held against its floor already: what was seen stays as it "
                    "is. Dismiss it if it is wrong, and enter it anew.",
                    closed[0].display_name,
                )
            )

    # -- buttons ---------------------------------------------------------------------

    def action_compare(self):
        """Match these anew and hold what is known of them against the floors."""
        self.check_access("write")
        again = self.filtered(lambda seen: seen.state in OPEN)
        # The state is set by buttons alone; the right to write was checked.
        again.sudo().write({"state": "new"})
        again._match()
        for company in again.company_id:
            again.sudo()._compare(company, again.ids)
        again.sudo()._report_below()
        return True

    def action_dismiss(self):
        """Leave these out: seen wrongly, or not ours. Reported ones stay reported."""
        self.check_access("write")
        done = self.filtered(lambda seen: seen.state in ("reported", "dismissed"))
        if done:
            raise UserError(
                self.env._("%s is reported or dismissed already.", done[0].display_name)
            )
        # The state is set by buttons alone; the right to write was checked.
        self.sudo().write({"state": "dismissed"})
        return True

    def action_restore(self):
        """Look at dismissed ones again."""
        self.check_access("write")
        dismissed = self.filtered(lambda seen: seen.state == "dismissed")
        # The state is set by buttons alone; the right to write was checked.
        dismissed.sudo().write({"state": "new"})
        return dismissed.action_compare()
