# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Who decides as compliance reviewer neither signs, nor pays, what he decided on."""

from odoo import models
from odoo.exceptions import AccessError


class DistributorFeePayeeMixin(models.AbstractModel):
    _inherit = "distributor.fee.payee.mixin"

    def _get_involved(self):
        # EXTENDS: who signed the document does not review it, too.
        reviews = self._get_document().sudo().review_ids
        signed = reviews.filtered(lambda review: review.status == "approved")
        return super()._get_involved() | signed.done_by | signed.signed_for_id

    def _check_not_reviewed_by(self, user):
        """Check that this user did not decide on these as compliance reviewer.

        :raises AccessError: he did
        """
        for record in self.sudo():  # who decided is judged by, whoever asks
            if user == record.compliance_user_id:
                raise AccessError(
                    self.env._(
                        "You decided on %s as compliance reviewer. Somebody else has to "
                        "sign and to pay it.",
                        record.display_name,
                    )
                )


class DistributorFeeDocument(models.AbstractModel):
    _inherit = "distributor.fee.document"

    def _check_may_be_signed(self):
        # EXTENDS distributor.fee.document
        result = super()._check_may_be_signed()
        self.sudo()._get_fees()._check_not_reviewed_by(self.env.user)
        return result


class DistributorFeePayout(models.Model):
    _inherit = "distributor.fee.payout"

    def _check_payer(self, user):
        # EXTENDS distributor.fee.payout
        result = super()._check_payer(user)
        self.line_ids.statement_line_id._check_not_reviewed_by(user)
        self.line_ids.application_id._check_not_reviewed_by(user)
        return result


class DistributorFeeCheckLine(models.Model):
    _inherit = "distributor.fee.check.line"

    def _check_checker(self):
        # EXTENDS: who paid does not ask whether it arrived (R109).
        result = super()._check_checker()
        payouts = self.sudo().check_id.statement_id.payout_ids  # whoever checks
        if self.env.user in payouts.posted_by_id:
            raise AccessError(
                self.env._("You paid this out. Another sales manager checks it.")
            )
        return result
