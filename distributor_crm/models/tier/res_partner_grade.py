# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from ...tier.ladder import Step


class ResPartnerGrade(models.Model):
    _inherit = "res.partner.grade"

    tier_rule_ids = fields.One2many(
        comodel_name="distributor.tier.rule",
        inverse_name="grade_id",
        string="Rules",
    )
    grace_days = fields.Integer(
        default=30,
        help="How many days a distributor keeps this tier after he stopped holding it. "
        "Who holds it again in that time stays.",
    )

    is_core = fields.Boolean(
        string="Core Distributors",
        help="Distributors of this tier have an account manager of their own, who keeps in "
        "touch with them.",
    )

    _grace_days_positive = models.Constraint(
        "CHECK(grace_days >= 0)", "Grace is a number of days, zero for none."
    )

    def _get_steps(self, company, replaced=None) -> list[Step]:
        """Return the ladder of a company, the highest tier first.

        :param replaced: values of conditions by their id, for a what-if
        """
        # The ladder is one for all, whatever part of it one may see.
        rules = self.env["distributor.tier.rule"].sudo()
        found = rules.search([("company_id", "=", company.id)])
        grades = self.sudo().search([("company_id", "in", [False, company.id])])
        steps = []
        for grade in grades.sorted(lambda grade: (grade.sequence, grade.id)):
            own = found.filtered(lambda rule, grade=grade: rule.grade_id == grade)
            steps.append(
                Step(
                    grade.id,
                    **{
                        kind: tuple(
                            rule._as_rule(replaced) for rule in own if rule.kind == kind
                        )
                        for kind in ("enter", "keep")
                    },
                )
            )
        return steps
