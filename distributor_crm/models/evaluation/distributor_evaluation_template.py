# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...evaluation.spans import last_complete, span
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
        selection=lambda self: self.env["distributor.store"]._fields["mode"].selection,
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

    # -- versions --------------------------------------------------------------------

    def _get_family(self):
        """Return all versions of a template."""
        self.ensure_one()
        first = self.origin_id or self
        # Versions that were archived count too.
        return self.with_context(active_test=False).search(
            ["|", ("id", "=", first.id), ("origin_id", "=", first.id)]
        )

    def action_publish(self):
        """Put a draft into force: from now on it is only read (R150).

        :raises UserError: names what is missing
        """
        self.check_access("write")
        for template in self:
            template._check_draft()
            template._check_publishable()
        # The state is closed to users; who may publish was checked.
        self.sudo().write({"state": "published", "published_by_id": self.env.uid})

    def _check_publishable(self):
        if self.weight_total != 100:
            raise UserError(
                self.env._(
                    "The weights of %(template)s add up to %(total)s. Make it 100.",
                    template=self.display_name,
                    total=self.weight_total,
                )
            )
        if not any(band.floor == 0 for band in self.band_ids):
            raise UserError(
                self.env._(
                    "%s has no band that begins at 0, so that a low score would have "
                    "none. Add one.",
                    self.display_name,
                )
            )
        self.kpi_ids._check_publishable()
        self.date_from = self._get_span(self.date_from).start
        judged = self.env["distributor.evaluation"].search(
            [
                ("template_id", "in", (self._get_family() - self).ids),
                ("date_from", ">=", self.date_from),
            ],
            limit=1,
        )
        if judged:
            raise UserError(
                self.env._(
                    "%(period)s is evaluated by an earlier version already. Let this "
                    "one begin later.",
                    period=judged.period,
                )
            )

    def action_new_version(self):
        """Open a draft that continues this template, to be changed and published."""
        self.ensure_one()
        self.check_access("write")
        family = self._get_family()
        draft = family.filtered(lambda template: template.state == "draft")[:1]
        # The number of the version is closed to users.
        draft = draft or self.sudo().copy(
            {
                "name": self.name,
                "origin_id": (self.origin_id or self).id,
                "version": max(family.mapped("version")) + 1,
                "date_from": span(
                    self.period_type, fields.Date.context_today(self)
                ).start,
            }
        )
        return draft.sudo(False)._get_records_action()

    def action_retire(self):
        """Stop evaluating by this template; what was evaluated stays."""
        self.check_access("write")
        if any(template.state != "published" for template in self):
            raise UserError(self.env._("Only a published template is retired."))
        # The state is closed to users; who may retire was checked.
        self.sudo().state = "retired"

    # -- what it is for --------------------------------------------------------------

    def _get_span(self, day):
        """Return the period of this template that holds a day."""
        return span(self.period_type, day)

    @api.model
    def _get_due(self, today):
        """Return (template, period) of the periods that are over and not judged out."""
        found = []
        for template in self.search([("state", "=", "published")]):
            period = last_complete(template.period_type, today)
            if template._covers(period):
                found.append((template, period))
        return found

    def _covers(self, period) -> bool:
        """Whether this is the version by which a period is judged."""
        self.ensure_one()
        versions = self._get_family().filtered(
            lambda t: t.state == "published" and t.date_from <= period.start
        )
        return self == versions.sorted(lambda t: (t.date_from, t.version))[-1:]

    def _get_partner_domain(self) -> Domain:
        """Return the domain of the distributors whom this template judges."""
        self.ensure_one()
        domain = self.env["distributor.tier.rule"]._get_judged_domain(self.company_id)
        if self.grade_ids:
            domain &= Domain("grade_id", "in", self.grade_ids.ids)
        if self.mode:
            # The agreement may be another person's; whom it judges is no secret here.
            partners = (
                self.env["distributor.agreement"]
                .sudo()
                ._search(
                    [
                        ("company_id", "=", self.company_id.id),
                        ("mode", "=", self.mode),
                        ("amends_id", "=", False),
                        ("is_in_force", "=", True),
                    ]
                )
                .subselect("partner_id")
            )
            domain &= Domain("id", "in", partners)
        return domain

    def action_compute(self):
        """Compute the last complete period of these templates, and open the result.

        :raises UserError: a template that is no version in force for it
        """
        self.env["distributor.evaluation"].check_access("write")
        Evaluation = self.env["distributor.evaluation"]
        today = fields.Date.context_today(self)
        for template in self:
            period = last_complete(template.period_type, today)
            if template.state != "published" or not template._covers(period):
                raise UserError(
                    self.env._(
                        "%(template)s is not the version that judges %(period)s. "
                        "Publish one that begins by %(first)s.",
                        template=template.display_name,
                        period=period.label,
                        first=period.start,
                    )
                )
            Evaluation._compute_period(template, period)
        return self.action_view_evaluations()

    def action_view_evaluations(self):
        """Open the evaluations by these templates."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm.distributor_evaluation_action"
        )
        context = {"search_default_group_period": 1}
        return {
            **action,
            "domain": [("template_id", "in", self.ids)],
            "context": context,
        }

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
