# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ...target import figures


class DistributorTargetReport(models.Model):
    """Approved targets by month, beside what was sold: read from the ledger, live.

    Targets of different scopes are about the same sales: totals are read by scope.
    """

    _name = "distributor.target.report"
    _description = "Target Analysis"
    _auto = False
    _order = "date, id"
    _rec_name = "target_id"
    _depends = {
        "distributor.target": ["state", "scope", "year", "amount"],
        "distributor.target.month": ["amount", "month"],
        "account.move": ["state", "invoice_date", "is_distributor_rebate"],
        "account.move.line": ["balance"],
        "res.partner": ["is_distributor", "account_manager_id"],
    }

    target_id = fields.Many2one(comodel_name="distributor.target", string="Target Of")
    company_id = fields.Many2one(comodel_name="res.company")
    currency_id = fields.Many2one(related="company_id.currency_id")
    scope = fields.Selection(
        selection=lambda self: (
            self.env["distributor.target"]
            ._fields["scope"]
            ._description_selection(self.env)
        ),
        string="Target For",
    )
    partner_id = fields.Many2one(comodel_name="res.partner", string="Distributor")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Account Manager",
        help="Whom the target is for, or who looks after its distributor today.",
    )
    country_id = fields.Many2one(comodel_name="res.country")
    state_id = fields.Many2one(comodel_name="res.country.state", string="Province")
    categ_id = fields.Many2one(comodel_name="product.category", string="Product Line")
    date = fields.Date(string="Month")
    amount = fields.Monetary(string="Target")
    actual = fields.Monetary(string="Sold")
    last_year = fields.Monetary()
    due = fields.Monetary(string="Due Today")
    gap = fields.Monetary(string="Ahead or Behind", help="Sold less what is due today.")
    attainment = fields.Float(
        string="Attained (%)",
        digits=(16, 1),
        aggregator="avg",
        help="Sold, of the target; of groups, of the sum of their targets.",
    )
    is_begun = fields.Boolean(string="Begun")
    is_behind = fields.Boolean(
        string="Behind", help="In this month, less was sold than is due."
    )

    @property
    def _table_query(self):
        queries = [
            self._get_company_query(company) for company in self.env.companies.sudo()
        ]
        found = [query for query in queries if query is not None]
        if not found:
            return self._get_empty_query()
        return SQL(" UNION ALL ").join(SQL("(%s)", query) for query in found)

    @api.model
    def _get_company_query(self, company, years=None) -> SQL | None:
        """Return the months of a company's approved targets; None where it has none.

        :param years: only targets of these years
        """
        domain = [("company_id", "=", company.id), ("state", "=", "approved")]
        if years:
            domain.append(("year", "in", years))
        # Rules of the report apply to what is read from it.
        target = self.env["distributor.target"].sudo()
        groups = target._read_group(domain, ["year", "scope"])
        if not groups:
            return None
        scopes = {scope for _year, scope in groups}
        asked = sorted({year for year, _scope in groups})
        conditions = target._get_conditions()
        months = figures.months(
            company.id,
            SQL("target.state = 'approved' AND target.year = ANY(%s)", asked),
            asked,
            {scope: conditions[scope] for scope in conditions if scope in scopes},
            fields.Date.context_today(self),
        )
        return self._get_report_query(months)

    @api.model
    def _get_report_query(self, months) -> SQL:
        return SQL(
            """
            SELECT month.id, month.target_id, own.company_id, own.scope, own.partner_id,
                   COALESCE(own.user_id, partner.account_manager_id) AS user_id,
                   COALESCE(own.country_id, province.country_id, partner.country_id)
                       AS country_id,
                   COALESCE(own.state_id, partner.state_id) AS state_id,
                   own.categ_id, month.date, month.amount, month.actual,
                   month.last_year, month.due,
                   CASE WHEN month.is_begun THEN month.actual ELSE 0 END - month.due
                       AS gap,
                   100 * month.actual / NULLIF(month.amount, 0) AS attainment,
                   month.is_begun, month.is_begun AND month.actual < month.due
                       AS is_behind %(more)s
              FROM (%(months)s) month
              JOIN distributor_target own ON own.id = month.target_id
              LEFT JOIN res_partner partner ON partner.id = own.partner_id
              LEFT JOIN res_country_state province ON province.id = own.state_id
            """,
            months=months,
            more=self._get_more_columns(),
        )

    @api.model
    def _get_more_columns(self) -> SQL:
        """Hook: return further columns of targets, each with a comma before it."""
        return SQL()

    @api.model
    def _get_empty_query(self) -> SQL:
        """Return a statement with all columns and no row."""
        columns = (
            SQL("NULL::%s AS %s", SQL(field.column_type[1]), SQL.identifier(name))
            for name, field in self._fields.items()
            if field.store and field.column_type
        )
        return SQL("SELECT %s WHERE FALSE", SQL(", ").join(columns))

    def _read_group_select(self, aggregate_spec, query):
        # EXTENDS web: the attainment of a group is that of its sums.
        if aggregate_spec != "attainment:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "100 * SUM(%s) / NULLIF(SUM(%s), 0)",
            self._field_to_sql(self._table, "actual", query),
            self._field_to_sql(self._table, "amount", query),
        )

    def action_open_target(self):
        """Open the target of this row."""
        return self.target_id._get_records_action()
