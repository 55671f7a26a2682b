# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import formatLang

from ...tier.ladder import Condition

METRICS = [
    ("sales", "Sales"),
    ("collected", "Collected Sales"),
    ("invoices", "Invoices"),
]
MONEY = {"sales", "collected"}
OPERATORS = [
    (">=", "at least"),
    (">", "more than"),
    ("<=", "at most"),
    ("<", "less than"),
]
WINDOWS = [
    ("rolling_3", "in the last 3 months"),
    ("rolling_6", "in the last 6 months"),
    ("rolling_12", "in the last 12 months"),
    ("rolling_24", "in the last 24 months"),
    ("year", "this year so far"),
    ("last_year", "last year"),
    ("quarter", "this quarter so far"),
    ("last_quarter", "last quarter"),
]


class DistributorTierCondition(models.Model):
    """One figure that has to reach a value (R001): 200,000 of sales in 12 months."""

    _name = "distributor.tier.condition"
    _description = "Condition of a Tier Rule"
    _order = "sequence, id"

    rule_id = fields.Many2one(
        comodel_name="distributor.tier.rule",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="rule_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="rule_id.company_id.currency_id")
    sequence = fields.Integer(default=10)
    metric = fields.Selection(selection=METRICS, required=True, default="sales")
    operator = fields.Selection(selection=OPERATORS, required=True, default=">=")
    value = fields.Float(required=True, digits=(16, 2))
    time_window = fields.Selection(
        selection=WINDOWS, string="When", required=True, default="rolling_12"
    )

    _value_not_negative = models.Constraint(
        "CHECK(value >= 0)", "A condition compares with zero or more."
    )
    _once = models.UniqueIndex(
        "(rule_id, metric, operator, time_window)",
        "The rule says this already. Change that line instead.",
    )

    @api.depends("metric", "operator", "value", "time_window")
    def _compute_display_name(self):
        for condition in self:
            condition.display_name = condition._say(condition.value)

    @api.constrains("value", "operator")
    def _check_value(self):
        for condition in self:
            if condition.operator == "<" and not condition.value:
                raise ValidationError(
                    self.env._(
                        "Nothing is less than zero here. Enter a value above it."
                    )
                )

    def _label(self, name):
        return dict(self._fields[name]._description_selection(self.env))[self[name]]

    def _format(self, value) -> str:
        """Return a figure of this metric in words."""
        if self.metric in self._get_money_metrics():
            return self.currency_id.format(float(value))
        return formatLang(
            self.env, float(value), digits=0 if value == int(value) else 2
        )

    def _get_money_metrics(self):
        """Hook: return the metrics that are amounts in company currency."""
        return MONEY

    def _say(self, value) -> str:
        return self.env._(
            "%(metric)s %(window)s: %(operator)s %(value)s",
            metric=self._label("metric"),
            window=self._label("time_window"),
            operator=self._label("operator"),
            value=self._format(value),
        )

    def _as_condition(self, replaced=None) -> Condition:
        """Return this condition for the arithmetic.

        :param replaced: other values by the id of a condition
        """
        value = (replaced or {}).get(self.id, self.value)
        return Condition(
            (self.metric, self.time_window), self.operator, Decimal(str(value))
        )

    def _prepare_figure(self, figures) -> dict:
        """Return this condition and its figure as they are kept with a change."""
        condition = self._as_condition()
        figure = figures.get(condition.key)
        shown = self.env._("not known") if figure is None else self._format(figure)
        return {
            "condition": f"{self._say(self.value)} ({shown})",
            "figure": figure or 0,
            "threshold": self.value,
            "is_met": bool(condition.is_met(figures)),
        }

    def _show(self, figures) -> dict:
        """Return this condition as the distributor reads it."""
        condition = self._as_condition()
        figure = figures.get(condition.key)
        part = 100
        if not condition.is_met(figures):
            part = min(99, int(100 * (figure or 0) / condition.value))
        return {
            "text": self._say(self.value),
            "figure": "" if figure is None else self._format(figure),
            "missing": self._format(max(condition.value - (figure or 0), 0)),
            "part": max(part, 0),
            "is_met": bool(condition.is_met(figures)),
        }
