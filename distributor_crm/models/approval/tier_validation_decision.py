# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import AccessError, UserError

from .tier_review import OPEN


class TierValidation(models.AbstractModel):
    """Who decides now, and what a decision leaves behind."""

    _inherit = "tier.validation"

    def validate_tier(self):
        # EXTENDS base_tier_validation: who is not asked now is told why.
        self._check_turn()
        return super(TierValidation, self.sudo()).validate_tier()

    def reject_tier(self):
        # EXTENDS base_tier_validation: who is not asked now is told why.
        self._check_turn()
        return super(TierValidation, self.sudo()).reject_tier()

    def _validate_tier(self, tiers=False):
        # EXTENDS base_tier_validation: only what is this user's to sign now.
        self.ensure_one()
        self._record_decision(self._decide("_validate_tier", tiers))

    def _rejected_tier(self, tiers=False):
        # EXTENDS base_tier_validation: only what is this user's to reject now.
        self.ensure_one()
        reviews = self._decide("_rejected_tier", tiers)
        self._record_decision(reviews)
        for review in reviews:
            self._log_approval(
                self.env._("“%(step)s” was rejected.", step=review.step_name),
                review.comment,
            )

    def _sign_turns(self):
        """Give this user's signature on those documents where it is his turn.

        Many signatures take as few queries as one.

        :return: the documents that wait for somebody else
        """
        documents = self.sudo()
        signed = self.env["tier.review"].sudo()
        for document in documents:
            signed |= document._decide("_validate_tier")
        documents._record_decision(signed)
        (documents.review_ids - signed)._update_review_status()
        done = documents.browse(signed.mapped("res_id"))
        return self.filtered(
            lambda document: (
                document not in done
                and document.validation_status not in ("validated", "no")
            )
        )

    def _decide(self, method, tiers=False):
        """Let OCA's `method` decide on what is this user's turn; return these reviews."""
        document = self.sudo()
        document.review_ids._refresh_reviewers()
        reviews = document._get_turn()
        if tiers:
            reviews &= tiers.sudo()
        if reviews:
            for review in reviews:
                review.signed_for_id = review._get_principal(self.env.user)
            # OCA takes "no reviews" for all of them.
            getattr(super(TierValidation, document), method)(reviews)
        return reviews

    def _get_turn(self):
        """Return the reviews that one signature of this user covers now."""
        if self.validation_status == "rejected":
            return self.review_ids.browse()
        sequences = self._get_sequences_to_approve(self.env.user)
        reviews = self.review_ids.sorted("sequence").filtered(
            lambda review: (
                review.status in OPEN and self.env.user in review.reviewer_ids
            )
        )
        turn = reviews.filtered(lambda review: review.sequence in sequences)
        if not turn[:1].step_allow_repeat:
            return turn[:1]
        return reviews.filtered(
            lambda review: (
                review.step_allow_repeat and (review in turn or review.step_bypass)
            )
        )

    def _record_decision(self, reviews):
        """Keep the signatures; OCA's buttons then ask who is next."""
        if not reviews:
            return
        self.env["distributor.signature"]._sign(reviews)
        reviews._close_reminders()
        # One who signed is not asked again.
        (self.sudo().review_ids - reviews)._refresh_reviewers()

    def _check_turn(self):
        """Check that this user is asked for a decision now.

        :raises AccessError: he is not asked at all
        :raises UserError: another step comes first, or nothing is open
        """
        self.ensure_one()
        self.check_access("read")
        document = self.sudo()
        document.review_ids._refresh_reviewers()
        waiting = document.review_ids.filtered(lambda review: review.status in OPEN)
        if document._get_turn():
            return
        values = {
            "document": document.display_name,
            "waiting": ", ".join(filter(None, waiting[:1].mapped("todo_by"))),
            "step": waiting[:1].step_name,
        }
        if not waiting or document.validation_status == "rejected":
            raise UserError(
                self.env._("%(document)s waits for no signature.", **values)
            )
        if self.env.user in waiting.reviewer_ids:
            raise UserError(
                self.env._(
                    "It is not your turn to decide on %(document)s: “%(step)s” comes "
                    "first, and waits for %(waiting)s.",
                    **values,
                )
            )
        barred = waiting.filtered(
            lambda review: self.env.user in review._get_barred_users()
        )
        if barred:
            raise AccessError(
                self.env._(
                    "You asked for the approval of %(document)s, or signed it already: "
                    "“%(step)s” takes somebody else. It waits for %(waiting)s.",
                    **values,
                )
            )
        raise AccessError(
            self.env._(
                "You are not asked to decide on %(document)s. It waits for %(waiting)s.",
                **values,
            )
        )
