# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """Entries of fees and advances stay; they are undone where they came from."""

    _inherit = "account.move"

    fee_advance_id = fields.Many2one(
        comodel_name="distributor.fee.advance",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(vals.get("fee_advance_id") for vals in vals_list):
            raise UserError(self.env._("Advances are booked by their buttons alone."))
        return super().create(vals_list)

    def write(self, vals):
        if "fee_advance_id" in vals and not self.env.su:
            raise UserError(self.env._("Advances are booked by their buttons alone."))
        return super().write(vals)

    def button_draft(self):
        # EXTENDS account
        self._check_fee_entries()
        return super().button_draft()

    def button_cancel(self):
        # EXTENDS account
        self._check_fee_entries()
        return super().button_cancel()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        # EXTENDS account
        self._check_fee_entries()
        return super()._reverse_moves(default_values_list, cancel=cancel)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_fee_entry(self):
        self._check_fee_entries()

    def _check_fee_entries(self):
        """Keep the entries of fees and advances.

        :raises UserError: says what to do instead
        """
        if self.env.context.get("fee_payout_cancelled") and self.env.su:
            return
        # Whether they are ours does not depend on who asks.
        entries = self.sudo()
        if entries.line_ids.fee_item_id:
            raise UserError(
                self.env._(
                    "This entry pays a relationship fee and stays. Cancel the payout to "
                    "take it back."
                )
            )
        if entries.fee_advance_id:
            raise UserError(
                self.env._(
                    "This entry books an advance to a representative and stays. Clear "
                    "the advance to take it back."
                )
            )

    def _set_fee_against(self, open_items, ref, limit=None, advance=None):
        """Set what these receipts owe an employee against what he holds.

        :param open_items: journal items on the account for advances, of one employee
        :param limit: at most so much; None for all that both sides allow
        :return: the entry made, posted and reconciled on both sides; empty if nothing
            is open
        """
        open_items = open_items.filtered(
            lambda line: (
                line.account_id == line.company_id.fee_advance_account_id
                and not line.reconciled
            )
        )
        owed = self.line_ids.filtered(
            lambda line: (
                line.display_type == "payment_term"
                and not line.reconciled
                and line.amount_residual < 0
            )
        )
        company = self.company_id
        amount = min(
            -sum(owed.mapped("amount_residual")),
            sum(open_items.mapped("amount_residual")),
        )
        amount = company.currency_id.round(
            amount if limit is None else min(amount, limit)
        )
        if company.currency_id.compare_amounts(amount, 0) <= 0:
            return self.browse()
        partner = open_items.partner_id
        move = self.create(
            {
                "move_type": "entry",
                "journal_id": company._get_fee_setting("fee_journal_id").id,
                "date": fields.Date.context_today(self),
                "ref": ref,
                "company_id": company.id,
                "fee_advance_id": advance and advance.id,
                "line_ids": [
                    Command.create(
                        {
                            "name": ref,
                            "partner_id": partner.id,
                            "account_id": account.id,
                            "balance": balance,
                        }
                    )
                    for account, balance in (
                        (owed.account_id, amount),
                        (open_items.account_id, -amount),
                    )
                ],
            }
        )
        move._post()
        for account, items in (
            (owed.account_id, owed),
            (open_items.account_id, open_items),
        ):
            (
                items | move.line_ids.filtered(lambda o, a=account: o.account_id == a)
            ).reconcile()
        return move
