# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models

from .tier_review import OPEN

REMINDER = "base_tier_validation.mail_act_tier_validation_reminder"


class TierReview(models.Model):
    """What happens when a signature does not come."""

    _inherit = "tier.review"

    @api.model
    def _cron_follow_up(self):
        """Ask who is to be asked today, and escalate what waits too long."""
        reviews = self.search([("status", "in", OPEN)])
        reviews._refresh_reviewers()
        pending = reviews.filtered(
            lambda review: review.status == "pending" and not review.escalated_on
        )
        pending.filtered(lambda review: review._is_stuck())._escalate()

    def _is_stuck(self) -> bool:
        """Whether nobody is left to sign, or it has been pending too long."""
        if not self.reviewer_ids:
            return True
        days = self.step_escalation_days
        since = self.pending_since or self.create_date
        return bool(days) and since <= fields.Datetime.now() - timedelta(days=days)

    def _escalate(self):
        """Ask the persons the step escalates to as well, and tell them.

        Where the step names none, those who set up users are told.
        """
        asked = {review.id: review.todo_by for review in self}
        self.escalated_on = fields.Datetime.now()
        self._refresh_reviewers()
        for review in self:
            review._notify_escalation(
                review._get_escalation_users(),
                asked[review.id] or self.env._("nobody, they have left"),
            )

    def _get_escalation_users(self):
        users = (
            self.step_escalation_user_id | self.step_escalation_group_id.all_user_ids
        )
        if not users:
            users = self.env.ref("base.group_erp_manager").all_user_ids
        return users.filtered(lambda user: user.active and not user.share)

    def _notify_escalation(self, users, asked):
        if not self._has_resource_model():
            return
        document = self.env[self.model].browse(self.res_id).exists()
        if not (document and "activity_ids" in document._fields):
            return
        note = self.env._(
            "Step “%(step)s” waits for a signature since %(since)s. Asked: %(users)s.",
            step=self.step_name,
            since=fields.Date.to_string(self.pending_since or self.create_date),
            users=asked,
        )
        for user in users:
            # Who cannot open the document cannot help.
            if document.with_user(user).has_access("read"):
                document.activity_schedule(
                    REMINDER,
                    summary=self.env._("Approval is stuck"),
                    note=note,
                    user_id=user.id,
                )

    @api.model
    def _hand_over(self, users):
        """Ask others instead of users who have left; tell somebody if nobody is left."""
        reviews = self._get_open_reviews_of(users)
        reviews._refresh_reviewers()
        orphans = reviews.filtered(
            lambda review: not review.reviewer_ids and not review.escalated_on
        )
        orphans._escalate()

    def _send_review_reminder(self):
        # EXTENDS base_tier_validation: an activity for each of several reviewers,
        # where a message would reach only followers.
        shared = self.filtered(lambda review: review._remind_each())
        shared.last_reminder_date = fields.Datetime.now()
        return super(TierReview, self - shared)._send_review_reminder()

    def _remind_each(self) -> bool:
        """Remind each of several reviewers; False where OCA's own way does."""
        if len(self.reviewer_ids) < 2 or not self._has_resource_model():
            return False
        document = self.env[self.model].browse(self.res_id).exists()
        if not document or "activity_ids" not in document._fields:
            return False
        for user in self.reviewer_ids:
            if document.with_user(user).has_access("read"):
                document.activity_schedule(
                    REMINDER,
                    note=self._notify_review_reminder_body(),
                    user_id=user.id,
                )
        return True

    def _close_reminders(self):
        """Remove the activities that asked for signatures no longer missing."""
        reminded = self.filtered(lambda r: r.escalated_on or r.last_reminder_date)
        for document in reminded._get_documents():
            if "activity_ids" in document._fields:
                document.activity_unlink([REMINDER])
