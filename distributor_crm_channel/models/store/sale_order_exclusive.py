# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import ValidationError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _drop_exclusive_lines(self):
        """Take out of a cart what neither its buyer nor its store may sell (any more).

        :return: what the customer is told
        """
        gone = self.order_line.filtered(lambda line: not line._may_be_sold_here())
        told = [
            self.env._("%s is not sold here any more.", line.product_id.display_name)
            for line in gone
        ]
        gone.unlink()
        return told


class SaleOrderLine(models.Model):
    """Exclusive products are for distributors of their tiers, and for their stores."""

    _inherit = "sale.order.line"

    def _may_be_sold_here(self) -> bool:
        self.ensure_one()
        line = self.sudo()  # the rule holds whoever sells
        template = line.product_id.product_tmpl_id
        if not template.is_store_exclusive:
            return True
        order = line.order_id
        owners = order.partner_id.commercial_partner_id.filtered("is_distributor")
        owners |= order.store_id.partner_id
        return bool(template.filtered_domain(template._get_exclusive_domain(owners)))

    @api.constrains("product_id", "order_id")
    def _check_store_exclusive(self):
        """Refuse exclusive products for others than entitled distributors and stores.

        A cart is asked when it is shown and paid: only then its store is known.
        """
        for line in self.filtered(lambda line: not line.order_id.website_id):
            if not line._may_be_sold_here():
                raise ValidationError(
                    self.env._(
                        "%s is sold in distributors' stores alone. Choose a distributor "
                        "whose tier may sell it, or another product.",
                        line.product_id.display_name,
                    )
                )
