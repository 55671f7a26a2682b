# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...evaluation.score import Kpi


class DistributorEvaluationKpi(models.Model):
    """One thing that is judged: computed from what Odoo knows, or by a person (R150)."""

    _name = "distributor.evaluation.kpi"
    _description = "KPI"
    _inherit = ["distributor.evaluation.template.part"]
    _order = "template_id, sequence, id"

    template_id = fields.Many2one(
        comodel_name="distributor.evaluation.template",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="template_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(string="KPI", required=True, translate=True)
    description = fields.Text(
        translate=True, help="What it means, and how it is judged."
    )
    source = fields.Selection(
        selection=[
            ("judged", "Judged by a Person"),
            ("sales_target", "Sales against Target (%)"),
            ("growth", "Growth over the Year Before (%)"),
            ("collection", "Collection Rate (%)"),
            ("products", "Products Bought"),
            ("categories", "Product Categories Bought"),
            ("complaints", "Complaints"),
            ("satisfaction", "Satisfaction (1 to 5)"),
            ("survey", "Survey Score (%)"),
            ("returns", "Returns (% of Sales)"),
            ("discipline", "Price and Territory Violations"),
            ("promotions", "Promotion Kits Used"),
            ("campaigns", "Campaigns Reported"),
            ("training", "Trainings Done (%)"),
            ("orders_changed", "Orders Changed or Cancelled (%)"),
        ],
        required=True,
        default="judged",
        help="Where the figure comes from. What is not known of a distributor is left "
        "out, and the other weights are scaled up.",
    )
    method = fields.Selection(
        selection=[
            ("bands", "Bands"),
            ("target", "From … to …"),
            ("scale", "Grade by a Person"),
            ("deduction", "Deduction"),
        ],
        string="Points By",
        compute="_compute_method",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="Bands: the highest figure reached gives its points. From … to …: in "
        "proportion between the two. Deduction: points off the total per unit.",
    )
    weight = fields.Float(
        compute="_compute_weight",
        store=True,
        readonly=False,
        precompute=True,
        digits=(16, 2),
    )
    value_zero = fields.Float(
        string="0 Points At", digits=(16, 2), help="May be above the other figure."
    )
    value_full = fields.Float(string="100 Points At", digits=(16, 2), default=100)
    scale_max = fields.Integer(
        string="Best Grade", default=5, help="Grades go from 1 to this."
    )
    points_each = fields.Float(string="Points Off per Unit", default=3, digits=(16, 2))
    points_most = fields.Float(string="At Most", default=6, digits=(16, 2))
    band_ids = fields.One2many(
        comodel_name="distributor.evaluation.kpi.band",
        inverse_name="kpi_id",
        string="Points",
        copy=True,
    )
    is_visible = fields.Boolean(
        string="Shown to Distributor",
        default=True,
        help="Whether the distributor sees this KPI and its points on the portal.",
    )

    _weight_in_scale = models.Constraint(
        "CHECK(weight BETWEEN 0 AND 100 AND (method = 'deduction') = (weight = 0))",
        "A KPI weighs more than 0 and at most 100; a deduction weighs nothing.",
    )
    _judged_has_scale = models.Constraint(
        "CHECK((source = 'judged') = (method = 'scale'))",
        "Who judges gives a grade; what is computed has bands, two figures, or is a "
        "deduction.",
    )
    _target_has_span = models.Constraint(
        "CHECK(method <> 'target' OR value_zero <> value_full)",
        "0 and 100 points stand at different figures.",
    )
    _scale_has_grades = models.Constraint(
        "CHECK(method <> 'scale' OR scale_max BETWEEN 2 AND 100)",
        "The best grade is 2 at least, and 100 at most.",
    )
    _deduction_positive = models.Constraint(
        "CHECK(points_each >= 0 AND points_most >= 0)",
        "Enter a deduction as a positive number of points.",
    )

    @api.depends("source")
    def _compute_method(self):
        for kpi in self:
            if kpi.source == "judged":
                kpi.method = "scale"
            elif not kpi.method or kpi.method == "scale":
                kpi.method = "target"

    @api.depends("method")
    def _compute_weight(self):
        for kpi in self:
            kpi.weight = 0 if kpi.method == "deduction" else kpi.weight

    def _check_publishable(self):
        """Check that each KPI can give points.

        :raises UserError: names those that cannot
        """
        bare = self.filtered(lambda k: k.method == "bands" and not k.band_ids)
        if bare:
            raise UserError(
                self.env._(
                    "%s: add the bands that give points.",
                    ", ".join(bare.mapped("name")),
                )
            )

    def _as_kpi(self) -> Kpi:
        """Return this KPI for the arithmetic."""
        full = self.scale_max if self.method == "scale" else self.value_full
        return Kpi(
            self.id,
            self.method,
            weight=exact(self.weight),
            bands=[(exact(b.floor), exact(b.points)) for b in self.band_ids],
            zero=exact(self.value_zero),
            full=exact(full),
            each=exact(self.points_each),
            most=exact(self.points_most),
        )


def exact(value) -> Decimal:
    """Return a number of the database as it stands there."""
    return Decimal(str(value))
