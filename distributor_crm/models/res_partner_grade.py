# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResPartnerGrade(models.Model):
    _inherit = "res.partner.grade"

    is_rebate_eligible = fields.Boolean(
        string="Earns Rebates",
        default=True,
        help="Distributors of a tier that earns no rebates are left out of every "
        "rebate program.",
    )
    benefits = fields.Text(
        translate=True,
        help="What a distributor of this tier may count on, in words.",
    )
