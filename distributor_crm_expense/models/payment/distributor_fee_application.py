# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError


class DistributorFeeApplication(models.Model):
    """A special fee is paid like any other, after the customer's first payment (R104)."""

    _inherit = "distributor.fee.application"

    payout_ids = fields.One2many(
        comodel_name="distributor.fee.payout",
        inverse_name="application_id",
        string="Payouts",
        readonly=True,
    )
    # Whoever signs it opens it; what was paid on it need not be his to see.
    payout_count = fields.Integer(compute="_compute_payout_count", compute_sudo=True)

    @api.depends("payout_ids")
    def _compute_payout_count(self):
        for application in self:
            application.payout_count = len(application.payout_ids)

    def _check_may_pay_out(self):
        """Check that these are approved, unchanged since, and their customer has paid.

        :raises UserError: says what is missing
        """
        result = super()._check_may_pay_out()
        for application in self:
            if application.state != "signed":
                raise UserError(
                    self.env._(
                        "%s is not signed by all, or paid already.",
                        application.display_name,
                    )
                )
        self._check_collected()
        self._check_signatures_stand()
        return result

    def _get_payout_dues(self, payout=None):
        return [
            {
                "payee": application.payee_id or application.partner_id,
                "user": application.user_id,
                "partner": application.partner_id,
                "product": self.env["product.product"],
                "purpose": application.purpose_id,
                "amount": Decimal(str(application.amount)),
                "line": application,
                "settles": "application_id",
            }
            for application in self
            if application.compliance_state in ("not_needed", "cleared")
            and not application.payout_ids.filtered(
                lambda own, keep=payout: own.state != "cancelled" and own != keep
            )
        ]

    def _is_all_settled(self) -> bool:
        """Whether nothing of it still waits: an application is paid as a whole."""
        return False

    def _mark_paid_out(self):
        self._mark_paid()

    def _check_unpaid(self):
        # EXTENDS distributor.fee.document: what is about to be paid is not voided.
        result = super()._check_unpaid()
        held = self.sudo().filtered(  # whoever voids need not see payouts
            lambda one: one.payout_ids.filtered(lambda own: own.state != "cancelled")
        )
        if held:
            raise UserError(
                self.env._(
                    "%s is being paid. Cancel the payout first.", held[0].display_name
                )
            )
        return result
