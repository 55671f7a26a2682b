# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.fields import Domain

FREE_SHIPPING = Domain("reward_ids", "any", [("reward_type", "=", "shipping")])


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _lacks_free_shipping(self, company) -> bool:
        """Whether one of these has no free-shipping promotions now (R177, R179)."""
        # Whom it is taken from does not depend on who shops.
        return bool(
            self.env["distributor.violation.penalty"]
            .sudo()
            .search_count(
                [
                    ("partner_id", "in", self.commercial_partner_id.ids),
                    ("company_id", "=", company.id),
                    ("kind", "=", "benefit"),
                    ("state", "=", "in_force"),
                    "|",
                    ("ends_at", "=", False),
                    ("ends_at", ">", fields.Datetime.now()),
                ],
                limit=1,
            )
        )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_promoted_owners(self):
        """Return the distributors whose free-shipping promotions an order uses."""
        # The shopper has no rights on distributors.
        order = self.sudo()
        buyer = order.partner_id.commercial_partner_id
        return buyer.filtered("is_distributor") | order.store_id.partner_id

    def _get_program_domain(self):
        # EXTENDS sale_loyalty
        domain = super()._get_program_domain()
        owners = self._get_promoted_owners()
        if owners and owners._lacks_free_shipping(self.company_id):
            return list(Domain(domain) & ~FREE_SHIPPING)
        return domain

    def _get_trigger_domain(self):
        # EXTENDS sale_loyalty
        domain = super()._get_trigger_domain()
        owners = self._get_promoted_owners()
        if owners and owners._lacks_free_shipping(self.company_id):
            return list(Domain(domain) & ~Domain("program_id", "any", FREE_SHIPPING))
        return domain


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    def _get_store_domain(self, store):
        # EXTENDS distributor_crm_channel: a store does not show what it may not give.
        domain = super()._get_store_domain(store)
        if store.partner_id._lacks_free_shipping(store.company_id):
            return Domain(domain) & ~FREE_SHIPPING
        return domain
