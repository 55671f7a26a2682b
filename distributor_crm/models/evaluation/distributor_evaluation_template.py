# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...evaluation.spans import span
from ...guard import without_defaults

# Set by the buttons alone, over RPC too.
CLOSED = {"state", "version", "origin_id", "published_by_id"}
# What may still change when evaluations rest on it: it changes no figure.
OPEN = {"active", "improvement_days", "weak_below"}


class DistributorEvaluationTemplate(models.Model):
    """By what distributors are judged: KPIs, their weights, and the bands of the score
    (R149, R150). What is published stays as it is; a change is a new version."""

    _name = "distributor.evaluation.template"
    _description = "Evaluation Template"
    _inherit = ["mail.thread"]
    _order = "name, version desc, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    period_type = fields.Selection(
        selection=[("month", "Month"), ("quarter", "Quarter"), ("year", "Year")],
        string="Period",
        required=True,
        default="quarter",
        tracking=True,
    )
    grade_ids = fields.Many2many(
        comodel_name="res.partner.grade",
        string="Tiers",
        help="Only distributors of these tiers. Left empty: of every tier, and of none.",
    )
    mode = fields.Selection(
        selection=lambda self: (
            self.env["distributor.store"]
            ._fields["mode"]
            ._description_selection(self.env)
        ),
        string="Co-operation",
        tracking=True,
        help="Only distributors with an agreement in force of this kind. Left empty: "
        "whatever their agreement.",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: span("quarter", fields.Date.context_today(self)).start,
        tracking=True,
        help="Periods that begin on this day or later are judged by this version.",
    )
    version = fields.Integer(readonly=True, copy=False, default=1, aggregator="max")
    origin_id = fields.Many2one(
        comodel_name="distributor.evaluation.template",
        string="First Version",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("published", "Published"),
            ("retired", "Retired"),
        ],
        string="Status",
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        index=True,
        tracking=True,
    )
    published_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    kpi_ids = fields.One2many(
        comodel_name="distributor.evaluation.kpi",
        inverse_name="template_id",
        string="KPIs",
        copy=True,
    )
    band_ids = fields.One2many(
        comodel_name="distributor.evaluation.band",
        inverse_name="template_id",
        string="Bands",
        copy=True,
    )
    weight_total = fields.Float(
        string="Sum of Weights",
        digits=(16, 2),
        compute="_compute_weight_total",
        store=True,
    )
    weak_below = fields.Float(
        string="Weak Below (Points)",
        default=60,
        digits=(16, 2),
        help="Which KPIs become actions of an improvement plan.",
    )
    improvement_days = fields.Integer(
        string="Days to Improve",
        default=60,
        required=True,
        help="By when an improvement plan is to have had its effect.",
    )
    evaluation_ids = fields.One2many(
        comodel_name="distributor.evaluation", inverse_name="template_id"
    )
    evaluation_count = fields.Integer(compute="_compute_evaluation_count")

    _weights = models.Constraint(
        "CHECK(state = 'draft' OR weight_total = 100)",
        "The weights of the KPIs add up to 100 before a template is published.",
    )
    _version_once = models.UniqueIndex(
        "(COALESCE(origin_id, id), version)", "There is this version already."
    )
    _days_positive = models.Constraint(
        "CHECK(improvement_days > 0 AND weak_below BETWEEN 0 AND 100)",
        "An improvement takes a day at least, and points go from 0 to 100.",
    )

    @api.depends("kpi_ids.weight", "kpi_ids.method")
    def _compute_weight_total(self):
        for template in self:
            template.weight_total = round(sum(template.kpi_ids.mapped("weight")), 2)

    def _compute_evaluation_count(self):
        counts = dict(
            self.env["distributor.evaluation"]._read_group(
                [("template_id", "in", self.ids)], ["template_id"], ["__count"]
            )
        )
        for template in self:
            template.evaluation_count = counts.get(template._origin, 0)

    @api.depends("name", "version")
    def _compute_display_name(self):
        for template in self:
            version = template.version > 1 and f" (v{template.version})" or ""
            template.display_name = f"{template.name or ''}{version}"

    # -- guards ----------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self = without_defaults(self, CLOSED)
            vals_list = [
                {key: value for key, value in vals.items() if key not in CLOSED}
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and CLOSED & vals.keys():
            raise UserError(self.env._("A template is published with its button."))
        content = {name for name in vals if name in self._get_frozen_fields()}
        if content:
            self._check_draft()
        return super().write(vals)

    def _get_frozen_fields(self):
        frozen = set(self._fields) - CLOSED - OPEN - set(models.MAGIC_COLUMNS)
        return {
            name
            for name in frozen
            if self._fields[name].store
            and name != "weight_total"
            and not name.startswith(("message_", "website_message_", "evaluation_"))
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self._check_draft()

    def _check_draft(self):
        """Refuse to change what evaluations rest on.

        :raises UserError: says that a new version is made instead
        """
        fixed = self.filtered(lambda template: template.state != "draft")
        if fixed:
            raise UserError(
                self.env._(
                    "%s is published, and stays as it is: evaluations rest on it. Make "
                    "a new version to change it.",
                    ", ".join(fixed[:5].mapped("display_name")),
                )
            )

    @api.constrains("kpi_ids")
    def _check_kpis(self):
        for template in self:
            if len(template.kpi_ids) > 20:
                raise ValidationError(
                    self.env._("Twenty KPIs are enough: nobody acts on more.")
                )

    @api.model
    def _get_default_bands(self):
        """Return the bands that a new template starts with."""
        return [
            Command.create({"name": name, "floor": floor, "consequence": consequence})
            for name, floor, consequence in (
                ("A", 85, "reward"),
                ("B", 70, "none"),
                ("C", 60, "none"),
                ("D", 0, "plan"),
            )
        ]

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if "band_ids" in fields_list and "band_ids" not in values:
            values["band_ids"] = self._get_default_bands()
        return values
