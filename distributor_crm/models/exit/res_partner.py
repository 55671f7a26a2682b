# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    exit_count = fields.Integer(
        compute="_compute_exit_count",
        groups="distributor_crm.group_sales_rep,distributor_crm.group_finance",
    )

    def _compute_exit_count(self):
        counts = dict(
            self.env["distributor.exit"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.exit_count = counts.get(partner, 0)

    def action_view_exits(self):
        """Open the exits of these distributors."""
        return self._get_own_action("distributor_crm.distributor_exit_action")
