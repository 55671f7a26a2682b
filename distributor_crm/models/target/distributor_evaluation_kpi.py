# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError

from ...evaluation.spans import last_complete

# Sources that another addon answers, and the hook that it answers by.
HOOKS = {"visits": "_get_visits", "display_checks": "_get_display_checks"}


class DistributorEvaluationKpi(models.Model):
    """What representatives see on visits: counted where visits are recorded (R148)."""

    _inherit = "distributor.evaluation.kpi"

    source = fields.Selection(
        selection_add=[
            ("visits", "Visits"),
            ("display_checks", "Display Checks Passed (%)"),
        ],
        ondelete={"visits": "cascade", "display_checks": "cascade"},
    )

    def _check_publishable(self):
        # EXTENDS: what nothing counts here is judged by a person.
        result = super()._check_publishable()
        measure = self.env["distributor.evaluation.measure"].sudo()
        for kpi in self.filtered(lambda kpi: kpi.source in HOOKS):
            company = kpi.company_id
            period = last_complete("month", fields.Date.context_today(self))
            nobody = self.env["res.partner"]
            if getattr(measure, HOOKS[kpi.source])(company, nobody, period) is None:
                raise UserError(
                    self.env._(
                        "%s: nothing counts this here. Choose “Judged by a Person”, and "
                        "have it graded.",
                        kpi.name,
                    )
                )
        return result
