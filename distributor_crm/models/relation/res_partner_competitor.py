# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResPartner(models.Model):
    """Which competitors were seen at a distributor."""

    _inherit = "res.partner"

    competitor_count = fields.Integer(
        groups="base.group_user", compute="_compute_competitor_count"
    )

    def _compute_competitor_count(self):
        counts = dict(
            self.env["distributor.competitor.observation"]._read_group(
                [("partner_id", "in", self.ids)],
                ["partner_id"],
                ["competitor_id:count_distinct"],
            )
        )
        for partner in self:
            partner.competitor_count = counts.get(partner._origin, 0)

    def action_view_competitors(self):
        """Open what competitors do at these distributors, to note more of it."""
        return self._get_own_action(
            "distributor_crm.distributor_competitor_observation_action"
        )
