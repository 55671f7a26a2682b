# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class DistributorAgreementEnd(models.TransientModel):
    """Ends an agreement before its time: with the agreed notice, or for cause at once."""

    _name = "distributor.agreement.end"
    _description = "End an Agreement"

    agreement_id = fields.Many2one(
        comodel_name="distributor.agreement", required=True, readonly=True
    )
    notice_days = fields.Integer(related="agreement_id.notice_days")
    is_for_cause = fields.Boolean(
        string="Without Notice",
        help="Ends now, without the agreed notice. Say why in the reason.",
    )
    last_day = fields.Date(
        compute="_compute_last_day",
        store=True,
        readonly=False,
        precompute=True,
        help="The agreement holds through this day.",
    )
    reason = fields.Text(required=True, help="Told to the distributor.")
    store_count = fields.Integer(
        string="Stores to Close", compute="_compute_store_count"
    )

    @api.depends("agreement_id")
    def _compute_last_day(self):
        for wizard in self:
            agreement = wizard.agreement_id
            if agreement:
                day = agreement._get_today() + timedelta(days=agreement.notice_days)
                wizard.last_day = min(day, agreement.date_to)

    @api.depends("agreement_id")
    def _compute_store_count(self):
        for wizard in self:
            agreement = wizard.agreement_id
            wizard.store_count = len(
                agreement.partner_id.store_ids.filtered(
                    lambda s, a=agreement: (
                        s.state != "closed"
                        and s.mode == a.mode
                        and s.company_id == a.company_id
                    )
                )
            )

    def action_end(self):
        """End the agreement with what follows from it.

        :raises UserError: the notice is too short
        """
        self.ensure_one()
        agreement = self.agreement_id
        if self.is_for_cause:
            agreement._end(None, self.reason)
            return True
        first = agreement._get_today() + timedelta(days=agreement.notice_days)
        if not self.last_day or self.last_day < min(first, agreement.date_to):
            raise UserError(
                self.env._(
                    "%s days of notice are agreed. Choose a later day, or end it "
                    "without notice and say why.",
                    agreement.notice_days,
                )
            )
        agreement._end(self.last_day, self.reason)
        return True
