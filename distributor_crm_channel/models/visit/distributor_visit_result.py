# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

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

    @api.depends("criterion_id", "item_id")
    def _compute_display_name(self):
        for result in self:
            names = (result.criterion_id.name, result.item_id.name)
            result.display_name = ": ".join(filter(None, names))

    def write(self, vals):
        if not self.env.su:
            if vals.keys() - {"note"}:
                raise AccessError(self.env._("Criteria are answered by their buttons."))
            self.visit_id._check_receives()
            self._check_not_judged()
        return super().write(vals)

    def _check_not_judged(self):
        """:raises UserError: the verdict is given, the answers stay"""
        judged = self.visit_id.filtered(lambda visit: visit.state != "reception")
        if judged:
            raise UserError(
                self.env._(
                    "Criteria of %s are answered during the reception only.",
                    judged[0].name,
                )
            )

    def action_yes(self):
        """Say that it holds."""
        self._answer("passed")

    def action_no(self):
        """Say that it does not hold."""
        self._answer("failed")

    def _answer(self, outcome):
        """Record what the receptionist found.

        :raises UserError: a machine measures it, or the visit is judged
        """
        self.visit_id._check_receives()
        self._check_not_judged()
        for result in self:
            if not result._is_asked():
                raise UserError(
                    self.env._(
                        "“%s” is measured, nobody answers it.", result.display_name
                    )
                )
        # Outcomes are closed to users; who may was checked.
        self.sudo().write(
            {
                "outcome": outcome,
                "source": "person",
                "judged_by_id": self.env.uid,
                "judged_at": fields.Datetime.now(),
            }
        )

    def _is_asked(self) -> bool:
        """Whether a person answers: judgements, and records that only may be the same."""
        return self.kind == "judgement" or (
            self.kind == "new_customer"
            and (self.outcome == "pending" or bool(self.judged_by_id))
        )

    def action_confirm(self):
        """Let a manager say that what cannot be verified holds (with a note)."""
        self._review("passed")

    def action_reject(self):
        """Let a manager say that what cannot be verified does not hold."""
        self._review("failed")

    def _review(self, outcome):
        """Settle what no machine could verify: by somebody else than who visited.

        :raises UserError: it can be verified, or it is his own visit
        """
        visits = self.visit_id
        visits._check_manager()
        for result in self:
            visit = result.visit_id
            if visit.user_id == self.env.user:
                raise UserError(self.env._("Nobody reviews his own visit."))
            if result.outcome != "unverifiable" or visit.verdict != "pending":
                raise UserError(
                    self.env._("“%s” needs no review.", result.display_name)
                )
        own = self.sudo()  # outcomes are closed to users; who may was checked
        own.write(
            {
                "outcome": outcome,
                "source": "manager",
                "judged_by_id": self.env.uid,
                "judged_at": fields.Datetime.now(),
            }
        )
        for visit in own.visit_id.filtered(lambda visit: visit.state == "judged"):
            visit._judge()
