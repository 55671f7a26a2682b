# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from decimal import Decimal

from odoo import Command, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.distributor_crm.guard import lock_or_refuse


class DistributorFeePayout(models.Model):
    """Posting: expenses, their entries and the offset entry, all or nothing."""

    _inherit = "distributor.fee.payout"

    def action_post(self):
        """Pay out: make, approve and post the expenses (R084, R090, R091).

        Nothing of it is half done: what goes wrong undoes it all, and trying again
        does it once. A payee who may not be paid any more holds it all: then nothing
        is paid, and the hold stays on record.

        :return: True, or the message that it is held
        :raises AccessError: not finance, or his own fees
        :raises UserError: says what is missing
        """
        self._check_finance()
        self.check_access("read")
        # Who may pay was checked; what is paid is closed to users.
        payouts = self.sudo()
        lock_or_refuse(payouts, allow_referencing=True)
        payouts._check_state("draft")
        payouts._check_payer(self.env.user)
        if held := payouts._hold_prohibited():
            return held._tell_hold()
        for payout in payouts:
            payout = payout.with_company(payout.company_id)
            payout._check_postable()
            payout._post(self.env.user)
        return True

    def _check_payer(self, user):
        """Check that this user may pay out these.

        :raises AccessError: they are his own
        """
        if user in self.user_id | self.item_ids.user_id:
            raise AccessError(
                self.env._("Nobody pays out his own fees. Ask a colleague in finance.")
            )

    def _check_postable(self):
        """Check that it is still right to pay, and proved.

        :raises UserError: says what is missing
        """
        self._get_source()._check_may_pay_out()
        self._check_lines_stand()
        self._check_receipts()
        self._check_cash()
        self._check_advances()

    def _check_lines_stand(self):
        """A line is paid for what was signed: neither more nor less, to that payee."""
        dues = self.line_ids.statement_line_id._get_payout_dues(self)
        dues += self.line_ids.application_id._get_payout_dues(self)
        now = {due["line"]: (due["amount"], due["payee"]) for due in dues}
        for line in self.line_ids:
            signed = (Decimal(str(line.amount)), line.item_id.payee_id)
            if now.get(line.statement_line_id or line.application_id) != signed:
                raise UserError(
                    self.env._(
                        "What %(payout)s pays has changed since it was prepared. Cancel "
                        "it and prepare it anew.",
                        payout=self.name,
                    )
                )

    def _check_receipts(self):
        """Every payee has receipted what he is paid; none of them is a duplicate."""
        suspects = self.receipt_ids.filtered(lambda r: r.duplicate_state == "suspect")
        if suspects:
            raise UserError(
                self.env._(
                    "%(receipts)s looks like a receipt that was used before. Compare "
                    "them, then confirm that it is another one, or remove it.",
                    receipts=", ".join(suspects.mapped("display_name")),
                )
            )
        paid, proved = defaultdict(float), defaultdict(float)
        for payee, amount in self._get_amounts_to_prove():
            paid[payee] += amount
        for receipt in self.receipt_ids:
            proved[receipt.payee_id] += receipt.amount
        missing = {
            payee: amount
            for payee, amount in paid.items()
            if self.currency_id.compare_amounts(proved[payee], amount) < 0
        }
        if missing:
            raise UserError(
                self.env._(
                    "Receipts are missing for %(payees)s: add the invoice or receipt of "
                    "each over at least this amount, then post.",
                    payees=", ".join(
                        f"{payee.name} ({self.currency_id.format(amount)})"
                        for payee, amount in missing.items()
                    ),
                )
            )

    def _get_amounts_to_prove(self):
        """Hook: return pairs of payee and amount that receipts have to cover."""
        return [(item.payee_id, item.paid) for item in self.item_ids]

    def _check_cash(self):
        """Cash only where the policy allows it, which it does not by default (R106)."""
        self.company_id._check_fee_cash(
            self.payment_method_line_id.journal_id, fields.Date.context_today(self)
        )

    def _get_open_advances(self):
        """Return the advances whose money is to pay what this settles."""
        return self.statement_id.advance_ids.filtered(
            lambda advance: advance.state in ("approved", "issued")
        )

    def _check_advances(self):
        """The company does not pay again what the representative was lent for it."""
        advances = self._get_open_advances()
        lent = sum(
            one.outstanding if one.state == "issued" else one.amount for one in advances
        )
        by_company = self.item_ids.filtered(
            lambda item: item.payment_mode == "company_account"
        )
        left = self.amount - lent
        paid = sum(by_company.mapped("paid"))
        if advances and self.currency_id.compare_amounts(paid, max(left, 0)) > 0:
            raise UserError(
                self.env._(
                    "%(user)s was lent %(lent)s to pay this: the company pays at most "
                    "%(left)s of it. Mark the other payments as paid by the "
                    "representative, or have the money handed back first.",
                    user=self.user_id.name,
                    lent=self.currency_id.format(lent),
                    left=self.currency_id.format(max(left, 0)),
                )
            )

    # -- booking ---------------------------------------------------------------------

    def _post(self, user):
        self.ensure_one()
        today = fields.Date.context_today(self)
        paid = self.item_ids.filtered("paid")
        expenses = self.env["hr.expense"].create(
            [item._prepare_expense(today) for item in paid]
        )
        for item, expense in zip(paid, expenses, strict=True):
            item.expense_id = expense
        self._attach_receipts()
        self.write({"state": "posted", "posted_on": today, "posted_by_id": user.id})
        expenses.approval_state = "submitted"
        expenses._do_approve()
        company_paid = expenses.filtered(lambda e: e.payment_mode == "company_account")
        company_paid._create_company_paid_moves()
        company_paid.account_move_id.origin_payment_id.action_post()
        (expenses - company_paid)._post_without_wizard()
        self._post_offsets(today)
        self._recover_from_reimbursement()
        self._get_source()._mark_paid_out()

    def _attach_receipts(self):
        """Show each receipt on the expenses that it proves, where finance looks."""
        for receipt in self.receipt_ids:
            for expense in self.item_ids.filtered(
                lambda item, payee=receipt.payee_id: item.payee_id == payee
            ).expense_id:
                copy = receipt._get_attachment().copy(
                    {
                        "res_model": "hr.expense",
                        "res_id": expense.id,
                        "res_field": False,
                    }
                )
                expense._message_set_main_attachment_id(copy, force=True)

    def _post_offsets(self, day):
        """Book what is kept: from the product it is due for to the one it is taken
        back from. It moves costs between analytic accounts, and no money."""
        kept = self.item_ids.filtered("kept")
        if not kept:
            return
        account = self.company_id._get_fee_setting("fee_expense_account_id")
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.company_id._get_fee_setting("fee_journal_id").id,
                "date": day,
                "ref": self.name,
                "company_id": self.company_id.id,
                "line_ids": [
                    Command.create(
                        {
                            "name": item.display_name,
                            "account_id": account.id,
                            "partner_id": item.payee_id.id,
                            "product_id": item.product_id.id,
                            "balance": item.kept,
                            "analytic_distribution": item._get_distribution(),
                            "fee_item_id": item.id,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for item in kept
                ],
            }
        )
        move._post()
        self.offset_move_id = move

    def _recover_from_reimbursement(self):
        """Keep from what a representative is reimbursed what he has to give back."""
        expenses = self.item_ids.expense_id.filtered(
            lambda expense: expense.payment_mode == "own_account"
        )
        recoveries = self.env["distributor.fee.recovery"]._get_booked(
            self.company_id, self.user_id
        )
        if expenses and recoveries:
            expenses.account_move_id._set_fee_against(
                recoveries.move_id.line_ids, ref=self.name
            )
