# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

MODES = [("proposal", "Propose, people decide"), ("automatic", "At once")]


class ResCompany(models.Model):
    _inherit = "res.company"

    tier_promotion_mode = fields.Selection(
        selection=MODES,
        string="Promotions",
        required=True,
        default="proposal",
        help="What the nightly job does when a distributor has reached a higher tier.",
    )
    tier_demotion_mode = fields.Selection(
        selection=MODES,
        string="Demotions",
        required=True,
        default="proposal",
        help="What the nightly job does when a distributor does not hold his tier any "
        "more and his grace is over.",
    )
    tier_refusal_days = fields.Integer(
        string="Do Not Propose Again For (Days)",
        required=True,
        default=90,
        help="A change that was refused is not proposed again for so long.",
    )

    _tier_refusal_days_positive = models.Constraint(
        "CHECK(tier_refusal_days >= 0)", "Enter a number of days, zero for none."
    )
