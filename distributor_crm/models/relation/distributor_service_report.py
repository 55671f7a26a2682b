# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class DistributorServiceReport(models.Model):
    _inherit = "distributor.service.report"

    def action_write_minutes(self):
        """Write the minutes of a promised talk."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Minutes"),
            "res_model": "distributor.minutes",
            "views": [(False, "form")],
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_promise_id": self.id,
                "default_name": self.summary,
            },
        }
