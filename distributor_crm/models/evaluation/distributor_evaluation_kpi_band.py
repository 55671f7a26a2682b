# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorEvaluationKpiBand(models.Model):
    """How many points a figure brings: the highest floor that it reaches."""

    _name = "distributor.evaluation.kpi.band"
    _description = "Points of a KPI"
    _inherit = ["distributor.evaluation.template.part"]
    _order = "kpi_id, floor desc, id"

    kpi_id = fields.Many2one(
        comodel_name="distributor.evaluation.kpi",
        string="KPI",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="kpi_id.company_id", store=True)
    floor = fields.Float(string="From Figure", required=True, digits=(16, 2))
    points = fields.Float(required=True, digits=(16, 2))

    _floor_once = models.UniqueIndex(
        "(kpi_id, floor)", "Two bands of a KPI begin at different figures."
    )
    _points_in_scale = models.Constraint(
        "CHECK(points BETWEEN 0 AND 100)", "Points go from 0 to 100."
    )

    def _get_template(self):
        # REPLACES distributor.evaluation.template.part
        return self.kpi_id.template_id
