# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

WIDTHS = (18, 30, 30, 28, 16, 16, 14, 10, 20)
MONEY = 6


class EarningPaymentXlsx(models.AbstractModel):
    """What a bank needs to pay the chosen withdrawals, one a row, and their sum."""

    _name = "report.distributor_crm.earning_payment_xlsx"
    _description = "Payment File of Withdrawals"
    _inherit = "report.report_xlsx.abstract"

    def generate_xlsx_report(self, workbook, data, withdrawals):
        """Write the file.

        :raises AccessError: not finance
        :raises UserError: one of them is not approved
        """
        withdrawals._check_finance()
        withdrawals._check_state("approved", "paid")
        sheet = workbook.add_worksheet(self.env._("Payments")[:31])
        head = workbook.add_format({"bold": True, "bottom": 1})
        money = workbook.add_format({"num_format": "#,##0.00"})
        for column, (label, width) in enumerate(
            zip(self._get_labels(), WIDTHS, strict=True)
        ):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, label, head)
        sheet.freeze_panes(1, 0)
        row = 0
        for row, withdrawal in enumerate(withdrawals.sorted("name"), start=1):
            for column, value in enumerate(self._get_row(withdrawal)):
                if column == MONEY:
                    sheet.write_number(row, column, value, money)
                else:
                    # A text that begins like a formula stays a text.
                    sheet.write_string(row, column, value or "")
        total = sum(one._get_payout() for one in withdrawals)
        sheet.write_number(row + 1, MONEY, total, money)

    def _get_labels(self):
        return (
            self.env._("Withdrawal"),
            self.env._("Distributor"),
            self.env._("Account Holder"),
            self.env._("Account Number"),
            self.env._("Bank"),
            self.env._("Bank Code"),
            self.env._("Amount"),
            self.env._("Currency"),
            self.env._("Status"),
        )

    def _get_row(self, withdrawal):
        account = withdrawal.bank_account_id
        states = dict(withdrawal._fields["state"]._description_selection(self.env))
        return (
            withdrawal.name,
            withdrawal.partner_id.name,
            account.acc_holder_name or account.partner_id.name,
            withdrawal.account_number,
            account.bank_id.name,
            account.bank_id.bic,
            withdrawal._get_payout(),
            withdrawal.currency_id.name,
            states[withdrawal.state],
        )
