# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import secrets

from odoo import api, fields, models


class DistributorApplication(models.Model):
    """What reviewers add, and what they and the applicant are told (R165)."""

    _inherit = "distributor.application"

    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Reviewer",
        domain="[('share', '=', False)]",
        index=True,
        tracking=True,
    )
    contact_ids = fields.One2many(
        comodel_name="distributor.application.contact", inverse_name="application_id"
    )
    submitted_on = fields.Datetime(readonly=True, copy=False)
    review_deadline = fields.Date(
        compute="_compute_review_deadline", store=True, readonly=True
    )
    first_answer_on = fields.Datetime(
        string="First Decision On",
        readonly=True,
        copy=False,
        help="When the applicant was first told something.",
    )
    days_waiting = fields.Float(
        string="Days in Queue",
        compute="_compute_days_waiting",
        digits=(16, 1),
        help="From submission until the decision, or until now.",
    )
    decision_days = fields.Float(
        string="Days to Decision",
        compute="_compute_decision_days",
        store=True,
        digits=(16, 1),
        aggregator="avg",
        help="From submission until the application was opened, refused or withdrawn.",
    )
    verified_on = fields.Datetime(readonly=True, copy=False)
    verified_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    missing = fields.Text(
        string="Asked of the Applicant",
        readonly=True,
        copy=False,
        help="What the applicant is to add; he reads it on his page.",
    )
    missing_asked_on = fields.Datetime(string="Asked On", readonly=True, copy=False)
    answered_on = fields.Datetime(
        readonly=True,
        copy=False,
        help="When the applicant said that what was missing is there.",
    )
    refuse_reason = fields.Text(readonly=True, copy=False, tracking=True)
    reapply_from = fields.Date(
        string="May Apply Again From", readonly=True, copy=False, tracking=True
    )
    waiting_since = fields.Datetime(readonly=True, copy=False)
    waiting_from = fields.Char(readonly=True, copy=False)
    has_place = fields.Boolean(readonly=True, copy=False)
    opened_on = fields.Date(readonly=True, copy=False)
    closed_on = fields.Datetime(string="Decided On", readonly=True, copy=False)
    note = fields.Html(string="Internal Notes", help="The applicant never sees these.")
    link_seed = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_system",
        default=lambda self: secrets.token_urlsafe(12),
        help="Part of the secret in the applicant's link. A new one ends all old links.",
    )
    is_email_confirmed = fields.Boolean(
        string="E-mail Confirmed",
        readonly=True,
        copy=False,
        help="The applicant opened the link that we mailed to him.",
    )

    @api.depends("submitted_on", "campaign_id.review_days")
    def _compute_review_deadline(self):
        for application in self:
            start = application.submitted_on
            days = application.campaign_id.review_days
            application.review_deadline = start and fields.Date.add(
                start.date(), days=days
            )

    @api.depends("submitted_on", "closed_on")
    def _compute_days_waiting(self):
        now = fields.Datetime.now()
        for application in self:
            start = application.submitted_on
            end = application.closed_on or now
            seconds = (end - start).total_seconds() if start else 0
            application.days_waiting = seconds / 86400

    @api.depends("submitted_on", "closed_on")
    def _compute_decision_days(self):
        for application in self:
            start, end = application.submitted_on, application.closed_on
            is_over = start and end
            application.decision_days = (
                (end - start).total_seconds() / 86400 if is_over else 0
            )
