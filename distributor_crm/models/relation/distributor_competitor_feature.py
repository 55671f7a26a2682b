# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorCompetitorFeature(models.Model):
    """A product of a competitor, or what he does better or worse than we (R220)."""

    _name = "distributor.competitor.feature"
    _description = "Product or Feature of a Competitor"
    _order = "competitor_id, sequence, id"

    competitor_id = fields.Many2one(
        comodel_name="distributor.competitor",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="competitor_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        selection=[
            ("product", "Product"),
            ("strength", "Strength"),
            ("weakness", "Weakness"),
        ],
        string="Type",
        required=True,
        default="product",
    )
    name = fields.Char(string="What", required=True)
    value = fields.Char(help="How much, how long, how good.")
    product_id = fields.Many2one(
        comodel_name="product.product", string="Against Our Product"
    )
    price = fields.Monetary()
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )

    _price_not_negative = models.Constraint(
        "CHECK(price >= 0)", "A price is not below zero."
    )
