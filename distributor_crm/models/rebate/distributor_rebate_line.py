# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


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
    move_line_key = fields.Integer(
        readonly=True,
        required=True,
        help="The invoice line, or below zero the claim. A plain number: evidence "
        "outlives the line.",
    )
    move_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Invoice Line",
        compute="_compute_move_line_id",
        search="_search_move_line_id",
    )
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Invoice",
        compute="_compute_move_line_id",
        search="_search_move_id",
    )
    claim_id = fields.Many2one(
        comodel_name="distributor.rebate.claim",
        compute="_compute_claim_id",
        search="_search_claim_id",
    )
    move_name = fields.Char(string="Number", readonly=True)
    product_id = fields.Many2one(
        comodel_name="product.product",
        readonly=True,
        ondelete="restrict",
    )
    date = fields.Date(
        required=True,
        readonly=True,
        help="The invoice's; of a credit note, that of the invoice it takes back.",
    )
    quantity = fields.Float(
        readonly=True,
        digits="Product Unit",
        help="In the program's unit, where it counts quantities.",
    )
    amount = fields.Monetary(
        required=True,
        readonly=True,
        help="Without tax, in the company's currency; what a credit note takes back is negative.",
    )
    collected = fields.Monetary(
        readonly=True,
        help="What the customer had paid of it, where the program asks for that.",
    )
    reason = fields.Selection(
        selection=[
            ("late", "Entered later"),
            ("credit", "Credit note"),
            ("payment", "Payment"),
            ("changed", "Corrected"),
            ("removed", "Cancelled or out of scope"),
        ],
        string="True-up",
        readonly=True,
        help="Why it differs from what an earlier, closed statement holds; empty for "
        "the lines of the period itself.",
    )
    rate = fields.Float(
        related="statement_id.effective_rate",
        string="Rate (%)",
        aggregator=None,
    )

    # Also what the one-to-many of the statement reads by.
    _move_line_unique = models.UniqueIndex(
        "(statement_id, move_line_key, date)",
        "An invoice line counts once in a statement.",
    )
    # Used when the ledger changed: whose evidence was it? And from the invoice.
    _move_line_key_idx = models.Index("(move_line_key)")

    @api.depends("move_line_key")
    def _compute_move_line_id(self):
        # The numbers are the engine's; what the user may see of the invoice is asked
        # when he opens it.
        Line = self.env["account.move.line"].sudo()
        keys = [key for key in self.mapped("move_line_key") if key > 0]
        lines = Line.browse(keys).exists()
        moves = {line.id: line.move_id.id for line in lines}
        for evidence in self:
            key = evidence.move_line_key
            evidence.move_line_id = key if key in moves else False
            evidence.move_id = moves.get(key, False)

    @api.depends("move_line_key")
    def _compute_claim_id(self):
        # The numbers are the engine's; what the user may see of the claim is asked
        # when he opens it.
        Claim = self.env["distributor.rebate.claim"].sudo()
        keys = [-key for key in self.mapped("move_line_key") if key < 0]
        known = set(Claim.browse(keys).exists().ids)
        for evidence in self:
            key = -evidence.move_line_key
            evidence.claim_id = key if key in known else False

    def _search_claim_id(self, operator, value):
        if operator not in ("in", "any"):
            return NotImplemented
        claims = self.env["distributor.rebate.claim"].search([("id", operator, value)])
        return [("move_line_key", "in", [-number for number in claims.ids])]

    def _search_move_line_id(self, operator, value):
        if operator not in ("in", "any"):
            return NotImplemented
        lines = self.env["account.move.line"].search([("id", operator, value)])
        return [("move_line_key", "in", lines.ids)]

    def _search_move_id(self, operator, value):
        if operator not in ("in", "any"):
            return NotImplemented
        if operator == "any":
            # What is asked of the invoices is answered as far as one may see them.
            operator, value = "in", self.env["account.move"].search(value).ids
        # The numbers alone are read; the rules of the evidence decide what is shown.
        lines = (
            self.env["account.move.line"].sudo().search([("move_id", operator, value)])
        )
        return [("move_line_key", "in", lines.ids)]

    def action_view_invoice(self):
        """Open the invoice behind this line."""
        self.ensure_one()
        return self.move_id._get_records_action()

    def action_view_claim(self):
        """Open the claim behind this line."""
        self.ensure_one()
        return self.claim_id._get_records_action()
