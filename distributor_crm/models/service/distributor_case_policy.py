# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorCasePolicy(models.Model):
    """How fast a kind of case is answered and solved (R035, R212)."""

    _name = "distributor.case.policy"
    _description = "Case Deadlines"
    _order = "company_id, kind"
    _rec_name = "kind"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(
        selection=[
            ("after_sales", "After-sales"),
            ("warranty", "Warranty"),
            ("order", "Order Handling"),
            ("market", "Market Order"),
            ("complaint", "Complaint"),
            ("question", "Question"),
        ],
        string="Type",
        required=True,
    )
    calendar_id = fields.Many2one(
        comodel_name="resource.calendar",
        string="Service Hours",
        required=True,
        ondelete="restrict",
        check_company=True,
        default=lambda self: self.env.ref(
            "distributor_crm.service_calendar", raise_if_not_found=False
        ),
        help="The hours that count. Deadlines stand still outside of them.",
    )
    response_hours = fields.Float(string="First Answer Within (Hours)", required=True)
    solve_hours = fields.Float(string="Solved Within (Hours)", required=True)
    close_days = fields.Integer(
        string="Close After (Days)",
        default=7,
        help="A solved case that nobody reopens is closed after so many days.",
    )
    escalation_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Escalate To",
        domain=[("share", "=", False)],
        help="Who is told when a deadline passed. Left empty: a sales manager of the "
        "company.",
    )
    active = fields.Boolean(default=True)

    _hours_in_order = models.Constraint(
        "CHECK(response_hours > 0 AND solve_hours >= response_hours AND close_days > 0)",
        "Hours and days are above zero, and a case is not solved before it is answered.",
    )
    _once = models.UniqueIndex(
        "(company_id, kind) WHERE active",
        "There are deadlines for this type of case already. Change those.",
    )

    @api.model
    def _find(self, company, kind):
        """Return the policy in force, with full rights: it binds whoever opens a case."""
        return self.sudo().search(
            [("company_id", "=", company.id), ("kind", "=", kind)], limit=1
        )

    @api.model
    def _create_missing(self, companies=None):
        """Give companies the deadlines that they lack; those that are there stay.

        :param companies: all where left out
        """
        companies = companies or self.env["res.company"].search([("id", "!=", False)])
        calendar = self.env.ref("distributor_crm.service_calendar")
        found = {
            (policy.company_id, policy.kind)
            for policy in self.with_context(active_test=False).search(
                [("company_id", "in", companies.ids)]
            )
        }
        # Where a company starts from; it changes them under Configuration.
        kinds = [kind for kind, _label in self._fields["kind"].selection]
        self.create(
            [
                {
                    "company_id": company.id,
                    "kind": kind,
                    "calendar_id": calendar.id,
                    "response_hours": 4,
                    "solve_hours": 48,
                }
                for company in companies
                for kind in kinds
                if (company, kind) not in found
            ]
        )

    def _plan(self, hours, start):
        """Return when so many service hours after a moment are over, in UTC."""
        end = self.calendar_id.plan_hours(hours, start, compute_leaves=True)
        return end and end.replace(microsecond=0)

    def _count_hours(self, start, end):
        """Return the service hours between two moments."""
        if not (self.calendar_id and start and end and end > start):
            return 0.0
        return self.calendar_id.get_work_hours_count(start, end)

    def _get_escalation_user(self, company):
        """Return who is told of a missed deadline; empty where there is no manager."""
        if self.escalation_user_id:
            return self.escalation_user_id
        group = self.env.ref("distributor_crm.group_sales_manager")
        return (
            self.env["res.users"]
            .sudo()  # a cron tells managers; which ones there are is no secret to it
            .search(
                [
                    ("all_group_ids", "in", group.ids),
                    ("company_ids", "in", company.ids),
                    ("share", "=", False),
                ],
                order="id desc",
                limit=1,
            )
        )
