# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResCompany(models.Model):
    """From where on the sub-stores screen warns."""

    _inherit = "res.company"

    earning_warn_people = fields.Integer(
        string="Warn From (People)",
        default=30,
        required=True,
        help="People in a tree of stores, counted with the organiser.",
    )
    earning_warn_depth = fields.Integer(
        string="Warn From (Levels)",
        default=3,
        required=True,
        help="Levels of a tree of stores, counted with the organiser.",
    )
    earning_warn_share = fields.Float(
        string="Warn Below (% From Own Sales)",
        default=50,
        required=True,
        help="Share of the pay that comes from a store's own sales, not from those of "
        "its sub-stores.",
    )
