# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    def _is_available_on_website(self, website):
        """Let a distributor order at the prices of his tier without showing them to all.

        What is selectable for everybody stays as it is: a tier's pricelist is offered to
        those alone whose own pricelist it is.
        """
        # EXTENDS website_sale
        return super()._is_available_on_website(website) or self._is_of_tier(website)

    def _is_of_tier(self, website):
        self.ensure_one()
        if (
            not self.active
            or self.website_id
            or self.country_group_ids
            or self.company_id.id not in (False, website.company_id.id)
        ):
            return False
        # Shoppers have no rights on tiers.
        tiers = self.env["res.partner.grade"].sudo()
        return bool(
            tiers.search_count([("default_pricelist_id", "=", self.id)], limit=1)
        )
