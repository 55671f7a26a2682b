# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorRebateSettlement(models.Model):
    """One payment of one statement: the document that settles it.

    What was cancelled or reversed stays on record; only one stands at a time.
    """

    _name = "distributor.rebate.settlement"
    _description = "Rebate Settlement"
    _order = "id desc"
    _check_company_auto = True

    statement_id = fields.Many2one(
        comodel_name="distributor.rebate.statement",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="statement_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(related="statement_id.partner_id")
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Document",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    order_id = fields.Many2one(
        comodel_name="sale.order",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The order that delivers free goods.",
    )
    form = fields.Selection(selection=lambda self: self._get_forms(), readonly=True)
    date = fields.Date(readonly=True)
    amount = fields.Monetary(
        readonly=True,
        required=True,
        help="Without tax; negative where the distributor pays back. Free goods at "
        "their cost.",
    )
    release_move_id = fields.Many2one(
        comodel_name="account.move",
        string="Accrual Reversal",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="The entry that takes back what was accrued of it.",
    )
    is_standing = fields.Boolean(
        compute="_compute_is_standing",
        store=True,
        precompute=True,
        help="The document was neither cancelled nor reversed.",
    )

    # The last word against paying twice, whatever happens to the processes above.
    _statement_unique = models.UniqueIndex(
        "(statement_id) WHERE is_standing",
        "This rebate statement is settled already.",
    )

    @api.model
    def _get_forms(self):
        Program = self.env["distributor.rebate.program"]
        return Program._fields["settlement_form"]._description_selection(self.env)

    @api.depends("move_id", "order_id")
    def _compute_display_name(self):
        for settlement in self:
            document = settlement.move_id or settlement.order_id
            settlement.display_name = document.display_name

    # A document tells when it changes: see `_tell_rebate_settlements`.
    @api.depends("move_id", "order_id.state")
    def _compute_is_standing(self):
        for settlement in self:
            settlement.is_standing = settlement._stands()

    def _stands(self) -> bool:
        """Whether the document that settles still does."""
        move = self.move_id
        if self.order_id:
            return self.order_id.state != "cancel"
        return bool(move) and move.state != "cancel" and not move.is_rebate_reversed

    def _get_progress(self):
        """Return what the document does: False while it is a draft, else "posted" or
        "paid"; free goods are paid when they are delivered."""
        if self.order_id:
            if self.order_id.state != "sale":
                return False
            return "paid" if self._is_delivered() else "posted"
        move = self.move_id
        if move.state != "posted":
            return False
        return "paid" if move.payment_state in ("paid", "in_payment") else "posted"

    def _is_delivered(self) -> bool:
        return all(
            line.qty_delivered >= line.product_uom_qty
            for line in self.order_id.order_line
            if not line.display_type
        )
