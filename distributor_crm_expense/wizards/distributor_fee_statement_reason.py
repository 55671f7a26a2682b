# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorFeeStatementReason(models.TransientModel):
    """Asks why a statement is submitted late, voided or reopened."""

    _name = "distributor.fee.statement.reason"
    _description = "Reason"

    statement_ids = fields.Many2many(
        comodel_name="distributor.fee.statement", required=True, readonly=True
    )
    act = fields.Selection(
        selection=[
            ("submit", "Submit late"),
            ("void", "Void"),
            ("reopen", "Reopen"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Text(required=True)
    until = fields.Date(
        string="Signed Until", help="What is not signed by all on this day is void."
    )

    def action_apply(self):
        """Do what was asked for; the statements check who may."""
        self.ensure_one()
        if self.act == "submit":
            self.statement_ids._submit_late(self.reason)
        elif self.act == "void":
            self.statement_ids._void_by_hand(self.reason)
        else:
            self.statement_ids._reopen(self.reason, self.until)
        return {"type": "ir.actions.act_window_close"}
