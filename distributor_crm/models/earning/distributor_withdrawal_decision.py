# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import AccessError, UserError

DECIDERS = "distributor_crm.group_sales_manager,distributor_crm.group_finance"
MAILS = {
    "approved": "distributor_crm.mail_template_withdrawal_approved",
    "paid": "distributor_crm.mail_template_withdrawal_paid",
    "rejected": "distributor_crm.mail_template_withdrawal_rejected",
}


class DistributorWithdrawal(models.Model):
    """Who decides on a withdrawal, and what the decision does."""

    _inherit = "distributor.withdrawal"

    def action_approve(self):
        """Sign for this user; what has all signatures of the chain is approved.

        :raises UserError: names the withdrawals that wait for somebody else
        """
        self._check_decider()
        self._check_state("requested")
        self._lock()
        # The right to decide was checked; who may sign is asked per withdrawal.
        withdrawals = self.sudo()
        unsigned = withdrawals._sign_turns()
        done = (withdrawals - unsigned).filtered(
            lambda one: one.validation_status in ("validated", "no")
        )
        done.with_context(skip_validation_check=True).approved_by_id = self.env.uid
        done.state = "approved"
        done._tell("approved")
        if unsigned:
            raise UserError(
                self.env._(
                    "It is not your turn to approve %(withdrawals)s. Waiting for "
                    "%(reviewers)s.",
                    withdrawals=", ".join(unsigned[:5].mapped("name")),
                    reviewers=", ".join(unsigned.reviewer_ids.mapped("name")),
                )
            )

    def action_reject(self):
        """Open the form that asks for the reason."""
        self._check_decider()
        self._check_state("requested", "approved")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reject Withdrawal"),
            "res_model": "distributor.withdrawal.reject",
            "view_mode": "form",
            "target": "new",
            "context": {"default_withdrawal_ids": self.ids},
        }

    def _reject(self, reason):
        """Reject withdrawals: the money is back at once, the distributor is told why.

        :param reason: told to the distributor, required
        """
        self._check_decider()
        self._check_state("requested", "approved")
        self._lock()
        self._end("rejected", self._clean_reason(reason))

    def _clean_reason(self, reason):
        reason = (reason or "").strip()[:2000]
        if not reason:
            raise UserError(self.env._("Say why: the distributor is told."))
        return reason

    def _end(self, state, reason=False):
        # Who may end it was checked; reviews and fields are closed to users.
        withdrawals = self.sudo().with_context(skip_validation_check=True)
        withdrawals._end_round("cancelled" if state == "cancelled" else "withdrawn")
        withdrawals.write({"state": state, "reject_reason": reason})
        withdrawals._tell(state)

    def action_cancel(self):
        """Cancel requests that nobody approved yet; the owner does so on the portal.

        :raises AccessError: neither who requested it, nor finance
        """
        self.check_access("read")
        if not self.env.user.has_group("distributor_crm.group_finance") and any(
            one.user_id != self.env.user for one in self
        ):
            raise AccessError(
                self.env._("Whoever requested a withdrawal cancels it, or finance.")
            )
        self._cancel()

    def _cancel(self):
        """Cancel requests; the caller checked whose they are."""
        self._check_state("requested")
        self._lock()
        self._end("cancelled")

    def _check_decider(self):
        self.check_access("read")
        if not self.env.user.has_groups(DECIDERS):
            raise AccessError(
                self.env._("Only sales managers and finance decide on withdrawals.")
            )

    def _lock(self):
        """Keep others from deciding at the same moment.

        :raises UserError: somebody else is at it
        """
        self.sudo().lock_for_update()  # who may decide was checked

    def _tell(self, state):
        """Mail the result to the distributors (R034)."""
        if state not in MAILS:
            return
        template = self.env.ref(MAILS[state], raise_if_not_found=False)
        if not template:
            return
        for language, withdrawals in self.grouped(
            lambda one: one.partner_id.lang
        ).items():
            withdrawals.with_context(lang=language).message_post_with_source(
                template,
                subtype_xmlid="mail.mt_comment",
                message_type="auto_comment",
            )
