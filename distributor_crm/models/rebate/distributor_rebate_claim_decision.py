# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import AccessError, UserError

DECIDERS = "distributor_crm.group_sales_manager"


class DistributorRebateClaim(models.Model):
    """Who decides on a claim, and what the decision does."""

    _inherit = "distributor.rebate.claim"

    def action_submit(self):
        """Ask for a decision; from now on what is claimed stands."""
        self.check_access("write")
        self._check_state("draft")
        self._check_submittable()
        # The status is closed to users; who may submit was checked.
        self.sudo().state = "submitted"

    def _check_submittable(self):
        """Check that there is something to decide on.

        :raises UserError: says what is missing
        """
        empty = self.filtered(lambda claim: not claim.amount)
        if empty:
            raise UserError(
                self.env._(
                    "%s claims nothing. Enter a quantity and an amount per unit.",
                    ", ".join(empty.mapped("name")),
                )
            )
        bare = self.filtered(
            lambda claim: (
                claim.program_id.claim_evidence and not claim.message_attachment_count
            )
        )
        if bare:
            raise UserError(
                self.env._(
                    "%s lacks its evidence. Attach a photo or the count sheet to the "
                    "claim, then submit it.",
                    ", ".join(bare.mapped("name")),
                )
            )

    def action_approve(self):
        """Approve: the claim counts in its program from now on.

        :raises AccessError: the user may not, or entered the claim himself
        """
        self._check_decider()
        self._check_state("submitted")
        if self.env.user in self.user_id | self.editor_id:
            raise AccessError(
                self.env._("Nobody approves his own claim. Ask another sales manager.")
            )
        self._decide("approved")
        self.env["distributor.rebate.change"]._note(self.partner_id)

    def action_refuse(self):
        """Refuse: the claim stays on record and counts nothing."""
        self._check_decider()
        self._check_state("submitted")
        self._decide("refused")

    def action_reset_to_draft(self):
        """Take claims back to be corrected or left; what was approved counts no more.

        Where a statement was settled on it, the next one takes the difference off.
        """
        self.check_access("write")
        self._check_state("submitted", "approved", "refused")
        decided = self.filtered(lambda claim: claim.state != "submitted")
        if decided:
            self._check_decider()
        approved = self.filtered(lambda claim: claim.state == "approved")
        # The status is closed to users; who may take it back was checked.
        self.sudo().write(
            {"state": "draft", "decided_by_id": False, "decided_at": False}
        )
        self.env["distributor.rebate.change"]._note(approved.partner_id)

    def _check_decider(self):
        self.check_access("write")
        if not self.env.user.has_group(DECIDERS):
            raise AccessError(self.env._("Only sales managers decide on claims."))

    def _decide(self, state):
        # The decision was checked; its fields are closed to users.
        self.sudo().write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
            }
        )

    def action_view_statements(self):
        """Open the statements in which these claims count."""
        lines = self.env["distributor.rebate.line"].search(
            [("claim_id", "in", self.ids)]
        )
        return lines.statement_id._get_records_action(
            name=self.env._("Rebate Statements")
        )
