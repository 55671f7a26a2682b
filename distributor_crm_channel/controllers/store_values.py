# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from contextlib import contextmanager

from odoo.fields import Domain
from odoo.http import request
from odoo.tools import float_round, lazy

from odoo.addons.website.controllers.main import QueryURL

PICTURE_DAYS = 7
MAX_SEARCH, MAX_WORDS = 80, 5


class StorePageValues:
    """What a store's page shows, to visitors and to the owner who looks at his draft."""

    def _send_picture(self, design, name):
        stream = request.env["ir.binary"]._get_image_stream_from(design, name)
        response = stream.get_response(max_age=PICTURE_DAYS * 24 * 60 * 60)
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    def _prepare_store_page(
        self, store, design, page=1, search="", category=None, preview=False
    ):
        """Return the values of a store's page.

        :param store: with full rights: visitors have none
        :param design: the decoration to show; may be empty
        :param page, search, category: what the browser sent, untrusted
        :param preview: whether the owner looks at his draft
        """
        website = request.website
        path = f"/my/stores/{store.id}/preview" if preview else f"/store/{store.slug}"
        search = " ".join(str(search or "").split())[:MAX_SEARCH]
        Line = store.env["distributor.store.product"]
        sold = store._get_product_domain() & Domain(website.website_domain())
        categories = self._get_store_categories(store, sold)
        category = categories.filtered(lambda c: str(c.id) == str(category))
        domain = self._get_store_search(sold, search, category)
        lines_domain = [
            ("store_id", "=", store.id),
            ("product_tmpl_id", "any", list(domain)),
        ]
        step = website.shop_ppg or 21
        count = Line.search_count(lines_domain)
        keep = {"search": search, "category": category.id}
        pager = website.pager(
            url=path,
            total=count,
            page=page,
            step=step,
            url_args={key: value for key, value in keep.items() if value},
        )
        lines = Line.search(
            lines_domain,
            order="featured desc, sequence, id",
            limit=step,
            offset=pager["offset"],
        )
        return {
            "store": store,
            "design": design,
            "preview": preview,
            "is_owner": website._is_own(store, request.env.user.partner_id),
            "store_path": path,
            "featured": set(lines.filtered("featured").product_tmpl_id.ids),
            "categories": categories,
            "category": category,
            "search": search,
            "search_count": count,
            "pager": pager,
            "keep": QueryURL(path, **keep),
            "main_object": store,
            **self._prepare_store_tiles(store, lines),
        }

    def _get_store_categories(self, store, sold):
        """Return the shop's categories of what the store sells."""
        # Visitors have no rights on what stores chose; categories are public.
        Category = request.env["product.public.category"].sudo()
        chosen = sold & Domain(
            "store_product_ids", "any", [("store_id", "=", store.id)]
        )
        return Category.search([("product_tmpl_ids", "any", list(chosen))])

    def _get_store_search(self, domain, search, category):
        for word in search.split()[:MAX_WORDS]:
            domain &= (
                Domain("name", "ilike", word)
                | Domain("variants_default_code", "ilike", word)
                | Domain("description_sale", "ilike", word)
            )
        if category:
            domain &= Domain("public_categ_ids", "child_of", category.id)
        return domain

    @contextmanager
    def _as_visitor(self, store):
        """Show an owner, who has a pricelist of his own, what visitors are shown."""
        website, own = request.website, request.pricelist
        if website._is_own(store, request.env.user.partner_id):
            # Which pricelist visitors have is no secret.
            visitor = website.sudo().user_id.partner_id
            request.pricelist = visitor.property_product_pricelist
        try:
            yield
        finally:
            request.pricelist = own

    def _prepare_store_tiles(self, store, lines):
        """Return what the shop's own product tiles need, with the store's prices."""
        website = request.website.with_context(shown_store_id=store.id)
        # From here on as the visitor: what is published, he may read.
        products = lines.product_tmpl_id.with_env(request.env)
        products.fetch()
        # As the shop does: the first variant of each, whatever the visitor may read.
        variants = request.env["product.product"].sudo()
        variants = variants.browse(p._get_first_possible_variant_id() for p in products)
        variants.fetch()
        with self._as_visitor(store):
            prices = products._get_sales_prices(website)
        query = {"store": store.slug}
        ribbons = request.env["product.ribbon"].sudo()
        return {
            "products": products,
            "product_variants": dict(zip(products, variants, strict=True)),
            "get_product_prices": lambda product: prices[product.id],
            # As the shop does: ribbons are shown to all.
            "auto_assign_ribbons": ribbons.search([("assign", "!=", "manual")]),
            "float_round": float_round,
            "product_query_params": query,
            "previewed_attribute_values": lazy(
                lambda: products._get_previewed_attribute_values(None, query)
            ),
        }
