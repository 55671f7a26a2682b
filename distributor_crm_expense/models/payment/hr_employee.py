# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain


class HrEmployee(models.Model):
    """What a representative holds of the company's money, by the ledger."""

    _inherit = "hr.employee"

    def _get_fee_contact(self):
        """Return the partner under whom the ledger keeps this person.

        :raises UserError: the employee has none
        """
        self.ensure_one()
        contact = self.work_contact_id
        if not contact:
            raise UserError(
                self.env._(
                    "%s has no work contact, under whom advances are booked. Ask HR to "
                    "enter one on the employee's form.",
                    self.name,
                )
            )
        return contact

    def _get_fee_open_items(self, company):
        """Return the journal items of what these hold and have not cleared."""
        account = company.fee_advance_account_id
        if not account:
            return self.env["account.move.line"]
        return self.env["account.move.line"].search(
            Domain("account_id", "=", account.id)
            & Domain("partner_id", "in", self.work_contact_id.ids)
            & Domain("company_id", "=", company.id)
            & Domain("parent_state", "=", "posted")
            & Domain("reconciled", "=", False),
            order="date, id",
        )

    def _get_fee_outstanding(self, company):
        """Return {employee id: issued less cleared} in the company's currency."""
        account = company.fee_advance_account_id
        sums = dict(
            self.env["account.move.line"]._read_group(
                Domain("account_id", "=", account.id)
                & Domain("partner_id", "in", self.work_contact_id.ids)
                & Domain("company_id", "=", company.id)
                & Domain("parent_state", "=", "posted"),
                ["partner_id"],
                ["balance:sum"],
            )
        )
        return {
            employee.id: company.currency_id.round(
                sums.get(employee.work_contact_id, 0)
            )
            for employee in self
        }
