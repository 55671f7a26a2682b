# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class ResPartner(models.Model):
    """A distributor's targets."""

    _inherit = "res.partner"

    target_ids = fields.One2many(
        comodel_name="distributor.target", inverse_name="partner_id"
    )
    target_count = fields.Integer(compute="_compute_target_count")

    @api.depends("target_ids")
    def _compute_target_count(self):
        counts = dict(
            self.env["distributor.target"]._read_group(
                [("partner_id", "in", self.ids), ("state", "!=", "superseded")],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.target_count = counts.get(partner, 0)

    def action_view_targets(self):
        """Open the targets of these distributors."""
        return self._get_own_action("distributor_crm.distributor_target_action")
