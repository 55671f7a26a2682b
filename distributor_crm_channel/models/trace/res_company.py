# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    diversion_days = fields.Integer(
        string="Days Looked At",
        default=90,
        help="Codes that were seen in so many days count together.",
    )
    diversion_min_codes = fields.Integer(
        string="Codes at Least",
        default=3,
        help="So many different codes of a distributor must be seen outside his territory "
        "before a case is proposed: one box elsewhere proves nothing.",
    )
    diversion_min_share = fields.Float(
        string="Share at Least (%)",
        default=10,
        help="So many of the distributor's codes that were seen must be outside.",
    )
    verify_hourly_limit = fields.Integer(
        string="Queries an Hour",
        default=30,
        help="How often the page that verifies codes answers one address. 0: no bound.",
    )

    _diversion_sane = models.Constraint(
        "CHECK(diversion_days > 0 AND diversion_min_codes > 0 "
        "AND diversion_min_share BETWEEN 0 AND 100 AND verify_hourly_limit >= 0)",
        "Days and codes are one at least, a share is 0 to 100 percent.",
    )
