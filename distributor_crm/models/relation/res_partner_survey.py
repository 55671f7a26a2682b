# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResPartner(models.Model):
    """What distributors say of us, and who does not want to be asked."""

    _inherit = "res.partner"

    is_survey_opt_out = fields.Boolean(
        groups="base.group_user",
        string="No Surveys",
        help="Is not invited to satisfaction surveys.",
    )
    survey_score = fields.Float(
        groups="base.group_user",
        string="Satisfaction (%)",
        compute="_compute_survey_score",
        digits=(16, 0),
        help="The average of the surveys answered in the last 12 months.",
    )
    survey_count = fields.Integer(
        groups="base.group_user", compute="_compute_survey_score"
    )

    def _compute_survey_score(self):
        rows = self.env["distributor.survey.invitation"]._read_group(
            [
                ("partner_id", "in", self.ids),
                ("is_scored", "=", True),
                ("answered_on", ">=", "today -12m"),
            ],
            ["partner_id"],
            ["score:avg", "__count"],
        )
        found = {partner: figures for partner, *figures in rows}
        for partner in self:
            score, count = found.get(partner._origin, (0, 0))
            partner.survey_score = score
            partner.survey_count = count

    def action_view_surveys(self):
        """Open the surveys to which these distributors were invited."""
        return self._get_own_action(
            "distributor_crm.distributor_survey_invitation_action"
        )
