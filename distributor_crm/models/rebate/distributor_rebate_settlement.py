# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorRebateSettlement(models.Model):
    """One payment of one statement: the document that settles it.

    What was cancelled or reversed stays on record; only one stands at a time.
    """

    _name = "distributor.rebate.settlement"
    _description = "Rebate Settlement"
    _order = "id desc"
    _rec_name = "move_id"
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
    amount = fields.Monetary(
        readonly=True,
        required=True,
        help="Without tax; negative where the distributor pays back.",
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

    @api.depends("move_id.state", "move_id.is_rebate_reversed")
    def _compute_is_standing(self):
        for settlement in self:
            settlement.is_standing = settlement._stands()

    def _stands(self) -> bool:
        """Whether the document that settles still does."""
        move = self.move_id
        return bool(move) and move.state != "cancel" and not move.is_rebate_reversed
