# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import models

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

    def _impose_ban_person(self):
        """Bar the agent; remember whether it was us."""
        case, agent = self.violation_id, self.violation_id.person_id
        if not agent or agent.visit_barred_on:
            return {"barred": False}
        today = case.company_id._get_visit_today()
        duty = self.env["distributor.visit.duty"]._find_version(
            case.company_id, case.partner_id, today
        )
        review = today + relativedelta(months=duty.bar_months or 12)
        if self.duration_days:
            review = min(review, today + relativedelta(days=self.duration_days))
        agent._bar_from_visits(case.name, today, review)
        return {"barred": True}

    def _lift_ban_person(self):
        """Let in whom this case has barred."""
        agent = self.violation_id.person_id
        if (self.undo or {}).get("barred"):
            agent._let_in_again()
