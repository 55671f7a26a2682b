# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorVisitSettlementReason(models.TransientModel):
    """Asks why; it stays on record."""

    _name = "distributor.visit.settlement.reason"
    _description = "Reason for a Settlement"

    settlement_ids = fields.Many2many(
        comodel_name="distributor.visit.settlement",
        relation="distributor_visit_settlement_reason_rel",
        required=True,
    )
    act = fields.Selection(
        selection=[
            ("send_back", "Send back"),
            ("cancel", "Cancel"),
            ("answer", "Answer"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Text(required=True)

    def action_apply(self):
        """Do what was asked for; the settlements check who may."""
        self.ensure_one()
        self.settlement_ids._apply_reason(self.act, self.reason)
        return {"type": "ir.actions.act_window_close"}
