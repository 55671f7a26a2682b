# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorVisitCount(models.Model):
    """What stood on the shelf and in the store when a shop was checked (R152)."""

    _name = "distributor.visit.count"
    _description = "Stock Seen on a Visit"
    _order = "visit_id, id"

    visit_id = fields.Many2one(
        comodel_name="distributor.visit", required=True, index=True, ondelete="cascade"
    )
    product_id = fields.Many2one(
        comodel_name="product.product", required=True, index=True, ondelete="restrict"
    )
    uom_id = fields.Many2one(related="product_id.uom_id")
    quantity = fields.Float(digits="Product Unit", string="In Stock")
    facings = fields.Integer(help="How many stand in front on the shelf.")
    currency_id = fields.Many2one(related="visit_id.currency_id")
    shelf_price = fields.Monetary()
    is_displayed = fields.Boolean(string="Well Displayed", default=True)
    note = fields.Char()

    _once = models.UniqueIndex(
        "(visit_id, product_id)", "This product is counted on the visit already."
    )
    _quantity_positive = models.Constraint(
        "CHECK(quantity >= 0 AND facings >= 0)", "Counts are 0 or more."
    )
