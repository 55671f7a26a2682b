# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    store_product_ids = fields.One2many(
        comodel_name="distributor.store.product",
        inverse_name="product_tmpl_id",
        string="Shown by Stores",
        groups="distributor_crm.group_sales_rep,distributor_crm.group_finance",
    )

    def _get_sales_prices(self, website):
        # EXTENDS website_sale: a store shows its own prices
        prices = super()._get_sales_prices(website)
        store = website._get_current_store()
        if not store or not self:
            return prices
        own = store._get_own_prices(self)
        for template in self.filtered(lambda t: t.id in own):
            amount = template._get_store_shelf_price(store, own[template.id], website)
            prices[template.id] = {"price_reduce": amount}
        return prices

    def _get_store_shelf_price(self, store, price, website):
        """Return a store's own price as the website shows prices.

        :param price: in the company's currency
        """
        self.ensure_one()
        currency = website.currency_id
        # Visitors read no taxes; the shop does the same.
        own_taxes = self.sudo().taxes_id._filter_taxes_by_company(store.company_id)
        return self._apply_taxes_to_price(
            store.company_id.currency_id._convert(
                price, currency, store.company_id, fields.Date.context_today(self)
            ),
            currency,
            own_taxes,
            website._get_shopper_taxes(own_taxes),
            self,
            website=website,
        )

    def _get_additionnal_combination_info(
        self, product_or_template, quantity, uom, date, website
    ):
        # EXTENDS website_sale: a store shows its own prices
        info = super()._get_additionnal_combination_info(
            product_or_template, quantity, uom, date, website
        )
        store = website._get_current_store()
        own = store and store._get_own_prices(self)
        if not own:
            return info
        price = self._apply_taxes_to_price(
            product_or_template._get_store_price(
                store, own[self.id], uom, info["currency"]
            ),
            info["currency"],
            info["product_taxes"],
            info["taxes"],
            product_or_template,
            website=website,
        )
        info.update(
            price=price,
            list_price=price,
            has_discounted_price=False,
            prevent_zero_price_sale=False,
        )
        info.pop("compare_list_price", None)
        if "base_unit_price" in info:
            per_unit = uom._compute_price(price=price, to_unit=self.uom_id)
            info["base_unit_price"] = product_or_template._get_base_unit_price(per_unit)
        return info

    def _get_store_price(self, store, price, uom, currency):
        """Return a store's own price of one unit, as it stands on an order line.

        :param price: the store's price of the product, in the company's currency
        :param uom: the unit that is sold
        :param currency: the currency of the order
        """
        return _price_one(self, store, price, uom, currency)


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _get_store_price(self, store, price, uom, currency):
        """Return a store's own price of one unit of a variant: what its attributes cost
        more is added."""
        return _price_one(self, store, price, uom, currency)


def _price_one(product, store, price, uom, currency):
    """Return a store's price in a unit and a currency, with the extra of attributes."""
    company, today = store.company_id, fields.Date.context_today(product)
    extra = product._get_attributes_extra_price()
    amount = price + product.currency_id._convert(
        extra, company.currency_id, company, today, round=False
    )
    if uom:
        amount = product.uom_id._compute_price(amount, uom)
    return company.currency_id._convert(amount, currency, company, today)
