# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.distributor_crm.validity import valid_domain


class DistributorFeeStandard(models.Model):
    """Which standard holds, what it grants, and what it leaves of the margin."""

    _inherit = "distributor.fee.standard"

    @api.depends(
        "product_tmpl_id.list_price",
        "product_tmpl_id.standard_price",
        "basis",
        "rate",
        "amount",
        "company_id",
    )
    def _compute_margin(self):
        today = fields.Date.context_today(self)
        for standard in self:
            company = standard.company_id or self.env.company
            product = standard.product_tmpl_id.with_company(company)
            price = product.currency_id._convert(
                product.list_price, company.currency_id, company, today
            )
            # Without a cost the margin is unknown, and no share of it is shown.
            margin = price - product.standard_price if product.standard_price else 0.0
            fee = {
                "percent": price * standard.rate / 100,
                "unit": standard.amount,
            }.get(standard.basis, 0.0)
            standard.unit_margin = margin
            standard.margin_share = 100 * fee / margin if margin > 0 else 0.0

    @api.model
    def _get_in_force(self, requests, recipient="entity"):
        """Find the standards that hold for each product, day and company (R087).

        One for each purpose; a standard that names none is a purpose of its own. Of
        one purpose, the product's own standard goes before its category's, a closer
        category before a farther one; of the same product or category, the tier's own
        before the one for all tiers. The number of queries does not grow with the
        requests.

        :param requests: iterable of ``(product, grade, day, company)``: a
            ``product.product``, a ``res.partner.grade`` or an empty one, a ``date``,
            a ``res.company``
        :param str recipient: ``entity`` or ``person``
        :return dict: request -> standards, at most one for each purpose; an empty
            recordset says that the product is undecided (R089) and nothing may be
            granted
        """
        requests = set(requests)
        if not requests:
            return {}
        products = self.env["product.product"].union(*[r[0] for r in requests])
        days = [request[2] for request in requests]
        scopes = {product: product._get_fee_scopes() for product in products}
        flat = {scope for chain in scopes.values() for scope in chain}
        standards = self.with_context(active_test=False).search_fetch(
            Domain("confirmed_on", "!=", False)
            & Domain("recipient", "=", recipient)
            & Domain("company_id", "in", [r[3].id for r in requests])
            & valid_domain(min(days), max(days))
            & (
                Domain("product_tmpl_id", "in", [i for f, i in flat if f == "product"])
                | Domain("categ_id", "in", [i for f, i in flat if f == "category"])
            ),
            ["company_id", "product_tmpl_id", "categ_id", "grade_id", "purpose_id"]
            + ["date_from", "date_to"],
        )
        versions = standards.grouped(
            lambda s: (s.company_id, s._scope_key(), s.grade_id)
        )
        grade_all = self.env["res.partner.grade"]
        found = {}
        for product, grade, day, company in requests:
            keys = (
                (company, scope, tier)
                for scope in scopes[product]
                for tier in dict.fromkeys((grade, grade_all))
            )
            closest = {}
            for key in keys:
                for standard in versions.get(key, ()):
                    if standard._holds_on(day):
                        closest.setdefault(standard.purpose_id.id, standard)
            found[product, grade, day, company] = self.union(
                *(closest[purpose] for purpose in sorted(closest))
            )
        return found

    def _holds_on(self, day) -> bool:
        return self.date_from <= day and (not self.date_to or day <= self.date_to)

    def _scope_key(self):
        if self.product_tmpl_id:
            return "product", self.product_tmpl_id.id
        return "category", self.categ_id.id

    def _get_fee(self, quantity, net_sales):
        """The fee this standard grants one distributor for one month.

        :param float quantity: units sold less units returned, in the product's unit
        :param float net_sales: sales less returns without tax, in company currency
        :return float: rounded to the company's currency, not above the cap
        """
        self.ensure_one()
        fee = 0.0
        if self.basis == "percent":
            fee = net_sales * self.rate / 100
        elif self.basis == "unit":
            fee = quantity * self.amount
        fee = self.currency_id.round(fee)
        return min(fee, self.cap) if self.cap else fee
