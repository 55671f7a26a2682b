# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...target.regions import missing_cities, regions

# Rates of a group are those of its sums: what is divided by what.
RATES = {
    "share": ("sales", "potential"),
    "pace": ("sold_of_target", "due"),
    "coverage": ("buyers", "distributors"),
}


class DistributorRegionReport(models.Model):
    """A region in a year: potential, sales, coverage, growth and target (A07, R123)."""

    _name = "distributor.region.report"
    _description = "Region Analysis"
    _auto = False
    _order = "year desc, sales desc, potential desc, id"
    _rec_name = "name"
    _depends = {
        "distributor.region.profile": ["year", "potential", "country_id", "state_id"],
        "distributor.target": ["state", "scope", "year"],
        "distributor.target.month": ["amount"],
        "distributor.store": ["state", "active"],
        "account.move": ["state", "invoice_date", "is_distributor_rebate"],
        "account.move.line": ["balance"],
        "res.partner": ["is_distributor", "country_id", "state_id", "active"],
    }

    name = fields.Char(string="Region", compute="_compute_name")
    year = fields.Integer(aggregator=None)
    company_id = fields.Many2one(comodel_name="res.company")
    currency_id = fields.Many2one(related="company_id.currency_id")
    country_id = fields.Many2one(comodel_name="res.country")
    state_id = fields.Many2one(comodel_name="res.country.state", string="Province")
    profile_id = fields.Many2one(comodel_name="distributor.region.profile")
    user_id = fields.Many2one(related="profile_id.user_id", string="Regional Manager")
    potential = fields.Monetary(help="As the region's profile of the year says.")
    sales = fields.Monetary(
        help="Posted invoices to distributors of the region less credit notes."
    )
    before = fields.Monetary(
        string="Sales Year Before", help="Until the same day of the year before."
    )
    share = fields.Float(
        string="Share (%)",
        digits=(16, 1),
        aggregator="avg",
        help="Sales, of the potential.",
    )
    growth = fields.Float(
        string="Growth (%)",
        digits=(16, 1),
        aggregator="avg",
        help="Over the same days of the year before.",
    )
    target = fields.Monetary(help="Approved targets of the region.")
    due = fields.Monetary(string="Due Today")
    sold_of_target = fields.Monetary(string="Sales with a Target")
    pace = fields.Float(
        string="To Date (%)",
        digits=(16, 1),
        aggregator="avg",
        help="Sales, of what the target asks for until today.",
    )
    distributors = fields.Integer()
    buyers = fields.Integer(
        string="Active Distributors", help="Who bought something in the year."
    )
    coverage = fields.Float(
        string="Active (%)",
        digits=(16, 0),
        aggregator="avg",
        help="How many of the distributors bought something in the year.",
    )
    stores = fields.Integer(string="Open Stores")
    is_white = fields.Boolean(
        string="White Area", help="No distributor is there at all."
    )
    is_known = fields.Boolean(
        string="In Use", help="There is a distributor, a sale or a profile."
    )
    missing_city_count = fields.Integer(
        string="Missing Cities", compute="_compute_missing_cities"
    )
    missing_cities = fields.Char(
        string="Cities without a Distributor",
        compute="_compute_missing_cities",
        help="Of the cities that matter, as the profile names them.",
    )

    @property
    def _table_query(self):
        queries = [
            SQL("(%s)", self._get_company_query(company))
            for company in self.env.companies.sudo()
        ]
        return SQL(" UNION ALL ").join(queries)

    @api.model
    def _get_company_query(self, company) -> SQL:
        today = fields.Date.context_today(self)
        # Rules of the report apply to what is read from it.
        profiles = self.env["distributor.region.profile"].sudo()
        years = {today.year, today.year - 1}
        for (year,) in profiles._read_group(
            [("company_id", "=", company.id)], ["year"]
        ):
            years.add(year)
        return SQL(
            """
            SELECT %(company)s * 100000000000 + year * 10000000::bigint
                       + COALESCE(country_id, 0) * 10000 + COALESCE(state_id, 0) AS id,
                   %(company)s AS company_id, year, country_id, state_id, profile_id,
                   potential, sales, before, target, due, distributors, buyers, stores,
                   CASE WHEN due > 0 THEN sales ELSE 0 END AS sold_of_target,
                   100 * sales / NULLIF(potential, 0) AS share,
                   100 * (sales / NULLIF(GREATEST(before, 0), 0) - 1) AS growth,
                   100 * sales / NULLIF(due, 0) AS pace,
                   100.0 * buyers / NULLIF(distributors, 0) AS coverage,
                   distributors = 0 AS is_white,
                   distributors > 0 OR profile_id IS NOT NULL OR sales <> 0
                       OR full_before <> 0 AS is_known
              FROM (%(regions)s) region
            """,
            company=company.id,
            regions=regions(company.id, sorted(years), today),
        )

    @api.depends("country_id", "state_id", "profile_id")
    def _compute_name(self):
        for region in self:
            country = region.country_id.name
            if region.state_id:
                region.name = region.state_id.name
            elif country and not region.profile_id:
                region.name = self.env._("%s, no province", country)
            else:
                region.name = country or self.env._("Without an address")

    @api.depends("profile_id.cities", "country_id", "state_id")
    def _compute_missing_cities(self):
        covered = defaultdict(list)
        partner = self.env["res.partner"].sudo()  # whether anybody is there, not who
        for country, state, city in partner._read_group(
            [
                ("is_distributor", "=", True),
                ("parent_id", "=", False),
                ("city", "!=", False),
                ("country_id", "in", self.country_id.ids),
            ],
            ["country_id", "state_id", "city"],
        ):
            covered[country, state].append(city)
            covered[country, state.browse()].append(city)
        for region in self:
            cities = region.profile_id._get_cities() if region.profile_id else []
            missing = missing_cities(
                cities, covered[region.country_id, region.state_id]
            )
            region.missing_city_count = len(missing)
            region.missing_cities = ", ".join(missing)

    def _read_group_select(self, aggregate_spec, query):
        # EXTENDS web: the rates of a group are those of its sums.
        name = aggregate_spec.removesuffix(":avg")
        if name == "growth":
            before = self._field_to_sql(self._table, "before", query)
            sales = self._field_to_sql(self._table, "sales", query)
            return SQL("100 * (SUM(%s) / NULLIF(SUM(%s), 0) - 1)", sales, before)
        if name not in RATES:
            return super()._read_group_select(aggregate_spec, query)
        part, whole = (
            self._field_to_sql(self._table, field, query) for field in RATES[name]
        )
        return SQL("100.0 * SUM(%s) / NULLIF(SUM(%s), 0)", part, whole)

    def _get_partner_domain(self, path="") -> Domain:
        """Return the distributors of this region, on a model that has them at a path."""
        self.ensure_one()
        prefix = f"{path}." if path else ""
        domain = Domain(f"{prefix}is_distributor", "=", True)
        domain &= Domain(f"{prefix}country_id", "=", self.country_id.id)
        if self.state_id or not self.profile_id:
            domain &= Domain(f"{prefix}state_id", "=", self.state_id.id)
        return domain

    def action_view_distributors(self):
        """Open the distributors of this region."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm.res_partner_distributor_action"
        )
        return {
            **action,
            "name": self.env._("Distributors in %s", self.name),
            "domain": list(self._get_partner_domain()),
        }

    def action_view_invoices(self):
        """Open the invoices and credit notes of this region and year."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "account.action_move_out_invoice_type"
            ),
            "name": self.env._("Invoices in %s", self.name),
            "domain": list(
                Domain("company_id", "=", self.company_id.id)
                & Domain("state", "=", "posted")
                & Domain("move_type", "in", ("out_invoice", "out_refund"))
                & Domain("is_distributor_rebate", "=", False)
                & Domain("invoice_date", ">=", f"{self.year}-01-01")
                & Domain("invoice_date", "<=", f"{self.year}-12-31")
                & self._get_partner_domain("commercial_partner_id")
            ),
            "context": {"create": False},
        }

    def action_open_profile(self):
        """Open the profile of this region and year, or a new one."""
        self.ensure_one()
        if self.profile_id:
            return self.profile_id._get_records_action()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Profile of %s", self.name),
            "res_model": "distributor.region.profile",
            "view_mode": "form",
            "context": {
                "default_year": self.year,
                "default_country_id": self.country_id.id,
                "default_state_id": self.state_id.id,
            },
        }
