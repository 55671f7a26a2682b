# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import ValidationError


class AccountAccount(models.Model):
    _inherit = "account.account"

    def _check_rebate_accrual(self):
        """Check that accounts may hold accrued rebates.

        Their balance is what counts, so nothing is matched on them.

        :raises ValidationError: names the account and what it should be
        """
        for account in self:
            if account.account_type != "liability_current" or account.reconcile:
                raise ValidationError(
                    self.env._(
                        "Account %(account)s cannot hold accrued rebates. Choose a "
                        "current liability that does not allow reconciliation.",
                        account=account.display_name,
                    )
                )
