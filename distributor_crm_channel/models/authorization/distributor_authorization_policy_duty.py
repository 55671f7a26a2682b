# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

DUTIES = [
    ("listing", "Products Listed"),
    ("own_words", "Title and Description of One's Own"),
    ("recommendation", "Recommended in the Decoration"),
    ("declared_shops", "All Shops Declared"),
]


class DistributorAuthorizationPolicyDuty(models.Model):
    """One duty that comes with an authorization, its time and what follows (R176-R181)."""

    _name = "distributor.authorization.policy.duty"
    _description = "Duty of Authorized Shops"
    _order = "policy_id, sequence, id"
    _rec_name = "kind"

    policy_id = fields.Many2one(
        comodel_name="distributor.authorization.policy",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(default=10)
    kind = fields.Selection(selection=DUTIES, required=True)
    days = fields.Integer(
        string="Within (Days)",
        required=True,
        default=5,
        help="Natural days from the day the authorization is granted. Where the company "
        "has a listing deadline, products are listed within its days.",
    )
    warn_days = fields.Integer(
        string="Warn before (Days)",
        required=True,
        default=2,
        help="Who has not shown a proof is warned so many days before the deadline.",
    )
    grace_days = fields.Integer(
        string="Grace (Days)",
        required=True,
        default=2,
        help="After the deadline, before anything follows.",
    )
    threshold = fields.Float(
        string="Unchanged from",
        default=0.9,
        help="A text that is like the kit's by so much counts as not changed; 1 is the "
        "same text.",
    )
    minimum = fields.Integer(
        string="At Least",
        default=1,
        help="So many products of the brand among the main recommendations.",
    )
    consequence = fields.Selection(
        selection=[
            ("report", "Open a Case"),
            ("withdraw", "Propose to Withdraw"),
            ("none", "Remind Only"),
        ],
        string="What Follows",
        required=True,
        default="report",
        help="A case is answered by the distributor before anything is decided; a "
        "withdrawal needs a second person.",
    )
    repeat_days = fields.Integer(
        string="Again after (Days)",
        default=0,
        help="A new proof is asked for so many days after the last was accepted; 0 for "
        "once.",
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True)

    _once = models.Constraint(
        "UNIQUE(policy_id, kind)", "The policy has this duty already."
    )
    _sane = models.Constraint(
        "CHECK(days > 0 AND warn_days >= 0 AND warn_days < days AND grace_days >= 0 "
        "AND minimum > 0 AND repeat_days >= 0 AND threshold > 0 AND threshold <= 1)",
        "Check the numbers: the warning comes before the deadline, at least one product, "
        "a likeness above 0 up to 1.",
    )
