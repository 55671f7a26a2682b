# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import formatLang

from .distributor_evaluation_kpi import exact

# What a person enters; the rest is computed.
JUDGED = {"grade", "note"}


class DistributorEvaluationLine(models.Model):
    """One KPI of an evaluation: the figure or the grade, and what it brings."""

    _name = "distributor.evaluation.line"
    _description = "KPI of an Evaluation"
    _order = "evaluation_id, sequence, id"

    evaluation_id = fields.Many2one(
        comodel_name="distributor.evaluation",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="evaluation_id.company_id", store=True, precompute=True
    )
    partner_id = fields.Many2one(related="evaluation_id.partner_id", store=True)
    period = fields.Char(related="evaluation_id.period", store=True)
    state = fields.Selection(related="evaluation_id.state")
    kpi_id = fields.Many2one(
        comodel_name="distributor.evaluation.kpi",
        string="KPI",
        required=True,
        index=True,
        ondelete="restrict",
    )
    sequence = fields.Integer(related="kpi_id.sequence", store=True)
    source = fields.Selection(related="kpi_id.source")
    scale_max = fields.Integer(related="kpi_id.scale_max")
    full_weight = fields.Float(related="kpi_id.weight", string="Weight in the Template")
    is_known = fields.Boolean(string="Known", readonly=True)
    figure = fields.Float(readonly=True, default=0, digits=(16, 2), aggregator="avg")
    figure_text = fields.Char(string="Reached", compute="_compute_figure_text")
    grade = fields.Integer(
        default=0,
        aggregator="avg",
        help="From 1 to the best grade; 0 while nobody has judged.",
    )
    note = fields.Text(string="Why", help="Why this grade; asked anew when it changes.")
    judged_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, ondelete="restrict"
    )
    judged_at = fields.Datetime(string="Judged On", readonly=True)
    points = fields.Float(readonly=True, default=0, digits=(16, 2), aggregator="avg")
    weight = fields.Float(
        readonly=True,
        default=0,
        digits=(16, 2),
        help="After the weights of what is not known were shared out.",
    )
    score = fields.Float(readonly=True, default=0, digits=(16, 2), aggregator="avg")

    _once = models.UniqueIndex(
        "(evaluation_id, kpi_id)", "A KPI stands in an evaluation once."
    )
    _grade_has_reason = models.Constraint(
        "CHECK(grade = 0 OR (grade > 0 AND TRIM(COALESCE(note, '')) <> ''))",
        "Say why you give this grade.",
    )

    @api.depends("figure", "is_known", "grade", "source", "scale_max")
    def _compute_figure_text(self):
        for line in self:
            if line.source == "judged":
                asked = self.env._("to judge")
                shown = f"{line.grade} / {line.scale_max}" if line.grade else asked
            elif line.is_known:
                digits = 0 if line.figure == int(line.figure) else 1
                shown = formatLang(self.env, line.figure, digits=digits)
                if line.source in self._get_percent_sources():
                    shown += " %"
            else:
                shown = ""
            line.figure_text = shown or self.env._("not known")

    @api.model
    def _get_percent_sources(self):
        """Hook: return the sources whose figures are percentages."""
        return {
            "sales_target",
            "growth",
            "collection",
            "returns",
            "training",
            "orders_changed",
        }

    @api.depends("kpi_id", "evaluation_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.kpi_id.name

    # -- judging ---------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(
                self.env._("The KPIs of an evaluation come from its template.")
            )
        return super().create(vals_list)

    def write(self, vals):
        if self.env.su and not JUDGED & vals.keys():
            return super().write(vals)
        if vals.keys() - JUDGED:
            raise UserError(
                self.env._(
                    "Only the grade of a KPI and its reason are entered by hand."
                )
            )
        self._check_may_judge()
        trail = self._prepare_trail(vals)
        super().write(
            {**vals, "judged_by_id": self.env.uid, "judged_at": fields.Datetime.now()}
        )
        # The trail and the score are closed to users.
        lines = self.sudo()
        self.env["distributor.evaluation.change"].sudo().create(trail)
        lines.evaluation_id._rescore()
        return True

    def _check_may_judge(self):
        """Check that this user may grade these lines, and that they are open for it.

        :raises UserError: nothing to judge by hand, or too late
        :raises AccessError: one's own business, or one's own portfolio
        """
        for line in self:
            evaluation = line.evaluation_id
            if line.kpi_id.source != "judged":
                raise UserError(
                    self.env._("%s is computed; nobody grades it.", line.kpi_id.name)
                )
            if evaluation.state not in ("draft", "judged"):
                raise UserError(
                    self.env._(
                        "%s is not open for grades any more. Take it back first.",
                        evaluation.display_name,
                    )
                )
        self.evaluation_id._check_not_own()

    def _prepare_trail(self, vals):
        """Return what to keep of grades that change, and check the new ones.

        :raises ValidationError: a grade off the scale, or changed without a new reason
        """
        trail = []
        for line in self:
            grade = vals.get("grade", line.grade)
            note = (vals.get("note", line.note) or "").strip()
            if not 0 <= grade <= line.kpi_id.scale_max:
                raise ValidationError(
                    self.env._(
                        "%(kpi)s is graded from 1 to %(best)s.",
                        kpi=line.kpi_id.name,
                        best=line.kpi_id.scale_max,
                    )
                )
            if grade and not note:
                raise ValidationError(
                    self.env._("%s: say why you give this grade.", line.kpi_id.name)
                )
            if not line.grade or grade == line.grade:
                continue
            if not note or note == (line.note or "").strip():
                raise ValidationError(
                    self.env._(
                        "%s: say why the grade changes, with a new reason.",
                        line.kpi_id.name,
                    )
                )
            trail.append(
                {
                    "line_id": line.id,
                    "old_grade": line.grade,
                    "new_grade": grade,
                    "old_note": line.note,
                    "reason": note,
                    "user_id": self.env.uid,
                }
            )
        return trail

    def _is_weak(self) -> bool:
        """Whether this is something to improve: few points, or points taken off."""
        if self.kpi_id.method == "deduction":
            return self.points < 0
        weak_below = self.evaluation_id.template_id.weak_below
        return self.is_known and self.points < weak_below

    def _get_figure(self):
        """Return the figure for the arithmetic, None where it is not known."""
        if self.kpi_id.source == "judged":
            return exact(self.grade) if self.grade else None
        return exact(self.figure) if self.is_known else None

    # -- what the batch writes -------------------------------------------------------

    def _set_figure(self, figure):
        """Keep a computed figure, None where it is not known."""
        if self.kpi_id.source != "judged":
            known = figure is not None
            write_changed(self, is_known=known, figure=round(float(figure or 0), 2))

    def _set_result(self, result):
        """Keep the points and the part of the score that the arithmetic gave."""
        values = {
            "points": float(result.points or 0),
            "weight": float(result.weight),
            "score": float(result.score),
        }
        if self.kpi_id.source == "judged":
            values["is_known"] = bool(self.grade)
        write_changed(self, **values)


def write_changed(record, **values):
    """Write what is different alone: a run that finds nothing new writes nothing."""
    changed = {
        name: value
        for name, value in values.items()
        if (record[name].id if name.endswith("_id") else record[name]) != value
    }
    if changed:
        record.write(changed)
