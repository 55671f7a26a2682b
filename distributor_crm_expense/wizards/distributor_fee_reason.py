# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorFeeReason(models.TransientModel):
    """Asks for the reason of what is done to fee documents; it stays on record."""

    _name = "distributor.fee.reason"
    _description = "Reason"

    res_model = fields.Selection(
        selection=[
            ("distributor.fee.statement", "Monthly Fee Statement"),
            ("distributor.fee.application", "Special Fee"),
            ("distributor.fee.statement.line", "Fee Statement Line"),
        ],
        required=True,
        readonly=True,
    )
    res_ids = fields.Json(required=True, readonly=True)
    act = fields.Selection(
        selection=[
            ("submit_late", "Submit late"),
            ("void", "Void"),
            ("reopen", "Reopen"),
            ("except", "Pay before collection"),
            ("refuse", "Refuse"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Text(required=True)
    until = fields.Date(
        string="Signed Until", help="What is not signed by all on this day is void."
    )

    def action_apply(self):
        """Do what was asked for; the documents check who may."""
        self.ensure_one()
        documents = self.env[self.res_model].browse(self.res_ids)
        documents._apply_reason(self.act, self.reason, self.until)
        return {"type": "ir.actions.act_window_close"}
