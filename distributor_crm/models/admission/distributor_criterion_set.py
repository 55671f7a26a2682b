# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorCriterionSet(models.Model):
    """The rules of admission that a campaign applies (R161–R164, R191–R202)."""

    _name = "distributor.criterion.set"
    _description = "Admission Criteria"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        index=True,
        help="Empty: for all companies.",
    )
    description = fields.Text(translate=True)
    criterion_ids = fields.One2many(
        comodel_name="distributor.criterion", inverse_name="set_id", copy=True
    )
    criterion_count = fields.Integer(compute="_compute_criterion_count")

    @api.depends("criterion_ids")
    def _compute_criterion_count(self):
        for criteria in self:
            criteria.criterion_count = len(criteria.criterion_ids)
