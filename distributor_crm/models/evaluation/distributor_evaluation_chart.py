# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from markupsafe import Markup

from odoo import api, fields, models

from ...evaluation.chart import radar, trend

PERIODS = 8


class DistributorEvaluation(models.Model):
    """How an evaluation is drawn: a radar of its KPIs, a trend of the scores."""

    _inherit = "distributor.evaluation"

    chart = fields.Html(compute="_compute_chart", sanitize=False)

    @api.depends("line_ids.points", "line_ids.is_known", "total")
    @api.depends_context("lang")
    def _compute_chart(self):
        for evaluation in self:
            evaluation.chart = evaluation._draw(evaluation.line_ids)

    def _get_weighed(self, lines):
        """Return the lines that a radar shows: deductions have no place on it, and what
        is not known is not drawn as if it were nothing."""
        return lines.filtered(
            lambda line: line.is_known and line.kpi_id.method != "deduction"
        )

    def _get_trend(self):
        """Return the evaluations of this distributor up to this one, oldest first."""
        self.ensure_one()
        return self.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("template_id", "in", self.template_id._get_family().ids),
                ("date_from", "<=", self.date_from),
                ("is_scored", "=", True),
            ],
            order="date_from desc",
            limit=PERIODS,
        ).sorted("date_from")

    def _draw(self, lines, trended=None):
        """Return the charts as HTML.

        :param lines: the KPIs to show; what a distributor sees is a part of them
        :param trended: the evaluations of the trend; by default all up to this one
        """
        self.ensure_one()
        weighed = self._get_weighed(lines)
        trended = self._get_trend() if trended is None else trended
        return (
            self.env["ir.qweb"]._render(
                "distributor_crm.evaluation_charts",
                {
                    "radar": weighed._draw_radar() if len(weighed) > 2 else None,
                    "trended": trended,
                    "trend": trend(trended.mapped("total"))
                    if len(trended) > 1
                    else None,
                },
            )
            or Markup()
        )

    # -- what the distributor sees ---------------------------------------------------

    def _get_visible_lines(self):
        """Return the KPIs that are meant for the distributor."""
        return self.line_ids.filtered("kpi_id.is_visible")

    def _get_hidden_score(self) -> float:
        """Return what the KPIs that are not shown bring, so that a page adds up."""
        hidden = self.line_ids - self._get_visible_lines()
        return round(sum(hidden.mapped("score")), 2)

    def _draw_visible(self):
        """Return the charts that are meant for the distributor."""
        published = self._get_trend().filtered(lambda e: e._is_frozen())
        return self._draw(self._get_visible_lines(), published)


class DistributorEvaluationLine(models.Model):
    """KPIs as the spokes of a radar."""

    _inherit = "distributor.evaluation.line"

    def _draw_radar(self):
        labels = [(line.kpi_id.name, f"{line.points:g}") for line in self]
        return radar(labels, self.mapped("points"))
