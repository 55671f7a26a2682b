# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_repr

from ...guard import without_defaults

# What a distributor may say to his evaluation, no less than the rest, comes by methods.
OPEN = {"improvement_ids", "line_ids"}
FROZEN = ("published", "closed")


class DistributorEvaluation(models.Model):
    """How one distributor did in one period (R149, R151)."""

    _name = "distributor.evaluation"
    _description = "Evaluation"
    _inherit = ["mail.thread", "mail.activity.mixin", "tier.validation"]
    _order = "date_from desc, rank, id"
    _check_company_auto = True
    _state_from = ["to_approve"]
    _state_to = ["published"]
    _cancel_state = "draft"

    template_id = fields.Many2one(
        comodel_name="distributor.evaluation.template",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    account_manager_id = fields.Many2one(
        related="partner_id.account_manager_id", store=True, index=True
    )
    grade_id = fields.Many2one(related="partner_id.grade_id", string="Tier", store=True)
    company_id = fields.Many2one(
        related="template_id.company_id", store=True, precompute=True, index=True
    )
    date_from = fields.Date(string="From", required=True, index=True)
    date_to = fields.Date(string="Until", required=True)
    period = fields.Char(required=True)
    state = fields.Selection(
        selection=[
            ("draft", "Computed"),
            ("judged", "Judged"),
            ("to_approve", "To Approve"),
            ("published", "Published"),
            ("closed", "Closed"),
        ],
        string="Status",
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        index=True,
        tracking=True,
        group_expand=True,
    )
    line_ids = fields.One2many(
        comodel_name="distributor.evaluation.line",
        inverse_name="evaluation_id",
        string="KPIs",
    )
    change_ids = fields.One2many(
        comodel_name="distributor.evaluation.change",
        inverse_name="evaluation_id",
        string="Changed Grades",
        readonly=True,
    )
    is_scored = fields.Boolean(readonly=True, help="At least one KPI is known.")
    total = fields.Float(
        string="Score",
        readonly=True,
        default=0,
        digits=(16, 2),
        aggregator="avg",
        tracking=True,
    )
    band_id = fields.Many2one(
        comodel_name="distributor.evaluation.band",
        readonly=True,
        ondelete="restrict",
        tracking=True,
    )
    consequence = fields.Selection(related="band_id.consequence")
    rank = fields.Integer(readonly=True, aggregator="min")
    rank_count = fields.Integer(string="Evaluated", readonly=True, aggregator="max")
    unknown_count = fields.Integer(
        string="Not Known",
        readonly=True,
        aggregator="sum",
        help="KPIs that were left out, and the weights of the others scaled up.",
    )
    open_count = fields.Integer(
        string="To Judge", compute="_compute_open_count", store=True, aggregator="sum"
    )
    computed_on = fields.Date(readonly=True)
    submitted_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    published_on = fields.Date(readonly=True, copy=False, tracking=True)
    published_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    digest = fields.Char(
        string="Checksum",
        readonly=True,
        copy=False,
        help="Of what was published, so that a later change would show.",
    )
    is_intact = fields.Boolean(compute="_compute_is_intact")
    partner_comment = fields.Text(string="Comment of the Distributor", readonly=True)
    partner_comment_at = fields.Datetime(readonly=True)
    improvement_ids = fields.One2many(
        comodel_name="distributor.improvement", inverse_name="evaluation_id"
    )
    improvement_count = fields.Integer(compute="_compute_improvement_count")

    _once = models.UniqueIndex(
        "(template_id, partner_id, date_from)",
        "This distributor is evaluated for this period already.",
    )
    _published_is_frozen = models.Constraint(
        "CHECK(state NOT IN ('published', 'closed') "
        "OR (digest IS NOT NULL AND is_scored))",
        "What is published has a score and a checksum.",
    )
    _last_idx = models.Index("(partner_id, date_to)")

    @api.depends("line_ids.grade", "line_ids.kpi_id.source")
    def _compute_open_count(self):
        for evaluation in self:
            evaluation.open_count = len(
                evaluation.line_ids.filtered(
                    lambda line: line.kpi_id.source == "judged" and not line.grade
                )
            )

    def _compute_improvement_count(self):
        for evaluation in self:
            evaluation.improvement_count = len(evaluation.improvement_ids)

    @api.depends("digest", "line_ids.score", "total", "band_id")
    def _compute_is_intact(self):
        for evaluation in self:
            digest = evaluation.digest
            evaluation.is_intact = not digest or digest == evaluation._get_digest()

    @api.depends("partner_id", "period")
    def _compute_display_name(self):
        for evaluation in self:
            evaluation.display_name = (
                f"{evaluation.partner_id.name or ''}: {evaluation.period or ''}"
            )

    # -- guards ----------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self = without_defaults(self, set(self._fields))
            raise UserError(
                self.env._(
                    "Evaluations are computed: open a template and press Compute."
                )
            )
        return super().create(vals_list)

    def write(self, vals):
        closed = {
            name
            for name in vals
            if name not in OPEN and not name.startswith(("message_", "activity_"))
        }
        if closed and not self.env.su:
            raise UserError(
                self.env._(
                    "An evaluation is computed, judged by its KPIs, and moved on by its "
                    "buttons."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        if any(evaluation.state != "draft" for evaluation in self):
            raise UserError(
                self.env._("Only an evaluation that is merely computed is deleted.")
            )

    @api.model
    def _get_signed_fields(self):
        # EXTENDS tier.validation
        return (
            *super()._get_signed_fields(),
            "template_id",
            "partner_id",
            "date_from",
            "total",
            "band_id",
        )

    def _get_digest(self) -> str:
        """Return the checksum of what an evaluation says."""
        self.ensure_one()
        says = [
            self.template_id.id,
            self.partner_id.id,
            str(self.date_from),
            str(self.date_to),
            float_repr(self.total, 2),
            self.band_id.id,
            [
                [
                    line.kpi_id.id,
                    line.is_known,
                    *(
                        float_repr(value, 2)
                        for value in (line.figure, line.points, line.weight, line.score)
                    ),
                    line.grade,
                    line.note or "",
                ]
                for line in self.line_ids.sorted("id")
            ],
        ]
        return hashlib.sha256(json.dumps(says).encode()).hexdigest()

    def action_view_improvements(self):
        """Open the improvement plans that followed."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm.distributor_improvement_action"
        )
        return {
            **action,
            "domain": [("evaluation_id", "in", self.ids)],
            "context": {},
        }

    def _prepare_merge(self, sources, target):
        """Keep one evaluation of a period where distributors become one.

        What is only computed is computed again; what was published stays on record.

        :raises UserError: two of them were judged or published for the same period
        """
        own = self.search(
            [("partner_id", "in", (sources | target).ids)], order="partner_id, id"
        )
        for _key, same in own.grouped(lambda e: (e.template_id, e.date_from)).items():
            if len(same) < 2:
                continue
            kept = same.filtered(lambda evaluation: evaluation.state != "draft")
            if len(kept) > 1:
                raise UserError(
                    self.env._(
                        "%(first)s and %(second)s judge the same period. Withdraw one "
                        "of them, then merge.",
                        first=kept[0].display_name,
                        second=kept[1].display_name,
                    )
                )
            (same - (kept or same[:1])).unlink()
