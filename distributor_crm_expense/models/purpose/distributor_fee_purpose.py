# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class DistributorFeePurpose(models.Model):
    """What the terms of a purpose ask for before a fee is paid (R083, R115, R135)."""

    _inherit = "distributor.fee.purpose"

    def _get_costs(self, amount) -> float:
        """Return the costs that are to be proved so that our share is this amount."""
        return 100 * amount / (self.company_share or 100)

    def _describe_terms(self, amount, currency):
        """Return what has to be brought before an amount is paid, empty for nothing."""
        self.ensure_one()
        parts = []
        if self.company_share < 100:
            parts.append(
                self.env._(
                    "We bear %(share)g %% of “%(purpose)s”: before %(amount)s are paid, "
                    "receipts over %(costs)s are needed.",
                    share=self.company_share,
                    purpose=self.name,
                    amount=currency.format(amount),
                    costs=currency.format(self._get_costs(amount)),
                )
            )
        if self.needs_evidence:
            parts.append(
                self.env._(
                    "“%s” needs evidence before it is paid: photos, sign-in sheets or "
                    "the like.",
                    self.name,
                )
            )
        return " ".join(parts)
