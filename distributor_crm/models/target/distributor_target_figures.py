# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...target import figures
from ...target.forecast import elapsed, forecast
from ...target.split import season

# Of more distributors than this, the whole ledger is read faster than their parts.
FEW = 200


class DistributorTarget(models.Model):
    """What was sold of a target, and what the year will end at: read from the ledger."""

    _inherit = "distributor.target"

    actual = fields.Monetary(
        string="Sold",
        compute="_compute_figures",
        help="Posted invoices of the year less credit notes, without tax. Rebates do "
        "not count.",
    )
    last_year = fields.Monetary(
        string="Sold Last Year", compute="_compute_figures", help="The whole year."
    )
    due = fields.Monetary(
        string="Due Today",
        compute="_compute_figures",
        help="The months that are over, and the days of this month.",
    )
    gap = fields.Monetary(
        string="Ahead or Behind",
        compute="_compute_figures",
        help="Sold less what is due today.",
    )
    attainment = fields.Float(
        string="Attained (%)",
        compute="_compute_figures",
        digits=(16, 1),
        help="Sold, of the target of the whole year.",
    )
    pace = fields.Float(
        string="To Date (%)",
        compute="_compute_figures",
        digits=(16, 1),
        help="Sold, of what is due today: below 100 percent is behind.",
    )
    forecast = fields.Monetary(
        compute="_compute_figures",
        help="What the year ends at if it goes on as it went, by last year's season. "
        "Nothing is said before half a usual month is over.",
    )
    forecast_rate = fields.Float(
        string="Forecast (%)", compute="_compute_figures", digits=(16, 1)
    )
    is_forecast_known = fields.Boolean(compute="_compute_figures")
    is_behind = fields.Boolean(
        string="Behind", compute="_compute_figures", search="_search_is_behind"
    )

    @api.model
    def _get_conditions(self) -> dict:
        """Return the SQL condition of each scope. Extended with new scopes."""
        return figures.SCOPES

    def _get_month_rows(self) -> dict:
        """Return {target's id: its months, in order}, one statement a company."""
        self.env.flush_all()
        found = defaultdict(list)
        for company, own in (
            self._origin.filtered("company_id").grouped("company_id").items()
        ):
            for row in self.env.execute_query_dict(own._get_rows_query(company)):
                found[row["target_id"]].append(row)
        for rows in found.values():
            rows.sort(key=lambda row: row["month"])
        return found

    def _get_rows_query(self, company) -> SQL:
        """Return the statement that measures these targets of one company."""
        scopes = set(self.mapped("scope"))
        of_partners = scopes <= {"partner", "partner_category"}
        return figures.months(
            company.id,
            SQL("target.id = ANY(%s)", self.ids),
            sorted(set(self.mapped("year"))),
            {s: c for s, c in self._get_conditions().items() if s in scopes},
            fields.Date.context_today(self),
            touched=self.partner_id.ids if of_partners and len(self) <= FEW else None,
        )

    @api.depends("amount", "month_ids.amount", "scope", "year", "state")
    def _compute_figures(self):
        rows = self._get_month_rows()
        seasons = {}
        for target in self:
            own = rows.get(target._origin.id, [])
            target._set_figures(own)
            target._set_forecast(own, seasons)

    def _set_figures(self, rows):
        """Add up the months of this target."""
        begun = [row for row in rows if row["is_begun"]]
        due = sum(row["due"] for row in rows)
        sold = sum(row["actual"] for row in begun)
        self.actual = sum(row["actual"] for row in rows)
        self.last_year = sum(row["last_year"] for row in rows)
        self.due = due
        self.gap = float(sold) - float(due) if begun else 0
        self.attainment = 100 * self.actual / self.amount if self.amount else 0
        self.pace = 100 * float(sold) / float(due) if due else 0
        self.is_behind = bool(begun) and self.currency_id.round(self.gap) < 0

    def _set_forecast(self, rows, seasons):
        """Say what the year ends at.

        :param seasons: those of companies that were read already
        """
        known = None
        today = fields.Date.context_today(self)
        if rows and self.year <= today.year:
            before = [_exact(row["last_year"]) for row in rows]
            key = (self.company_id, self.year)
            if not any(amount > 0 for amount in before) and key not in seasons:
                seasons[key] = self._get_company_season(*key)
            _source, weights = season(before, seasons.get(key, ()))
            known = forecast(
                [_exact(row["actual"]) for row in rows],
                weights,
                elapsed(self.year, today),
            )
        self.is_forecast_known = known is not None
        self.forecast = float(known or 0)
        self.forecast_rate = 100 * self.forecast / self.amount if self.amount else 0

    def _search_is_behind(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        found = set()
        for company in self.env.companies:
            # Rules of the document apply to what this returns.
            report = self.env["distributor.target.report"].sudo()
            query = report._get_company_query(company, [today.year])
            if query is None:
                continue
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT target_id FROM (%s) month WHERE is_begun GROUP BY 1
                    HAVING ROUND(SUM(actual) - SUM(due), 2) < 0
                    """,
                    query,
                )
            )
            found.update(target_id for (target_id,) in rows)
        return Domain("id", "in", found)

    # -- what follows from it --------------------------------------------------------

    def action_plan(self):
        """Ask which task to plan for the distributors of these targets.

        :raises UserError: none of them is of a distributor
        """
        self.check_access("read")
        rows = self.env["distributor.portfolio"].search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
            ]
        )
        if not rows:
            raise UserError(
                self.env._(
                    "Choose targets of distributors. Who is new is in the portfolio from "
                    "tomorrow on; until then, schedule an activity on the target."
                )
            )
        return rows.action_plan()

    def action_view_invoices(self):
        """Open the invoices and credit notes that count for this target."""
        self.ensure_one()
        self.check_access("read")
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "account.action_move_out_invoice_type"
            ),
            "name": self.env._("Invoices of %s", self.display_name),
            "domain": list(
                Domain("company_id", "=", self.company_id.id)
                & Domain("state", "=", "posted")
                & Domain("move_type", "in", ("out_invoice", "out_refund"))
                & Domain("is_distributor_rebate", "=", False)
                & Domain("invoice_date", ">=", f"{self.year}-01-01")
                & Domain("invoice_date", "<=", f"{self.year}-12-31")
                & self._get_buyers_domain("commercial_partner_id")
            ),
            "context": {"create": False},
        }

    def _get_buyers_domain(self, path) -> Domain:
        """Return whose sales count, on a model that has distributors at a path.

        Extended with new scopes.
        """
        everybody = Domain(f"{path}.is_distributor", "=", True)
        if self.partner_id:
            return Domain(path, "=", self.partner_id.id)
        if self.scope == "manager":
            return everybody & Domain(
                f"{path}.account_manager_id", "=", self.user_id.id
            )
        for name in ("country_id", "state_id"):
            if self.scope == name.removesuffix("_id"):
                return everybody & Domain(f"{path}.{name}", "=", self[name].id)
        return everybody


def _exact(value) -> Decimal:
    return Decimal(str(value))
