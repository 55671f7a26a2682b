# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError

from .distributor_application import OVER

# In these states a reviewer has the application in hand.
IN_REVIEW = ("submitted", "verified", "negotiation")


class DistributorApplication(models.Model):
    """The way of an application from draft to negotiation (R024–R027)."""

    _inherit = "distributor.application"

    # -- submission ------------------------------------------------------------------

    def action_submit(self):
        """Submit applications that were entered by hand.

        :raises UserError: says what is missing, or that the campaign takes none
        """
        self.check_access("write")
        self._submit()

    def _submit(self):
        """Submit drafts: take a place or queue, screen, assign a reviewer, confirm.

        :raises UserError: says what is missing, or that the campaign takes none
        """
        self._check_state("draft")
        for application in self:
            missing = application._get_missing()
            if missing:
                raise UserError(
                    self.env._(
                        "%(application)s is not complete. Still missing: %(missing)s.",
                        application=application.display_name,
                        missing=", ".join(missing),
                    )
                )
            application._check_campaign_open()
        self._screen()
        # States are set by buttons alone; who may submit was checked by the caller.
        for application in self.sudo():
            application._enter_review()

    def _check_campaign_open(self):
        # Applicants and sales need not be able to read every campaign.
        campaign = self.campaign_id.sudo()
        today = fields.Date.context_today(self)
        if campaign.state != "open" or (campaign.date_to and campaign.date_to < today):
            raise UserError(self.env._("%s takes no more applications.", campaign.name))
        if campaign.is_full and campaign.when_full == "close":
            raise UserError(self.env._("%s has no more places.", campaign.name))

    def _enter_review(self):
        campaign = self.campaign_id
        now = fields.Datetime.now()
        values = {"submitted_on": now, "accepted_on": now}
        has_place = campaign.quota_basis == "applied" and campaign._take_place()
        queued = campaign.is_full and not has_place
        if queued:
            values |= {
                "state": "waiting",
                "waiting_since": now,
                "waiting_from": "submitted",
            }
        else:
            values |= {"state": "submitted", "has_place": has_place}
        self.write(values)
        self._assign_reviewer()
        self._mail("waiting" if queued else "received")
        self._warn_of_duplicates()

    def _get_missing(self):
        """Return the labels of what an applicant has yet to say before submitting."""
        campaign = self.campaign_id.sudo()  # applicants may not read it themselves
        wanted = ["phone", "age_band", "occupation", "source", "ability", "mode"]
        if self.is_company:
            wanted = ["phone", "contact_name", "source", "ability", "mode"]
        labels = [
            self._fields[name]._description_string(self.env)
            for name in wanted
            if not self[name]
        ]
        # Whether there is a number is asked, not which.
        if not self.sudo().id_number:
            labels.append(self.env._("ID or licence number"))
        if campaign.requires_shop and not self.shop_ids:
            labels.append(self.env._("Your on-line shop"))
        if campaign.requires_document and not self.document_ids:
            labels.append(self.env._("ID document or business licence"))
        if not self.accepts_policy:
            labels.append(self.env._("Acceptance of the policy"))
        return labels

    # -- review ----------------------------------------------------------------------

    def action_verify(self):
        """State that information and ability were checked; the facts are frozen (R027).

        :raises UserError: says what has to be done first, or that another must do it
        """
        self._check_reviewer()
        self._check_state("submitted")
        for application in self:
            application._check_verifiable()
        # States are set by buttons alone; who may verify was checked.
        self.sudo().write(
            {
                "state": "verified",
                "verified_on": fields.Datetime.now(),
                "verified_by_id": self.env.uid,
                "missing": False,
            }
        )
        self.sudo().activity_feedback(["mail.mail_activity_data_todo"])

    def _check_verifiable(self):
        if self.env.user in self.introducer_id:
            raise UserError(
                self.env._(
                    "Who introduced an applicant does not verify him. Ask another "
                    "reviewer."
                )
            )
        spoken = self.contact_ids.filtered(
            lambda contact: contact.outcome in ("spoken", "verified")
        )
        if self.campaign_id.requires_contact and not spoken:
            raise UserError(
                self.env._(
                    "Nobody has spoken with %s yet. Record the call or visit under "
                    "Contacts.",
                    self.display_name,
                )
            )
        if not self.check_ids:
            raise UserError(
                self.env._(
                    "The campaign of %s has no criteria to judge by.", self.display_name
                )
            )
        self._check_no_duplicate_left()
        open_checks = self._get_open_knockouts()
        unknown = open_checks.filtered(lambda check: check.result == "unknown")
        if unknown:
            raise UserError(
                self.env._(
                    "Not known yet: %s. Ask the applicant, or enter what you found.",
                    ", ".join(unknown.mapped("name")),
                )
            )
        final = open_checks.filtered(lambda check: not check.is_waivable)
        if final:
            raise UserError(
                self.env._(
                    "Missed, and not to be waived: %s. Refuse the application.",
                    ", ".join(final.mapped("name")),
                )
            )

    def action_negotiate(self):
        """Begin to negotiate the agreement; the applicant is told."""
        self._check_reviewer()
        self._check_state("verified")
        # States are set by buttons alone; the right to write was checked.
        self.sudo().state = "negotiation"
        self._mail("negotiation")

    def action_back_to_screening(self):
        """Take verified applications back: the facts may change again."""
        self._check_reviewer()
        self._check_state("verified", "negotiation")
        # States are set by buttons alone; the right to write was checked.
        applications = self.sudo().with_context(skip_validation_check=True)
        applications._end_round("withdrawn")
        applications.write(
            {"state": "submitted", "verified_on": False, "verified_by_id": False}
        )

    # -- waiting list ----------------------------------------------------------------

    def action_wait(self):
        """Put applications on the waiting list of their campaign."""
        self._check_reviewer()
        self._check_state(*IN_REVIEW)
        self._put_on_waiting_list()

    def _put_on_waiting_list(self):
        # States are set by buttons alone; the caller checked who may.
        for application in self.sudo().with_context(skip_validation_check=True):
            application._end_round("withdrawn")
            application.write(
                {
                    "waiting_from": application.state,
                    "state": "waiting",
                    "waiting_since": fields.Datetime.now(),
                }
            )
        self._mail("waiting")

    def action_leave_waiting_list(self):
        """Take applications off the waiting list, back to where they were."""
        self._check_reviewer()
        self._check_state("waiting")
        self._leave_waiting_list()

    def _leave_waiting_list(self):
        moved = self.browse()
        # States are set by buttons alone; the caller checked who may, or a place is free.
        for application in self.sudo():
            campaign = application.campaign_id
            values = {
                "state": application.waiting_from or "submitted",
                "waiting_since": False,
            }
            if campaign.quota_basis == "applied" and not application.has_place:
                if not campaign._take_place():
                    raise UserError(self.env._("%s has no more places.", campaign.name))
                values["has_place"] = True
            application.write(values)
            moved |= application
        moved._mail("place_free")

    # -- end -------------------------------------------------------------------------

    def _end(self, values):
        """End applications, and give back the places that they held.

        :param values: the new state and what goes with it
        """
        # States are set by buttons alone; the caller checked who may.
        applications = self.sudo().with_context(skip_validation_check=True)
        for application in applications:
            # The negotiated agreement goes with the application.
            application._end_round("cancelled")
        holders = applications.filtered("has_place")
        applications.write(
            {
                **values,
                "has_place": False,
                "missing": False,
                "closed_on": fields.Datetime.now(),
            }
        )
        applications.activity_unlink(["mail.mail_activity_data_todo"])
        applications.agreement_ids.filtered(
            lambda agreement: agreement.state in ("draft", "sent")
        ).action_cancel()
        for campaign, group in holders.grouped("campaign_id").items():
            campaign._give_back_places(len(group))

    def _withdraw(self):
        """End applications at the applicant's wish; the last word is his until opened.

        :raises UserError: it is over already
        """
        self._check_state("draft", *IN_REVIEW, "agreement", "waiting")
        signed = self.sudo().agreement_ids.filtered(lambda a: a.state == "signed")
        if signed:
            raise UserError(
                self.env._("The agreement is signed already. To end it, write to us.")
            )
        drafts = self.filtered(lambda a: a.state == "draft")
        self._end({"state": "withdrawn"})
        (self - drafts)._mail("withdrawn")

    def action_withdraw(self):
        """Record that the applicants no longer want to."""
        self._check_reviewer()
        self._withdraw()

    def action_reopen(self):
        """Take up refused or withdrawn applications again.

        :raises UserError: not a sales manager, or the campaign has no place
        """
        self._check_reviewer()
        self._check_state("refused", "withdrawn")
        self._check_manager()
        # States are set by buttons alone; who may was checked.
        for application in self.sudo():
            values = {
                "state": "submitted" if application.submitted_on else "draft",
                "closed_on": False,
                "reapply_from": False,
                "verified_on": False,
                "verified_by_id": False,
            }
            campaign = application.campaign_id
            if campaign.quota_basis == "applied" and values["state"] == "submitted":
                if not campaign._take_place():
                    raise UserError(self.env._("%s has no more places.", campaign.name))
                values["has_place"] = True
            application.write(values)

    def _is_over(self):
        return self.state in OVER
