# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    distributor_case_count = fields.Integer(
        string="Open Cases", compute="_compute_distributor_case_count"
    )

    def _compute_distributor_case_count(self):
        counts = dict(
            self.env["distributor.case"]._read_group(
                [
                    ("partner_id", "in", self.ids),
                    ("state", "in", ("new", "in_progress", "waiting")),
                ],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.distributor_case_count = counts.get(partner, 0)

    def action_view_distributor_cases(self):
        """Open the cases of these distributors."""
        action = self.env["distributor.case"]._get_list_action(
            [("partner_id", "in", self.ids)]
        )
        if len(self) == 1:
            action["context"] = {"default_partner_id": self.id}
        return action
