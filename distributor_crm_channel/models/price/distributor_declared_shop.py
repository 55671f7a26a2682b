# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorDeclaredShop(models.Model):
    _inherit = "distributor.declared.shop"

    price_observation_count = fields.Integer(
        string="Prices Seen", compute="_compute_price_observation_count"
    )

    def _compute_price_observation_count(self):
        counts = dict(
            self.env["distributor.price.observation"]._read_group(
                [("shop_id", "in", self.ids)], ["shop_id"], ["__count"]
            )
        )
        for shop in self:
            shop.price_observation_count = counts.get(shop, 0)

    @api.model_create_multi
    def create(self, vals_list):
        shops = super().create(vals_list)
        shops._claim_observations()
        return shops

    def _claim_observations(self):
        """Match what was seen in these shops before anybody knew whose they were."""
        keys = [f"url/{shop.url_key}" for shop in self if shop.url_key]
        # Who declares a shop sees no prices.
        seen = self.env["distributor.price.observation"].sudo()
        unknown = seen.search(
            [
                ("company_id", "in", self.company_id.ids),
                ("shop_key", "in", keys),
                ("state", "=", "unknown_shop"),
            ],
            limit=1000,
        )
        if unknown:
            unknown.write({"state": "new"})
            unknown._match()
            seen._wake()

    def action_view_price_observations(self):
        """Show the prices that were seen in these shops."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_channel.distributor_price_observation_action"
        )
        context = {"default_shop_id": self.id} if len(self) == 1 else {}
        return {**action, "domain": [("shop_id", "in", self.ids)], "context": context}
