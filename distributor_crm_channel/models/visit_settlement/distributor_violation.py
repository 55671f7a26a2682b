# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class DistributorViolation(models.Model):
    """What a settlement of visits charges for a case, or gives back."""

    _inherit = "distributor.violation"

    def _is_chargeable(self):
        """Whether the money of a case is due and was not collected yet."""
        self.ensure_one()
        return bool(self.is_final and self.amount and not self.settled_id)

    def _get_settled_share(self, company, kind):
        """Return what a case costs in a settlement, in the company's currency.

        :param kind: "penalty" for what is charged, "refund" for what is given back
        """
        self.ensure_one()
        amount = self.settled_amount if kind == "refund" else self.amount
        currency = company.currency_id
        return currency.round(
            self.currency_id._convert(amount, currency, company, self.occurred_at)
        )
