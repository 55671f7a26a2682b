# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

# What ties a document to the rebates is set when it is made.
REBATE_FIELDS = {
    "is_distributor_rebate",
    "is_rebate_reversed",
    "rebate_program_id",
    "rebate_entry",
    "rebate_accrual_id",
}


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
    rebate_statement_count = fields.Integer(
        compute="_compute_rebate_statement_count",
        help="Rebate statements that this document settles, or counts in.",
    )
    is_rebate_reversed = fields.Boolean(
        compute="_compute_is_rebate_reversed",
        store=True,
        help="A reversal of this rebate stands in the ledger: it pays nothing.",
    )
    rebate_program_id = fields.Many2one(
        comodel_name="distributor.rebate.program",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Accrues the rebates of this program. Copies and reversals keep it, so that "
        "the accrued balance is the sum of these entries.",
    )
    rebate_entry = fields.Selection(
        selection=[("accrual", "Accrual"), ("release", "Reversal at settlement")],
        readonly=True,
    )
    rebate_accrual_id = fields.Many2one(
        comodel_name="distributor.rebate.accrual",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
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
        self._tell_rebate_settlements()

    def _compute_payment_state(self):
        # EXTENDS account
        result = super()._compute_payment_state()
        self._tell_rebate_settlements()
        return result

    def _tell_rebate_settlements(self):
        """Have settlements and statements look at these documents again.

        They do not depend on the documents' fields as computed fields usually do: then
        each invoice that is posted or paid, of whatever kind, would ask the database for
        its settlements.
        """
        rebates = self.filtered("is_distributor_rebate")
        if rebates:
            # The status of a statement does not depend on who posts or pays.
            rebates.sudo().rebate_settlement_ids.modified(["move_id"])

    @api.depends("state", "move_type", "commercial_partner_id", "is_distributor_rebate")
    def _compute_has_rebate_lines(self):
        for move in self:
            move.has_rebate_lines = (
                move.state == "posted"
                and move.move_type in ("out_invoice", "out_refund")
                and move.commercial_partner_id.is_distributor
                and not move.is_distributor_rebate
            )

    def write(self, vals):
        # EXTENDS account
        if REBATE_FIELDS & vals.keys() and not self.env.su:
            raise AccessError(
                self.env._(
                    "What a document has to do with rebates is not edited by hand."
                )
            )
        result = super().write(vals)
        if "state" in vals:
            self._tell_rebate_settlements()
        return result

    def _post(self, soft=True):
        # EXTENDS account
        self._check_rebate_documents()
        return super()._post(soft)

    def _check_rebate_documents(self):
        """Check that documents settle what their statements say, to the cent.

        :raises UserError: names the document and the amount that it should have
        """
        rebates = self.filtered("is_distributor_rebate")
        # What is settled does not depend on who posts.
        standing = rebates.sudo().rebate_settlement_ids.filtered("is_standing")
        for move, settlements in standing.grouped("move_id").items():
            amount = sum(settlements.mapped("amount"))
            wrong = move.company_currency_id.compare_amounts(
                move._get_rebate_amount(), amount
            )
            partner = settlements.partner_id.commercial_partner_id
            if wrong or partner != move.commercial_partner_id:
                raise UserError(
                    self.env._(
                        "%(document)s settles rebates of %(amount)s to %(partner)s, "
                        "without tax, and says otherwise. Correct it, or cancel it and "
                        "settle the statements again.",
                        document=move.display_name,
                        amount=move.company_currency_id.format(amount),
                        partner=settlements.partner_id[:1].name,
                    )
                )

    def _get_rebate_amount(self) -> float:
        """Return what this document gives to the distributor, without tax."""
        self.ensure_one()
        return -self.amount_untaxed_signed if self.is_invoice() else self.amount_total

    @api.ondelete(at_uninstall=False)
    def _unlink_except_rebate_document(self):
        """What settled a rebate stays on record."""
        settling = self.filtered("is_distributor_rebate").sudo()
        if settling.rebate_settlement_ids:
            raise UserError(
                self.env._(
                    "This document settles rebate statements. Cancel it instead of "
                    "deleting it: the statements can then be settled again."
                )
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

    def action_view_rebate_program(self):
        """Open the program whose rebates these entries accrue."""
        return self.rebate_program_id._get_records_action()

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
