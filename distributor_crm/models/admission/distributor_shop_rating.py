# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorShopRating(models.Model):
    """A level that a platform gives to shops, in the platform's order (R191)."""

    _name = "distributor.shop.rating"
    _description = "Shop Rating"
    _order = "rank, id"

    name = fields.Char(required=True, translate=True)
    rank = fields.Integer(
        required=True,
        help="The place on the scale: a higher number is a better rating.",
    )
    active = fields.Boolean(default=True)

    _rank_unique = models.Constraint(
        "UNIQUE(rank)", "There is a rating in this place of the scale already."
    )
