# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.http import request, route

from odoo.addons.website_sale.controllers.cart import Cart
from odoo.addons.website_sale.controllers.main import WebsiteSale


class StoreShop(WebsiteSale):
    def _check_cart(self, order_sudo):
        # EXTENDS website_sale: each step of the checkout tells what changed since
        redirection = super()._check_cart(order_sudo)
        if not redirection and order_sudo._refresh_store():
            return request.redirect("/shop/cart")
        return redirection


class StoreCart(Cart):
    @route()
    def cart(self, **post):
        # EXTENDS website_sale
        if request.cart:
            request.cart._refresh_store()
        return super().cart(**post)
