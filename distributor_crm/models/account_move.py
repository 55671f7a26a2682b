# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    is_distributor_rebate = fields.Boolean(
        string="Distributor Rebate",
        readonly=True,
        copy=True,
        help="Pays a rebate: never counted as sales when a rebate is computed. Copies "
        "and reversals keep the mark.",
    )
    rebate_statement_id = fields.Many2one(
        comodel_name="distributor.rebate.statement",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )

    is_rebate_reversed = fields.Boolean(
        compute="_compute_is_rebate_reversed",
        store=True,
        help="A reversal of this rebate stands in the ledger: it pays nothing.",
    )

    # The last word against paying twice, whatever happens to the processes above.
    _rebate_statement_unique = models.UniqueIndex(
        "(rebate_statement_id) WHERE rebate_statement_id IS NOT NULL "
        "AND state != 'cancel' AND is_rebate_reversed IS NOT TRUE",
        "This rebate statement already has its credit note.",
    )

    @api.depends("rebate_statement_id", "reversal_move_ids.state")
    def _compute_is_rebate_reversed(self):
        # payment_state does not tell: a credit note that was set against an invoice
        # and one that was reversed by an invoice both count as paid.
        for move in self:
            move.is_rebate_reversed = move.rebate_statement_id and any(
                reversal.state == "posted" for reversal in move.reversal_move_ids
            )

    def action_view_rebate_statement(self):
        """Open the rebate statement that this document pays."""
        self.ensure_one()
        return self.rebate_statement_id._get_records_action()
