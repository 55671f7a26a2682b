# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_datetime

from odoo.addons.distributor_crm.guard import without_closed

from .distributor_violation_step import KINDS, SERIOUS

# What each penalty holds; a suspension holds all.
HOLDS = {
    "suspend": {"order", "store", "application", "rebate", "earning"},
    "withdraw": {"order", "store", "application"},
    "blacklist": {"order", "store", "application"},
}
# Set by the case alone, over RPC too.
CLOSED = {"state", "starts_at", "ends_at", "undo", "step_id"}


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
    collect_by = fields.Selection(
        selection=lambda self: (
            self.env["distributor.violation.policy"]
            ._fields["collect_by"]
            ._description_selection(self.env)
        ),
        string="How",
        default="none",
        required=True,
    )
    reason = fields.Char(help="Why it is not what the ladder says.")
    step_id = fields.Many2one(
        comodel_name="distributor.violation.step",
        string="By the Ladder",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    is_serious = fields.Boolean(compute="_compute_is_serious")
    undo = fields.Json(readonly=True, copy=False)
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

    _in_force_has_start = models.Constraint(
        "CHECK(state <> 'in_force' OR starts_at IS NOT NULL)",
        "What is in force has a beginning.",
    )

    @api.depends("kind")
    def _compute_is_serious(self):
        for penalty in self:
            penalty.is_serious = penalty.kind in SERIOUS

    @api.constrains("kind", "amount", "collect_by")
    def _check_money(self):
        for penalty in self:
            is_money = penalty.kind == "money"
            if is_money != bool(penalty.amount) or (
                is_money and penalty.collect_by == "none"
            ):
                raise ValidationError(
                    self.env._(
                        "Money has an amount above 0 and a way to collect it; nothing "
                        "else has an amount."
                    )
                )

    @api.constrains("amount", "step_id", "reason")
    def _check_range(self):
        """Who judges stays within what the ladder allows (R072)."""
        for penalty in self.filtered("step_id.amount"):
            step, case = penalty.step_id, penalty.violation_id
            low, high = (
                step.currency_id._convert(
                    amount, case.currency_id, case.company_id, case.occurred_at.date()
                )
                for amount in (step.amount, step.amount_max or step.amount)
            )
            currency = case.currency_id
            is_within = (
                currency.compare_amounts(low, penalty.amount) <= 0
                and currency.compare_amounts(penalty.amount, high) <= 0
            )
            if not is_within:
                raise ValidationError(
                    self.env._(
                        "The rules allow %(low)s to %(high)s.",
                        low=currency.format(low),
                        high=currency.format(high),
                    )
                )
            if currency.compare_amounts(penalty.amount, low) and not penalty.reason:
                raise ValidationError(
                    self.env._("Say why it is more than %s.", currency.format(low))
                )

    @api.model_create_multi
    def create(self, vals_list):
        self, vals_list = without_closed(self, vals_list, CLOSED)
        penalties = super().create(vals_list)
        if not self.env.su:
            penalties._check_editable()
            penalties.violation_id._follow_amount()
        return penalties

    def write(self, vals):
        if self.env.su:
            return super().write(vals)
        if CLOSED & vals.keys() or "violation_id" in vals:
            raise UserError(
                self.env._("Penalties begin and end with the buttons of the case.")
            )
        self._check_editable()
        result = super().write(vals)
        self.violation_id._follow_amount()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proposed(self):
        if not self.env.su:
            self._check_editable()

    def unlink(self):
        cases = self.violation_id
        result = super().unlink()
        cases.exists().filtered(lambda c: c.state == "judged")._follow_amount()
        return result

    def _check_editable(self):
        """Refuse changes of what is decided or under approval.

        :raises UserError: says what to do
        """
        for penalty in self:
            # Reviews are closed to users.
            case = penalty.violation_id.sudo()
            if case.state != "judged" or penalty.state != "proposed" or case.review_ids:
                raise UserError(
                    self.env._(
                        "Penalties are changed between the first opinion and the "
                        "approval alone. Take the opinion back first."
                    )
                )

    def _say_decided(self) -> str:
        """Return the penalty in one line, with all that an approval stands for."""
        self.ensure_one()
        # The same words for all: a signature stands for this text.
        label = dict(self.with_context(lang="en_US")._fields["kind"].selection)[
            self.kind
        ]
        parts = [label]
        if self.amount:
            parts.append(f"{self.amount:.2f} {self.currency_id.name} {self.collect_by}")
        if self.duration_days:
            parts.append(f"{self.duration_days} d")
        return " ".join(parts)

    def _say(self) -> str:
        """Return the penalty in words of the reader's language."""
        self.ensure_one()
        label = dict(self._fields["kind"]._description_selection(self.env))[self.kind]
        if self.kind == "money":
            return f"{label}: {self.currency_id.format(self.amount)}"
        if self.duration_days:
            return self.env._(
                "%(penalty)s: %(days)s days", penalty=label, days=self.duration_days
            )
        return label

    @api.model
    def _get_holding_domain(self, purpose, company):
        """Return the domain of the penalties that hold somebody now.

        :param purpose: as for `_get_distributor_holds`
        """
        kinds = [k for k, held in HOLDS.items() if purpose is None or purpose in held]
        return [
            ("company_id", "=", company.id),
            ("state", "=", "in_force"),
            ("kind", "in", kinds),
            "|",
            ("ends_at", "=", False),
            ("ends_at", ">", fields.Datetime.now()),
        ]

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
