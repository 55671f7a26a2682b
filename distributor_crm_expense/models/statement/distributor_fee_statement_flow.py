# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date


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

    def _return_to_draft(self):
        # EXTENDS distributor.fee.document
        result = super()._return_to_draft()
        self._ask_to_submit()
        return result

    # -- ends and new beginnings -----------------------------------------------------

    def _reopen(self, reason, until):
        """Let a void statement be submitted and signed after all, until a day.

        :param until: date, not in the past
        """
        self._check_finance()
        self._check_state("void")
        if not until or until < fields.Date.context_today(self):
            raise UserError(self.env._("Choose a day from today on."))
        self._check_not_settled()
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
        own.line_ids._update_forfeited()
        own._ask_to_submit()

    def _check_not_settled(self):
        """Hook: refuse to reopen what payouts have settled already."""

    # -- forms -----------------------------------------------------------------------

    def _apply_reason(self, act, reason, until):
        # EXTENDS distributor.fee.document
        if act == "submit_late":
            self._submit_late(reason)
        elif act == "reopen":
            self._reopen(reason, until)
        else:
            return super()._apply_reason(act, reason, until)
        return None

    def action_submit_late(self):
        return self._ask_reason("submit_late", self.env._("Submit Late"))

    def action_reopen(self):
        return self._ask_reason("reopen", self.env._("Reopen the Statement"))
