# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a claim is, in statements and in applications."""

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain


class DistributorFeeStatementLine(models.Model):
    _inherit = "distributor.fee.statement.line"

    @api.depends("payable")
    def _compute_purpose_hint(self):
        return super()._compute_purpose_hint()

    def _get_claim(self):
        # Later collections of a month's sales are no claim of their own.
        return self.statement_id._name, self.user_id.id

    def _get_claim_month(self):
        return self.origin_month.replace(day=1)

    @api.model
    def _get_claim_domain(self, months):
        return Domain("origin_month", "in", months)


class DistributorFeeApplication(models.Model):
    _inherit = "distributor.fee.application"

    @api.depends("amount")
    def _compute_purpose_hint(self):
        return super()._compute_purpose_hint()

    def _get_claim_month(self):
        return self._get_policy_day().replace(day=1)

    @api.model
    def _get_claim_domain(self, months):
        # A day more on both sides: it is counted by the clock of whoever asks.
        day = relativedelta(days=1)
        return Domain("submitted_on", ">=", months[0] - day) & Domain(
            "submitted_on", "<", fields.Date.add(months[-1], months=1) + day
        )
