# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class DistributorApplication(models.Model):
    """The approval between negotiation and agreement."""

    _inherit = "distributor.application"

    _state_from = ["negotiation"]
    _state_to = ["agreement", "opened"]
    _cancel_state = "refused"

    asks_approval = fields.Boolean(
        string="In Approval", compute="_compute_asks_approval"
    )
    approver_names = fields.Char(
        string="Approved By", compute="_compute_approver_names", compute_sudo=True
    )

    @api.depends("review_ids.status", "state")
    def _compute_asks_approval(self):
        for application in self:
            application.asks_approval = bool(
                application.state == "negotiation"
                # Whoever sees the application learns that it waits for approval.
                and application.sudo().review_ids
            )

    @api.depends("review_ids.done_by")
    def _compute_approver_names(self):
        for application in self:
            signed = application.review_ids.filtered(lambda r: r.status == "approved")
            application.approver_names = ", ".join(signed.done_by.mapped("name"))

    @api.model
    def _get_signed_fields(self):
        # EXTENDS tier.validation: what the approver saw.
        return (
            *super()._get_signed_fields(),
            "campaign_id",
            "company_id",
            "name",
            "is_company",
            "email_normalized",
            "id_number_normalized",
            "mode",
            "invited_by_store_id",
            "introducer_id",
            "score",
            "screening",
        )

    def _get_approval_owners(self):
        # EXTENDS tier.validation: neither bringer nor reviewer judges (R027).
        return (
            super()._get_approval_owners()
            | self.introducer_id
            | self.user_id
            | self.verified_by_id
        )

    def _may_ask_for_approval(self):
        # REPLACES tier.validation: asked for by the button alone, which checks first.
        return self.env.su

    def action_ask_approval(self):
        """Ask for the approval of negotiated applications.

        :raises UserError: says what is missing
        """
        self._check_reviewer()
        self._check_state("negotiation")
        for application in self:
            application._check_approval_ready()
        # The right to ask was checked; reviews are closed to users.
        applications = self.sudo()
        applications.request_validation()

    def _check_approval_ready(self):
        open_checks = self._get_open_knockouts()
        if open_checks:
            raise UserError(
                self.env._(
                    "Open: %s. A sales manager waives what may be waived, or the "
                    "application is refused.",
                    ", ".join(open_checks.mapped("name")),
                )
            )
        self._check_no_duplicate_left()
        self.partner_id._check_distributor_holds("application", self.company_id)
        if not self.mode:
            raise UserError(
                self.env._("Enter the way of co-operation that was agreed on.")
            )
        if not self.campaign_id._get_agreement_template(self.mode):
            raise UserError(
                self.env._(
                    "%(campaign)s has no agreement template for %(mode)s.",
                    campaign=self.campaign_id.name,
                    mode=dict(self.campaign_id._get_modes()).get(self.mode, self.mode),
                )
            )

    def action_approve(self):
        """Sign for this user; what has all signatures goes on to the agreement.

        :raises AccessError: the user introduced or reviewed the applicant
        :raises UserError: it waits for somebody else, or the campaign is full
        """
        self.check_access("write")
        self._check_state("negotiation")
        for application in self:
            application._check_may_decide()
            application._check_approval_ready()
        # The right to decide was checked; reviews and states are closed to users.
        applications = self.sudo()
        unasked = applications.filtered("need_validation")
        if unasked:
            raise UserError(
                self.env._(
                    "The reviewer asks for the approval of %s first.",
                    ", ".join(unasked.mapped("display_name")),
                )
            )
        unsigned = applications._sign_turns()
        approved = (applications - unsigned).filtered(
            lambda a: a.validation_status in ("validated", "no")
        )
        approved._grant()
        if unsigned:
            raise UserError(
                self.env._(
                    "It is not your turn to approve %(applications)s. Waiting for "
                    "%(reviewers)s.",
                    applications=", ".join(unsigned.mapped("display_name")),
                    reviewers=", ".join(unsigned.reviewer_ids.mapped("name")),
                )
            )

    def validate_tier(self):
        # EXTENDS base_tier_validation: who brought or reviewed signs by no way, even
        # if an administrator lets requesters sign.
        for application in self:
            if self.env.user in application.sudo()._get_approval_owners():
                raise AccessError(
                    self.env._(
                        "Who introduced or reviewed an applicant does not decide on "
                        "him. Ask another sales manager."
                    )
                )
        return super().validate_tier()

    def _grant(self):
        """Go on to the agreement: place, distributor, agreement, message.

        :raises UserError: the campaign has no place left
        """
        for application in self:
            campaign = application.campaign_id
            values = {"state": "agreement", "first_answer_on": fields.Datetime.now()}
            if not application.has_place:
                if not campaign._take_place():
                    raise UserError(
                        self.env._(
                            "%s has no more places. Put the application on the waiting "
                            "list.",
                            campaign.name,
                        )
                    )
                values["has_place"] = True
            application.write(values)
            application._make_distributor()
            agreement = application._make_agreement()
            if campaign.sends_agreement:
                agreement.action_send()
        self._mail("approved")
