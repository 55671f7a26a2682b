# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

from ...evaluation import figures


class DistributorTierRule(models.Model):
    """The last published score among the figures that tier rules ask for."""

    _inherit = "distributor.tier.rule"

    @api.model
    def _measure_one(self, metric, scope, today):
        # EXTENDS distributor_crm: of the evaluations that end within the window.
        if metric == "evaluation":
            return self.env.execute_query(figures.latest(scope))
        return super()._measure_one(metric, scope, today)

    @api.model
    def _get_empty(self, keys) -> dict:
        # EXTENDS distributor_crm: who was not evaluated is not known, not bad.
        figures_of_nobody = super()._get_empty(keys)
        for key in keys:
            if key[0] == "evaluation":
                figures_of_nobody[key] = None
        return figures_of_nobody
