# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.http import request

from .service import ServicePortal

MODEL = "distributor.gift"
SHOWN = ("state", "in", ("approved", "received"))


class GiftPortal(ServicePortal):
    """What a distributor was given; he confirms that he has it (R033)."""

    def _get_service_links(self):
        gifts, own = self._get_own(MODEL, SHOWN)
        links = super()._get_service_links()
        if not gifts.search_count(own, limit=1):
            return links
        return [
            *links,
            {
                "title": request.env._("Gifts and Rewards"),
                "text": request.env._("Confirm what you received"),
                "url": "/my/gifts",
                "icon": "fa-gift",
                "count": gifts.search_count([*own, ("state", "=", "approved")]),
            },
        ]

    @http.route(
        ["/my/gifts", "/my/gifts/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_gifts(self, page=1, **kw):
        """One's gifts, the newest first."""
        return self._render_service_list(
            "distributor_crm.portal_my_gifts",
            MODEL,
            "/my/gifts",
            page,
            domain=[SHOWN],
            page_name="gift",
        )

    @http.route(
        "/my/gifts/<int:gift_id>/received",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_gift_received(self, gift_id, **kw):
        """Confirm that one has a gift; once."""
        gift = self._find_own(MODEL, gift_id, SHOWN)
        if not gift:
            return request.redirect("/my")
        contact = request.env.user.partner_id
        self._try(lambda: gift._confirm_receipt(contact))
        return request.redirect("/my/gifts")
