# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .distributor_return import ACTIVE


class DistributorReturnLine(models.Model):
    """So much of one line of an order."""

    _name = "distributor.return.line"
    _description = "Returned Goods"
    _rec_name = "order_line_id"

    return_id = fields.Many2one(
        comodel_name="distributor.return",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="return_id.company_id", store=True, precompute=True
    )
    partner_id = fields.Many2one(
        related="return_id.partner_id", store=True, precompute=True, index=True
    )
    state = fields.Selection(related="return_id.state", store=True, precompute=True)
    order_id = fields.Many2one(related="return_id.order_id")
    order_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Ordered",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('order_id', '=', order_id), ('display_type', '=', False)]",
    )
    product_id = fields.Many2one(related="order_line_id.product_id", store=True)
    product_uom_id = fields.Many2one(related="order_line_id.product_uom_id")
    quantity = fields.Float(digits="Product Unit", required=True, default=1)
    available = fields.Float(
        string="Can Return", digits="Product Unit", compute="_compute_available"
    )

    _quantity_positive = models.Constraint(
        "CHECK(quantity > 0)", "What comes back is more than nothing."
    )
    _once = models.UniqueIndex(
        "(return_id, order_line_id)", "Enter each line of the order once."
    )

    @api.depends("order_line_id", "quantity")
    def _compute_available(self):
        for line in self:
            # What was shipped does not depend on who asks.
            ordered = line.order_line_id.sudo()
            own = line.quantity if line._origin and line.state in ACTIVE else 0
            line.available = ordered._get_returnable() + own

    @api.constrains("quantity", "order_line_id", "return_id")
    def _check_quantity(self):
        for line in self:
            ordered = line.order_line_id.sudo()  # as above
            if ordered.order_id != line.return_id.order_id:
                raise ValidationError(
                    self.env._("This line belongs to another order. Choose again.")
                )
            uom = ordered.product_uom_id
            if uom.compare(ordered._get_returnable(), 0) < 0:
                raise ValidationError(
                    self.env._(
                        "Of %(product)s not so much can come back: only what was "
                        "delivered and is not returned already, %(quantity)s more.",
                        product=ordered.product_id.display_name,
                        quantity=max(
                            uom.round(ordered._get_returnable() + line.quantity), 0
                        ),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if not self.env.su:
            lines.return_id._check_state("submitted")
        return lines

    def write(self, vals):
        if not self.env.su:
            self.return_id._check_state("submitted")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        self.return_id._check_state("submitted", "cancelled")


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    return_line_ids = fields.One2many(
        comodel_name="distributor.return.line", inverse_name="order_line_id"
    )
    # Stored on the line itself: of two requests for the same goods at the same moment
    # the database lets one through, and the other is judged again on what it left.
    return_quantity = fields.Float(
        string="Asked Back",
        digits="Product Unit",
        compute="_compute_return_quantity",
        store=True,
        copy=False,
    )

    @api.depends("return_line_ids.quantity", "return_line_ids.state")
    def _compute_return_quantity(self):
        for line in self:
            line.return_quantity = sum(
                asked.quantity
                for asked in line.return_line_ids
                if asked.state in ACTIVE
            )

    def _get_gross_delivered(self):
        """Return what was ever delivered of this line, less what came back by other
        ways than a return request."""
        self.ensure_one()
        return self.qty_delivered

    def _get_returnable(self):
        """Return how much of this line can still be asked back; below zero where too
        much was."""
        self.ensure_one()
        return self._get_gross_delivered() - self.return_quantity
