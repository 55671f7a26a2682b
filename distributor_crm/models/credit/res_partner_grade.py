# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResPartnerGrade(models.Model):
    """How long a tier may owe before its orders wait (R118, R143)."""

    _inherit = "res.partner.grade"

    overdue_hold_days = fields.Integer(
        string="Hold Orders When Overdue (Days)",
        help="An order is not confirmed while an invoice of the distributor is overdue "
        "for longer. 0: never held.",
    )

    _overdue_hold_days_positive = models.Constraint(
        "CHECK(overdue_hold_days IS NULL OR overdue_hold_days >= 0)",
        "Enter a number of days.",
    )
