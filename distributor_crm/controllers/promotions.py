# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.fields import Domain
from odoo.http import request

from .service import ServicePortal

MODEL = "distributor.promotion"
SHOWN = 100


class PromotionPortal(ServicePortal):
    """What goes on for distributors, now and soon (R022, R032)."""

    def _get_promotions(self, *domain):
        """Return the promotions that this user sees, the next to end first."""
        partner = self._get_distributor()
        promotions = request.env[MODEL].sudo()  # the domain decides what he sees
        company = self._get_service_company(partner)
        # A portal user may not read what the company notes about his own partner.
        seen = promotions._get_portal_domain(partner.sudo(), company)
        seen &= Domain(list(domain))
        return partner and promotions.search(seen, order="date_from, id", limit=SHOWN)

    def _get_service_links(self):
        return [
            *super()._get_service_links(),
            {
                "title": request.env._("Promotions"),
                "text": request.env._("Prices, gifts and activities, now and soon"),
                "url": "/my/promotions",
                "icon": "fa-calendar",
                "count": 0,
            },
        ]

    @http.route("/my/promotions", type="http", auth="user", website=True, readonly=True)
    def portal_my_promotions(self, **kw):
        """What runs now, and what comes."""
        if not self._get_distributor():
            return request.redirect("/my")
        found = self._get_promotions()
        today = request.env[MODEL]._fields["date_from"].context_today(found)
        running = found.filtered(lambda promotion: promotion.date_from <= today)
        return self._render_service(
            "distributor_crm.portal_my_promotions",
            page_name="promotion",
            running=running,
            coming=found - running,
        )

    @http.route(
        "/my/promotions/<int:promotion_id>", type="http", auth="user", website=True
    )
    def portal_my_promotion(self, promotion_id, **kw):
        """One promotion; one that is not for him leads home."""
        found = self._get_promotions(("id", "=", promotion_id))
        if not found:
            return request.redirect("/my")
        return self._render_promotion(found)

    def _render_promotion(self, found, **values):
        partner = self._get_distributor()
        kits = request.env["distributor.kit"].sudo()  # the domain decides
        kit = kits.search(
            kits._get_portal_domain(partner.sudo()) & Domain("id", "=", found.kit_id.id)
        )
        return self._render_service(
            "distributor_crm.portal_my_promotion",
            page_name="promotion",
            record=found,
            kit=kit,
            is_registered=partner in found.participant_ids.partner_id,
            **values,
        )

    @http.route(
        "/my/promotions/<int:promotion_id>/register",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_register_promotion(self, promotion_id, **kw):
        """Take part in a topic activity."""
        found = self._get_promotions(("id", "=", promotion_id))
        if not found:
            return request.redirect("/my")
        partner = self._get_distributor()
        _done, error = self._try(lambda: found._enroll(partner))
        if error:
            return self._render_promotion(found, error=error)
        return request.redirect(f"/my/promotions/{found.id}")
