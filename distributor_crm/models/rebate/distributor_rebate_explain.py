# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from ...rebate.arithmetic import HUNDRED, reached_tier, slices


class DistributorRebateStatement(models.Model):
    """What a statement says, in words and drawn.

    The form, the portal and the printed statement tell the same, from here.
    """

    _inherit = "distributor.rebate.statement"

    next_tier_id = fields.Many2one(
        comodel_name="distributor.rebate.tier",
        compute="_compute_next_step",
    )
    missing_label = fields.Char(
        string="Missing",
        compute="_compute_next_step",
        help="What is missing to the next tier, as people write it.",
    )
    next_step = fields.Char(
        compute="_compute_next_step",
        help="The way to the next tier, in words.",
    )
    shows_quantity = fields.Boolean(compute="_compute_shows")
    shows_collected = fields.Boolean(compute="_compute_shows")
    is_on_claims = fields.Boolean(compute="_compute_shows")
    correction_count = fields.Integer(
        string="Corrections", compute="_compute_correction_count"
    )
    ladder = fields.Html(compute="_compute_ladder", sanitize=False)

    @api.depends(
        "missing", "tier_id", "version_id.tier_ids", "date_to", "approval_state"
    )
    @api.depends_context("lang")
    def _compute_next_step(self):
        for statement in self:
            step = statement._get_next_tier()
            statement.next_tier_id = step
            statement.missing_label = (
                statement._format_value(statement.missing) if step else False
            )
            statement.next_step = statement._say_next_step(step) if step else False

    @api.depends("program_id.measure", "program_id.basis", "program_id.release")
    def _compute_shows(self):
        for statement in self:
            program = statement.program_id
            counted = program.measure, program.basis
            statement.shows_quantity = "quantity" in counted
            statement.is_on_claims = program.measure == "claim"
            statement.shows_collected = (
                "collected" in counted or program.release == "collected"
            )

    @api.depends("line_ids.reason")
    def _compute_correction_count(self):
        counts = dict(
            self.env["distributor.rebate.line"]._read_group(
                [("statement_id", "in", self.ids), ("reason", "!=", False)],
                ["statement_id"],
                ["__count"],
            )
        )
        for statement in self:
            statement.correction_count = counts.get(statement, 0)

    @api.depends("measure", "missing", "tier_id", "version_id.tier_ids.threshold")
    @api.depends_context("lang")
    def _compute_ladder(self):
        qweb = self.env["ir.qweb"]
        for statement in self:
            statement.ladder = qweb._render(
                "distributor_crm.rebate_ladder", {"statement": statement}
            )

    # -- the ladder ------------------------------------------------------------------

    def _get_version(self):
        """Return the program as it stood when this statement was computed."""
        self.ensure_one()
        return self.version_id or self.program_id

    def _get_next_tier(self):
        """Return the tier above the reached one; none on the highest."""
        self.ensure_one()
        steps = self._get_version().tier_ids.sorted("threshold")
        if self.missing <= 0:
            return steps.browse()
        reached = self.tier_id
        return steps.filtered(lambda s: not reached or s.threshold > reached.threshold)[
            :1
        ]

    def _format_value(self, value) -> str:
        """Return what was bought, or is missing, as people write it."""
        self.ensure_one()
        if self.program_id.measure == "quantity":
            return f"{value:,.10g} {self.program_id.uom_id.name or ''}".strip()
        return self.currency_id.format(value)

    def _is_under_way(self) -> bool:
        """Whether sales still count for this statement."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        return self.approval_state == "draft" and self.date_to >= today

    def _say_next_step(self, step) -> str:
        """Return what it takes to reach a step, or took while there was time."""
        words = {"missing": self._format_value(self.missing)}
        words["rate"] = step._format_rate()
        if self._is_under_way():
            return self.env._("%(missing)s more and you reach %(rate)s", **words)
        return self.env._("%(missing)s were missing to reach %(rate)s", **words)

    def _get_ladder(self) -> list[dict]:
        """Return the steps, the highest first, and how far each one is climbed.

        :return: rate and threshold in words; state: "here" (the reached one),
            "reached", "next" or "above"; fill in percent
        """
        self.ensure_one()
        reached, following = self.tier_id, self._get_next_tier()
        ladder = []
        for step in self._get_version().tier_ids.sorted("threshold", reverse=True):
            climbed = bool(reached) and step.threshold <= reached.threshold
            part = self.measure / step.threshold if step.threshold > 0 else 0
            state = "reached" if climbed else "above"
            if step == reached:
                state = "here"
            elif step == following:
                state = "next"
            ladder.append(
                {
                    "rate": step._format_rate(),
                    "threshold": step._format_threshold(),
                    "state": state,
                    "fill": 100 if climbed else round(min(max(part, 0), 0.99) * 100),
                }
            )
        return ladder

    # -- the calculation -------------------------------------------------------------

    def _get_calculation(self) -> list[dict]:
        """Return the way from the sales to what is due, one row a figure, in words."""
        self.ensure_one()
        return [*self._say_sales(), *self._say_rebate(), *self._say_due()]

    def _row(self, name, value=None, note="", **more) -> dict:
        """Return one figure: its label, its value in words, and what to know of it."""
        if value is None:
            value = self.currency_id.format(self[name])
        label = self._fields[name]._description_string(self.env)
        return {"name": name, "label": label, "value": value, "note": note, **more}

    def _say_sales(self):
        """What was sold, and how that was measured."""
        program, format_date = self.program_id, self.env["ir.qweb.field.date"]
        if self.is_on_claims:
            count = self.env._("Claims: %s", self.line_count)
            yield {**self._row("basis", note=count), "label": self.env._("Claimed")}
        else:
            count = self.env._("Invoice lines: %s", self.line_count)
            yield self._row("basis", note=count)
        if self.shows_quantity:
            yield self._row("quantity", self._format_units(self.quantity))
        if self.window_from and self.window_from < self.date_from:
            since = format_date.value_to_html(self.window_from, {})
            yield self._row("window_basis", note=self.env._("Since %s", since))
        if self.shows_collected:
            yield self._row("collected")
        if self.is_relative:
            yield self._row("baseline", self._format_value(self.baseline))
        if self.is_relative or program.measure not in ("amount", "claim"):
            yield self._row("measure", program._format_measure(self.measure))
        elif not self.currency_id.is_zero(self.measure - self.window_basis):
            together = self.env._("Head office and branches together")
            yield self._row("measure", program._format_measure(self.measure), together)

    def _format_units(self, quantity) -> str:
        unit = self.program_id.uom_id.name or ""
        return f"{quantity:,.10g} {unit}".strip()

    def _say_rebate(self):
        """What the reached tier earned, and what of it may be paid."""
        step = self.tier_id
        yield self._row(
            "tier_id",
            step._format_rate() if step else self.env._("None yet"),
            self.env._("From %s", step._format_threshold()) if step else "",
        )
        if self.earned_quantity:
            yield self._row("earned_quantity", f"{self.earned_quantity:,.10g}")
        words = (
            self.env._("%s%% of what was claimed", f"{self.effective_rate:.4g}")
            if self.is_on_claims
            else self.env._("%s%% of the sales", f"{self.effective_rate:.4g}")
        )
        how = self._say_slices() or words
        yield self._row("earned", note=how if self.earned else "", strong=True)
        if self.program_id.release == "collected":
            note = self.env._("In proportion to what customers have paid")
            yield self._row("released", note=note)

    def _say_slices(self) -> str:
        """Return which rate pays on which part, where that gives the rebate exactly.

        Groups, versions and limits make it something else; the rate says it then.
        """
        program, money = self._get_version(), self.currency_id
        if (program.method, program.reward) != ("incremental", "percent"):
            return ""
        terms = program._get_terms()
        measure = program._exact(self.measure, 4)
        reached = reached_tier(terms.steps, measure)
        parts = list(slices(terms.steps, reached, measure)) if reached >= 0 else []
        paid = sum(part * rate for part, rate in parts) / HUNDRED
        if money.compare_amounts(float(paid), self.earned):
            return ""
        return " + ".join(
            self.env._(
                "%(rate)s%% of %(part)s",
                rate=f"{float(rate):.10g}",
                part=money.format(float(part)),
            )
            for part, rate in parts
            if part
        )

    def _say_due(self):
        """What is due after what was settled, corrected and adjusted."""
        money = self.currency_id.format
        if self.settled_before:
            yield self._row("settled_before", money(-self.settled_before))
        if self.true_up:
            yield self._row("true_up", note=self._say_corrections())
        if self.adjustment:
            yield self._row("adjustment", note=self._say_adjustments())
        if self.due_quantity:
            yield self._row("due_quantity", f"{self.due_quantity:,.10g}")
        yield self._row("due", strong=True)
        if not self.currency_id.is_zero(self.due - self.settled):
            note = self.env._("The rest is carried to the next statement")
            yield self._row("settled", note=note)

    def _say_corrections(self) -> str:
        """Return the reasons of the true-up, with the sales behind each."""
        found = self._get_corrections()
        return "; ".join(
            self.env._("%(reason)s: %(amount)s of sales", **correction)
            if correction["reason_key"] != "payment"
            else self.env._("%(reason)s: %(collected)s", **correction)
            for correction in found
        ) or self.env._("Carried over from before, or released since")

    def _say_adjustments(self) -> str:
        """Return the reasons of the approved adjustments, not who wrote them."""
        return "; ".join(self._get_approved_adjustments().mapped("reason"))

    # -- actions ---------------------------------------------------------------------

    def action_view_partner(self):
        """Open the distributor."""
        return self.partner_id._get_records_action()

    def action_view_corrections(self):
        """Open the evidence of what changed in earlier, closed periods."""
        action = self.action_view_lines()
        return {**action, "domain": [*action["domain"], ("reason", "!=", False)]}

    def action_schedule_activity(self):
        """Plan what to do about these statements: call, write, meet."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Schedule Activity"),
            "res_model": "mail.activity.schedule",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                **self.env.context,
                "active_model": self._name,
                "active_id": self[:1].id,
                "active_ids": self.ids,
            },
        }
