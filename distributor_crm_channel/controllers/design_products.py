# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import math

from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import pager

from .design import DONE, StoreDesignPortal

ORDERS_PER_PAGE = 30
PRODUCTS_PER_PAGE = 40
FOUND = 20
MAX_PRICE = 10**9


class StoreProductsPortal(StoreDesignPortal):
    """An owner chooses what his stores show and at which price, and sees their orders."""

    # -- products --------------------------------------------------------------------

    @http.route(
        [
            "/my/stores/<int:store_id>/products",
            "/my/stores/<int:store_id>/products/page/<int:page>",
        ],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def portal_my_store_products(self, store_id, page=1, search="", done=None, **kw):
        """What the store shows, and what it may add."""
        store = self._get_own_store(store_id)
        if not store:
            return request.redirect("/my")
        done = done if done in DONE else None
        return self._render_products(store, page=page, search=search, done=done)

    def _render_products(self, store, page=1, search="", **values):
        Line = store.env["distributor.store.product"]
        domain = [("store_id", "=", store.id)]
        pages = pager(
            f"/my/stores/{store.id}/products",
            Line.search_count(domain),
            page=page,
            step=PRODUCTS_PER_PAGE,
        )
        search = " ".join(str(search or "").split())[:80]
        return request.render(
            "distributor_crm_channel.portal_store_products",
            self._prepare_store_portal(
                store,
                "products",
                lines=Line.search(
                    domain,
                    order="featured desc, sequence, id",
                    limit=PRODUCTS_PER_PAGE,
                    offset=pages["offset"],
                ),
                pager=pages,
                search=search,
                found=self._find_products(store, search),
                **values,
            ),
        )

    def _get_addable(self, store):
        """Return the domain of the products that the store may show and does not yet."""
        # The domain lets through what is published and of the store's tier.
        chosen = Domain("store_product_ids", "any", [("store_id", "=", store.id)])
        return store._get_product_domain() & ~chosen

    def _find_products(self, store, search):
        domain = self._get_store_search(self._get_addable(store), search, None)
        return store.env["product.template"].search(
            domain, limit=FOUND, order="website_sequence, name"
        )

    @http.route(
        "/my/stores/<int:store_id>/products",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_my_store_add(self, store_id, product_id=None, search="", **post):
        """Add a product that the store may sell, at the end."""
        store = self._get_store_to_change(store_id)
        if not store:
            return request.redirect("/my")
        number = int(product_id) if str(product_id).isdigit() else 0
        product = store.env["product.template"].search(
            self._get_addable(store) & Domain("id", "=", min(number, 2**31 - 1))
        )
        if not product:
            error = request.env._("This product cannot be added. Choose another one.")
            return self._render_products(store, search=search, error=error)
        last = store.env["distributor.store.product"].search(
            [("store_id", "=", store.id)], order="sequence desc", limit=1
        )
        store.env["distributor.store.product"].create(
            {
                "store_id": store.id,
                "product_tmpl_id": product.id,
                "sequence": last.sequence + 1,
            }
        )
        return request.redirect(f"/my/stores/{store.id}/products?done=added")

    @http.route(
        "/my/stores/<int:store_id>/products/<int:line_id>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_my_store_product(self, store_id, line_id, action="save", **post):
        """Move, price, recommend or remove a product of one's own store."""
        store = self._get_store_to_change(store_id)
        line = store and store.env["distributor.store.product"].search(
            [("store_id", "=", store.id), ("id", "=", line_id)]
        )
        if not line:
            return request.redirect("/my")
        path = f"/my/stores/{store.id}/products"
        if action in ("up", "down"):
            line._move(-1 if action == "up" else 1)
            return request.redirect(f"{path}#product_{line.id}")
        if action == "remove":
            line.unlink()
            return request.redirect(f"{path}?done=removed")
        try:
            with request.env.cr.savepoint():
                line.write(
                    {
                        "price": self._read_price(post.get("price")),
                        "featured": bool(post.get("featured")),
                    }
                )
        except UserError as error:
            return self._render_products(store, error=str(error), wrong=line.id)
        return request.redirect(f"{path}?done=priced#product_{line.id}")

    def _read_price(self, text):
        """Return a price that somebody typed; 0 where he left it empty.

        :raises UserError: no price, or not above zero
        """
        text = str(text or "").strip().replace(",", ".").replace("\u00a0", "")
        if not text:
            return 0.0
        try:
            price = float(text)
        except ValueError:
            price = math.nan
        if not 0 < price < MAX_PRICE:
            raise UserError(
                request.env._(
                    "Type a price above zero, or leave it empty to sell at the shop's "
                    "price."
                )
            )
        return price

    # -- orders ----------------------------------------------------------------------

    @http.route(
        [
            "/my/stores/<int:store_id>/orders",
            "/my/stores/<int:store_id>/orders/page/<int:page>",
        ],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_store_orders(self, store_id, page=1, **kw):
        """Every order of the store on record (R185), without who bought (R186)."""
        store = self._get_own_store(store_id)
        if not store:
            return request.redirect("/my")
        # Portal users see no orders but their own; the store is theirs.
        Order = request.env["sale.order"].sudo()
        domain = [("store_id", "=", store.id), ("state", "=", "sale")]
        pages = pager(
            f"/my/stores/{store.id}/orders",
            Order.search_count(domain),
            page=page,
            step=ORDERS_PER_PAGE,
        )
        orders = Order.search(
            domain,
            order="date_order desc, id desc",
            limit=ORDERS_PER_PAGE,
            offset=pages["offset"],
        )
        return request.render(
            "distributor_crm_channel.portal_store_orders",
            self._prepare_store_portal(store, "orders", orders=orders, pager=pages),
        )
