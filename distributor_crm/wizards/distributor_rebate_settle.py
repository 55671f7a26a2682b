# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class DistributorRebateSettle(models.TransientModel):
    """How to settle statements, where there is something to decide."""

    _name = "distributor.rebate.settle"
    _description = "Settle Rebates"

    statement_ids = fields.Many2many(
        comodel_name="distributor.rebate.statement",
        relation="distributor_rebate_settle_statement_rel",
        string="Statements",
        required=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company", compute="_compute_totals", store=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(string="To Settle", compute="_compute_totals", store=True)
    statement_count = fields.Integer(compute="_compute_totals", store=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    is_together = fields.Boolean(
        string="One Document a Distributor",
        help="Statements of several programs and periods on one document, a line each.",
    )
    is_offset = fields.Boolean(
        string="Offset Open Invoices",
        help="Set the credit notes against the invoices chosen below, in their order.",
    )
    line_ids = fields.One2many(
        comodel_name="distributor.rebate.settle.line",
        inverse_name="wizard_id",
        string="Open Invoices",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("statement_ids")
    def _compute_totals(self):
        for wizard in self:
            statements = wizard.statement_ids
            wizard.company_id = statements.company_id[:1] or self.env.company
            wizard.statement_count = len(statements)
            wizard.amount = sum(statements.mapped("settled"))

    @api.depends("statement_ids")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [
                Command.clear(),
                *(
                    Command.create(vals)
                    for vals in wizard.statement_ids._propose_offset()
                ),
            ]

    def action_settle(self):
        """Settle, offset what was chosen, and show the documents."""
        self.ensure_one()
        if not self.statement_ids:
            raise UserError(
                self.env._("Nothing to settle: choose approved statements.")
            )
        settlements = self.statement_ids._settle(self.date, self.is_together)
        if self.is_offset:
            chosen = self.line_ids.filtered("is_chosen")
            settlements._offset(chosen.move_id)
        return settlements._get_settled_action()


class DistributorRebateSettleLine(models.TransientModel):
    """An open invoice that a rebate may be set against."""

    _name = "distributor.rebate.settle.line"
    _description = "Open Invoice to Offset"
    _order = "id"

    wizard_id = fields.Many2one(
        comodel_name="distributor.rebate.settle", required=True, ondelete="cascade"
    )
    is_chosen = fields.Boolean(string="Offset")
    move_id = fields.Many2one(
        comodel_name="account.move", string="Invoice", required=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="move_id.commercial_partner_id")
    date_due = fields.Date(related="move_id.invoice_date_due")
    currency_id = fields.Many2one(related="move_id.currency_id")
    amount_total = fields.Monetary(related="move_id.amount_total")
    amount_residual = fields.Monetary(related="move_id.amount_residual")
    is_short_payment = fields.Boolean(
        string="Short Payment",
        help="The distributor paid this invoice short by just what is due to him.",
    )
