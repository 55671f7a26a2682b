# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    usage_days = fields.Integer(
        string="Used Up After (Days)",
        help="So long after a distributor received it, and did not buy it again, his "
        "account manager is reminded to ask. 0: never.",
    )

    _usage_days_positive = models.Constraint(
        "CHECK(usage_days IS NULL OR usage_days >= 0)", "Enter a number of days."
    )
