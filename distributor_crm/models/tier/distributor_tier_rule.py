# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tier.ladder import Rule


class DistributorTierRule(models.Model):
    """A way into a tier, or to stay in it (R001, R021).

    All conditions of a rule hold together; of several rules one is enough.
    """

    _name = "distributor.tier.rule"
    _description = "Tier Rule"
    _inherit = ["mail.thread"]
    _order = "grade_sequence, kind, sequence, id"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True, readonly=False)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    grade_id = fields.Many2one(
        comodel_name="res.partner.grade",
        string="Distributor Tier",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        tracking=True,
    )
    grade_sequence = fields.Integer(
        related="grade_id.sequence", store=True, string="Order of the Tier"
    )
    kind = fields.Selection(
        selection=[("enter", "To enter"), ("keep", "To stay")],
        required=True,
        default="enter",
        tracking=True,
        help="A tier without rules to stay is kept by its rules to enter.",
    )
    condition_ids = fields.One2many(
        comodel_name="distributor.tier.condition",
        inverse_name="rule_id",
        string="Conditions",
        copy=True,
        help="All of them hold together. Another rule for the same tier is an "
        "alternative.",
    )

    @api.depends("kind", "grade_id", "condition_ids.display_name")
    def _compute_name(self):
        for rule in self:
            rule.name = ", ".join(rule.condition_ids.mapped("display_name"))

    @api.constrains("condition_ids", "grade_id")
    def _check_conditions(self):
        for rule in self:
            if not rule.condition_ids:
                raise ValidationError(
                    self.env._(
                        "A rule without a condition would let everybody in. Add one."
                    )
                )

    @api.constrains("grade_id", "company_id")
    def _check_grade(self):
        for rule in self:
            if rule.grade_id.company_id not in (
                rule.company_id,
                self.env["res.company"],
            ):
                raise ValidationError(
                    self.env._("Tier %s is another company's.", rule.grade_id.name)
                )

    def _as_rule(self, replaced=None) -> Rule:
        """Return this rule for the arithmetic, with other values where given."""
        return Rule(
            self.id,
            tuple(
                condition._as_condition(replaced) for condition in self.condition_ids
            ),
        )

    def action_simulate(self):
        """Open a what-if that starts from the values as they are."""
        company = self[:1].company_id or self.env.company
        wizard = self.env["distributor.tier.simulation"].create(
            {"company_id": company.id}
        )
        return wizard._get_records_action(name=self.env._("What If"), target="current")
