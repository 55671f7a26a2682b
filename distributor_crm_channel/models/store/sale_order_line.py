# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class SaleOrderLine(models.Model):
    """A line that was bought on a store's page has the store's price."""

    _inherit = "sale.order.line"

    price_store_id = fields.Many2one(
        comodel_name="distributor.store",
        string="Bought on the Page of",
        ondelete="set null",
        index="btree_not_null",
        copy=False,
        readonly=True,
        help="The store whose own price this line has.",
    )

    def _find_price_store(self):
        """Return the store on whose page the visitor is, if it carries the product."""
        self.ensure_one()
        store = self.order_id.website_id._get_current_store()
        if store and store._carries(self.product_template_id):
            return store
        return self.env["distributor.store"]

    def _set_price_store(self, store):
        """Set the store whose price lines have, and price them anew if it is another."""
        changed = self.filtered(lambda line: line.price_store_id != store)
        if changed:
            changed.price_store_id = store
            changed._reprice()

    def _reprice(self):
        """Price lines anew, as Odoo does when a pricelist changes."""
        self.invalidate_recordset(["pricelist_item_id"])
        self.with_context(force_price_recomputation=True)._compute_price_unit()
        self._compute_discount()

    # -- price -----------------------------------------------------------------------

    def _get_own_price(self):
        """Return the store's own price in its company's currency; None without one."""
        self.ensure_one()
        store = self.price_store_id
        # Who sells the order need not see the store.
        own = store.sudo()._get_own_prices(self.product_template_id) if store else {}
        return own.get(self.product_template_id.id)

    @api.depends("price_store_id")
    def _compute_pricelist_item_id(self):
        # EXTENDS sale: no pricelist and no discount stands above a store's own price
        own = self.filtered(
            lambda line: line.price_store_id and line._get_own_price() is not None
        )
        own.pricelist_item_id = False
        return super(SaleOrderLine, self - own)._compute_pricelist_item_id()

    def _get_pricelist_price(self):
        # EXTENDS sale
        own = self._get_own_price() if self.price_store_id else None
        if own is None:
            return super()._get_pricelist_price()
        product = self.product_id.with_context(**self._get_product_price_context())
        return product._get_store_price(
            self.price_store_id.sudo(),  # who sells the order need not see the store
            own,
            self.product_uom_id,
            self.currency_id,
        )

    # -- what changed since ----------------------------------------------------------

    def _refresh_store_lines(self):
        """Bring lines up to date with their stores.

        :return: a sentence for each thing that the customer should know
        """
        told = []
        for line in self:
            told += line._refresh_store_line()
        return told

    def _refresh_store_line(self):
        self.ensure_one()
        website, store = self.order_id.website_id, self.price_store_id
        product, name = self.product_id, self.name_short
        if not (product.active and product.is_published and product.sale_ok):
            self.unlink()
            return [self.env._("%s is no longer on sale and left your cart.", name)]
        is_shown = store._is_shown_on(website)
        before = self.price_unit
        if not is_shown or not store._carries(self.product_template_id):
            self.price_store_id = False
        self._reprice()
        told = []
        if not is_shown:
            told.append(self.env._("%s is closed. You buy from us now.", store.name))
        if self.currency_id.compare_amounts(before, self.price_unit):
            told.append(
                self.env._(
                    "The price of %(product)s changed from %(before)s to %(after)s.",
                    product=name,
                    before=self.currency_id.format(before),
                    after=self.currency_id.format(self.price_unit),
                )
            )
        return told
