# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models


class DistributorAuthorizationPolicy(models.Model):
    """How long a company authorizes shops, what it asks of them, and how much the
    public page answers (R176-R184)."""

    _name = "distributor.authorization.policy"
    _description = "Authorization Policy"
    _rec_name = "company_id"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    months = fields.Integer(
        string="Valid for (Months)",
        required=True,
        default=12,
        help="How long a renewal holds.",
    )
    remind_days = fields.Integer(
        string="Remind before the End (Days)", required=True, default=30
    )
    last_remind_days = fields.Integer(
        string="Again before the End (Days)", required=True, default=7
    )
    ip_limit = fields.Integer(
        string="Public Queries an Hour",
        required=True,
        default=60,
        help="From one network address. What is above gets no answer, so that nobody "
        "tries all numbers.",
    )
    near_ratio = fields.Float(
        string="Similar Names from",
        required=True,
        default=0.8,
        help="A name that is alike by so much is called similar, 1 being the same.",
    )
    keep_days = fields.Integer(
        string="Keep Queries (Days)",
        required=True,
        default=180,
        help="What the public asked is deleted after so many days.",
    )
    duty_ids = fields.One2many(
        comodel_name="distributor.authorization.policy.duty",
        inverse_name="policy_id",
        string="Duties",
        default=lambda self: self._default_duty_ids(),
        copy=True,
    )

    _once = models.Constraint(
        "UNIQUE(company_id)", "A company has one policy for authorizations."
    )
    _sane = models.Constraint(
        "CHECK(months BETWEEN 1 AND 120 AND remind_days > last_remind_days "
        "AND last_remind_days > 0 AND ip_limit > 0 AND keep_days > 0 "
        "AND near_ratio BETWEEN 0.5 AND 1)",
        "Check the numbers: 1 to 120 months, the second reminder later than the first, "
        "at least one query an hour, similar names from 0.5 to 1.",
    )

    @api.model
    def _default_duty_ids(self):
        return [
            Command.create({"kind": "listing", "days": 5}),
            Command.create({"kind": "own_words", "days": 5, "threshold": 0.9}),
            Command.create({"kind": "recommendation", "days": 15, "minimum": 1}),
            Command.create({"kind": "declared_shops", "days": 5}),
        ]

    @api.model
    def _find(self, company):
        """Return the policy of a company with full rights; the usual one where it has
        none."""
        policy = self.sudo().search([("company_id", "=", company.id)], limit=1)
        return policy or self.sudo().new({"company_id": company.id})

    @api.model
    def _create_missing(self):
        """Give companies without a policy the usual one."""
        have = self.search([("company_id", "!=", False)]).company_id
        companies = self.env["res.company"].search([("id", "not in", have.ids)])
        self.create([{"company_id": company.id} for company in companies])

    def write(self, vals):
        result = super().write(vals)
        if "remind_days" in vals:
            Authorization = self.env["distributor.authorization"].sudo()
            # Stored dates follow the policy, whoever may read them.
            affected = Authorization.search(
                [("company_id", "in", self.company_id.ids), ("date_to", "!=", False)]
            )
            self.env.add_to_compute(Authorization._fields["expiring_from"], affected)
        return result
