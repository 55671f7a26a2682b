# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

TERRITORIES = {
    "sichuan": 1.1,
    "pearl_river": 1.05,
    "yangtze_delta": 1.15,
    "yunnan": 1.0,
}


class DistributorDemo(models.AbstractModel):
    """The demo's targets of territories."""

    _inherit = "distributor.demo"

    @api.model
    def _tell_territory_targets(self):
        """Set and approve them, from what was sold there last year."""
        sold = self._get_sold_last_year()
        vals_list = []
        for name, rate in TERRITORIES.items():
            territory = self.env.ref(f"distributor_crm_channel.territory_{name}")
            amount = sum(sold.get(p, 0) for p in territory._get_partners_inside())
            if amount:
                vals_list.append(
                    {
                        "scope": "territory",
                        "territory_id": territory.id,
                        "amount": amount * rate,
                    }
                )
        if not vals_list:
            return
        targets = self._create_targets(vals_list)
        manager, admin = self._ref("user_manager"), self._ref("user_channel_admin")
        targets.with_user(manager).action_submit()
        targets.with_user(admin).action_approve()
