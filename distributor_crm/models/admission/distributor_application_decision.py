# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .distributor_application_flow import IN_REVIEW

DECIDERS = "distributor_crm.group_sales_manager"
REVIEWERS = "distributor_crm.group_account_manager"


class DistributorApplication(models.Model):
    """Refusing, and asking for what is missing."""

    _inherit = "distributor.application"

    def _check_reviewer(self):
        """Check that this user may act as reviewer on these applications.

        :raises AccessError: he may not write them, or is of sales only
        """
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(REVIEWERS):
            raise AccessError(self.env._("Only account managers do this."))

    def _check_manager(self):
        if not self.env.su and not self.env.user.has_group(DECIDERS):
            raise AccessError(self.env._("Only sales managers do this."))

    def _check_may_decide(self):
        """Check that this user may decide: a manager, neither introducer nor reviewer.

        :raises AccessError: he may not
        """
        self._check_manager()
        barred = self.introducer_id | self.user_id | self.verified_by_id
        if self.env.user in barred:
            raise AccessError(
                self.env._(
                    "Who introduced or reviewed an applicant does not decide on him. "
                    "Ask another sales manager."
                )
            )

    def action_ask_refuse(self):
        """Open the dialog to refuse applications."""
        return self._open_answer("refuse")

    def action_ask_missing(self):
        """Open the dialog to ask applicants for what is missing."""
        return self._open_answer("missing")

    def _open_answer(self, kind):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse")
            if kind == "refuse"
            else self.env._("Ask the Applicant"),
            "res_model": "distributor.application.answer",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_kind": kind,
                "default_application_ids": self.ids,
            },
        }

    def _refuse(self, reason, reapply_from):
        """Refuse applications and tell the applicants why.

        :param reason: told to the applicant
        :param reapply_from: the day from which he may apply again; False for never
        """
        self._check_reviewer()
        self._check_state(*IN_REVIEW, "agreement", "waiting")
        if not (reason or "").strip():
            raise UserError(self.env._("A refusal needs a reason."))
        if any(a.state == "signed" for a in self.agreement_ids):
            raise UserError(
                self.env._("The agreement is signed. End the agreement instead.")
            )
        self._end(
            {
                "state": "refused",
                "refuse_reason": reason,
                "reapply_from": reapply_from,
            }
        )
        self._mail("refused")

    def _ask_for(self, text):
        """Ask applicants for what is missing; they answer on their page.

        :param text: what is missing, as the applicant reads it
        """
        self._check_reviewer()
        self._check_state("submitted", "verified", "negotiation", "agreement")
        if not (text or "").strip():
            raise UserError(self.env._("Say what is missing."))
        # What was asked is on record as asked; nobody edits it afterwards.
        self.sudo().with_context(skip_validation_check=True).write(
            {
                "missing": text,
                "missing_asked_on": fields.Datetime.now(),
                "answered_on": False,
            }
        )
        self._mail("missing")

    def _answer_missing(self):
        """Record that the applicant has added what was missing, and tell the reviewer."""
        # The applicant has no rights of his own; his link was checked.
        for application in self.sudo().with_context(skip_validation_check=True):
            if not application.missing or application.answered_on:
                continue
            application.answered_on = fields.Datetime.now()
            application.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=application.env._("The applicant added what was missing"),
                user_id=application._get_responsible().id,
            )
