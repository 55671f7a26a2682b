# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.exceptions import UserError, ValidationError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

MAX_TEXT = 4000


class ServicePortal(CustomerPortal):
    """What the service pages of the portal share; and the page that leads to them.

    Portal users hold no right on any of it: sudo reads, and the domain of one's own
    alone decides what. Whatever is not his, or not there, leads home alike.
    """

    def _get_distributor(self):
        """Return the distributor that this user stands for; empty for all others."""
        partner = request.env.user.commercial_partner_id
        # A portal user may not read what the company notes about his own partner.
        return partner.filtered(lambda p: p.sudo().is_distributor)

    def _get_own(self, model, *domain):
        """Return a model with full rights, and the domain of one's own in it."""
        own = [("partner_id", "=", self._get_distributor().id or 0), *domain]
        # Portal users hold no right on it; the domain decides what they get.
        return request.env[model].sudo(), own

    def _find_own(self, model, record_id, *domain):
        """Return one's own record with full rights; nothing for all others'."""
        records, own = self._get_own(model, *domain)
        return records.search([*own, ("id", "=", record_id)])

    def _get_service_links(self):
        """Return the pages of the service: title, text, url, icon and count of each."""
        return []

    @http.route("/my/service", type="http", auth="user", website=True, readonly=True)
    def portal_my_service(self, **kw):
        """The page that leads to all that a distributor asks of the company."""
        if not self._get_distributor():
            return request.redirect("/my")
        return self._render_service(
            "distributor_crm.portal_my_service",
            page_name="service",
            links=self._get_service_links(),
        )

    def _render_service(self, template, **values):
        """Return a page with what each portal page needs."""
        return request.render(
            template,
            {**self._prepare_portal_layout_values(), "max_text": MAX_TEXT, **values},
        )

    def _render_service_list(self, template, model, url, page, domain=(), **values):
        """Return a page of one's own records of a model, the newest first."""
        if not self._get_distributor():
            return request.redirect("/my")
        records, own = self._get_own(model, *domain)
        pages = pager(
            url, records.search_count(own), page=page, step=self._items_per_page
        )
        return self._render_service(
            template,
            records=records.search(
                own, limit=self._items_per_page, offset=pages["offset"]
            ),
            pager=pages,
            default_url=url,
            **values,
        )

    def _try(self, work):
        """Do what a form asks, all of it or nothing.

        :param work: called without arguments; refuses with a UserError
        :return: what it returned, and what to tell the user if it refused
        """
        try:
            with request.env.cr.savepoint():
                return work(), None
        except (UserError, ValidationError) as error:
            return None, str(error)

    def _clean(self, text, limit=MAX_TEXT):
        """Return a text of a form, cut to what is stored."""
        return (text if isinstance(text, str) else "").strip()[:limit]

    def _as_id(self, text):
        """Return a number of a form: 0 for nothing, -1 for what can be none."""
        text = text.strip() if isinstance(text, str) else ""
        if not text:
            return 0
        is_id = text.isascii() and text.isdigit() and len(text) <= 9
        return int(text) if is_id else -1

    def _as_amount(self, text):
        """Return a number of a form: 0 for nothing, None for what can be none."""
        try:
            number = float(text or 0)
        except ValueError:
            return None
        return number if 0 <= number < 10**9 else None

    def _get_service_company(self, partner):
        """Return the company that serves a distributor."""
        return partner.company_id or request.env.company

    def _get_own_orders(self, partner, *domain):
        """Return the newest orders of a distributor and of his stores."""
        return (
            request.env["sale.order"]
            .sudo()  # the domain decides what he sees
            .search(
                [
                    "|",
                    ("partner_id", "child_of", partner.id),
                    ("store_id.partner_id", "=", partner.id),
                    ("state", "=", "sale"),
                    *domain,
                ],
                limit=80,
            )
        )

    def _get_bought_orders(self, partner, order_id=0, *domain):
        """Return what a distributor bought himself, or the one order that is meant."""
        chosen = [("id", "=", order_id)] if order_id else []
        return (
            request.env["sale.order"]
            .sudo()  # the domain decides what he sees
            .search(
                [
                    ("partner_id", "child_of", partner.id),
                    ("state", "=", "sale"),
                    *domain,
                    *chosen,
                ],
                limit=40,
            )
        )

    def _get_running_stores(self, partner):
        """Return the stores of a distributor that are not closed."""
        return (
            request.env["distributor.store"]
            .sudo()  # the domain decides what he sees
            .search([("partner_id", "=", partner.id), ("state", "!=", "closed")])
        )
