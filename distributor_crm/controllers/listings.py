# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.http import request

from .service import ServicePortal

MODEL = "distributor.listing.task"


class ListingPortal(ServicePortal):
    """What a distributor is to list in his shops, and until when (R169)."""

    def _get_service_links(self):
        tasks, own = self._get_own(MODEL, ("state", "in", ("open", "overdue")))
        return [
            *super()._get_service_links(),
            {
                "title": request.env._("Products to List"),
                "text": request.env._("Tell where you listed the products of a kit"),
                "url": "/my/listings",
                "icon": "fa-check-square-o",
                "count": tasks.search_count(own),
            },
        ]

    @http.route(
        ["/my/listings", "/my/listings/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_listings(self, page=1, done=None, **kw):
        """One's listing tasks, what is due first."""
        return self._render_listings(page, done=done == "declared")

    def _render_listings(self, page=1, **values):
        return self._render_service_list(
            "distributor_crm.portal_my_listings",
            MODEL,
            "/my/listings",
            page,
            page_name="listing",
            **values,
        )

    @http.route(
        "/my/listings/<int:task_id>/declare",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_declare_listing(self, task_id, addresses="", **kw):
        """Say where the products are listed."""
        task = self._find_own(MODEL, task_id)
        if not task:
            return request.redirect("/my")
        typed = self._clean(addresses)
        _result, error = self._try(lambda: task._declare(typed))
        if error:
            return self._render_listings(error=error, typed={task.id: typed})
        return request.redirect("/my/listings?done=declared")
