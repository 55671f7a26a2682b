# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

from odoo.addons.base.models.res_users import check_identity
from odoo.addons.distributor_crm.guard import lock_or_refuse


class DistributorFeeStatement(models.Model):
    """Submitted by the representative, signed by clerk, manager and finance (R095-R097).

    Who may act is checked first; what the buttons set is closed to users, so it is
    then written with superuser rights.
    """

    _inherit = "distributor.fee.statement"

    # -- submitting ------------------------------------------------------------------

    def action_submit(self):
        """Hand these in: from now on the figures and explanations stand.

        :raises UserError: says what is missing, or that it is too late
        """
        self.check_access("read")
        if self.user_id - self.env.user:
            raise AccessError(
                self.env._(
                    "A statement is submitted by its representative; a sales manager "
                    "submits what is late, with the reason."
                )
            )
        late = self.filtered("is_late")
        if late:
            raise UserError(
                self.env._(
                    "%(statement)s was to be submitted by %(day)s. Ask a sales manager "
                    "to submit it, with the reason.",
                    statement=late[0].display_name,
                    day=format_date(self.env, late[0].submit_deadline),
                )
            )
        self._submit()

    def _submit_late(self, reason):
        """Submit what its representative did not, for him (R092).

        :param reason: required
        """
        self._check_manager()
        if self.env.user in self.user_id:
            raise AccessError(
                self.env._("Another sales manager submits what you did not in time.")
            )
        self._submit(late_reason=self._clean_reason(reason))

    def _submit(self, **values):
        self._check_state("draft")
        self._check_complete()
        self._check_not_over()
        own = self.sudo()
        own.write(
            {
                "state": "submitted",
                "submitted_on": fields.Datetime.now(),
                "submitted_by_id": self.env.uid,
                **values,
            }
        )
        own.activity_unlink(["mail.mail_activity_data_todo"])
        self.request_validation()

    def _check_complete(self):
        """Check that each amount says to whom it goes, for what and on what occasion.

        :raises UserError: names the first that does not
        """
        for statement in self:
            if not statement.built_on:
                raise UserError(
                    self.env._("%s has no figures yet.", statement.display_name)
                )
            for line in statement.line_ids.filtered(lambda one: one.payable > 0):
                if not (line.payee_id and line.purpose_id and line.occasion):
                    raise UserError(
                        self.env._(
                            "%(statement)s: say to whom, for what purpose and on what "
                            "occasion the fee for %(line)s is paid.",
                            statement=statement.display_name,
                            line=line.display_name,
                        )
                    )
            statement.line_ids.filtered(lambda one: one.payable > 0)._check_payee()

    def _check_not_over(self):
        today = fields.Date.context_today(self)
        over = self.filtered(lambda one: one.check_deadline < today)
        if over:
            raise UserError(
                self.env._(
                    "%(statement)s had to be signed by %(day)s: it is void. Finance can "
                    "reopen it, with the reason.",
                    statement=over[0].display_name,
                    day=format_date(self.env, over[0].check_deadline),
                )
            )

    def action_take_back(self):
        """Go back to draft before all have signed; their signatures are void."""
        self.check_access("read")
        self._check_state("submitted")
        mine = self.user_id <= self.env.user
        if not (mine or all(one.can_review for one in self)):
            raise AccessError(
                self.env._(
                    "The representative takes it back, or whoever is to sign it next "
                    "returns it."
                )
            )
        own = self.sudo().with_context(skip_validation_check=True)
        own._end_round("withdrawn")
        own.state = "draft"
        own._ask_to_submit()

    # -- signing ---------------------------------------------------------------------

    @check_identity
    def action_sign(self):
        """Sign these, after the password was entered: three do, one after the other."""
        return self._sign("password")

    def validate_tier(self):
        # EXTENDS tier.validation: a signature here takes the password.
        return self.action_sign()

    def _sign(self, confirmed_by, drawing=False):
        """Give this user's signature.

        :param confirmed_by: how he showed that it is him
        :raises UserError: names what waits for somebody else
        """
        self.check_access("read")
        self._check_state("submitted")
        self._check_not_over()
        own = self.sudo()
        unsigned = own._sign_turns()
        signed = own - unsigned
        signed._get_round_signatures().filtered(
            lambda one: one.user_id == self.env.user and not one.confirmed_by
        ).write({"confirmed_by": confirmed_by, "drawing": drawing})
        done = signed.filtered(lambda one: one.validation_status == "validated")
        if done:
            done = done.with_context(skip_validation_check=True)
            done.state = "signed"
            done._keep_original()
        if unsigned:
            raise UserError(
                self.env._(
                    "It is not your turn to sign %(statements)s. Waiting for "
                    "%(reviewers)s.",
                    statements=", ".join(unsigned[:5].mapped("display_name")),
                    reviewers=", ".join(unsigned.reviewer_ids.mapped("name")) or "–",
                )
            )

    # -- ends and new beginnings -----------------------------------------------------

    def _void(self, reason):
        """Make these invalid: nothing is paid on them (R097)."""
        own = self.sudo().with_context(skip_validation_check=True)
        own._end_round("cancelled")
        own.write({"state": "void", "void_reason": reason})
        own.activity_unlink(["mail.mail_activity_data_todo"])
        for statement in own:
            statement.message_post(
                body=self.env._("Void: %s", reason),
                partner_ids=statement.user_id.partner_id.ids,
            )

    def _void_by_hand(self, reason):
        """Void what finance finds invalid, before anything is paid on it."""
        self._check_finance()
        self._check_state("draft", "submitted", "signed")
        self._check_unpaid()
        self._void(self._clean_reason(reason))

    def _check_unpaid(self):
        """Hook: refuse to void what a payout holds on to."""

    def _reopen(self, reason, until):
        """Let a void statement be submitted and signed after all, until a day.

        :param until: date, not in the past
        """
        self._check_finance()
        self._check_state("void")
        if not until or until < fields.Date.context_today(self):
            raise UserError(self.env._("Choose a day from today on."))
        own = self.sudo().with_context(skip_validation_check=True)
        own.write(
            {
                "state": "draft",
                "reopen_reason": self._clean_reason(reason),
                "reopened_until": until,
                "void_reason": False,
                "submitted_on": False,
                "submitted_by_id": False,
            }
        )
        own._ask_to_submit()

    def _mark_paid(self, paid=True):
        """Say whether all of these is paid; payouts do.

        :param bool paid: False takes a payment back
        """
        own = self.sudo().with_context(skip_validation_check=True)
        own.state = "paid" if paid else "signed"

    # -- checks ----------------------------------------------------------------------

    def _check_manager(self):
        self.check_access("read")
        if not self._is_manager():
            raise AccessError(self.env._("A sales manager does this."))

    def _check_finance(self):
        self.check_access("read")
        if not self._is_finance():
            raise AccessError(self.env._("Finance does this."))

    def _check_state(self, *states):
        """Refuse what is done to statements in another status, one process at a time.

        :raises UserError: names them
        """
        # Who may was checked; the lock says nothing about it.
        lock_or_refuse(self.sudo(), allow_referencing=True)
        self.invalidate_recordset(["state"])
        labels = dict(self._fields["state"]._description_selection(self.env))
        wrong = self.filtered(lambda one: one.state not in states)
        if wrong:
            raise UserError(
                self.env._(
                    "%(statements)s: this is done in status %(states)s only.",
                    statements=", ".join(wrong[:5].mapped("display_name")),
                    states=", ".join(labels[state] for state in states),
                )
            )

    @api.model
    def _clean_reason(self, reason):
        reason = (reason or "").strip()[:500]
        if not reason:
            raise UserError(self.env._("Say why: it stays on record."))
        return reason

    # -- forms -----------------------------------------------------------------------

    def _ask_reason(self, act, title):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "distributor.fee.statement.reason",
            "view_mode": "form",
            "target": "new",
            "context": {"default_statement_ids": self.ids, "default_act": act},
        }

    def action_submit_late(self):
        return self._ask_reason("submit", self.env._("Submit Late"))

    def action_void(self):
        return self._ask_reason("void", self.env._("Void the Statement"))

    def action_reopen(self):
        return self._ask_reason("reopen", self.env._("Reopen the Statement"))
