# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.distributor_crm.rebate import ledger


class DistributorTierCondition(models.Model):
    """Able to bring group-buys: counted are those that were verified (R001, R036)."""

    _inherit = "distributor.tier.condition"

    metric = fields.Selection(
        selection_add=[("group_buys", "Verified Group-buys")],
        ondelete={"group_buys": "cascade"},
    )


class DistributorTierRule(models.Model):
    _inherit = "distributor.tier.rule"

    @api.model
    def _measure_one(self, metric, scope, today):
        # EXTENDS distributor_crm: by the day of the verdict
        if metric != "group_buys":
            return super()._measure_one(metric, scope, today)
        zone = self.env["res.company"].browse(scope.company_id).partner_id.tz or "UTC"
        rows = [(number, *span) for number, span in scope.spans.items()]
        names = "span (number, first_day, last_day)"
        return self.env.execute_query(
            SQL(
                """
                SELECT span.number, groupbuy.partner_id, count(*)::text
                  FROM %(spans)s
                  JOIN distributor_groupbuy groupbuy
                    ON (groupbuy.verified_at AT TIME ZONE 'UTC'
                        AT TIME ZONE %(zone)s)::date BETWEEN span.first_day AND span.last_day
                  LEFT JOIN distributor_violation violation
                    ON violation.id = groupbuy.violation_id
                 WHERE groupbuy.company_id = %(company)s
                   AND (groupbuy.turned_up_at IS NULL
                        OR violation.state IN ('lifted', 'dismissed'))
                   AND groupbuy.result IN ('consistent', 'minor')
                   AND groupbuy.partner_id IN %(partners)s
                 GROUP BY span.number, groupbuy.partner_id
                """,
                spans=ledger.values(rows, names, "int", "date", "date"),
                zone=zone,
                company=scope.company_id,
                partners=scope.partners,
            )
        )
