# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class TierReview(models.Model):
    _inherit = "tier.review"

    def _get_reviewers(self):
        # EXTENDS base_tier_validation: who holds a group through a higher role
        # (the channel administrator is a sales manager too) reviews as well.
        reviewers = super()._get_reviewers() | self.reviewer_group_id.all_user_ids
        if self.definition_id.exclude_requester:
            reviewers -= self.requested_by
        return reviewers
