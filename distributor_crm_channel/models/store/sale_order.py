# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import ValidationError

# A payment that runs or is done: the order stands as it was when it began.
PAYING = ("pending", "authorized", "done")


class SaleOrder(models.Model):
    """A cart knows through which store it is filled, and keeps to its prices."""

    _inherit = "sale.order"

    # -- filling the cart ------------------------------------------------------------

    def _cart_add(self, product_id, quantity=1.0, **kwargs):
        # EXTENDS website_sale
        result = super()._cart_add(product_id, quantity, **kwargs)
        line = self.order_line.filtered(lambda line: line.id == result["line_id"])
        self._attribute_store()
        if line:
            line._set_price_store(line._find_price_store())
        return result

    def _prepare_order_line_values(self, product_id, *args, **kwargs):
        # EXTENDS website_sale: a new line has its store's price from the beginning
        values = super()._prepare_order_line_values(product_id, *args, **kwargs)
        product = self.env["product.product"].browse(values["product_id"])
        store = self.website_id._get_current_store()
        if store and store._carries(product.product_tmpl_id):
            values["price_store_id"] = store.id
        return values

    def _update_address(self, partner_id, fnames=None):
        # EXTENDS website_sale: whose sale it is depends on who buys
        result = super()._update_address(partner_id, fnames)
        if "partner_id" in (fnames or ()):
            self._attribute_store()
            self._drop_own_prices()
        return result

    def _attribute_store(self):
        """Set the store whose sale a cart is.

        A cart that came through a store stays its sale when nothing newer is known.
        """
        self.ensure_one()
        website, partner = self.website_id, self.partner_id
        if not website or self.state != "draft":
            return
        store = website._get_attributed_store(partner)
        if not store and self.store_id._is_shown_on(website):
            store = website._without_own(self.store_id, partner)
        if self.store_id != store:
            self.store_id = store

    def _drop_own_prices(self):
        """Let an owner who logs in with a full cart buy at his tier's prices."""
        own = self.order_line.filtered(
            lambda line: (
                line.price_store_id
                and self.website_id._is_own(line.price_store_id, self.partner_id)
            )
        )
        own._set_price_store(self.env["distributor.store"])

    # -- what changed since ----------------------------------------------------------

    def _refresh_store(self):
        """Bring a cart up to date: a store that closed, a product that a store or the
        shop took away, a price that changed. The customer is told on the cart.

        An order whose payment runs is left as it is.

        :return: whether anything that the customer sees has changed
        """
        self.ensure_one()
        transaction = self.get_portal_last_transaction()
        if not self.website_id or self.state != "draft" or transaction.state in PAYING:
            return False
        self._attribute_store()
        lines = self.order_line.filtered("price_store_id")
        told = lines._refresh_store_lines() if lines else []
        told += self._drop_exclusive_lines()
        if told:
            self.shop_warning = "\n".join(told)
            self._verify_cart_after_update()
        return bool(told)

    def _check_cart_is_ready_to_be_paid(self):
        # EXTENDS website_sale
        if self._refresh_store():
            raise ValidationError(
                self.env._("The cart has been updated. Please refresh the page.")
            )
        return super()._check_cart_is_ready_to_be_paid()

    # -- what follows ----------------------------------------------------------------

    def action_confirm(self):
        result = super().action_confirm()
        for order in self.filtered(lambda o: o.store_id and o.website_id):
            order.website_id._bind_shopper(order.partner_id, order.store_id, order)
        return result

    def _get_store_shipping(self):
        """Return how far the delivery is, for the owner of the store: a key and a word.

        :return: ("waiting" | "partial" | "sent" | "none", label)
        """
        self.ensure_one()
        labels = {
            "waiting": self.env._("In preparation"),
            "partial": self.env._("Partly sent"),
            "sent": self.env._("Sent"),
            "none": self.env._("Nothing to send"),
        }
        status = {"full": "sent", "partial": "partial", "started": "partial"}.get(
            self.delivery_status, "waiting"
        )
        goods = self.order_line.filtered(lambda line: line.product_id.type == "consu")
        key = status if goods else "none"
        return key, labels[key]
