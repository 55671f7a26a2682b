# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError


class DistributorRebateStatement(models.Model):
    """Who decides on a statement, and what the decision does."""

    _inherit = "distributor.rebate.statement"

    def action_submit(self):
        """Ask for approval of draft statements; their figures stand from now on."""
        self._check_decider("draft")
        self._lock_decision()
        self._check_closable()
        # The right to submit was checked; the fields are closed to users.
        statements = self.sudo()
        statements._close()
        statements.request_validation()
        # The new reviews hang on a plain number: no cache knows of them yet.
        statements.invalidate_recordset(["review_ids", "need_validation"])

    def action_approve(self):
        """Sign for this user; what has all signatures of the chain is approved.

        :raises UserError: names the statements that wait for somebody else
        """
        self._check_decider("draft", "submitted")
        self.filtered(lambda s: s.approval_state == "draft").action_submit()
        # The right to decide was checked; who may sign is asked per statement.
        unsigned = self.sudo().filtered(lambda statement: not statement._sign())
        if unsigned:
            raise UserError(
                self.env._(
                    "It is not your turn to approve %(statements)s. Waiting for "
                    "%(reviewers)s.",
                    statements=unsigned._describe(),
                    reviewers=", ".join(unsigned.reviewer_ids.mapped("name")),
                )
            )

    def _sign(self) -> bool:
        """Give this user's signature, and approve when it was the last one.

        Returns False when he is not asked now.
        """
        self.ensure_one()
        mine = self._get_sequences_to_approve(self.env.user)
        reviews = self.review_ids.filtered(lambda review: review.sequence in mine)
        if self.review_ids and not reviews:
            return False
        if reviews:
            self._validate_tier(reviews)
        if self.validation_status in ("validated", "no"):
            self.approval_state = "approved"
        return True

    def action_reject(self):
        """Send statements back to draft, where the next run brings them up to date."""
        self._check_decider("submitted", "approved")
        # A credit note in draft counts too: it could be posted with old figures.
        if any(statement._get_standing() for statement in self):
            raise UserError(
                self.env._(
                    "A posted statement is not taken back. Reverse or cancel its "
                    "credit note first."
                )
            )
        self._lock_decision()
        self._check_last()
        # The right to reject was checked; reviews and fields are closed to users.
        statements = self.sudo().with_context(skip_validation_check=True)
        statements.review_ids.unlink()
        statements._reopen()

    def _check_decider(self, *states):
        """Check that this user decides on statements, and that they are in `states`.

        :raises AccessError: not a sales manager or finance
        :raises UserError: names the statements in another state
        """
        self.check_access("write")
        wrong = self.filtered(lambda s: s.approval_state not in states)
        if wrong:
            raise UserError(
                self.env._(
                    "This does not apply to %(statements)s. Check the status.",
                    statements=wrong._describe(),
                )
            )
