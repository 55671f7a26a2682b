# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import format_datetime

from .distributor_violation_step import KINDS


class DistributorViolationPenalty(models.Model):
    """One thing that follows from a case; each kind once a case."""

    _name = "distributor.violation.penalty"
    _description = "Penalty"
    _order = "violation_id desc, id"
    _rec_name = "kind"
    _check_company_auto = True

    violation_id = fields.Many2one(
        comodel_name="distributor.violation",
        string="Case",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="violation_id.company_id", store=True, precompute=True, index=True
    )
    partner_id = fields.Many2one(
        related="violation_id.partner_id", store=True, precompute=True
    )
    person_id = fields.Many2one(
        related="violation_id.person_id", store=True, precompute=True
    )
    policy_id = fields.Many2one(related="violation_id.policy_id", string="Rules")
    kind = fields.Selection(selection=KINDS, required=True)
    state = fields.Selection(
        selection=[
            ("proposed", "Proposed"),
            ("waiting", "Waits"),
            ("in_force", "In Force"),
            ("done", "Done"),
            ("ended", "Over"),
            ("lifted", "Lifted"),
            ("cancelled", "Not Imposed"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="proposed",
        copy=False,
    )
    currency_id = fields.Many2one(related="violation_id.currency_id")
    amount = fields.Monetary()
    duration_days = fields.Integer(string="Days")
    starts_at = fields.Datetime(string="From", readonly=True, copy=False)
    ends_at = fields.Datetime(string="Until", readonly=True, copy=False)

    _once = models.UniqueIndex(
        "(violation_id, kind) WHERE state NOT IN ('lifted', 'cancelled')",
        "Nobody is punished twice for the same case.",
    )
    _holds = models.Index(
        "(partner_id, company_id) WHERE state = 'in_force' "
        "AND kind IN ('suspend', 'withdraw', 'blacklist')"
    )
    _amount_positive = models.Constraint(
        "CHECK(amount >= 0 AND duration_days >= 0)",
        "Amounts and days are not negative.",
    )

    def _describe_hold(self) -> str:
        """Return why something is held, in words, without saying what happened."""
        self.ensure_one()
        label = dict(self._fields["kind"]._description_selection(self.env))[self.kind]
        number = self.violation_id.name
        if not self.ends_at:
            return self.env._("%(penalty)s (%(case)s)", penalty=label, case=number)
        return self.env._(
            "%(penalty)s until %(end)s (%(case)s)",
            penalty=label,
            case=number,
            end=format_datetime(self.env, self.ends_at, dt_format="short"),
        )
