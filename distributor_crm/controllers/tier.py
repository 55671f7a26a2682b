# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal


class TierPortal(CustomerPortal):
    """A distributor's own tier, and how far the next one is (R021)."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "tier_count" in counters:
            values["tier_count"] = int(
                request.env.user.commercial_partner_id.is_distributor
            )
        return values

    @http.route("/my/tier", type="http", auth="user", website=True)
    def portal_my_tier(self, **kw):
        """The tier, its benefits, and what is missing to the next one."""
        partner = request.env.user.commercial_partner_id
        if not partner.is_distributor:
            return request.redirect("/my")
        # Portal users hold no right on tiers: this shows one's own and nothing else.
        partner = partner.sudo()
        company = partner.company_id or request.env.company
        changes = partner.tier_change_ids.filtered(lambda c: c.state == "applied")
        return request.render(
            "distributor_crm.portal_my_tier",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "tier",
                "way": partner._get_tier_way(company),
                "risk": partner.tier_proposal_id.filtered(
                    lambda c: c.direction == "down"
                ),
                "changes": changes[:10],
            },
        )
