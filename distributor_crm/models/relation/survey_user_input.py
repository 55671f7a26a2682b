# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class SurveyUserInput(models.Model):
    """Answers of distributors become scores."""

    _inherit = "survey.user_input"

    def _mark_done(self):
        # EXTENDS survey
        result = super()._mark_done()
        # Whoever answers has no right to what is made of it.
        Invitation = self.env["distributor.survey.invitation"].sudo()
        Invitation.search([("user_input_id", "in", self.ids)])._take_answers()
        return result

    def _get_distributor_score(self):
        """Return the score in percent: the average of what was answered on a scale.

        :return: that of the survey app where nothing was; None where it keeps none
        """
        self.ensure_one()
        lines = self.user_input_line_ids.filtered(
            lambda line: line.question_id.question_type == "scale" and not line.skipped
        )
        parts = [
            (line.value_scale - line.question_id.scale_min)
            / (line.question_id.scale_max - line.question_id.scale_min)
            for line in lines
        ]
        if parts:
            return 100 * sum(parts) / len(parts)
        if self.survey_id.scoring_type != "no_scoring":
            return self.scoring_percentage
        return None
