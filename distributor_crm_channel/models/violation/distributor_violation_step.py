# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

# What touches somebody's livelihood needs the chain of approvals.
SERIOUS = ("suspend", "withdraw", "blacklist", "ban_person")
KINDS = [
    ("warning", "Warning"),
    ("money", "Money"),
    ("benefit", "No Free-Shipping Promotions"),
    ("suspend", "Suspension"),
    ("withdraw", "Authorization Withdrawn"),
    ("blacklist", "Blacklist"),
    ("ban_person", "Person Barred"),
]


class DistributorViolationStep(models.Model):
    """A rung of the ladder: what follows from which offence on (R144, R174, R177)."""

    _name = "distributor.violation.step"
    _description = "Step of the Penalty Ladder"
    _inherit = ["distributor.version.part"]
    _order = "policy_id, band_id, outcome, offence_from, id"

    policy_id = fields.Many2one(
        comodel_name="distributor.violation.policy",
        required=True,
        index=True,
        ondelete="cascade",
    )
    band_id = fields.Many2one(
        comodel_name="distributor.violation.band",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('policy_id', '=', policy_id)]",
        help="Left empty: whatever the severity.",
    )
    outcome = fields.Selection(
        selection=[
            ("any", "In Any Case"),
            ("corrected", "Corrected in Time"),
            ("not_corrected", "Not Corrected"),
        ],
        string="When",
        required=True,
        default="any",
    )
    offence_from = fields.Integer(
        string="From Offence", required=True, default=1, help="1 for the first one."
    )
    kind = fields.Selection(selection=KINDS, required=True, default="warning")
    duration_days = fields.Integer(
        string="Days", help="How long it lasts. 0: until it is lifted."
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        default=lambda self: self.env.company.currency_id,
    )
    amount = fields.Monetary(
        help="0: what the report of the breach says, and nothing where it says nothing."
    )
    amount_max = fields.Monetary(
        string="Up To",
        help="Whoever judges may go up to this amount, with a reason. 0: the amount is "
        "fixed.",
    )
    is_serious = fields.Boolean(compute="_compute_is_serious")

    _figures_positive = models.Constraint(
        "CHECK(offence_from > 0 AND duration_days >= 0 AND amount >= 0 "
        "AND (amount_max = 0 OR amount_max >= amount))",
        "Offences are counted from 1; days and amounts are not negative, and the upper "
        "amount is not below the lower one.",
    )

    @api.depends("kind")
    def _compute_is_serious(self):
        for step in self:
            step.is_serious = step.kind in SERIOUS

    def _say_kind(self) -> str:
        return dict(self._fields["kind"]._description_selection(self.env))[self.kind]

    def _get_version(self):
        return self.policy_id
