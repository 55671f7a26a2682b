# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorFeePurpose(models.Model):
    """What a fee may be spent on; there is no other (R078-R083, R131, R135-R138)."""

    _name = "distributor.fee.purpose"
    _description = "Fee Purpose"
    _order = "sequence, id"

    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False)
    kind = fields.Selection(
        selection=[
            ("relation", "Relation to a customer"),
            ("new_customer", "Winning a new customer"),
            ("event", "Event"),
            ("support", "Support of sales"),
        ],
        required=True,
        default="relation",
    )
    description = fields.Text(translate=True)
    needs_evidence = fields.Boolean(
        help="Photos, sign-in sheets or the like are asked for before it is paid."
    )
    once_a_period = fields.Boolean(
        string="Once a Customer and Month",
        help="A customer gets it once a month at most.",
    )
    company_share = fields.Float(
        string="Our Share (%)",
        default=100.0,
        help="What part of the costs we bear.",
    )

    _code_once = models.UniqueIndex("(code)", "This code is in use already.")
    _share_in_range = models.Constraint(
        "CHECK(company_share > 0 AND company_share <= 100)",
        "Our share is more than 0 and at most 100 %.",
    )
