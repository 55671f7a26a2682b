# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorFeePayoutLine(models.Model):
    """That a payout settles a statement line: once, for good."""

    _name = "distributor.fee.payout.line"
    _description = "Settled Fee"
    _order = "id"

    payout_id = fields.Many2one(
        comodel_name="distributor.fee.payout",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    item_id = fields.Many2one(
        comodel_name="distributor.fee.payout.item",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    statement_line_id = fields.Many2one(
        comodel_name="distributor.fee.statement.line",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    currency_id = fields.Many2one(related="payout_id.currency_id")
    amount = fields.Monetary(readonly=True)
    is_void = fields.Boolean(
        readonly=True, help="The payout was cancelled: the line can be paid again."
    )

    _statement_line_once = models.UniqueIndex(
        "(statement_line_id) WHERE is_void IS NOT TRUE",
        "This statement line is paid, or in another payout already.",
    )
