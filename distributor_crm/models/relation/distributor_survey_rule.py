# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorSurveyRule(models.Model):
    """After which event distributors are asked how satisfied they are (R226, A11).

    The four steps of a survey: what we want to know, what was heard in talks, the
    figures, and what is done about them.
    """

    _name = "distributor.survey.rule"
    _description = "Satisfaction Survey"
    _order = "name, id"

    active = fields.Boolean(default=True)
    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    survey_id = fields.Many2one(
        comodel_name="survey.survey",
        required=True,
        index=True,
        ondelete="restrict",
        help="The questions. Those on a scale make the score.",
    )
    event = fields.Selection(
        selection=[
            ("application", "Store Opened"),
            ("order", "Order Delivered"),
            ("complaint", "Complaint Solved"),
            ("training", "Training Done"),
            ("yearly", "Once a Year"),
        ],
        required=True,
        default="yearly",
        help="Once a year: on the day of the year on which the rule starts.",
    )
    start_on = fields.Date(
        string="From",
        required=True,
        default=fields.Date.context_today,
        help="What happened before is not asked about.",
    )
    grade_ids = fields.Many2many(
        comodel_name="res.partner.grade",
        string="Tiers",
        help="Left empty: distributors of every tier.",
    )
    delay_days = fields.Integer(
        string="Days After",
        required=True,
        default=3,
        help="So many days after the event the invitation goes out.",
    )
    rest_days = fields.Integer(
        string="Days Between Two Invitations",
        required=True,
        default=60,
        help="A distributor who was invited to any survey more recently is not asked.",
    )
    answer_days = fields.Integer(
        string="Days to Answer",
        required=True,
        default=21,
        help="So long the link of the invitation works.",
    )
    low_score = fields.Float(
        string="Unhappy Below (%)",
        required=True,
        default=60,
        help="Who looks after the distributor is told of a lower score.",
    )
    follow_up = fields.Selection(
        selection=[
            ("activity", "Task for the Account Manager"),
            ("case", "Case"),
            ("none", "Nothing"),
        ],
        string="When Unhappy",
        required=True,
        default="activity",
    )
    purpose = fields.Text(
        string="What We Want to Know",
        help="The first step: the question that the survey answers.",
    )
    heard = fields.Html(
        string="What Was Heard in Talks",
        help="The second step: what distributors say when one asks them openly.",
    )
    conclusion = fields.Html(
        string="What We Do About It",
        help="The fourth step: what was concluded from the figures.",
    )
    invitation_ids = fields.One2many(
        comodel_name="distributor.survey.invitation", inverse_name="rule_id"
    )
    invitation_count = fields.Integer(string="Invited", compute="_compute_results")
    answer_rate = fields.Float(
        string="Answered (%)", compute="_compute_results", digits=(16, 0)
    )
    score = fields.Float(
        string="Average Score (%)", compute="_compute_results", digits=(16, 1)
    )
    low_count = fields.Integer(string="Unhappy", compute="_compute_results")
    closure_rate = fields.Float(
        string="Followed Up (%)",
        compute="_compute_results",
        digits=(16, 0),
        help="Of the follow-ups of unhappy distributors, how many are done.",
    )

    _days_not_negative = models.Constraint(
        "CHECK(delay_days >= 0 AND rest_days >= 0 AND answer_days > 0)",
        "Enter a number of days.",
    )
    _low_score_in_scale = models.Constraint(
        "CHECK(low_score BETWEEN 0 AND 100)", "A score is between 0 and 100 percent."
    )

    @api.depends("invitation_ids.state", "invitation_ids.score")
    def _compute_results(self):
        Invitation = self.env["distributor.survey.invitation"]
        counts = {}
        for rule, state, is_low, count in Invitation._read_group(
            [("rule_id", "in", self.ids)],
            ["rule_id", "state", "is_low"],
            ["__count"],
        ):
            counts.setdefault(rule, {})[state, is_low] = count
        for rule in self:
            own = counts.get(rule._origin, {})
            sent = sum(own.values())
            low, fine = (own.get(("done", is_low), 0) for is_low in (True, False))
            rule.invitation_count = sent
            rule.low_count = low
            rule.answer_rate = 100 * (low + fine) / sent if sent else 0
        self._compute_scores()

    def _compute_scores(self):
        """Set the averages: of scores, and of what was followed up."""
        Invitation = self.env["distributor.survey.invitation"]
        scored = [("rule_id", "in", self.ids), ("is_scored", "=", True)]
        scores = dict(Invitation._read_group(scored, ["rule_id"], ["score:avg"]))
        followed = Invitation.search([*scored, ("is_low", "=", True)])
        followed = followed.filtered(lambda one: one.case_id or one.activity_id)
        for rule in self:
            own = followed.filtered(lambda one, rule=rule: one.rule_id == rule._origin)
            closed = own.filtered("is_followed_up")
            rule.score = scores.get(rule._origin, 0)
            rule.closure_rate = 100 * len(closed) / len(own) if own else 0

    def action_view_invitations(self):
        """Open the invitations of these surveys and what was answered."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm.distributor_survey_invitation_action"
        )
        return {**action, "domain": [("rule_id", "in", self.ids)], "context": {}}

    def action_view_results(self):
        """Open the scores by question and month."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm.distributor_survey_report_action"
        )
        return {**action, "domain": [("rule_id", "in", self.ids)]}
