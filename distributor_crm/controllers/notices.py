# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.http import request

from .service import ServicePortal

MODEL = "distributor.notice"


class NoticePortal(ServicePortal):
    """How far one's orders are, and those of one's stores (R034)."""

    def _get_service_links(self):
        return [
            *super()._get_service_links(),
            {
                "title": request.env._("Order News"),
                "text": request.env._("Accepted, in process, shipped, delivered"),
                "url": "/my/notices",
                "icon": "fa-truck",
                "count": 0,
            },
        ]

    @http.route(
        ["/my/notices", "/my/notices/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_notices(self, page=1, **kw):
        """What one was told of orders, the newest first."""
        return self._render_service_list(
            "distributor_crm.portal_my_notices",
            MODEL,
            "/my/notices",
            page,
            page_name="notice",
        )
