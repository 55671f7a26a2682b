# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from .figures import MEASURES


class DistributorVisitMeetingLine(models.Model):
    """What was shown of one agent at a meeting, as it was then."""

    _name = "distributor.visit.meeting.line"
    _description = "Figures at a Meeting"
    _inherit = ["distributor.closed.rows"]
    _order = "meeting_id desc, id"
    _rec_name = "agency_id"

    meeting_id = fields.Many2one(
        comodel_name="distributor.visit.meeting",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="meeting_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="meeting_id.currency_id")
    agency_id = fields.Many2one(
        comodel_name="res.partner", required=True, readonly=True, ondelete="restrict"
    )
    agent_id = fields.Many2one(
        comodel_name="res.partner", readonly=True, ondelete="restrict"
    )
    due = fields.Float(string="Target", readonly=True, digits=(16, 2))
    valid = fields.Integer(string="Valid Customers", readonly=True)
    invalid = fields.Integer(readonly=True)
    disputed = fields.Integer(readonly=True)
    failed_judgement = fields.Integer(
        string="No Interest or Does Not Fit", readonly=True
    )
    failed_duration = fields.Integer(string="Too Short", readonly=True)
    failed_known = fields.Integer(string="Known Before", readonly=True)
    failed_other = fields.Integer(string="Other Criteria", readonly=True)
    reasons = fields.Char(string="Invalid By", readonly=True)
    deals = fields.Integer(readonly=True)
    deal_amount = fields.Monetary(string="Sold", readonly=True)
    conversion = fields.Float(
        string="Conversion (%)", compute="_compute_conversion", digits=(16, 1)
    )
    penalties = fields.Integer(readonly=True)
    penalty_amount = fields.Monetary(readonly=True)
    checks = fields.Integer(string="Checked", readonly=True)
    absent = fields.Integer(string="Empty Posts", readonly=True)

    @api.depends("deals", "valid")
    def _compute_conversion(self):
        for line in self:
            line.conversion = 100 * line.deals / line.valid if line.valid else 0

    def _as_dict(self):
        self.ensure_one()
        return {
            "agency_id": self.agency_id.id,
            "agent_id": self.agent_id.id or None,
            "reasons": self.reasons or "",
            **{name: float(self[name]) for name in MEASURES},
        }

    def _say_closed(self):
        return self.env._("The figures of a meeting are frozen, not edited.")
