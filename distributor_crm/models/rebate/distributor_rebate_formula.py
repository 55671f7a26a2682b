# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorRebateProgram(models.Model):
    """What the program promises, in words."""

    _inherit = "distributor.rebate.program"

    formula = fields.Text(
        string="In Words",
        compute="_compute_formula",
        help="What the program promises, as distributors may read it.",
    )

    @api.depends(
        "method",
        "measure",
        "basis",
        "scale",
        "baseline",
        "reward",
        "multiple",
        "period_type",
        "window_type",
        "grace_days",
        "minimum",
        "maximum",
        "guarantee",
        "is_guarantee_cumulated",
        "release",
        "uom_id",
        "group_policy",
        "tier_ids.threshold",
        "tier_ids.rate",
    )
    @api.depends_context("lang")
    def _compute_formula(self):
        for program in self:
            parts = [
                program._say_measure(),
                program._say_method(),
                *program._say_limits(),
            ]
            program.formula = "\n".join(part for part in parts if part)

    def _label(self, name):
        """Return the label of a selection field's value."""
        return dict(self._fields[name]._description_selection(self.env)).get(
            self[name], ""
        )

    def _format_measure(self, value):
        """Return a measured value as people write it: money, units or a percentage."""
        self.ensure_one()
        if self.scale != "absolute":
            return f"{value:.10g}%"
        if self.measure == "quantity":
            return f"{value:,.10g} {self.uom_id.name or ''}".strip()
        return self.currency_id.format(value)

    def _say_measure(self):
        """What is measured, over what time, and how often it is settled."""
        measure = self._label("measure").lower()
        if self.measure == "quantity":
            measure = self.env._("quantity in %s", self.uom_id.name or "")
        if self.scale == "growth":
            measure = self.env._(
                "%(measure)s as a percentage of %(baseline)s",
                measure=measure,
                baseline=self._label("baseline").lower(),
            )
        elif self.scale == "target":
            measure = self.env._("%s as a percentage of the target", measure)
        same = self.window_type == self.period_type
        text = (
            self.env._("Measured: %(measure)s, per %(period)s.")
            if same
            else self.env._(
                "Measured: %(measure)s, added up per %(window)s and settled every "
                "%(period)s."
            )
        )
        return text % {
            "measure": measure,
            "period": self._label("period_type").lower(),
            "window": self._label("window_type").lower(),
        }

    def _say_method(self):
        """How the tiers pay."""
        steps = self.tier_ids.sorted("threshold").mapped("display_name")
        tiers = "; ".join(steps) or self.env._("no tiers yet")
        how = {
            "retroactive": self.env._("The reached rate pays on everything"),
            "incremental": self.env._("Each rate pays on the part inside its tier"),
            "rolling": self.env._(
                "Each filled tier pays up to its end, the reached rate on everything "
                "besides"
            ),
            "total": self.env._("All reached rates together pay on everything"),
        }[self.method or "retroactive"]
        if self.reward == "lump":
            how = (
                self.env._("The fixed amounts of all reached tiers are paid")
                if self.method == "total"
                else self.env._("The fixed amount of the reached tier is paid")
            )
        elif self.reward == "goods":
            how = self.env._(
                "For every full %(multiple)s %(unit)s the free goods of the reached tier",
                multiple=f"{self.multiple:.10g}",
                unit=self.uom_id.name or "",
            )
        elif self.basis != self.measure:
            how = self.env._(
                "%(how)s, paid on the %(basis)s",
                how=how,
                basis=self._label("basis").lower(),
            )
        return self.env._("%(how)s: %(tiers)s.", how=how, tiers=tiers)

    def _say_limits(self):
        """What limits the payment, or delays it."""
        money = self.currency_id.format
        if self.minimum:
            yield self.env._("Less than %s is not paid.", money(self.minimum))
        if self.maximum:
            yield self.env._("At most %s is paid.", money(self.maximum))
        if self.guarantee and self.is_guarantee_cumulated:
            yield self.env._(
                "At least %(amount)s per %(window)s is paid, all periods together.",
                amount=money(self.guarantee),
                window=self._label("window_type").lower(),
            )
        elif self.guarantee:
            yield self.env._(
                "At least %(amount)s per %(window)s is paid.",
                amount=money(self.guarantee),
                window=self._label("window_type").lower(),
            )
        if self.release == "collected":
            yield self.env._("Released in proportion to what customers have paid.")
        if self.grace_days:
            yield self.env._(
                "Payments up to %s days after a period still count for it.",
                self.grace_days,
            )
        if self.group_policy != "own":
            yield self.env._("Head office and branches are measured together.")
