# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _get_store_load(self, company):
        """Return how many stores that are not closed each of these users looks after."""
        # The load counts stores that the caller may not see.
        counts = dict(
            self.env["distributor.store"]
            .sudo()
            ._read_group(
                [
                    ("partner_id.account_manager_id", "in", self.ids),
                    ("company_id", "=", company.id),
                    ("state", "!=", "closed"),
                ],
                ["partner_id"],
                ["__count"],
            )
        )
        load = dict.fromkeys(self, 0)
        for partner, count in counts.items():
            load[self.browse(partner.account_manager_id.id)] += count
        return load
