# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorVisit(models.Model):
    """From a visit to what was paid for it."""

    _inherit = "distributor.visit"

    settlement_line_ids = fields.One2many(
        comodel_name="distributor.visit.settlement.line",
        inverse_name="visit_id",
        string="Settled",
        readonly=True,
    )
    is_settled = fields.Boolean(
        string="On a Settlement",
        compute="_compute_is_settled",
        compute_sudo=True,
        search="_search_is_settled",
    )

    # Settlements look at what is through; targets at what an agent brought.
    _settled_idx = models.Index(
        "(company_id, agency_id, arrived_at)"
        " WHERE state = 'signed' AND verdict = 'valid'"
    )
    _brought_idx = models.Index("(agent_id, arrived_at) WHERE verdict = 'valid'")

    def _compute_is_settled(self):
        lines = self.env["distributor.visit.settlement.line"]
        settled = {
            visit.id
            for (visit,) in lines._read_group(
                [("visit_id", "in", self.ids), ("is_void", "=", False)], ["visit_id"]
            )
        }
        for visit in self:
            visit.is_settled = visit.id in settled

    def _search_is_settled(self, operator, value):
        if operator != "in":
            return NotImplemented
        settled = ("settlement_line_ids.is_void", "=", False)
        if set(value) == {True, False}:
            return [(1, "=", 1)]
        return [settled] if True in value else ["!", settled]

    def action_view_settlements(self):
        """Open the settlements on which these visits stand."""
        return self.settlement_line_ids.settlement_id._get_records_action(
            name=self.env._("Settlements")
        )
