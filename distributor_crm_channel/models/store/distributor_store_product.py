# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DistributorStoreProduct(models.Model):
    """A product that a store shows, at which place and at which price (R178)."""

    _name = "distributor.store.product"
    _description = "Product of a Store"
    _order = "featured desc, sequence, id"
    _check_company_auto = True

    store_id = fields.Many2one(
        comodel_name="distributor.store",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        related="store_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_tmpl_id = fields.Many2one(
        comodel_name="product.template",
        string="Product",
        required=True,
        ondelete="cascade",
        index=True,
        check_company=True,
        domain=[("sale_ok", "=", True), ("is_published", "=", True)],
    )
    sequence = fields.Integer(default=100)
    featured = fields.Boolean(
        string="Recommended",
        help="Recommended products stand first, and say so.",
    )
    price = fields.Monetary(
        string="Own Price",
        help="What the store asks for one, before the taxes that come on top. Empty: the "
        "price of the shop.",
    )
    list_price = fields.Float(
        related="product_tmpl_id.list_price",
        string="Shop Price",
        digits="Product Price",
    )
    floor_price = fields.Monetary(
        string="Minimum Price", compute="_compute_floor_price"
    )
    is_sold = fields.Boolean(
        string="On Sale",
        compute="_compute_is_sold",
        help="Whether visitors see it: published, on sale, and of a category that the "
        "tier may sell.",
    )

    _product_unique = models.UniqueIndex(
        "(store_id, product_tmpl_id)", "The store shows this product already."
    )
    _place_idx = models.Index("(store_id, featured, sequence, id)")
    _price_not_negative = models.Constraint(
        "CHECK(price IS NULL OR price >= 0)",
        "A price cannot be below zero. Leave it empty to sell at the shop's price.",
    )

    @api.depends("product_tmpl_id", "store_id")
    @api.depends_context("uid")
    def _compute_floor_price(self):
        for line in self:
            line.floor_price = line._get_floor()

    def _compute_is_sold(self):
        for store, lines in self.grouped("store_id").items():
            templates = lines.product_tmpl_id
            # Readers of stores need not be readers of every product.
            sold = templates.sudo().filtered_domain(store._get_product_domain())
            for line in lines:
                line.is_sold = line.product_tmpl_id.id in sold.ids

    @api.depends("store_id", "product_tmpl_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.product_tmpl_id.display_name

    def _get_floor(self):
        """Return the lowest price that the store may ask; 0 where there is none."""
        self.ensure_one()
        # The floor is the company's own business; only what it does is seen.
        return self.env["distributor.price.rule"]._get_floor_as_listed(
            self.product_tmpl_id,
            company=self.company_id,
            day=fields.Date.context_today(self),
            channel="shop",
            seller=self.sudo().store_id.partner_id,
        )

    @api.constrains("price", "product_tmpl_id", "store_id")
    def _check_floor(self):
        for line in self:
            floor = line._get_floor()
            if (
                line.price > 0
                and line.currency_id.compare_amounts(line.price, floor) < 0
            ):
                raise ValidationError(
                    self.env._(
                        "%(product)s: %(price)s is too low. The lowest price is "
                        "%(floor)s.",
                        product=line.product_tmpl_id.name,
                        price=line.currency_id.format(line.price),
                        floor=line.currency_id.format(floor),
                    )
                )

    @api.constrains("product_tmpl_id", "store_id")
    def _check_sold(self):
        for store, lines in self.grouped("store_id").items():
            # The one who chooses sees the products that may be chosen.
            templates = lines.product_tmpl_id.sudo()
            wrong = templates - templates.filtered_domain(store._get_product_domain())
            if wrong:
                raise ValidationError(
                    self.env._(
                        "%(store)s cannot sell %(products)s: not on sale in the web "
                        "shop, or of a category that its tier may not sell.",
                        store=store.name,
                        products=", ".join(wrong[:5].mapped("name")),
                    )
                )

    def _move(self, step):
        """Move a product one place up (-1) or down (+1) among those of its store."""
        self.ensure_one()
        lines = self.search(
            [("store_id", "=", self.store_id.id), ("featured", "=", self.featured)]
        )
        places = list(lines)
        here = places.index(self)
        there = min(max(here + step, 0), len(places) - 1)
        places.insert(there, places.pop(here))
        for place, line in enumerate(places):
            if line.sequence != place:
                line.sequence = place
