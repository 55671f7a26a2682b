# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.tools import SQL


class DistributorEvaluationMeasure(models.AbstractModel):
    """Approved targets, and what other addons may count on visits."""

    _inherit = "distributor.evaluation.measure"

    def _get_sales_targets(self, company, partners, period):
        # EXTENDS: an approved target goes before what a rebate program asks for.
        found = super()._get_sales_targets(company, partners, period)
        approved = self._ask(
            SQL(
                """
                SELECT target.partner_id, SUM(month.amount)::text
                  FROM distributor_target target
                  JOIN distributor_target_month month ON month.target_id = target.id
                 WHERE target.company_id = %(company)s
                   AND target.scope = 'partner' AND target.state = 'approved'
                   AND target.partner_id = ANY(%(partners)s)
                   AND make_date(target.year, month.month, 1)
                       BETWEEN %(first)s AND %(last)s
                 GROUP BY 1
                """,
                company=company.id,
                partners=partners.ids,
                first=period.start,
                last=period.end,
            )
        )
        return {**found, **approved}

    # -- seen on visits --------------------------------------------------------------

    def _get_visits(self, company, partners, period) -> dict | None:
        """Hook: return {distributor's id: valid visits}; None where nothing counts them.

        Where nothing does, a person judges: see `distributor.evaluation.kpi`.
        """
        return None

    def _get_display_checks(self, company, partners, period) -> dict | None:
        """Hook: return {distributor's id: display checks passed, in percent}; None where
        nothing counts them."""
        return None

    def _measure_visits(self, company, partners, period):
        return self._get_visits(company, partners, period) or {}

    def _measure_display_checks(self, company, partners, period):
        return self._get_display_checks(company, partners, period) or {}
