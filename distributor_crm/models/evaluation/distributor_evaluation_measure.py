# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, time
from decimal import Decimal

import pytz

from odoo import api, fields, models
from odoo.tools import SQL

from ...evaluation import figures
from ...rebate.ledger import Scope
from ...rebate.period import MONTHS


class DistributorEvaluationMeasure(models.AbstractModel):
    """What Odoo knows of distributors in a period: one method a source.

    A new source is a value of the KPI's selection and a method `_measure_<source>` that
    takes a company, distributors and a period, and returns {distributor's id: figure}.
    Whoever is missing in it is not known. Each method asks the database once, for all.
    """

    _name = "distributor.evaluation.measure"
    _description = "Figures of Evaluations"

    @api.model
    def _measure(self, source, company, partners, period) -> dict:
        """Return the figures of a source by distributor."""
        # Figures do not depend on who asks for them.
        own = self.sudo().with_company(company)
        return getattr(own, f"_measure_{source}")(company, partners.sudo(), period)

    def _ask(self, query: SQL) -> dict:
        """Return rows of id and figure as {id: exact figure}."""
        self.env.flush_all()
        return {key: Decimal(value) for key, value in self.env.execute_query(query)}

    def _scope(self, company, partners, *spans) -> Scope:
        chosen = SQL("(SELECT unnest(%s::int[]))", partners.ids)
        return Scope(company.id, dict(enumerate(spans)), chosen)

    def _moments(self, company, period):
        """Return the UTC moments at which a period begins and is over."""
        zone = pytz.timezone(company._get_agreement_tz())
        return tuple(
            zone.localize(datetime.combine(day, time.min))
            .astimezone(pytz.utc)
            .replace(tzinfo=None)
            for day in period.cuts
        )

    def _count(self, model, partners, domain) -> dict:
        """Return how many records each distributor has: zero is known too."""
        rows = self.env[model]._read_group(
            [("partner_id", "in", partners.ids), *domain], ["partner_id"], ["__count"]
        )
        found = {partner.id: Decimal(count) for partner, count in rows}
        return {**dict.fromkeys(partners.ids, Decimal(0)), **found}

    # -- sales -----------------------------------------------------------------------

    def _get_sales_targets(self, company, partners, period) -> dict:
        """Hook: return {distributor's id: what he is to sell in a period}."""
        months = (period.end.year - period.start.year) * 12
        months += period.end.month - period.start.month + 1
        kind = {length: name for name, length in MONTHS.items()}[months]
        return self._ask(figures.targets(company.id, partners.ids, kind, period.start))

    def _measure_sales_target(self, company, partners, period):
        asked = self._get_sales_targets(company, partners, period)
        sold = self._ask(figures.sold(self._scope(company, partners, period)))
        return {
            key: sold.get(key, Decimal(0)) / target * 100
            for key, target in asked.items()
            if target > 0
        }

    def _measure_growth(self, company, partners, period):
        scope = self._scope(company, partners, period, period.a_year_before())
        return self._ask(figures.growth(scope))

    def _measure_collection(self, company, partners, period):
        scope = self._scope(company, partners, period)
        return self._ask(figures.collected(scope, fields.Date.context_today(self)))

    def _measure_products(self, company, partners, period):
        return self._get_range(company, partners, period, by_category=False)

    def _measure_categories(self, company, partners, period):
        return self._get_range(company, partners, period, by_category=True)

    def _get_range(self, company, partners, period, by_category):
        scope = self._scope(company, partners, period)
        found = self._ask(figures.range_sold(scope, by_category))
        return {**dict.fromkeys(partners.ids, Decimal(0)), **found}

    def _measure_returns(self, company, partners, period):
        return self._ask(figures.returned(self._scope(company, partners, period)))

    def _measure_orders_changed(self, company, partners, period):
        field = self.env["ir.model.fields"]._get("sale.order", "amount_untaxed")
        return self._ask(
            figures.orders_changed(
                company.id,
                partners.ids,
                *self._moments(company, period),
                field.id,
            )
        )

    # -- service and market ----------------------------------------------------------

    def _measure_complaints(self, company, partners, period):
        first, after = self._moments(company, period)
        return self._count(
            "distributor.case",
            partners,
            [
                ("company_id", "=", company.id),
                ("kind", "=", "complaint"),
                ("opened_at", ">=", first),
                ("opened_at", "<", after),
            ],
        )

    def _measure_satisfaction(self, company, partners, period):
        first, after = self._moments(company, period)
        rows = self.env["distributor.case"]._read_group(
            [
                ("partner_id", "in", partners.ids),
                ("company_id", "=", company.id),
                ("rating", ">", 0),
                ("solved_at", ">=", first),
                ("solved_at", "<", after),
            ],
            ["partner_id"],
            ["rating:avg"],
        )
        return {partner.id: Decimal(str(rating)) for partner, rating in rows}

    def _measure_discipline(self, company, partners, period):
        """Hook: return the violations found; nobody is known where nothing watches."""
        return {}

    def _measure_promotions(self, company, partners, period):
        first, after = self._moments(company, period)
        return self._count(
            "distributor.kit.download",
            partners,
            [
                ("company_id", "=", company.id),
                ("usage_state", "in", ("declared", "verified")),
                ("downloaded_at", ">=", first),
                ("downloaded_at", "<", after),
            ],
        )

    def _measure_campaigns(self, company, partners, period):
        return self._count(
            "distributor.promo.request",
            partners,
            [
                ("company_id", "=", company.id),
                ("state", "=", "reported"),
                ("date_from", ">=", period.start),
                ("date_from", "<=", period.end),
            ],
        )

    def _measure_training(self, company, partners, period):
        kind = self.env.ref(
            "distributor_crm.activity_type_care_training", raise_if_not_found=False
        )
        return self._ask(
            figures.trained(company.id, partners.ids, *period, kind.id if kind else 0)
        )
