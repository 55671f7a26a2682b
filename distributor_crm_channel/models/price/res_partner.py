# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    price_observation_count = fields.Integer(
        string="Prices Seen",
        compute="_compute_price_observation_count",
        groups="distributor_crm.group_sales_rep,distributor_crm.group_finance",
    )

    def _compute_price_observation_count(self):
        counts = dict(
            self.env["distributor.price.observation"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.price_observation_count = counts.get(partner, 0)

    def action_view_price_observations(self):
        """Show the prices at which these distributors were seen selling."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_channel.distributor_price_observation_action"
        )
        context = {"default_partner_id": self.id} if len(self) == 1 else {}
        return {
            **action,
            "domain": [("partner_id", "in", self.ids)],
            "context": context,
        }
