# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    relation_cold_days = fields.Integer(
        string="A Relation Goes Cold After (Days)",
        required=True,
        default=90,
        help="So many days without a message, meeting or finished activity.",
    )

    anniversary_days = fields.Integer(
        string="Remind of Anniversaries (Days Before)",
        required=True,
        default=3,
        help="Below zero: nobody is reminded.",
    )

    _relation_cold_days_positive = models.Constraint(
        "CHECK(relation_cold_days > 0)", "Enter a number of days."
    )
