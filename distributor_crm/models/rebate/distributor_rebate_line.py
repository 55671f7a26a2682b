# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorRebateLine(models.Model):
    """The evidence of a statement: one row an invoice line.

    Rows are written by SQL only (see `rebate.ledger`) and stand still once the
    statement is approved. Number, day and amount are kept here, so that evidence
    outlives what happens to the invoice.
    """

    _name = "distributor.rebate.line"
    _description = "Rebate Evidence"
    _order = "date, move_name, id"
    _rec_name = "move_name"
    _log_access = False

    statement_id = fields.Many2one(
        comodel_name="distributor.rebate.statement",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    program_id = fields.Many2one(related="statement_id.program_id")
    partner_id = fields.Many2one(related="statement_id.partner_id")
    currency_id = fields.Many2one(related="statement_id.currency_id")
    move_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Invoice Line",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Invoice",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    move_name = fields.Char(string="Number", readonly=True)
    product_id = fields.Many2one(
        comodel_name="product.product",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    date = fields.Date(string="Invoice Date", required=True, readonly=True)
    quantity = fields.Float(related="move_line_id.quantity", digits="Product Unit")
    amount = fields.Monetary(
        required=True,
        readonly=True,
        help="Without tax, in the company's currency; what a credit note takes back is negative.",
    )
    rate = fields.Float(
        related="statement_id.effective_rate",
        string="Rate (%)",
        aggregator=None,
    )

    # Also what the one-to-many of the statement reads by.
    _move_line_unique = models.UniqueIndex(
        "(statement_id, move_line_id)",
        "An invoice line counts once in a statement.",
    )

    def action_view_invoice(self):
        """Open the invoice behind this line."""
        self.ensure_one()
        return self.move_id._get_records_action()
