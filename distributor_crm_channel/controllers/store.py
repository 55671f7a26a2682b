# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request

from .store_values import StorePageValues


class StorePage(StorePageValues, http.Controller):
    """A store's public page (R178).

    An unknown, suspended or closed store, one of another website or company: all get the
    same page that says it is not here.
    """

    def _sitemap_stores(env, rule, qs):  # noqa: N805 - Odoo calls it without a self
        website = env["website"].get_current_website()
        # Robots have no rights on stores; open ones are public.
        stores = env["distributor.store"].sudo().search(website._get_store_domain())
        for store in stores:
            location = f"/store/{store.slug}"
            if not qs or qs.lower() in location:
                yield {"loc": location}

    @http.route(
        ["/store/<string:slug>", "/store/<string:slug>/page/<int:page>"],
        type="http",
        auth="public",
        website=True,
        sitemap=_sitemap_stores,
    )
    def store(self, slug, page=1, search="", category=None, **kw):
        """The page of a store; who opens it came through the store."""
        website = request.website
        if not website.has_ecommerce_access():
            return request.redirect(f"/web/login?redirect=/store/{slug}")
        store = website._find_store(slug)
        if not store:
            return self._render_missing()
        website._follow_store(store)
        values = self._prepare_store_page(
            store, store._get_design(), page=page, search=search, category=category
        )
        return request.render("distributor_crm_channel.store_page", values)

    @http.route(
        "/s/<string:slug>", type="http", auth="public", website=True, sitemap=False
    )
    def store_link(self, slug, **kw):
        """The short link that a store shares."""
        store = request.website._find_store(slug)
        if not store:
            return self._render_missing()
        request.website._follow_store(store)
        return request.redirect(f"/store/{store.slug}")

    @http.route(
        "/store/<string:slug>/<any(banner,logo):name>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def store_picture(self, slug, name, **kw):
        """A picture of what a store has published."""
        store = request.website._find_store(slug)
        design = store._get_design() if store else None
        if not design or not design[name]:
            raise NotFound
        return self._send_picture(design, name)

    def _render_missing(self):
        response = request.render("distributor_crm_channel.store_missing", {})
        response.status_code = 404
        return response
