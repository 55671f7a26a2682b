# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorEvaluationBand(models.Model):
    """A band of scores: from which score on, and what follows (R127, R132)."""

    _name = "distributor.evaluation.band"
    _description = "Band of Scores"
    _inherit = ["distributor.evaluation.template.part"]
    _order = "template_id, floor desc, id"

    template_id = fields.Many2one(
        comodel_name="distributor.evaluation.template",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="template_id.company_id", store=True)
    name = fields.Char(string="Band", required=True, translate=True)
    floor = fields.Float(string="From Score", required=True, digits=(16, 2))
    consequence = fields.Selection(
        selection=[
            ("none", "Nothing"),
            ("reward", "Reward"),
            ("plan", "Improvement Plan"),
        ],
        required=True,
        default="none",
        help="What follows on publishing: a task for the account manager to reward the "
        "distributor, or an improvement plan; of a second plan in a row the sales "
        "manager is told, who may propose to end the co-operation.",
    )

    _floor_once = models.UniqueIndex(
        "(template_id, floor)", "Two bands of a template begin at different scores."
    )
    _floor_in_scale = models.Constraint(
        "CHECK(floor BETWEEN 0 AND 100)", "Scores go from 0 to 100."
    )
