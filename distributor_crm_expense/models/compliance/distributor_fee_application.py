# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import UserError


class DistributorFeeApplication(models.Model):
    _inherit = "distributor.fee.application"

    _fee_amount_field = "amount"

    @api.depends("amount")
    def _compute_compliance_state(self):
        return super()._compute_compliance_state()

    def _get_involved(self):
        return super()._get_involved() | self.submitted_by_id

    def _set_compliance(self, state, note=False):
        # EXTENDS distributor.fee.payee.mixin
        result = super()._set_compliance(state, note)
        self.sudo()._close_if_nothing_left()
        return result

    def _close_if_nothing_left(self):
        # EXTENDS distributor.fee.document: what is refused after it was signed is void.
        result = super()._close_if_nothing_left()
        for application in self:
            if (
                application.state == "signed"
                and application.compliance_state == "refused"
                and "draft" not in application.payout_ids.mapped("state")
            ):
                application._void(
                    self.env._(
                        "Compliance refused the fee to %(payee)s: %(reason)s.",
                        payee=application.payee_id.name,
                        reason=application.compliance_note,
                    )
                )
        return result

    def _apply_reason(self, act, reason, until):
        # EXTENDS distributor.fee.document
        if act == "refuse":
            self.action_compliance_refuse(reason)
            return None
        return super()._apply_reason(act, reason, until)

    def _check_may_be_granted(self):
        # EXTENDS distributor.fee.document: a person gets nothing before it is agreed.
        result = super()._check_may_be_granted()
        for application in self:
            if application.compliance_state == "waiting":
                raise UserError(
                    self.env._(
                        "%s waits for the compliance reviewer. Sign it once he agreed.",
                        application.display_name,
                    )
                )
            if application.compliance_state == "refused":
                raise UserError(
                    self.env._(
                        "Compliance refused the fee to %(payee)s: %(reason)s. Return "
                        "%(what)s, so that another payee is chosen.",
                        payee=application.payee_id.name,
                        reason=application.compliance_note,
                        what=application.display_name,
                    )
                )
        return result
