# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL

from .figures import windows


class DistributorVisitAttainment(models.Model):
    """Targets beside what was reached, one row a person and window, read live (R045)."""

    _name = "distributor.visit.attainment"
    _description = "Visit Target Attainment"
    _auto = False
    _order = "date_to desc, agency_id, agent_id, id"
    _rec_name = "agent_id"
    _depends = {
        "distributor.visit": [
            "verdict",
            "found_false",
            "state",
            "arrived_at",
            "agent_id",
            "kind",
        ],
        "distributor.visit.target": [
            "active",
            "quantity",
            "days",
            "basis",
            "windowing",
            "date_from",
            "date_to",
            "kind",
            "agency_id",
            "agent_id",
        ],
        "distributor.visit.roster": ["agent_id", "date", "start_at", "end_at"],
        "distributor.visit.absence": ["agent_id", "date_from", "date_to", "state"],
        "res.partner": [
            "is_field_agent",
            "visit_agency_id",
            "visit_joined_on",
            "visit_left_on",
            "visit_barred_on",
            "agent_kind",
        ],
    }

    company_id = fields.Many2one(comodel_name="res.company")
    target_id = fields.Many2one(comodel_name="distributor.visit.target")
    kind = fields.Selection(
        selection=lambda self: (
            self.env["distributor.visit.target"]
            ._fields["kind"]
            ._description_selection(self.env)
        ),
        string="For",
    )
    agency_id = fields.Many2one(comodel_name="res.partner")
    agent_id = fields.Many2one(comodel_name="res.partner")
    number = fields.Integer(string="Window", aggregator=None)
    date_from = fields.Date(string="From")
    date_to = fields.Date(string="Until")
    counted = fields.Integer(string="Days")
    due = fields.Float(digits=(16, 2))
    valid = fields.Integer(string="Valid Customers")
    gap = fields.Float(string="Ahead or Behind", digits=(16, 2))
    attainment = fields.Float(string="Attained (%)", digits=(16, 1), aggregator="avg")
    is_complete = fields.Boolean(string="Over")
    is_short = fields.Boolean(string="Short")
    streak = fields.Integer(
        string="Short in a Row",
        aggregator="max",
        help="How many windows until this one were below the target without a break.",
    )

    @property
    def _table_query(self):
        queries = [
            self._get_company_query(company) for company in self.env.companies.sudo()
        ]
        return SQL(" UNION ALL ").join(SQL("(%s)", query) for query in queries)

    @api.model
    def _get_company_query(self, company) -> SQL:
        today = company._get_visit_today()
        return SQL(
            """
            SELECT (own.target_id::bigint * 100000 + own.agent_id) * 10000 + own.number
                       AS id,
                   own.*, own.valid - own.due AS gap,
                   100 * own.valid / NULLIF(own.due, 0) AS attainment
              FROM (%s) own
            """,
            windows(company.id, company._get_agreement_tz(), today),
        )

    def _read_group_select(self, aggregate_spec, query):
        # EXTENDS web: the attainment of a group is that of its sums.
        if aggregate_spec != "attainment:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "100 * SUM(%s) / NULLIF(SUM(%s), 0)",
            self._field_to_sql(self._table, "valid", query),
            self._field_to_sql(self._table, "due", query),
        )

    def action_view_visits(self):
        """Open the visits of this window."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_channel.distributor_visit_action"
        )
        return {
            **action,
            "domain": [
                ("agent_id", "=", self.agent_id.id),
                ("kind", "=", self.kind),
                (
                    "arrived_at",
                    ">=",
                    self.company_id._get_visit_day_start(self.date_from),
                ),
                ("arrived_at", "<", self.company_id._get_visit_day_end(self.date_to)),
            ],
            "context": {"create": False},
        }
