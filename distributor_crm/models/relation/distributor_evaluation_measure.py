# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import models


class DistributorEvaluationMeasure(models.AbstractModel):
    _inherit = "distributor.evaluation.measure"

    def _measure_survey(self, company, partners, period):
        """The average score of the surveys answered in the period, in percent."""
        rows = self.env["distributor.survey.invitation"]._read_group(
            [
                ("partner_id", "in", partners.ids),
                ("company_id", "=", company.id),
                ("is_scored", "=", True),
                ("answered_on", ">=", period.start),
                ("answered_on", "<=", period.end),
            ],
            ["partner_id"],
            ["score:avg"],
        )
        return {partner.id: Decimal(str(score)) for partner, score in rows}
