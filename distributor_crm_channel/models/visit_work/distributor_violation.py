# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

ENDED = ("lifted", "dismissed")


class DistributorViolation(models.Model):
    """What becomes of a visit when the case about it is lifted."""

    _inherit = "distributor.violation"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") in ENDED:
            self._give_visits_back()
        return result

    def _give_visits_back(self):
        """A customer who was not false after all counts, and is paid, again."""
        own = self.filtered(lambda c: c.source_model == "distributor.visit.falsehood")
        # The case decides; who may lift it was checked there.
        falsehoods = self.env["distributor.visit.falsehood"].sudo()
        falsehoods.browse(own.mapped("source_id")).exists()._withdraw()


class DistributorViolationPenalty(models.Model):
    """Whoever is expelled is barred at all agencies until somebody looks again (R063)."""

    _inherit = "distributor.violation.penalty"

    @api.model_create_multi
    def create(self, vals_list):
        penalties = super().create(vals_list)
        penalties._follow_bars()
        return penalties

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self._follow_bars()
        return result

    def _follow_bars(self):
        for penalty in self.sudo().filtered(
            lambda one: one.kind == "ban_person" and one.violation_id.person_id
        ):
            case, agent = penalty.violation_id, penalty.violation_id.person_id
            if penalty.state == "in_force" and not agent.visit_barred_on:
                today = case.company_id._get_visit_today()
                duty = self.env["distributor.visit.duty"]._find_version(
                    case.company_id, case.partner_id, today
                )
                review = today + relativedelta(months=duty.bar_months or 12)
                if penalty.ends_at:
                    review = min(review, fields.Date.to_date(penalty.ends_at))
                agent._bar_from_visits(case.name, today, review)
            elif (
                penalty.state in ("lifted", "ended", "cancelled")
                and agent.visit_bar_reason == case.name
            ):
                agent._let_in_again()
