# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

LINES_PER_PAGE = 50


class DistributorPortal(CustomerPortal):
    """A distributor's own rebates, and no one else's (R016)."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "rebate_count" in counters:
            statements, domain = self._get_own_rebates()
            values["rebate_count"] = statements.search_count(domain)
        return values

    def _get_own_rebates(self):
        """Return the statements with full rights, and the domain of one's own.

        Portal users hold no right on rebates at all, so that no other distributor's
        existence leaks: sudo reads, and this domain alone decides what.
        """
        distributor = request.env.user.commercial_partner_id
        domain = [("partner_id", "=", distributor.id)]
        return request.env["distributor.rebate.statement"].sudo(), domain

    @http.route(
        ["/my/rebates", "/my/rebates/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_rebates(self, page=1, **kw):
        """The list of one's statements, the newest period first."""
        statements, domain = self._get_own_rebates()
        step = self._items_per_page
        pages = pager(
            "/my/rebates", statements.search_count(domain), page=page, step=step
        )
        return request.render(
            "distributor_crm.portal_my_rebates",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "rebate",
                "default_url": "/my/rebates",
                "pager": pages,
                "statements": statements.search(
                    domain, limit=step, offset=pages["offset"]
                ),
            },
        )

    @http.route(
        [
            "/my/rebates/<int:statement_id>",
            "/my/rebates/<int:statement_id>/page/<int:page>",
        ],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_rebate(self, statement_id, page=1, **kw):
        """One statement with the invoice lines behind it; a stranger's leads home."""
        statements, domain = self._get_own_rebates()
        statement = statements.search([*domain, ("id", "=", statement_id)])
        if not statement:
            return request.redirect("/my")
        pages = pager(
            f"/my/rebates/{statement_id}",
            statement.line_count,
            page=page,
            step=LINES_PER_PAGE,
        )
        lines = statement.line_ids.search(
            [("statement_id", "=", statement.id)],
            limit=LINES_PER_PAGE,
            offset=pages["offset"],
        )
        return request.render(
            "distributor_crm.portal_my_rebate",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "rebate",
                "statement": statement,
                "lines": lines,
                "pager": pages,
            },
        )
