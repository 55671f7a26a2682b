# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL


class AccountMove(models.Model):
    _inherit = "account.move"

    is_distributor_rebate = fields.Boolean(
        string="Distributor Rebate",
        readonly=True,
        copy=True,
        help="Pays a rebate: never counted as sales when a rebate is computed. Copies "
        "and reversals keep the mark.",
    )
    rebate_settlement_ids = fields.One2many(
        comodel_name="distributor.rebate.settlement",
        inverse_name="move_id",
        readonly=True,
    )
    rebate_statement_count = fields.Integer(
        compute="_compute_rebate_statement_count",
        help="Rebate statements that this document settles, or counts in.",
    )
    is_rebate_reversed = fields.Boolean(
        compute="_compute_is_rebate_reversed",
        store=True,
        help="A reversal of this rebate stands in the ledger: it pays nothing.",
    )

    # Statements follow the ledger by what was written on invoices since the last time.
    _rebate_changes_idx = models.Index(
        "(write_date) WHERE move_type IN ('out_invoice', 'out_refund')"
    )

    @api.depends("is_distributor_rebate", "reversal_move_ids.state")
    def _compute_is_rebate_reversed(self):
        # payment_state does not tell: a credit note that was set against an invoice
        # and one that was reversed by an invoice both count as paid.
        for move in self:
            move.is_rebate_reversed = move.is_distributor_rebate and any(
                reversal.state == "posted" for reversal in move.reversal_move_ids
            )

    def _compute_rebate_statement_count(self):
        counts = {}
        Statement = self.env["distributor.rebate.statement"]
        if self.ids and Statement.has_access("read"):
            counts = self._count_rebate_statements(Statement._search([]).subselect())
        for move in self:
            move.rebate_statement_count = counts.get(move._origin.id, 0)

    def _count_rebate_statements(self, visible) -> dict:
        """Return the number of statements of each document, in one query.

        :param visible: sub-select of the statements that the user may see
        """
        self.env["account.move.line"].flush_model(["move_id"])
        self.env["distributor.rebate.settlement"].flush_model()
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT move_id, COUNT(DISTINCT statement_id)
                      FROM (SELECT line.move_id, evidence.statement_id
                              FROM account_move_line line
                              JOIN distributor_rebate_line evidence
                                ON evidence.move_line_key = line.id
                             WHERE line.move_id = ANY(%(moves)s)
                             UNION ALL
                            SELECT move_id, statement_id
                              FROM distributor_rebate_settlement
                             WHERE move_id = ANY(%(moves)s)) found
                     WHERE statement_id IN %(visible)s
                     GROUP BY 1
                    """,
                    moves=self.ids,
                    visible=visible,
                )
            )
        )

    @api.ondelete(at_uninstall=False)
    def _note_rebate_change(self):
        """A deleted invoice leaves no trace; its distributor must be looked at again."""
        counted = self.filtered(
            lambda move: move.posted_before and move.is_sale_document()
        )
        self.env["distributor.rebate.change"]._note(counted.commercial_partner_id)

    def action_view_rebate_statements(self):
        """Open the rebate statements that this document settles, or counts in."""
        lines = self.env["distributor.rebate.line"].search(
            [("move_id", "in", self.ids)]
        )
        # Which statements there are may be known to whoever sees the document; the
        # list shows those that he may see.
        settled = self.sudo().rebate_settlement_ids.statement_id
        statements = settled | lines.sudo().statement_id
        return statements.sudo(self.env.su)._get_records_action(
            name=self.env._("Rebate Statements")
        )
