# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorTierCondition(models.Model):
    """The last published score as a condition of a tier (R151)."""

    _inherit = "distributor.tier.condition"

    metric = fields.Selection(
        selection_add=[("evaluation", "Score of the Last Evaluation")],
        ondelete={"evaluation": "cascade"},
    )
