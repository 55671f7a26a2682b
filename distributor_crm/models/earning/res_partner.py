# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

OPEN = ("requested", "approved")
ALL_EARNINGS = "distributor_crm.group_sales_manager,distributor_crm.group_finance"


class ResPartner(models.Model):
    """What a distributor earned, what he may withdraw: sums over the ledger."""

    _inherit = "res.partner"

    earning_currency_id = fields.Many2one(
        comodel_name="res.currency", compute="_compute_earning_balance"
    )
    earning_balance = fields.Monetary(
        string="Earnings to Withdraw",
        currency_field="earning_currency_id",
        compute="_compute_earning_balance",
        groups="distributor_crm.group_sales_rep,distributor_crm.group_finance",
        help="What the ledger owes the distributor, less open withdrawals.",
    )
    earning_frozen = fields.Monetary(
        string="Frozen Earnings",
        currency_field="earning_currency_id",
        compute="_compute_earning_balance",
        groups="distributor_crm.group_sales_rep,distributor_crm.group_finance",
    )
    withdrawal_count = fields.Integer(compute="_compute_withdrawal_count")

    @api.depends_context("uid", "company")
    def _compute_earning_balance(self):
        seen = self._filter_earnings_seen()
        figures = seen._get_earning_figures(self.env.company)
        for partner in self:
            own = figures.get(partner._origin.id or partner.id, {})
            partner.earning_currency_id = self.env.company.currency_id
            partner.earning_balance = own.get("available", 0)
            partner.earning_frozen = own.get("frozen", 0)

    def _filter_earnings_seen(self):
        """Return the partners whose earnings this user may know: whoever reads all
        contacts does not know what all distributors earn."""
        user = self.env.user
        if self.env.su or user.has_groups(ALL_EARNINGS):
            return self
        return self.filtered(
            lambda partner: user in (partner.user_id | partner.account_manager_id)
        )

    @api.depends_context("uid")
    def _compute_withdrawal_count(self):
        Withdrawal = self.env["distributor.withdrawal"]
        counts = (
            dict(
                Withdrawal._read_group(
                    [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
                )
            )
            if Withdrawal.has_access("read")
            else {}
        )
        for partner in self:
            partner.withdrawal_count = counts.get(partner._origin, 0)

    def _get_earning_figures(self, company):
        """Return {partner's id: what is owed, reserved, available and frozen}.

        `balance` is the sum over the ledger; nothing stores it (R015).

        :param company: of which company, in its currency
        """
        # Sums of the partners asked for: who may ask is for the caller to know.
        env = self.sudo().env
        accounts = (
            env["distributor.earning.policy"]
            .search([("company_id", "=", company.id)])
            .payable_account_id
        )
        own = [("partner_id", "in", self.ids), ("company_id", "=", company.id)]
        balances = dict(
            env["account.move.line"]._read_group(
                [
                    ("partner_id", "in", self.ids),
                    ("company_id", "=", company.id),
                    ("account_id", "in", accounts.ids),
                    ("parent_state", "=", "posted"),
                ],
                ["partner_id"],
                ["balance:sum"],
            )
        )
        reserved = dict(
            env["distributor.withdrawal"]._read_group(
                [*own, ("state", "in", OPEN)], ["partner_id"], ["amount:sum"]
            )
        )
        frozen = dict(
            env["distributor.earning"]._read_group(
                [*own, ("state", "=", "frozen")], ["partner_id"], ["amount:sum"]
            )
        )
        figures = {}
        for partner in self.sudo():
            balance = company.currency_id.round(-balances.get(partner._origin, 0))
            kept = company.currency_id.round(reserved.get(partner._origin, 0))
            figures[partner._origin.id or partner.id] = {
                "balance": balance,
                "reserved": kept,
                "available": company.currency_id.round(balance - kept),
                "frozen": company.currency_id.round(frozen.get(partner._origin, 0)),
            }
        return figures

    def action_view_earnings(self):
        """Open what these distributors earned."""
        return self.env["distributor.earning"]._get_list_action(
            [("partner_id", "in", self.ids)]
        )

    def action_view_withdrawals(self):
        """Open the withdrawals of these distributors."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm.distributor_withdrawal_action"
        )
        return {**action, "domain": [("partner_id", "in", self.ids)], "context": {}}
