# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorViolationBand(models.Model):
    """How bad a breach is, and how much time it leaves to correct (R172, R173)."""

    _name = "distributor.violation.band"
    _description = "Band of Severity"
    _inherit = ["distributor.version.part"]
    _order = "policy_id, sequence, id"

    policy_id = fields.Many2one(
        comodel_name="distributor.violation.policy",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    operator = fields.Selection(
        selection=[("<=", "≤"), ("<", "<"), (">=", "≥"), (">", ">")],
        required=True,
        default="<=",
    )
    value = fields.Float(digits=(16, 2))
    correct_hours = fields.Float(
        string="Correct Within (Hours)",
        help="Natural hours from the proved delivery of the notice. 0: there is "
        "nothing to correct, it is judged at once.",
    )
    watch_days = fields.Integer(
        string="Watch (Days)",
        help="What was corrected is looked at again for so many days.",
    )
    recheck_days = fields.Integer(
        string="Look Again Every (Days)", default=7, help="While it is watched."
    )

    _figures_positive = models.Constraint(
        "CHECK(correct_hours >= 0 AND watch_days >= 0 AND recheck_days > 0)",
        "Hours and days are not negative, and a case is looked at again after a day "
        "at least.",
    )

    def _get_version(self):
        return self.policy_id
