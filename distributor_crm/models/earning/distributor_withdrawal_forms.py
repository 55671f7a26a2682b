# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorWithdrawalAsk(models.TransientModel):
    """Requests a withdrawal on behalf of a distributor."""

    _name = "distributor.withdrawal.ask"
    _description = "Request a Withdrawal"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        domain=[("is_distributor", "=", True), ("parent_id", "=", False)],
    )
    available = fields.Monetary(compute="_compute_available")
    amount = fields.Monetary(
        compute="_compute_available", store=True, readonly=False, required=True
    )
    bank_account_id = fields.Many2one(
        comodel_name="res.partner.bank",
        required=True,
        compute="_compute_bank_account_id",
        store=True,
        readonly=False,
        domain="[('partner_id', 'child_of', partner_id), "
        "('allow_out_payment', '=', True)]",
    )

    @api.depends("partner_id", "company_id")
    def _compute_available(self):
        for form in self:
            partner = form.partner_id._filter_earnings_seen()
            figures = partner and partner._get_earning_figures(form.company_id)
            form.available = figures[partner.id]["available"] if partner else 0
            form.amount = max(form.available, 0)

    @api.depends("partner_id", "company_id")
    def _compute_bank_account_id(self):
        usable = self.env["distributor.withdrawal"]._is_bank_account_usable
        for form in self:
            form.bank_account_id = form.partner_id.bank_ids.filtered(
                lambda account, form=form: usable(
                    form.partner_id, account, form.company_id
                )
            )[:1]

    def action_request(self):
        """Request it, and open it.

        :raises AccessError: no distributor of this user's
        """
        self.ensure_one()
        Withdrawal = self.env["distributor.withdrawal"]
        Withdrawal._check_may_ask_for(self.partner_id)
        made = Withdrawal._request(
            self.company_id, self.partner_id, self.bank_account_id, self.amount
        )
        return made.with_env(self.env)._get_records_action()


class DistributorWithdrawalReject(models.TransientModel):
    """Asks for the reason of a rejection."""

    _name = "distributor.withdrawal.reject"
    _description = "Reject a Withdrawal"

    withdrawal_ids = fields.Many2many(
        comodel_name="distributor.withdrawal", string="Withdrawals", required=True
    )
    reason = fields.Text(required=True, help="The distributor is told.")

    def action_reject(self):
        """Reject what is open, undo what was paid; both with the reason."""
        self.ensure_one()
        paid = self.withdrawal_ids.filtered(lambda one: one.state == "paid")
        others = self.withdrawal_ids - paid
        if others:
            others._reject(self.reason)
        if paid:
            paid._return(self.reason)
        return {"type": "ir.actions.act_window_close"}
