# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, models


class DistributorFeePayoutItem(models.Model):
    _inherit = "distributor.fee.payout.item"

    def _get_distribution(self):
        """Return the analytic distribution: all of it on the product's account."""
        if not self.product_id:
            return False  # to win a customer, for whatever he will buy
        analytic = self.product_id._get_fee_analytic(self.company_id)
        return {str(analytic.id): 100.0}

    def _prepare_expense(self, day):
        """Return the values of the expense that pays this; it comes into being
        approved by nobody: `_check_postable` was the gate."""
        payout, company = self.payout_id, self.company_id
        return {
            "name": f"{payout._get_source().display_name}: {self.display_name}",
            "employee_id": payout.employee_id.id,
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "product_id": company._get_fee_setting("fee_product_id").id,
            "account_id": company._get_fee_setting("fee_expense_account_id").id,
            "date": day,
            "quantity": 1,
            "total_amount_currency": self.paid,
            "tax_ids": [Command.clear()],
            "analytic_distribution": self._get_distribution(),
            "payment_mode": self.payment_mode,
            "payment_method_line_id": payout.payment_method_line_id.id,
            "vendor_id": self.payee_id.id,
            "fee_item_id": self.id,
        }
