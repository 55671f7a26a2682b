# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class DistributorSurveyInvitation(models.Model):
    """An invitation to a survey, and what came of it. The job alone makes them."""

    _name = "distributor.survey.invitation"
    _description = "Survey Invitation"
    _order = "sent_on desc, id desc"
    _rec_name = "partner_id"

    rule_id = fields.Many2one(
        comodel_name="distributor.survey.rule",
        string="Survey",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="rule_id.company_id", store=True)
    event = fields.Selection(related="rule_id.event", store=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    account_manager_id = fields.Many2one(
        related="partner_id.account_manager_id", store=True
    )
    contact_id = fields.Many2one(
        comodel_name="res.partner", readonly=True, ondelete="set null"
    )
    source = fields.Char(required=True, readonly=True)
    label = fields.Char(string="About", readonly=True)
    # Of the day on which they were asked, so that a trend stays what it was.
    grade_id = fields.Many2one(
        comodel_name="res.partner.grade",
        string="Tier",
        readonly=True,
        ondelete="set null",
    )
    state_id = fields.Many2one(
        comodel_name="res.country.state",
        string="Province",
        readonly=True,
        ondelete="set null",
    )
    user_input_id = fields.Many2one(
        comodel_name="survey.user_input",
        string="Answers",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    state = fields.Selection(
        selection=[("sent", "Invited"), ("done", "Answered")],
        string="Status",
        required=True,
        readonly=True,
        default="sent",
        index=True,
    )
    sent_on = fields.Date(string="Invited On", required=True, readonly=True)
    answered_on = fields.Date(readonly=True, index="btree_not_null")
    is_scored = fields.Boolean(readonly=True)
    score = fields.Float(
        string="Score (%)", readonly=True, digits=(16, 1), aggregator="avg"
    )
    is_low = fields.Boolean(string="Unhappy", readonly=True)
    case_id = fields.Many2one(
        comodel_name="distributor.case",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    activity_id = fields.Many2one(
        comodel_name="mail.activity",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    is_followed_up = fields.Boolean(
        string="Followed Up", compute="_compute_is_followed_up"
    )

    _once = models.Constraint(
        "UNIQUE(rule_id, partner_id, source)",
        "The distributor was invited to this survey about this already.",
    )

    @api.depends("case_id.state", "activity_id.active")
    def _compute_is_followed_up(self):
        # Whether it is done is told to whoever reads the score.
        for one in self.sudo():
            one.is_followed_up = one.case_id.state in ("solved", "closed") or bool(
                one.activity_id and not one.activity_id.active
            )

    def action_view_answers(self):
        """Open what was answered, where it was."""
        self.ensure_one()
        self.check_access("read")
        if self.state != "done":
            # The link of an open survey would let others answer it.
            raise UserError(self.env._("This survey is not answered yet."))
        # Who reads the score reads the answers; the survey app asks for rights of its own.
        url = self.sudo().user_input_id.get_print_url()
        return {"type": "ir.actions.act_url", "url": url, "target": "new"}

    # -- what was answered -----------------------------------------------------------

    def _take_answers(self):
        """Reckon the scores of surveys that were answered, and see to who is unhappy."""
        for one in self.filtered(lambda one: one.state == "sent"):
            score = one.user_input_id._get_distributor_score()
            one.write(
                {
                    "state": "done",
                    "answered_on": fields.Date.context_today(one),
                    "is_scored": score is not None,
                    "score": score or 0,
                    "is_low": score is not None and score < one.rule_id.low_score,
                }
            )
            if one.is_low:
                one._follow_up()

    def _follow_up(self):
        """Open what the rule asks for when a distributor is unhappy."""
        self.ensure_one()
        partner = self.partner_id
        manager = partner.account_manager_id or partner.user_id
        text = self.env._(
            "Unhappy in the survey “%(survey)s”: %(score)s%%",
            survey=self.rule_id.name,
            score=round(self.score),
        )
        if self.rule_id.follow_up == "case":
            self.case_id = (
                self.env["distributor.case"]
                .with_company(self.company_id)
                .create(
                    {
                        "partner_id": partner.id,
                        "company_id": self.company_id.id,
                        "kind": "after_sales",
                        "subject": text,
                    }
                )
            )
        elif self.rule_id.follow_up == "activity" and manager:
            self.activity_id = partner.activity_schedule(
                "mail.mail_activity_data_call", user_id=manager.id, summary=text
            )

    @api.model
    def _rename_for_merge(self, sources, target):
        """Keep invitations apart that would be the same when contacts are merged."""
        found = self.search([("partner_id", "in", (sources + target).ids)])
        for (_rule, source), own in found.grouped(
            lambda one: (one.rule_id, one.source)
        ).items():
            for one in own.filtered(lambda one: one.partner_id != target):
                if len(own) > 1:
                    one.source = f"{source}/{one.id}"
        self.env.flush_all()
