# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from .distributor_application_flow import IN_REVIEW


class DistributorApplication(models.Model):
    """Who reviews an application, and until when (R165)."""

    _inherit = "distributor.application"

    is_overdue = fields.Boolean(
        string="Late", compute="_compute_is_overdue", search="_search_is_overdue"
    )

    @api.depends("review_deadline", "state")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for application in self:
            deadline = application.review_deadline
            application.is_overdue = bool(
                deadline and deadline < today and application.state in IN_REVIEW
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        return [("review_deadline", "<", today), ("state", "in", IN_REVIEW)]

    def _assign_reviewer(self):
        """Give each application a reviewer with the fewest in hand, and a deadline.

        Never the one who introduced the applicant.
        """
        for application in self:
            if not application.user_id:
                application.user_id = application._choose_reviewer()
            application.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=application.review_deadline,
                summary=application.env._("Review the application"),
                user_id=application._get_responsible().id,
            )

    def _get_responsible(self):
        """Return the user who is told what happens: there always is one."""
        campaign = self.campaign_id
        return self.user_id or campaign.fallback_reviewer_id or campaign.create_uid

    def _get_reviewer_candidates(self):
        """Hook: return who may review this application: never who introduced it."""
        self.ensure_one()
        return self.campaign_id.reviewer_ids.filtered("active") - self.introducer_id

    def _choose_reviewer(self):
        campaign = self.campaign_id
        candidates = self._get_reviewer_candidates()
        if not candidates:
            return campaign.fallback_reviewer_id - self.introducer_id
        load = dict(
            self._read_group(
                [("user_id", "in", candidates.ids), ("state", "in", IN_REVIEW)],
                ["user_id"],
                ["__count"],
            )
        )
        return min(candidates, key=lambda user: (load.get(user, 0), user.id))

    def action_assign_to_me(self):
        """Take applications in hand oneself."""
        self._check_reviewer()
        self.user_id = self.env.user
