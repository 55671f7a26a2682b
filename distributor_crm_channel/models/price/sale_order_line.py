# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.distributor_crm.guard import without_closed

# Set by the button of a sales manager alone, over RPC too.
CLOSED = {"price_allowed"}


class SaleOrderLine(models.Model):
    """What a line costs in the end, beside what it may cost."""

    _inherit = "sale.order.line"

    price_allowed = fields.Float(
        string="Allowed Down To",
        digits="Product Price",
        readonly=True,
        copy=False,
        help="The price of one, below the floor, that a sales manager allowed.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self, vals_list = without_closed(self, vals_list, CLOSED)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and CLOSED & vals.keys():
            raise UserError(self.env._("Use the button to allow these prices."))
        return super().write(vals)

    def _has_own_price(self):
        """Whether the line sells something that a floor may hold for."""
        self.ensure_one()
        return bool(
            self.product_id
            and not self.display_type
            and not self.is_downpayment
            and not self.reward_id
            and not self._is_delivery()
            and not self._is_discount_line()
            and self.product_uom_qty > 0
            and self.product_type != "combo"
        )

    def _get_unit_price(self, rule, lines, cuts):
        """Return what one piece costs in the end, in the order's currency.

        :param rule: it says whether with taxes, and which promotions do not count
        :param lines: all lines of the order that have a price of their own
        :param cuts: what is taken off them together, see `_get_price_cuts`
        """
        self.ensure_one()
        total = self.price_total if rule.with_tax else self.price_subtotal
        for subtotal, with_tax, among in cuts:
            total -= self._get_share(
                with_tax if rule.with_tax else subtotal,
                lines & among if among else lines,
            )
        quantity = self.product_uom_id._compute_quantity(
            self.product_uom_qty, self.product_id.uom_id, round=False
        )
        return total / quantity if quantity else 0.0

    def _get_share(self, cut, lines):
        """Return the part of a discount on several lines that is this line's."""
        base = sum(lines.mapped("price_subtotal"))
        if self not in lines or not base:
            return 0.0
        return cut * self.price_subtotal / base

    def _get_reward_cut(self, reward):
        """Return what these lines of a reward take off, and of which lines.

        :return: (amount without tax, amount with tax, lines or None for all)
        """
        if reward.reward_type == "product":
            # A gift costs nothing: it is worth what it would have cost.
            worth = sum(line.price_unit * line.product_uom_qty for line in self)
            return worth, worth, None
        among = None
        sold = self.order_id.order_line.filtered(lambda line: line._has_own_price())
        if reward.discount_applicability == "specific":
            among = sold.filtered(
                lambda line: line.product_id in reward.all_discount_product_ids
            )
        elif reward.discount_applicability == "cheapest":
            among = sold.sorted("price_reduce_taxexcl")[:1]
        subtotal = -sum(self.mapped("price_subtotal"))
        return subtotal, -sum(self.mapped("price_total")), among
