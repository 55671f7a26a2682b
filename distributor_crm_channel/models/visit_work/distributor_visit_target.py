# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DistributorVisitTarget(models.Model):
    """How many valid customers each person brings in how many days (R045).

    What a person reached is computed from valid visits alone, by one statement: see
    `distributor.visit.attainment`.
    """

    _name = "distributor.visit.target"
    _description = "Visit Target"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True, precompute=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(
        selection=[("promoter", "Promoters"), ("external", "External sellers")],
        string="For",
        default="promoter",
        required=True,
        tracking=True,
    )
    agency_id = fields.Many2one(
        comodel_name="res.partner",
        index="btree_not_null",
        ondelete="cascade",
        domain=[("is_visit_agency", "=", True)],
        check_company=True,
        tracking=True,
        help="Empty: for the people of all agencies that have no target of their own.",
    )
    agent_id = fields.Many2one(
        comodel_name="res.partner",
        index="btree_not_null",
        ondelete="cascade",
        domain=[("is_field_agent", "=", True)],
        check_company=True,
        tracking=True,
        help="A target of one person goes before that of the agency.",
    )
    quantity = fields.Integer(
        string="Valid Customers", default=1, required=True, tracking=True
    )
    days = fields.Integer(string="In Days", default=2, required=True, tracking=True)
    basis = fields.Selection(
        selection=[
            ("calendar", "Days of the calendar"),
            ("rostered", "Days with a shift"),
        ],
        string="Days Counted",
        default="calendar",
        required=True,
        tracking=True,
        help="Days with a shift: those that were announced as absence do not count.",
    )
    windowing = fields.Selection(
        selection=[("fixed", "One after the other"), ("rolling", "Ending on each day")],
        string="Windows",
        default="fixed",
        required=True,
        tracking=True,
        help="One after the other: days 1–2, 3–4 and so on from the first day. Ending on "
        "each day: the last two days are looked at every day.",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
    )
    date_to = fields.Date(string="Until", tracking=True)
    shortfall_count = fields.Integer(compute="_compute_shortfall_count")

    _numbers_positive = models.Constraint(
        "CHECK(quantity > 0 AND days BETWEEN 1 AND 366)",
        "A target asks for at least one customer, in 1 to 366 days.",
    )
    _dates_in_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "A target ends after it begins.",
    )

    @api.depends("quantity", "days", "agency_id.name", "agent_id.name", "kind")
    def _compute_name(self):
        kinds = dict(self._fields["kind"].selection)
        for target in self:
            whom = target.agent_id.name or target.agency_id.name or kinds[target.kind]
            target.name = f"{whom}: {target.quantity}/{target.days}"

    def _compute_shortfall_count(self):
        found = dict(
            self.env["distributor.visit.shortfall"]._read_group(
                [("target_id", "in", self.ids)], ["target_id"], ["__count"]
            )
        )
        for target in self:
            target.shortfall_count = found.get(target, 0)

    @api.constrains(
        "agency_id", "agent_id", "kind", "company_id", "date_from", "date_to"
    )
    def _check_one_at_a_time(self):
        """Two targets of equal rank would leave open which counts."""
        for target in self.filtered("active"):
            other = self.search(
                [
                    ("id", "!=", target.id),
                    ("company_id", "=", target.company_id.id),
                    ("kind", "=", target.kind),
                    ("agency_id", "=", target.agency_id.id),
                    ("agent_id", "=", target.agent_id.id),
                    ("date_from", "<=", target.date_to or "9999-12-31"),
                    "|",
                    ("date_to", "=", False),
                    ("date_to", ">=", target.date_from),
                ],
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "“%(target)s” runs at the same time as “%(other)s”, which begins "
                        "on %(day)s. End that one first.",
                        target=target.name,
                        other=other.name,
                        day=other.date_from,
                    )
                )

    def write(self, vals):
        frozen = {"kind", "agency_id", "agent_id", "quantity", "days", "basis"}
        if vals.keys() & (frozen | {"windowing", "date_from", "company_id"}):
            for target in self:
                if target.sudo().shortfall_count:  # who may write may know that
                    raise ValidationError(
                        self.env._(
                            "People were held to “%s” already. End it, and set a new "
                            "target from a later day.",
                            target.name,
                        )
                    )
        return super().write(vals)

    def action_view_attainment(self):
        """Open what people reached of these targets."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_channel.distributor_visit_attainment_action"
        )
        return {**action, "domain": [("target_id", "in", self.ids)], "context": {}}

    def action_view_shortfalls(self):
        """Open the cases of people that fell short of these targets again and again."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_channel.distributor_visit_shortfall_action"
        )
        return {**action, "domain": [("target_id", "in", self.ids)], "context": {}}
