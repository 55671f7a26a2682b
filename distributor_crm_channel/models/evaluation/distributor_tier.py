# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.distributor_crm.rebate import ledger

from .distributor_evaluation_measure import LET_GO


class DistributorTierCondition(models.Model):
    """No open breach: "at most 0" of these keeps or opens a tier."""

    _inherit = "distributor.tier.condition"

    metric = fields.Selection(
        selection_add=[("violations", "Breach Cases")],
        ondelete={"violations": "cascade"},
    )


class DistributorTierRule(models.Model):
    _inherit = "distributor.tier.rule"

    @api.model
    def _measure_one(self, metric, scope, today):
        # EXTENDS distributor_crm: by the day of the breach
        if metric != "violations":
            return super()._measure_one(metric, scope, today)
        rows = [(number, *span) for number, span in scope.spans.items()]
        names = "span (number, first_day, last_day)"
        return self.env.execute_query(
            SQL(
                """
                SELECT span.number, violation.partner_id, count(*)::text
                  FROM %(spans)s
                  JOIN distributor_violation violation
                    ON violation.occurred_at::date BETWEEN span.first_day AND span.last_day
                 WHERE violation.company_id = %(company)s
                   AND violation.state <> ALL(%(let_go)s)
                   AND violation.partner_id IN %(partners)s
                 GROUP BY span.number, violation.partner_id
                """,
                spans=ledger.values(rows, names, "int", "date", "date"),
                company=scope.company_id,
                let_go=list(LET_GO),
                partners=scope.partners,
            )
        )
