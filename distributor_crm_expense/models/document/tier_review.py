# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from markupsafe import Markup

from odoo import models

FEE_DOCUMENTS = ("distributor.fee.statement", "distributor.fee.application")
# More than so many that come to their next step at once are told of in one message.
AT_ONCE = 5
NAMED = 20


class TierReview(models.Model):
    """Whoever signs gets one message of many documents, not many messages of one."""

    _inherit = "tier.review"

    def _update_review_status(self):
        # EXTENDS base_tier_validation
        fees = self.filtered(lambda review: review.model in FEE_DOCUMENTS)
        together = len(set(fees.mapped("res_id"))) > AT_ONCE
        reviews = self.with_context(fee_told_together=together)
        asked = fees._filter_pending()
        result = super(TierReview, reviews)._update_review_status()
        if together:
            (fees._filter_pending() - asked)._notify_together()
        return result

    def _filter_pending(self):
        return self.filtered(lambda review: review.status == "pending")

    def _notify_pending_status(self, review_ids):
        # EXTENDS base_tier_validation
        if self.env.context.get("fee_told_together") and self.model in FEE_DOCUMENTS:
            return None
        return super()._notify_pending_status(review_ids)

    def _notify_together(self):
        """Tell each person once what came to him."""
        reviews = self.filtered("definition_id.notify_on_pending")
        for users, group in reviews.grouped("reviewer_ids").items():
            for model, some in group.grouped("model").items():
                documents = self.env[model].browse(some.mapped("res_id"))
                names = documents[:NAMED].mapped("display_name")
                if len(documents) > NAMED:
                    names.append("…")
                self.env["mail.thread"].message_notify(
                    partner_ids=users.partner_id.ids,
                    subject=self.env._("%s fee documents wait for you", len(documents)),
                    body=Markup("<p>%s</p><ul>%s</ul>")
                    % (
                        self.env._("They wait for your signature:"),
                        Markup().join(Markup("<li>%s</li>") % name for name in names),
                    ),
                )
