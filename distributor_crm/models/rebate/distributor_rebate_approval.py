# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import UserError

from .distributor_rebate_closing import SEALED


class DistributorRebateStatement(models.Model):
    """Who decides on a statement, and what the decision does."""

    _inherit = "distributor.rebate.statement"

    @api.model
    def _get_signed_fields(self):
        # EXTENDS tier.validation. Not the distributor: two of them may be merged later.
        return (
            *super()._get_signed_fields(),
            "program_id",
            "company_id",
            "currency_id",
            "date_from",
            "date_to",
            "checksum",
            *SEALED,
        )

    def _may_ask_for_approval(self):
        # REPLACES tier.validation: asked for by submitting alone; reviews on a draft
        # would stop the program from computing it.
        return self.env.su

    def action_submit(self):
        """Ask for approval of draft statements; their figures stand from now on."""
        self._check_decider("draft")
        self._lock_decision()
        self._check_closable()
        # The right to submit was checked; the fields are closed to users.
        statements = self.sudo()
        statements._close()
        statements.request_validation()

    def action_approve(self):
        """Sign for this user; what has all signatures of the chain is approved.

        :raises UserError: names the statements that wait for somebody else
        """
        self._check_decider("draft", "submitted")
        self.filtered(lambda s: s.approval_state == "draft").action_submit()
        # The right to decide was checked; who may sign is asked per statement.
        statements = self.sudo()
        unsigned = statements._sign_turns()
        (statements - unsigned).filtered(
            lambda s: s.validation_status in ("validated", "no")
        ).approval_state = "approved"
        if unsigned:
            raise UserError(
                self.env._(
                    "It is not your turn to approve %(statements)s. Waiting for "
                    "%(reviewers)s.",
                    statements=unsigned._describe(),
                    reviewers=", ".join(unsigned.reviewer_ids.mapped("name")),
                )
            )

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
        statements._end_round("withdrawn")
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
