# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

CHUNK = 100


class DistributorServicePlan(models.Model):
    """What distributors of a tier are promised, and how often (R003, R148, R222).

    The tier's own care plan stays what it is; these come on top of it, each with its
    own frequency.
    """

    _name = "distributor.service.plan"
    _description = "Service Plan"
    _order = "grade_id, months, id"

    active = fields.Boolean(default=True)
    grade_id = fields.Many2one(
        comodel_name="res.partner.grade",
        string="Tier",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        index="btree_not_null",
        help="Left empty: for every company.",
    )
    plan_id = fields.Many2one(
        comodel_name="mail.activity.plan",
        string="Activities",
        required=True,
        ondelete="restrict",
        domain=[("res_model", "=", "res.partner")],
        help="The activities that account managers get for each distributor.",
    )
    months = fields.Integer(
        string="Every (Months)",
        required=True,
        default=1,
        help="So often it begins anew. What is still open is not planned twice.",
    )
    promise_ids = fields.One2many(
        comodel_name="distributor.service.promise", inverse_name="service_plan_id"
    )

    _months_positive = models.Constraint(
        "CHECK(months > 0)", "A service is repeated every month at most."
    )
    _once = models.UniqueIndex(
        "(grade_id, plan_id, COALESCE(company_id, 0)) WHERE active",
        "The tier has this plan already. Change its frequency instead.",
    )

    @api.depends("grade_id", "plan_id")
    def _compute_display_name(self):
        for plan in self:
            plan.display_name = f"{plan.grade_id.name or ''}: {plan.plan_id.name or ''}"

    @api.model
    def _start_due(self, commit=None):
        """Plan what is due for the distributors of each tier.

        Broken off, the next run goes on: who was planned for is not due any more.

        :param commit: called after each chunk with the number of distributors
        """
        today = fields.Date.context_today(self)
        for service in self.search([("plan_id.active", "=", True)]):
            last = 0
            while partners := service._get_due(today, last):
                last = partners[-1].id
                service._start(partners, today)
                if commit:
                    commit(len(partners))

    def _get_due(self, today, last):
        """Return the next distributors for whom this plan begins anew."""
        since = today - relativedelta(months=self.months)
        served = self.env["distributor.service.promise"]._search(
            [("service_plan_id", "=", self.id), ("promised_on", ">", since)]
        )
        domain = [
            ("id", ">", last),
            ("id", "not in", served.subselect("partner_id")),
            ("grade_id", "=", self.grade_id.id),
            ("is_distributor", "=", True),
            ("parent_id", "=", False),
            ("account_manager_id", "!=", False),
            ("has_reduced_access", "=", False),
        ]
        if self.company_id:
            domain.append(("company_id", "in", (False, self.company_id.id)))
        return self.env["res.partner"].search(domain, limit=CHUNK, order="id")

    def _start(self, partners, today):
        """Promise the activities of this plan, and leave the tier's own plan its day."""
        held = partners.grouped("care_started_on")
        partners.with_context(service_plan_id=self.id)._start_care(self.plan_id, today)
        for day, own in held.items():
            own.care_started_on = day
