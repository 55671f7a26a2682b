# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

CRITERIA = [
    ("judgement", "Judgement of the Receptionist"),
    ("duration", "Length of the Reception"),
    ("new_customer", "Not a Customer Already"),
    ("place", "Place"),
    ("photo", "Photo Taken Now"),
    ("survey", "Questionnaire"),
    ("signature", "Signature of the Customer"),
]


class DistributorVisitCriterion(models.Model):
    """One thing that must hold for a visit to be valid (R048-R052)."""

    _name = "distributor.visit.criterion"
    _description = "Visit Criterion"
    _inherit = ["distributor.version.part"]
    _order = "policy_id, sequence, id"

    policy_id = fields.Many2one(
        comodel_name="distributor.visit.policy",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(selection=CRITERIA, required=True, default="judgement")
    item_ids = fields.One2many(
        comodel_name="distributor.visit.criterion.item",
        inverse_name="criterion_id",
        string="Questions",
        copy=True,
        help="What the receptionist answers with yes or no. Empty: the criterion itself.",
    )
    item_mode = fields.Selection(
        selection=[("all", "All must be yes"), ("any", "One yes is enough")],
        string="Answers",
        required=True,
        default="all",
    )
    need_note = fields.Boolean(
        string="Note Required", help="The receptionist says what he found, in words."
    )
    minutes = fields.Float(
        string="Limit (Minutes)",
        default=30,
        help="Length of the reception; or age of the photo.",
    )
    operator = fields.Selection(
        selection=[("gt", "longer than (>)"), ("ge", "at least (≥)")],
        required=True,
        default="gt",
    )
    radius = fields.Integer(
        string="Radius (m)", default=500, help="Farther away is out of range."
    )
    fix_seconds = fields.Integer(
        string="Age of Position (s)",
        default=120,
        help="An older position, or one more inexact than the radius, proves nothing.",
    )
    expiry_days = fields.Integer(
        string="Older Records Expire After (Days)",
        help="A record older than this no longer makes somebody a known customer. 0: "
        "never.",
    )
    survey_id = fields.Many2one(
        comodel_name="survey.survey", string="Questionnaire", ondelete="restrict"
    )

    _numbers_positive = models.Constraint(
        "CHECK(minutes >= 0 AND radius >= 0 AND fix_seconds >= 0 AND expiry_days >= 0)",
        "Limits are 0 or more.",
    )

    @api.model
    def _get_free_names(self):
        return {"name"}

    def _get_version(self):
        return self.policy_id

    def _applies_to(self, visit) -> bool:
        """Whether this is asked of a visit: nobody travels to a call."""
        return not (self.kind in ("place", "photo") and visit.method_id.is_remote)

    def _prepare_results(self, visit):
        """Return the rows of one visit: one a question, else one."""
        items = self.item_ids or [self.item_ids]
        return [
            {
                "visit_id": visit.id,
                "criterion_id": self.id,
                "item_id": item.id,
                "sequence": self.sequence,
                "kind": self.kind,
            }
            for item in items
        ]


class DistributorVisitCriterionItem(models.Model):
    """A question of a criterion: the layout, the price, the size (R049)."""

    _name = "distributor.visit.criterion.item"
    _description = "Question of a Visit Criterion"
    _inherit = ["distributor.version.part"]
    _order = "sequence, id"

    criterion_id = fields.Many2one(
        comodel_name="distributor.visit.criterion",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)

    @api.model
    def _get_free_names(self):
        return {"name"}

    def _get_version(self):
        return self.criterion_id.policy_id
