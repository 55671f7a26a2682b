# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.distributor_crm.guard import lock_or_refuse


class DistributorFeeClearing(models.TransientModel):
    """Clears an advance: receipts, money handed back, and what he laid out on top.

    Receipts count when the payout that holds them is posted. What they exceed the
    advance by stays owed to the representative and is reimbursed as any expense.
    """

    _name = "distributor.fee.clearing"
    _description = "Clear an Advance"

    advance_id = fields.Many2one(
        comodel_name="distributor.fee.advance", required=True, readonly=True
    )
    company_id = fields.Many2one(related="advance_id.company_id")
    currency_id = fields.Many2one(related="advance_id.currency_id")
    outstanding = fields.Monetary(related="advance_id.outstanding")
    receipted = fields.Monetary(
        string="Receipts",
        compute="_compute_receipted",
        help="Posted fees of this statement that he laid out and that nobody reimbursed "
        "yet.",
    )
    applied = fields.Monetary(
        string="Set Against the Advance", compute="_compute_applied"
    )
    extra = fields.Monetary(
        string="Laid Out on Top",
        compute="_compute_applied",
        help="Stays owed to the representative, and is reimbursed.",
    )
    returned = fields.Monetary(string="Money Handed Back")
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Into",
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        domain="[('type', 'in', ('bank', 'cash')), ('company_id', '=', company_id)]",
    )
    left = fields.Monetary(string="Still Outstanding", compute="_compute_applied")

    @api.depends("advance_id")
    def _compute_receipted(self):
        for clearing in self:
            owed = clearing._get_receipts().line_ids.filtered(
                lambda line: line.display_type == "payment_term" and not line.reconciled
            )
            clearing.receipted = -sum(owed.mapped("amount_residual"))

    @api.depends("receipted", "outstanding", "returned")
    def _compute_applied(self):
        for clearing in self:
            clearing.applied = min(clearing.receipted, clearing.outstanding)
            clearing.extra = clearing.receipted - clearing.applied
            clearing.left = clearing.outstanding - clearing.applied - clearing.returned

    @api.depends("company_id")
    def _compute_journal_id(self):
        for clearing in self:
            clearing.journal_id = clearing.company_id.fee_payment_journal_id

    def _get_receipts(self):
        """Return the entries that owe him the posted fees of this statement."""
        expenses = self.env["hr.expense"].search(
            Domain("fee_payout_id.statement_id", "=", self.advance_id.statement_id.id)
            & Domain("fee_payout_id.state", "=", "posted")
            & Domain("payment_mode", "=", "own_account")
            & Domain("employee_id.user_id", "=", self.advance_id.user_id.id)
        )
        return expenses.account_move_id

    def action_clear(self):
        """Book it: receipts first, then the money handed back.

        :raises UserError: nothing to clear, or more is handed back than is left
        """
        self.ensure_one()
        self.advance_id._check_finance()
        self.advance_id._check_state("issued")
        clearing = self.sudo()  # who may clear was checked; entries are closed
        advance = clearing.advance_id.with_company(clearing.company_id)
        lock_or_refuse(advance, allow_referencing=True)
        compare = clearing.currency_id.compare_amounts
        if compare(clearing.returned, 0) < 0 or compare(clearing.left, 0) < 0:
            raise UserError(
                self.env._(
                    "At most %s can be handed back: the rest is cleared by receipts.",
                    clearing.currency_id.format(
                        clearing.outstanding - clearing.applied
                    ),
                )
            )
        if not clearing.applied and not clearing.returned:
            raise UserError(
                self.env._(
                    "There is nothing to clear it with. Post the payout with his "
                    "receipts, or enter the money that he hands back."
                )
            )
        if clearing.applied:
            clearing._get_receipts()._set_fee_against(
                advance._get_open_items(), ref=advance.name, advance=advance
            )
        if clearing.returned:
            clearing._take_back(advance)
        advance._note_cleared()
        return {"type": "ir.actions.act_window_close"}

    def _take_back(self, advance):
        payment = (
            self.env["account.payment"]
            .with_company(self.company_id)
            .with_context(force_payment_move=True)
            .create(
                {
                    **advance._prepare_payment(fields.Date.context_today(self)),
                    "payment_type": "inbound",
                    "amount": self.returned,
                    "journal_id": self.journal_id.id,
                }
            )
        )
        payment.action_post()
        payment.move_id.fee_advance_id = advance
        account = self.company_id.fee_advance_account_id
        (
            advance._get_open_items()
            | payment.move_id.line_ids.filtered(lambda line: line.account_id == account)
        ).reconcile()
