# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorVisit(models.Model):
    """From a visit to what turned out about it."""

    _inherit = "distributor.visit"

    falsehood_ids = fields.One2many(
        comodel_name="distributor.visit.falsehood", inverse_name="visit_id"
    )

    def action_suspect(self):
        """Write down that the customer was not genuine, or open what stands there."""
        self.ensure_one()
        found = self.falsehood_ids.filtered(lambda f: f.state != "withdrawn")
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("False Customer"),
            "res_model": "distributor.visit.falsehood",
            "view_mode": "form",
            "context": {"default_visit_id": self.id},
        }
        return {**action, "res_id": found[:1].id} if found else action
