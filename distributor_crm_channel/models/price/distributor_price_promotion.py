# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorPricePromotion(models.Model):
    """A way to sell more: one that leaves the marked price alone, or one that does not.

    Which of them a price rule allows is chosen on the rule (R171).
    """

    _name = "distributor.price.promotion"
    _description = "Kind of Promotion"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="What files and the programming interface call it."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_allowed = fields.Boolean(
        string="Allowed as a Rule",
        help="New price rules allow it: it does not lower the price.",
    )
    reward_type = fields.Selection(
        selection=[
            ("discount", "Discount on the order"),
            ("product", "Free product"),
            ("shipping", "Free shipping"),
        ],
        string="Reward in Our Shop",
        help="Rewards of this kind on our own orders count as this promotion.",
    )

    _code_unique = models.Constraint(
        "UNIQUE(code)", "There is a promotion with this code already."
    )
