# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError


class DistributorVisitReason(models.TransientModel):
    """Asks for the reason of what is done to visits; it stays on record."""

    _name = "distributor.visit.reason"
    _description = "Reason of an Act on Visits"

    visit_ids = fields.Many2many(comodel_name="distributor.visit", readonly=True)
    act = fields.Selection(
        selection=[
            ("cancel", "Cancel"),
            ("minutes", "Confirm Length"),
            ("doubt", "Ask for a Second Opinion"),
            ("false", "Not Genuine"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Text(required=True)
    minutes = fields.Float(string="Length (Minutes)")
    false_kind = fields.Selection(
        selection=[
            ("water", "No Buyer at All"),
            ("fake", "Fake Customer"),
            ("collusion", "Collusion"),
        ],
        string="In What Way",
        default="fake",
    )

    def action_apply(self):
        """Do what the reason was asked for; each act checks who may."""
        self.ensure_one()
        reason = (self.reason or "").strip()[:1000]
        if not reason:
            raise UserError(self.env._("Say why: it stays on record."))
        visits = self.visit_ids
        visits.check_access("write")
        if self.act == "cancel":
            visits._cancel(reason)
        elif self.act == "minutes":
            visits._confirm_minutes(self.minutes, reason)
        elif self.act == "doubt":
            visits._doubt(reason)
        else:
            visits._mark_false(self.false_kind, reason)
        return {"type": "ir.actions.act_window_close"}
