# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    evaluation_own_portfolio = fields.Selection(
        selection=[
            ("judge", "The account manager judges, another one approves"),
            ("never", "Nobody judges whom he looks after"),
        ],
        string="Own Portfolio",
        required=True,
        default="judge",
        help="Who may grade what a person judges. The account manager never approves "
        "the evaluation of a distributor he looks after.",
    )
    evaluation_comment_days = fields.Integer(
        string="Days to Comment",
        required=True,
        default=14,
        help="So long a distributor may comment on a published evaluation; then it "
        "closes. 0: until somebody closes it.",
    )

    _evaluation_days_positive = models.Constraint(
        "CHECK(evaluation_comment_days >= 0)",
        "Enter a number of days, zero for no end.",
    )
