# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL


class ResPartner(models.Model):
    """How often a distributor is to be visited, and when he is due (R030)."""

    _inherit = "res.partner"

    visit_interval_days = fields.Integer(
        string="Visit Every (Days)",
        help="The account manager visits the distributor at least this often. 0: as it "
        "comes.",
    )
    last_visit_at = fields.Date(string="Last Visited", readonly=True, copy=False)
    next_visit_due = fields.Date(
        compute="_compute_next_visit_due",
        store=True,
        index="btree_not_null",
    )

    _visit_interval_positive = models.Constraint(
        "CHECK(visit_interval_days IS NULL OR visit_interval_days >= 0)",
        "Days between visits are 0 or more.",
    )

    @api.depends("visit_interval_days", "last_visit_at")
    def _compute_next_visit_due(self):
        today = fields.Date.context_today(self)
        for partner in self:
            days = partner.visit_interval_days
            if not days:
                partner.next_visit_due = False
            elif partner.last_visit_at:
                partner.next_visit_due = partner.last_visit_at + timedelta(days=days)
            else:
                partner.next_visit_due = partner.next_visit_due or today

    def action_plan_visits(self):
        """Plan visits to those of these distributors that have none planned.

        :return: the visits, opened
        """
        Visit = self.env["distributor.visit"]
        planned = Visit.search(
            [("customer_id", "in", self.ids), ("state", "=", "planned")]
        ).customer_id
        visits = Visit.create(
            [
                {
                    "kind": "care",
                    "customer_id": partner.id,
                    "user_id": (partner.account_manager_id or self.env.user).id,
                    "planned_at": fields.Datetime.to_datetime(
                        max(
                            partner.next_visit_due or fields.Date.context_today(self),
                            fields.Date.context_today(self),
                        )
                    )
                    + timedelta(hours=2),
                }
                for partner in self - planned
            ]
        )
        return visits._get_records_action(name=self.env._("Planned Visits"))


class DistributorVisit(models.Model):
    _inherit = "distributor.visit"

    def _note_visited(self):
        """Remember when distributors were visited last; invalid visits do not count."""
        for visit in self:
            if visit._is_brought() or visit.verdict == "invalid":
                continue
            partner = visit.customer_id.commercial_partner_id
            day = fields.Date.context_today(visit, visit.arrived_at)
            if not partner.last_visit_at or partner.last_visit_at < day:
                partner.last_visit_at = day


class DistributorVisitCoverage(models.Model):
    """Which distributors were visited, are due or overdue, by account manager (R030)."""

    _name = "distributor.visit.coverage"
    _description = "Coverage by Visits"
    _auto = False
    _order = "next_due, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(comodel_name="res.partner", string="Distributor")
    account_manager_id = fields.Many2one(comodel_name="res.users")
    company_id = fields.Many2one(comodel_name="res.company")
    grade_id = fields.Many2one(comodel_name="res.partner.grade", string="Tier")
    interval_days = fields.Integer(string="Every (Days)", aggregator="avg")
    last_visit_at = fields.Date(string="Last Visited")
    next_due = fields.Date()
    days_over = fields.Integer(string="Days Overdue", aggregator="avg")
    status = fields.Selection(
        selection=[
            ("over", "Overdue"),
            ("due", "Due Within a Week"),
            ("done", "Covered"),
            ("none", "Without Plan"),
        ]
    )
    planned = fields.Integer(string="Visits Planned")
    made_30 = fields.Integer(string="Visits of 30 Days")
    made_90 = fields.Integer(string="Visits of 90 Days")
    covered = fields.Float(
        string="Covered (%)",
        aggregator="avg",
        help="100 for a distributor who is not overdue, of those with a plan.",
    )

    @property
    def _table_query(self):
        today = fields.Date.context_today(self)
        return SQL(
            """
            SELECT partner.id AS id, partner.id AS partner_id,
                   partner.account_manager_id, partner.company_id, partner.grade_id,
                   partner.visit_interval_days AS interval_days,
                   partner.last_visit_at, partner.next_visit_due AS next_due,
                   GREATEST(%(today)s - partner.next_visit_due, 0) AS days_over,
                   CASE WHEN partner.next_visit_due IS NULL THEN 'none'
                        WHEN partner.next_visit_due < %(today)s THEN 'over'
                        WHEN partner.next_visit_due <= %(today)s + 7 THEN 'due'
                        ELSE 'done' END AS status,
                   COALESCE(visits.planned, 0) AS planned,
                   COALESCE(visits.made_30, 0) AS made_30,
                   COALESCE(visits.made_90, 0) AS made_90,
                   CASE WHEN partner.next_visit_due IS NULL THEN NULL
                        WHEN partner.next_visit_due < %(today)s THEN 0 ELSE 100
                    END AS covered
              FROM res_partner partner
              LEFT JOIN LATERAL (
                   SELECT COUNT(*) FILTER (WHERE visit.state = 'planned') AS planned,
                          COUNT(*) FILTER (WHERE visit.left_at >= %(today)s - 30)
                          AS made_30,
                          COUNT(*) FILTER (WHERE visit.left_at >= %(today)s - 90)
                          AS made_90
                     FROM distributor_visit visit
                    WHERE visit.customer_id = partner.id
                      AND visit.kind IN ('care', 'check')
                   ) visits ON TRUE
             WHERE partner.is_distributor AND partner.active
               AND partner.parent_id IS NULL
            """,
            today=today,
        )

    def action_plan(self):
        """Plan visits to those that have none planned."""
        return self.partner_id.action_plan_visits()

    def action_view_partner(self):
        """Open the distributor."""
        return self.partner_id._get_records_action()
