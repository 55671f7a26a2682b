# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

GRANTED = {"approved_quantity", "supply_price"}


class DistributorPromoLine(models.Model):
    """One product of a campaign: what is asked for, what is granted, what was sold."""

    _name = "distributor.promo.line"
    _description = "Campaign Product"
    _rec_name = "product_id"
    _order = "request_id, id"

    request_id = fields.Many2one(
        comodel_name="distributor.promo.request",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, precompute=True
    )
    partner_id = fields.Many2one(
        related="request_id.partner_id", store=True, precompute=True, index=True
    )
    date_from = fields.Date(related="request_id.date_from", store=True, precompute=True)
    date_to = fields.Date(related="request_id.date_to", store=True, precompute=True)
    state = fields.Selection(related="request_id.state", store=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        ondelete="restrict",
        domain=[("sale_ok", "=", True)],
    )
    activity_price = fields.Monetary(string="Campaign Price", required=True)
    quantity = fields.Float(digits="Product Unit", required=True, default=1)
    approved_quantity = fields.Float(
        string="Granted", digits="Product Unit", copy=False
    )
    supply_price = fields.Monetary(
        copy=False, help="The price at which the distributor buys the granted quantity."
    )
    order_line_ids = fields.One2many(
        comodel_name="sale.order.line", inverse_name="promo_line_id", readonly=True
    )
    # Stored on the grant itself: two orders that use it up at the same moment meet here,
    # and the later one is judged again on what the other left.
    ordered_quantity = fields.Float(
        string="Ordered",
        digits="Product Unit",
        compute="_compute_ordered_quantity",
        store=True,
    )
    reported_quantity = fields.Float(
        string="Reported Sold", digits="Product Unit", readonly=True, copy=False
    )

    _amounts_positive = models.Constraint(
        "CHECK(activity_price > 0 AND quantity > 0 AND approved_quantity >= 0 "
        "AND supply_price >= 0 AND reported_quantity >= 0)",
        "Prices and quantities of a campaign are above zero.",
    )
    _once = models.UniqueIndex(
        "(request_id, product_id)", "Enter each product of a campaign once."
    )
    _granted_idx = models.Index("(partner_id, product_id) WHERE state = 'approved'")

    @api.depends(
        "order_line_ids.state",
        "order_line_ids.product_uom_qty",
        "order_line_ids.product_uom_id",
    )
    def _compute_ordered_quantity(self):
        for line in self:
            line.ordered_quantity = sum(
                ordered._get_promo_quantity()
                for ordered in line.order_line_ids
                if ordered.state == "sale"
            )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {
                    key: value
                    for key, value in vals.items()
                    if key != "reported_quantity"
                }
                for vals in vals_list
            ]
        lines = super().create(vals_list)
        if not self.env.su:
            lines.request_id._check_state("submitted")
        return lines

    def write(self, vals):
        if not self.env.su:
            self.request_id._check_state("submitted")
            if "reported_quantity" in vals:
                raise UserError(self.env._("The distributor reports what he sold."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        self.request_id._check_state("submitted", "cancelled")

    def _check_grants(self):
        """Check that what is granted has a price."""
        for line in self:
            if line.approved_quantity and not line.supply_price:
                raise UserError(
                    self.env._(
                        "Enter the supply price of %s.", line.product_id.display_name
                    )
                )

    def _get_left(self):
        """Return what of the granted quantity no order has used yet."""
        self.ensure_one()
        return self.approved_quantity - self.ordered_quantity
