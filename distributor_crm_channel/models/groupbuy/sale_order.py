# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from .distributor_groupbuy import FILED


class SaleOrder(models.Model):
    """An order with group-buy prices has a group-buy on record."""

    _inherit = "sale.order"

    groupbuy_ids = fields.One2many(
        comodel_name="distributor.groupbuy",
        inverse_name="order_id",
        string="Group-buys",
        copy=False,
    )
    groupbuy_id = fields.Many2one(
        comodel_name="distributor.groupbuy",
        string="Group-buy",
        compute="_compute_groupbuy_id",
    )
    groupbuy_state = fields.Selection(
        related="groupbuy_id.state", string="Group-buy Status"
    )

    @api.depends("groupbuy_ids.state")
    def _compute_groupbuy_id(self):
        for order in self:
            alive = order.groupbuy_ids.filtered(lambda one: one.state != "cancelled")
            order.groupbuy_id = alive[:1]

    def _get_groupbuy_partner(self):
        """Return whose group-buy an order can be: the distributor, or the store's owner."""
        self.ensure_one()
        # Who sells need not see stores.
        owner = self.sudo().store_id.partner_id
        return owner or self.partner_id.commercial_partner_id

    def _get_groupbuy_goods(self, delivered=False):
        """Return {product: quantity in its own unit} of the goods of an order.

        :param delivered: what left, less what came back; else what was ordered
        """
        found = defaultdict(float)
        for line in self.order_line:
            product = line.product_id
            if line.display_type or product.type != "consu" or line.is_downpayment:
                continue
            quantity = line.qty_delivered if delivered else line.product_uom_qty
            found[product] += line.product_uom_id._compute_quantity(
                quantity, product.uom_id, rounding_method="HALF-UP"
            )
        return {
            product: quantity for product, quantity in found.items() if quantity > 0
        }

    def _get_groupbuy_shipments(self):
        """Return what left for the customer already."""
        return self.picking_ids.filtered(
            lambda picking: (
                picking.state == "done" and picking.picking_type_code == "outgoing"
            )
        )

    # -- prices ------------------------------------------------------------------------

    def _apply_groupbuy_price(self, policy):
        """Give a quotation the prices of its group-buy; a confirmed order keeps its own."""
        self.ensure_one()
        pricelist = policy.pricelist_id
        if not pricelist or self.state not in ("draft", "sent"):
            return
        before = self.amount_untaxed
        if self.pricelist_id != pricelist:
            if self.currency_id != pricelist.currency_id:
                raise UserError(
                    self.env._(
                        "The group-buy pricelist is in another currency than %s.",
                        self.name,
                    )
                )
            self.pricelist_id = pricelist
            self._recompute_prices()
            saved = max(before - self.amount_untaxed, 0)
            self.groupbuy_id._set(advantage=saved)

    def _drop_groupbuy_price(self):
        """Take the prices of a group-buy away with it."""
        for order in self:
            if order.state in ("draft", "sent") and (
                order.pricelist_id._is_for_groupbuys()
            ):
                partner = order.partner_id.with_company(order.company_id)
                order.pricelist_id = partner.property_product_pricelist
                order._recompute_prices()

    def _check_groupbuy_price(self):
        """Refuse group-buy prices without a filing.

        :raises UserError: names the order
        """
        for order in self:
            if not order.pricelist_id._is_for_groupbuys():
                continue
            # Who confirms or ships need not see group-buys.
            if order.sudo().groupbuy_id.state not in FILED:
                raise UserError(
                    self.env._(
                        "%s has group-buy prices. File its group-buy first, or choose "
                        "another pricelist.",
                        order.name,
                    )
                )

    def action_confirm(self):
        # EXTENDS sale
        self._check_groupbuy_price()
        return super().action_confirm()

    def _action_cancel(self):
        # EXTENDS sale: what is not ordered is no group-buy
        result = super()._action_cancel()
        # Who cancels orders need not see group-buys.
        alive = self.sudo().groupbuy_ids.filtered(
            lambda one: one.state in ("draft", "filed")
        )
        alive._set(state="cancelled")
        return result

    # -- buttons -----------------------------------------------------------------------

    def action_groupbuy(self):
        """Open the group-buy of this order, or a new one."""
        self.ensure_one()
        action = {
            "type": "ir.actions.act_window",
            "res_model": "distributor.groupbuy",
            "views": [(False, "form")],
            "res_id": self.groupbuy_id.id,
        }
        if not self.groupbuy_id:
            partner = self._get_groupbuy_partner()
            if not partner.is_distributor:
                raise UserError(
                    self.env._("Only orders of distributors can be group-buys.")
                )
            action["context"] = {
                "default_order_id": self.id,
                "default_partner_id": partner.id,
                "default_company_id": self.company_id.id,
            }
        return action
