# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.distributor_crm.guard import without_closed

# What users may still write on the expense of a fee: it proves it, or tells of it.
OPEN_PREFIXES = ("message_", "activity_", "website_message_", "rating_")
OPEN_FIELDS = {"attachment_ids", "description", "my_activity_date_deadline"}


class HrExpense(models.Model):
    """The expense of a fee: approved by the signatures on its statement alone.

    It has no life of its own: it is made, posted and taken back by its payout, and
    what it says stays as it was signed.
    """

    _inherit = "hr.expense"

    fee_item_id = fields.Many2one(
        comodel_name="distributor.fee.payout.item",
        string="Fee",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    fee_payout_id = fields.Many2one(
        related="fee_item_id.payout_id",
        string="Fee Payout",
        store=True,
        index="btree_not_null",
    )

    @api.model_create_multi
    def create(self, vals_list):
        records, vals_list = without_closed(
            self, vals_list, {"fee_item_id", "fee_payout_id"}
        )
        expenses = super(HrExpense, records).create(vals_list)
        return expenses.with_env(self.env)

    def write(self, vals):
        if not self.env.su and any(
            name not in OPEN_FIELDS and not name.startswith(OPEN_PREFIXES)
            for name in vals
        ):
            if not {"fee_item_id", "fee_payout_id"}.isdisjoint(vals):
                raise UserError(self.env._("Fees are paid by their payout alone."))
            self._refuse_for_fees()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_fee(self):
        self._refuse_for_fees()

    def _refuse_for_fees(self):
        """Refuse what is done to the expenses of fees one by one.

        :raises UserError: says where it is done
        """
        fees = self.sudo().filtered("fee_item_id")  # payouts are closed to colleagues
        if fees:
            raise UserError(
                self.env._(
                    "“%(expense)s” pays a fee that was signed as it stands. Finance "
                    "cancels payout %(payout)s to change it.",
                    expense=fees[0].name,
                    payout=fees[0].fee_payout_id.name,
                )
            )

    def action_submit(self):
        self._refuse_for_fees()
        return super().action_submit()

    def action_approve(self):
        self._refuse_for_fees()
        return super().action_approve()

    def action_refuse(self):
        self._refuse_for_fees()
        return super().action_refuse()

    def action_reset(self):
        self._refuse_for_fees()
        return super().action_reset()

    def action_post(self):
        self._refuse_for_fees()
        return super().action_post()

    def action_split_wizard(self):
        self._refuse_for_fees()
        return super().action_split_wizard()

    # -- approval --------------------------------------------------------------------

    def _get_steps(self):
        # EXTENDS distributor_crm: a fee has its signatures on its statement.
        fees = self.filtered("fee_item_id")
        steps = super(HrExpense, self - fees)._get_steps()
        return {**steps, **dict.fromkeys(fees.ids, self.env["tier.definition"])}

    def _is_unmatched_refused(self):
        # EXTENDS distributor_crm
        return not self.fee_item_id and super()._is_unmatched_refused()

    def _check_approvable(self):
        # EXTENDS distributor_crm: the gate of fees.
        self.sudo()._check_fee_gate()
        return super()._check_approvable()

    def _check_can_create_move(self):
        # EXTENDS hr_expense
        self.sudo()._check_fee_gate()
        return super()._check_can_create_move()

    def _check_fee_gate(self):
        """Nothing is approved or booked for a fee but by posting its payout.

        :raises UserError: the payout is not posted, or it says something else
        """
        for expense in self.filtered("fee_item_id"):
            item = expense.fee_item_id
            same = (
                expense.fee_payout_id.state == "posted"
                and item.expense_id == expense
                and expense.currency_id == expense.company_currency_id
                and not expense.currency_id.compare_amounts(
                    expense.total_amount, item.paid
                )
                and expense.vendor_id == item.payee_id
                and expense.payment_mode == item.payment_mode
            )
            if not same:
                expense._refuse_for_fees()

    # -- booking ---------------------------------------------------------------------

    def _prepare_move_lines_vals(self):
        # EXTENDS hr_expense
        values = super()._prepare_move_lines_vals()
        return {**values, "fee_item_id": self.fee_item_id.id}

    def _prepare_payments_vals(self):
        # EXTENDS hr_expense
        move_vals, payment_vals = super()._prepare_payments_vals()
        for _command, _id, values in move_vals["line_ids"]:
            if values.get("expense_id"):
                values["fee_item_id"] = self.fee_item_id.id
        return move_vals, payment_vals
