# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    minutes_count = fields.Integer(
        groups="base.group_user", compute="_compute_minutes_count"
    )

    def _compute_minutes_count(self):
        counts = dict(
            self.env["distributor.minutes"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.minutes_count = counts.get(partner._origin, 0)

    def action_view_minutes(self):
        """Open the minutes of talks with these distributors."""
        return self._get_own_action("distributor_crm.distributor_minutes_action")
