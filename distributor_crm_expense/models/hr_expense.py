# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import AccessError


class HrExpense(models.Model):
    """Expenses under approval steps: nothing approves itself, refusal is a way out."""

    _inherit = "hr.expense"

    _cancel_state = "refused"
    # Who sees an expense may add the missing receipt, whatever its status.
    _mail_post_access = "read"

    @api.model
    def _get_signed_fields(self):
        # EXTENDS tier.validation. How it is booked (account, taxes, analytics) stays
        # with the accountants.
        return (
            *super()._get_signed_fields(),
            "employee_id",
            "company_id",
            "product_id",
            "date",
            "quantity",
            "currency_id",
            "total_amount_currency",
            "total_amount",
            "payment_mode",
            "vendor_id",
        )

    def _get_approval_owners(self):
        # EXTENDS tier.validation: whom the expense is paid to
        return super()._get_approval_owners() | self.employee_id.user_id

    def write(self, vals):
        # EXTENDS hr_expense, which lets an employee write that his draft is paid.
        if "state" in vals and not self.env.su:
            raise AccessError(
                self.env._(
                    "The status of an expense follows its approval and its entry. Use "
                    "the buttons."
                )
            )
        return super().write(vals)

    def _can_be_autovalidated(self):
        # EXTENDS hr_expense: an expense without an approver would approve itself,
        # past all steps.
        return super()._can_be_autovalidated() and not self.env[
            "tier.definition"
        ]._get_steps_of(self._name, self._get_company())

    def _check_allow_write_under_validation(self, vals):
        # EXTENDS hr_expense_tier_validation, which does not ask the mixin.
        return self._is_allowed_under_approval(
            vals
        ) or super()._check_allow_write_under_validation(vals)

    def _check_can_create_move(self):
        # EXTENDS hr_expense: what changed after it was signed is not paid out.
        result = super()._check_can_create_move()
        self.sudo()._check_signatures_stand()
        return result
