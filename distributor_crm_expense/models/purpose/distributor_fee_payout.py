# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorFeePayoutItem(models.Model):
    _inherit = "distributor.fee.payout.item"

    to_prove = fields.Monetary(
        string="Receipts Needed",
        compute="_compute_to_prove",
        help="Where we bear a part of the costs, all of them are proved.",
    )

    @api.depends("paid", "purpose_id.company_share")
    def _compute_to_prove(self):
        for item in self:
            costs = item.purpose_id._get_costs(item.paid) if item.purpose_id else 0
            item.to_prove = item.currency_id.round(costs or item.paid)


class DistributorFeePayout(models.Model):
    _inherit = "distributor.fee.payout"

    to_prove = fields.Monetary(
        string="Receipts Needed",
        compute="_compute_to_prove",
        help="What is paid; where we bear a part of the costs, all of them.",
    )

    @api.depends("item_ids.to_prove")
    def _compute_to_prove(self):
        for payout in self:
            payout.to_prove = sum(payout.item_ids.mapped("to_prove"))

    def _get_amounts_to_prove(self):
        # EXTENDS distributor.fee.payout: all of the costs of which we bear a part.
        return [(item.payee_id, item.to_prove) for item in self.item_ids]
