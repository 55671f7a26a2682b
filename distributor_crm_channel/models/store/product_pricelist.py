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

    def _get_website_pricelists_domain(self, website):
        """Return the domain of the pricelists that a website offers to everybody: the
        prices of a tier are not among them, even where they name the website."""
        # EXTENDS website_sale
        domain = super()._get_website_pricelists_domain(website)
        # Shoppers have no rights on tiers.
        tiers = self.env["res.partner.grade"].sudo()
        hidden = tiers.search([("default_pricelist_id", "!=", False)])
        hidden = hidden.default_pricelist_id.filtered(
            lambda pricelist: not (pricelist.selectable or pricelist.code)
        )
        return [*domain, ("id", "not in", hidden.ids)] if hidden else domain

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
