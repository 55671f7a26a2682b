# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...growth import portfolio
from ...growth.rhythm import Policy
from ...rebate.ledger import Scope
from ...rebate.period import Period
from ...tier.windows import window

BEGINNING = date(1900, 1, 1)


class DistributorPortfolio(models.Model):
    """The nightly job: all distributors of a company by a fixed number of statements."""

    _inherit = "distributor.portfolio"

    @api.model
    def _cron_refresh(self):
        """Scheduled: reckon every company. Broken off, the next run does it again."""
        cron = self.env["ir.cron"]
        self._refresh_all(commit=lambda left: cron._commit_progress(1, remaining=left))

    @api.model
    def _refresh_all(self, commit=None):
        """Reckon every company that sells to distributors.

        :param commit: called after each one with the number of companies left
        """
        companies = self._get_companies()
        for number, company in enumerate(companies, start=1):
            self._refresh(company)
            if commit:
                commit(len(companies) - number)

    @api.model
    def _get_companies(self):
        """Return the companies that have sold to a distributor."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT company.id FROM res_company company
                 WHERE EXISTS (SELECT FROM account_move move
                                 JOIN res_partner partner
                                   ON partner.id = move.commercial_partner_id
                                WHERE move.company_id = company.id
                                  AND move.state = 'posted'
                                  AND move.move_type = 'out_invoice'
                                  AND partner.is_distributor)
                 ORDER BY company.id
                """
            )
        )
        return self.env["res.company"].browse(company for (company,) in rows)

    def action_refresh(self):
        """Reckon the user's companies now instead of at night; sales managers only."""
        self.check_access("read")
        if not self.env.user.has_group("distributor_crm.group_sales_manager"):
            return False
        # The job reckons everybody, whoever starts it.
        for company in self.env.companies:
            self.sudo()._refresh(company)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    @api.model
    def _refresh(self, company, today=None):
        """Reckon all distributors of a company, archived ones too.

        :param today: the day that counts, by default the current one
        """
        today = today or fields.Date.context_today(self)
        # Cents and states that wait to be written belong to the figures.
        self.env.flush_all()
        scope = self._get_scope(company, today)
        with_costs = self.env.execute_query(portfolio.any_cost(company.id))[0][0]
        terms = self._get_terms(company)
        fees = self._get_fees(company) or portfolio.NOTHING
        # Plans of many small tables cost more to compile than to run.
        self.env.cr.execute("SET LOCAL jit = off")
        self.env.cr.execute(portfolio.forget(scope))
        self.env.cr.execute(
            portfolio.refresh(scope, terms, today, self.env.uid, with_costs, fees)
        )
        self.env.cr.execute(self._get_risk_update(company))
        self.invalidate_model()

    @api.model
    def _get_risk_update(self, company):
        """Return the SQL that counts the signs, as the field does."""
        return SQL(
            """
            UPDATE distributor_portfolio
               SET churn_risk = CASE
                   WHEN lifecycle IN ('prospect', 'ending', 'ended') THEN 'none'
                   ELSE (ARRAY['none', 'low', 'medium', 'high'])[
                       1 + LEAST(3, is_late::int + is_declining::int + is_orphan::int
                                    + (complaints > 0)::int + (overdue > 0)::int)]
                   END
             WHERE company_id = %s
            """,
            company.id,
        )

    @api.model
    def _get_scope(self, company, today):
        """Return whose sales count, and when."""
        last = window("rolling_12", today)
        both = window("rolling_24", today)
        day = timedelta(days=1)
        spans = {
            portfolio.LAST: last,
            portfolio.BEFORE: Period(both.start, last.start - day),
            portfolio.EARLIER: Period(BEGINNING, both.start - day),
        }
        Rule = self.env["distributor.tier.rule"]
        domain = Rule._get_judged_domain(company)
        # Who is reckoned does not depend on who looks.
        chosen = self.env["res.partner"].sudo()._search(domain, active_test=False)
        return Scope(company.id, spans, chosen.subselect())

    @api.model
    def _get_terms(self, company):
        return portfolio.Terms(
            Policy(
                company.portfolio_new_days,
                company.portfolio_rhythm_days,
                company.portfolio_risk_factor,
                company.portfolio_sleep_factor,
                company.portfolio_lost_factor,
            ),
            company.portfolio_cut_a,
            company.portfolio_cut_b,
            company.portfolio_decline,
            company.key_orders,
            company.key_sales,
            company.key_margin,
        )

    @api.model
    def _get_fees(self, company):
        """Hook: return the sub-select (partner_id, amount) of what was spent on them.

        :return: None where nobody keeps fees
        """
        return None
