# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from .distributor_visit_criterion import CRITERIA

OUTCOMES = [
    ("pending", "Open"),
    ("passed", "Yes"),
    ("failed", "No"),
    ("unverifiable", "Cannot Be Verified"),
]
SOURCES = [
    ("person", "Receptionist"),
    ("clock", "Clock of the Server"),
    ("device", "Phone"),
    ("records", "Our Records"),
    ("evidence", "Photos"),
    ("survey", "Questionnaire"),
    ("customer", "Customer"),
    ("manager", "Manager"),
]


class DistributorVisitResult(models.Model):
    """What was found about one criterion, or one question of it: fact, source, reason."""

    _name = "distributor.visit.result"
    _description = "Visit: Outcome of a Criterion"
    _order = "visit_id, sequence, id"

    visit_id = fields.Many2one(
        comodel_name="distributor.visit", required=True, index=True, ondelete="cascade"
    )
    criterion_id = fields.Many2one(
        comodel_name="distributor.visit.criterion",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    item_id = fields.Many2one(
        comodel_name="distributor.visit.criterion.item",
        string="Question",
        readonly=True,
        ondelete="restrict",
    )
    sequence = fields.Integer(readonly=True, aggregator=None)
    kind = fields.Selection(selection=CRITERIA, readonly=True, required=True)
    outcome = fields.Selection(
        selection=OUTCOMES, required=True, readonly=True, default="pending"
    )
    fact = fields.Char(readonly=True)
    source = fields.Selection(selection=SOURCES, readonly=True)
    note = fields.Char()
    judged_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    judged_at = fields.Datetime(readonly=True)

    _once = models.UniqueIndex(
        "(visit_id, criterion_id, COALESCE(item_id, 0))",
        "This criterion is on the visit already.",
    )
