# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorStore(models.Model):
    _inherit = "distributor.store"

    case_count = fields.Integer(compute="_compute_case_count")

    def _compute_case_count(self):
        counts = dict(
            self.env["distributor.case"]._read_group(
                [("store_id", "in", self.ids)], ["store_id"], ["__count"]
            )
        )
        for store in self:
            store.case_count = counts.get(store, 0)

    def action_view_cases(self):
        """Open the cases about these stores."""
        action = self.env["distributor.case"]._get_list_action(
            [("store_id", "in", self.ids)]
        )
        if len(self) == 1:
            action["context"] = {
                "default_store_id": self.id,
                "default_partner_id": self.partner_id.id,
            }
        return action
