# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL

from .survey_question import TOPICS


class DistributorSurveyReport(models.Model):
    """What distributors answered on scales, by topic, month, tier and place (A11)."""

    _name = "distributor.survey.report"
    _description = "Satisfaction"
    _auto = False
    _order = "answered_on desc, id"
    _rec_name = "partner_id"
    _depends = {
        "distributor.survey.invitation": [
            "rule_id",
            "company_id",
            "partner_id",
            "account_manager_id",
            "grade_id",
            "state_id",
            "answered_on",
            "user_input_id",
            "state",
        ],
        "survey.user_input.line": [
            "user_input_id",
            "question_id",
            "value_scale",
            "skipped",
        ],
        "survey.question": [
            "question_type",
            "scale_min",
            "scale_max",
            "distributor_topic",
        ],
    }

    rule_id = fields.Many2one(comodel_name="distributor.survey.rule", string="Survey")
    company_id = fields.Many2one(comodel_name="res.company")
    partner_id = fields.Many2one(comodel_name="res.partner", string="Distributor")
    account_manager_id = fields.Many2one(comodel_name="res.users")
    grade_id = fields.Many2one(comodel_name="res.partner.grade", string="Tier")
    state_id = fields.Many2one(comodel_name="res.country.state", string="Province")
    question_id = fields.Many2one(comodel_name="survey.question")
    topic = fields.Selection(selection=TOPICS)
    answered_on = fields.Date()
    score = fields.Float(string="Score (%)", digits=(16, 1), aggregator="avg")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT line.id, sent.rule_id, sent.company_id, sent.partner_id,
                   sent.account_manager_id, sent.grade_id, sent.state_id,
                   line.question_id, question.distributor_topic AS topic,
                   sent.answered_on,
                   100.0 * (line.value_scale - question.scale_min)
                       / (question.scale_max - question.scale_min) AS score
              FROM distributor_survey_invitation sent
              JOIN survey_user_input_line line
                ON line.user_input_id = sent.user_input_id
               AND line.skipped IS NOT TRUE
              JOIN survey_question question
                ON question.id = line.question_id AND question.question_type = 'scale'
             WHERE sent.state = 'done'
            """
        )
