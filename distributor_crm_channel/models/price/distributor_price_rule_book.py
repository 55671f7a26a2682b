# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models, tools

from ...price.choice import Case, Rule, RuleBook
from ...price.normal import unit_price


class DistributorPriceRule(models.Model):
    # One model, a file for each of its tasks.
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "distributor.price.rule"

    @api.model
    @tools.ormcache("company_id")
    def _get_book(self, company_id) -> RuleBook:
        """Return the rules of a company; they are kept until one of them changes."""
        # Rules bind those too who may not read them.
        rules = self.sudo().search([("company_id", "=", company_id)], order="id")
        return RuleBook(rule._as_plain() for rule in rules)

    def _as_plain(self) -> Rule:
        path = self.scope == "category" and self.categ_id.parent_path or ""
        target = self._get_target()
        return Rule(
            id=self.id,
            scope=self.scope,
            key=target.id if target else 0,
            depth=path.count("/"),
            brand=self.brand_id.id if self.scope == "category" else 0,
            grade=self.grade_id.id or 0,
            channel=self.channel or "",
            country=self.country_id.id or 0,
            state=self.state_id.id or 0,
            currency=self.currency_id.id,
            first=self.date_from,
            last=self.date_to or None,
            kind=self.kind,
            floor=self.floor_price,
            ceiling=self.ceiling_price,
            tolerance=self.tolerance,
            with_tax=self.tax_included,
            promotions=frozenset(self.promotion_ids.ids),
            refuses=self.on_breach == "refuse",
        )

    @api.model
    def _make_case(self, product, *, company, day, channel, seller, place, currency):
        """Return what a rule is chosen for.

        :param product: a variant, or a product template
        :param seller: the distributor who sells, or none
        :param place: the contact whose address says where it is sold
        """
        # Who sells reads neither tiers nor, in the shop, products.
        product, seller = product.sudo(), seller.sudo()
        is_variant = product._name == "product.product"
        path = product.categ_id.parent_path or ""
        return Case(
            day=day or fields.Date.context_today(self),
            variant=product.id if is_variant else 0,
            product=product.product_tmpl_id.id if is_variant else product.id,
            categories=tuple(map(int, filter(None, path.split("/")))),
            brand=product.distributor_brand_id.id or 0,
            grade=seller.commercial_partner_id.grade_id.id or 0,
            channel=channel,
            country=place.sudo().country_id.id or 0,
            state=place.sudo().state_id.id or 0,
            currency=currency.id,
        )

    @api.model
    def _get_floor_as_listed(self, product, *, company, day, channel, seller):
        """Return the lowest price of a product, as its sales price is: in the company's
        currency, with taxes if the product's own contain them. 0 where there is none.
        """
        book = self._get_book(company.id)
        if not book:
            return 0.0
        currency = company.currency_id
        case = self._make_case(
            product,
            company=company,
            day=day,
            channel=channel,
            seller=seller,
            place=seller,
            currency=currency,
        )
        rule = book.choose(case)
        if rule is None or rule.kind == "free":
            return 0.0
        percent, has_tax = self._get_tax(product, company)
        floor = unit_price(
            rule.floor * (1 - rule.tolerance / 100),
            has_tax=rule.with_tax,
            wants_tax=has_tax,
            tax=percent,
        )
        own = self.env["res.currency"].browse(rule.currency)
        return own._convert(floor, currency, company, case.day)

    @api.model
    def _get_tax(self, product, company):
        """Return the taxes of a product in percent, and whether its price has them."""
        # Who sells reads no taxes; the shop does the same.
        taxes = product.sudo().taxes_id._filter_taxes_by_company(company)
        percent = sum(t.amount for t in taxes if t.amount_type == "percent")
        return percent, any(taxes.mapped("price_include"))
