# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL

from . import figures


class DistributorVisitDay(models.Model):
    """Visits, sales, penalties and checks of agencies, one row a day and agent (R065)."""

    _name = "distributor.visit.day"
    _description = "Work of Agencies"
    _auto = False
    _order = "date desc, agency_id, agent_id"
    _rec_name = "agency_id"
    _depends = {
        "distributor.visit": [
            "verdict",
            "found_false",
            "state",
            "arrived_at",
            "agent_id",
            "agency_id",
            "deal_at",
            "deal_amount",
        ],
        "distributor.visit.result": ["outcome", "kind"],
        "distributor.violation": ["state", "amount", "occurred_at", "policy_code"],
        "distributor.visit.spot.line": ["result", "date"],
        "distributor.visit.target": ["active", "quantity", "days", "windowing"],
        "distributor.visit.roster": ["date"],
    }

    company_id = fields.Many2one(comodel_name="res.company")
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date()
    agency_id = fields.Many2one(comodel_name="res.partner")
    agent_id = fields.Many2one(comodel_name="res.partner")
    due = fields.Float(string="Target", digits=(16, 2))
    valid = fields.Integer(string="Valid Customers")
    invalid = fields.Integer()
    disputed = fields.Integer()
    failed_judgement = fields.Integer(string="No Interest or Does Not Fit")
    failed_duration = fields.Integer(string="Too Short")
    failed_known = fields.Integer(string="Known Before")
    failed_other = fields.Integer(string="Other Criteria")
    deals = fields.Integer()
    deal_amount = fields.Monetary(string="Sold")
    conversion = fields.Float(
        string="Conversion (%)",
        digits=(16, 1),
        aggregator="avg",
        help="Sales of the days, of the valid customers of the same days.",
    )
    attainment = fields.Float(string="Attained (%)", digits=(16, 1), aggregator="avg")
    penalties = fields.Integer()
    penalty_amount = fields.Monetary()
    checks = fields.Integer(string="Checked")
    absent = fields.Integer(string="Empty Posts")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT ROW_NUMBER() OVER (ORDER BY date, agency_id, agent_id) AS id, own.*,
                   100 * deals / NULLIF(valid, 0) AS conversion,
                   100 * valid / NULLIF(due, 0) AS attainment
              FROM (%s) own
            """,
            SQL(" UNION ALL ").join(
                SQL(
                    "(%s)",
                    figures.days(
                        company.id,
                        company._get_agreement_tz(),
                        company._get_visit_today(),
                    ),
                )
                for company in self.env.companies.sudo()
            ),
        )

    @api.model
    def _get_shares(self):
        """Return of which sum which other sum a share is."""
        return {
            "conversion:avg": ("deals", "valid"),
            "attainment:avg": ("valid", "due"),
        }

    def _read_group_select(self, aggregate_spec, query):
        # EXTENDS web: shares of a group are those of its sums.
        shares = self._get_shares()
        if aggregate_spec not in shares:
            return super()._read_group_select(aggregate_spec, query)
        part, whole = shares[aggregate_spec]
        return SQL(
            "100 * SUM(%s) / NULLIF(SUM(%s), 0)",
            self._field_to_sql(self._table, part, query),
            self._field_to_sql(self._table, whole, query),
        )
