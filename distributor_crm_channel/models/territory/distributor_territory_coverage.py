# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import SQL

from ...territory import sql


class DistributorTerritoryCoverage(models.Model):
    """Where the outlets are: one row each, in the narrowest territory it lies in, so
    that they can be counted by county and by the month they were won in (R128)."""

    _name = "distributor.territory.coverage"
    _description = "Coverage"
    _auto = False
    _order = "since desc, id desc"
    _rec_name = "partner_id"
    _depends = {
        "res.partner": [
            "active",
            "is_distributor",
            "is_distributor_outlet",
            "outlet_since",
            "country_id",
            "state_id",
            "city",
            "zip",
        ],
        "distributor.territory.area": ["country_id", "state_id", "city", "zip_prefix"],
        "distributor.territory": ["active"],
        "account.move": ["state", "invoice_date"],
    }

    partner_id = fields.Many2one(comodel_name="res.partner", string="Outlet")
    distributor_id = fields.Many2one(comodel_name="res.partner")
    company_id = fields.Many2one(comodel_name="res.company")
    territory_id = fields.Many2one(comodel_name="distributor.territory")
    user_id = fields.Many2one(related="territory_id.user_id", string="Area Manager")
    country_id = fields.Many2one(comodel_name="res.country")
    state_id = fields.Many2one(comodel_name="res.country.state", string="Province")
    county = fields.Char(string="City or County")
    since = fields.Date(string="Outlet Since")
    is_buying = fields.Boolean(
        string="Active", help="The distributor was invoiced within twelve months."
    )
    is_white = fields.Boolean(string="Outside All Territories")
    active_outlets = fields.Integer()

    @property
    def _table_query(self):
        since = fields.Date.context_today(self) - relativedelta(years=1)
        queries = [
            SQL(
                """
                SELECT %(company)s * 1000000000::bigint + partner_id AS id,
                       %(company)s AS company_id, found.*,
                       territory_id IS NULL AS is_white,
                       is_buying::int AS active_outlets
                  FROM (%(rows)s) found
                """,
                company=company.id,
                rows=sql.coverage(company.id, since),
            )
            for company in self.env.companies
        ]
        return SQL(" UNION ALL ").join(queries)


class DistributorTerritoryGap(models.Model):
    """What is missing: provinces without a territory, territories without a distributor
    or a manager, cities that matter without an outlet (R123, A07)."""

    _name = "distributor.territory.gap"
    _description = "Gap in the Market"
    _auto = False
    _order = "kind, territory_id, state_id, place, id"
    _rec_name = "kind"
    _depends = {
        "res.partner": ["active", "is_distributor", "is_distributor_outlet", "city"],
        "distributor.territory.area": ["country_id", "state_id", "city"],
        "distributor.territory": ["active", "user_id", "quota"],
        "distributor.territory.profile": ["cities", "year"],
        "distributor.authorization": ["date_from", "date_to", "decision"],
    }

    kind = fields.Selection(
        selection=[
            ("no_territory", "Province without a Territory"),
            ("no_distributor", "Territory without a Distributor"),
            ("few", "Too Few Distributors"),
            ("no_manager", "No Area Manager"),
            ("city", "City without an Outlet"),
        ],
        string="What Is Missing",
    )
    company_id = fields.Many2one(comodel_name="res.company")
    territory_id = fields.Many2one(comodel_name="distributor.territory")
    user_id = fields.Many2one(related="territory_id.user_id", string="Area Manager")
    country_id = fields.Many2one(comodel_name="res.country")
    state_id = fields.Many2one(comodel_name="res.country.state", string="Province")
    place = fields.Char(string="City or County")
    missing = fields.Integer(string="How Many")

    @property
    def _table_query(self):
        today = fields.Date.context_today(self)
        queries = [
            SQL(
                "SELECT %(company)s AS company_id, found.* FROM (%(rows)s) found",
                company=company.id,
                rows=sql.gaps(company.id, today.year, today),
            )
            for company in self.env.companies
        ]
        return SQL(
            """SELECT ROW_NUMBER() OVER (
                   ORDER BY company_id, kind, territory_id, state_id, place) AS id, gap.*
                 FROM (%s) gap""",
            SQL(" UNION ALL ").join(queries),
        )

    def action_open(self):
        """Open what the gap is in: a territory, or a new one for the province."""
        self.ensure_one()
        if self.territory_id:
            return self.territory_id._get_records_action()
        area = {"country_id": self.country_id.id, "state_id": self.state_id.id}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Territory"),
            "res_model": "distributor.territory",
            "view_mode": "form",
            "context": {
                "default_name": self.state_id.name,
                "default_area_ids": [(0, 0, area)],
            },
        }
