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
    rebate_settlement_ids = fields.One2many(
        comodel_name="distributor.rebate.settlement",
        inverse_name="move_id",
        readonly=True,
    )
    has_rebate_lines = fields.Boolean(
        compute="_compute_has_rebate_lines",
        help="A posted sale to a distributor: its lines may count in rebates.",
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

    # And only those of the distributors that were touched are read.
    _rebate_partner_idx = models.Index(
        "(commercial_partner_id) WHERE move_type IN ('out_invoice', 'out_refund')"
    )

    @api.depends("is_distributor_rebate", "reversal_move_ids.state")
    def _compute_is_rebate_reversed(self):
        # payment_state does not tell: a credit note that was set against an invoice
        # and one that was reversed by an invoice both count as paid.
        for move in self:
            move.is_rebate_reversed = move.is_distributor_rebate and any(
                reversal.state == "posted" for reversal in move.reversal_move_ids
            )

    @api.depends("state", "move_type", "commercial_partner_id", "is_distributor_rebate")
    def _compute_has_rebate_lines(self):
        for move in self:
            move.has_rebate_lines = (
                move.state == "posted"
                and move.move_type in ("out_invoice", "out_refund")
                and move.commercial_partner_id.is_distributor
                and not move.is_distributor_rebate
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

    def action_exclude_from_rebates(self):
        """Open the lines of posted invoices, to keep some out of the rebates."""
        view = self.env.ref("distributor_crm.account_move_line_view_list_exclusion")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Rebate Exclusions"),
            "res_model": "account.move.line",
            "views": [(view.id, "list")],
            "domain": [("move_id", "in", self.ids), ("display_type", "=", "product")],
        }
