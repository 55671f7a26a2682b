# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError


class DistributorTerritoryFiling(models.Model):
    """What was sold under a filing, and the share that is credited for it (R147)."""

    _inherit = "distributor.territory.filing"

    currency_id = fields.Many2one(related="company_id.currency_id")
    order_ids = fields.One2many(
        comodel_name="sale.order", inverse_name="territory_filing_id", string="Orders"
    )
    order_count = fields.Integer(compute="_compute_amounts")
    invoiced = fields.Monetary(
        compute="_compute_amounts", help="Invoiced under this filing, without tax."
    )
    share_amount = fields.Monetary(string="Share", compute="_compute_amounts")
    move_ids = fields.One2many(
        comodel_name="account.move",
        inverse_name="territory_filing_id",
        string="Credit Notes",
        readonly=True,
    )
    move_count = fields.Integer(compute="_compute_amounts")
    open_share = fields.Monetary(string="Share to Credit", compute="_compute_amounts")

    def _compute_amounts(self):
        for filing in self:
            # Sums, not the orders: who reads the filing need not read these.
            full = filing.sudo()
            filing.order_count = len(full.order_ids)
            filing.invoiced = sum(
                order.currency_id._convert(
                    sum(order.order_line.mapped("untaxed_amount_invoiced")),
                    full.currency_id,
                    full.company_id,
                    order.date_order,
                )
                for order in full.order_ids
            )
            share = full.currency_id.round(filing.invoiced * full.owner_share / 100)
            standing = full.move_ids.filtered(lambda move: move.state != "cancel")
            filing.move_count = len(full.move_ids)
            filing.share_amount = share
            filing.open_share = share - sum(standing.mapped("amount_untaxed"))

    def _recheck_orders(self):
        """Have quotations of the filer judged again, now that an answer is there."""
        orders = self.env["sale.order"].sudo()  # all of them, whoever answers
        orders.search(
            [
                ("partner_id", "child_of", self.partner_id.ids),
                ("state", "in", ("draft", "sent")),
            ]
        )._judge_territory()

    def action_credit(self):
        """Draft a credit note of the share that is not credited yet.

        :raises UserError: nothing is to be credited, or it is not agreed
        """
        self._check_credit_user()
        self._lock()
        self._check_state("agreed")
        moves = self.env["account.move"]
        for filing in self:
            if filing.currency_id.compare_amounts(filing.open_share, 0) <= 0:
                raise UserError(
                    self.env._(
                        "%s: nothing is to be credited. Shares are credited of what is "
                        "invoiced.",
                        filing.name,
                    )
                )
            reason = self.env._("Share of sales in your territory: %s", filing.name)
            moves += self.env["account.move"]._draft_distributor_credit(
                filing.company_id,
                filing.owner_id,
                [(reason, filing.open_share)],
                territory_filing_id=filing.id,
            )
        return moves._get_records_action(name=self.env._("Credit Notes"))

    def action_view_orders(self):
        """Open the orders that rest on these filings."""
        return self.order_ids._get_records_action(name=self.env._("Orders"))

    def action_view_moves(self):
        """Open the credit notes of these filings."""
        return self.move_ids._get_records_action(name=self.env._("Credit Notes"))
