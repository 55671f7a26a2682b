# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError


class ResUsers(models.Model):
    _inherit = "res.users"

    def _get_fee_employee(self, company):
        """Return the employee that this user is in a company, for our own code.

        :raises UserError: he is none
        """
        self.ensure_one()
        # Whoever deals with fees need not see the employees' files.
        employee = self.sudo().with_company(company).employee_id
        if not employee:
            raise UserError(
                self.env._(
                    "%(user)s is no employee of %(company)s. Ask HR to link the user to "
                    "an employee: fees and advances are booked under that name.",
                    user=self.name,
                    company=company.name,
                )
            )
        return employee
