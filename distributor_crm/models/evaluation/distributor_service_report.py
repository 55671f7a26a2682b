# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL


class DistributorServiceReport(models.Model):
    """What was promised, and what became of it: done, due, overdue or dropped (R003)."""

    _name = "distributor.service.report"
    _description = "Service Promises"
    _auto = False
    _order = "deadline, id"
    _rec_name = "summary"
    _depends = {
        "distributor.service.promise": [
            "partner_id",
            "plan_id",
            "activity_id",
            "activity_type_id",
            "summary",
            "user_id",
            "promised_on",
            "deadline",
        ],
        "mail.activity": ["active", "date_done", "user_id"],
        "res.partner": ["account_manager_id", "company_id", "grade_id"],
    }

    partner_id = fields.Many2one(comodel_name="res.partner", string="Distributor")
    company_id = fields.Many2one(comodel_name="res.company")
    account_manager_id = fields.Many2one(comodel_name="res.users")
    user_id = fields.Many2one(comodel_name="res.users", string="Assigned To")
    grade_id = fields.Many2one(comodel_name="res.partner.grade", string="Tier")
    plan_id = fields.Many2one(comodel_name="mail.activity.plan")
    activity_type_id = fields.Many2one(
        comodel_name="mail.activity.type", string="Service"
    )
    summary = fields.Char()
    promised_on = fields.Date()
    deadline = fields.Date()
    done_on = fields.Date()
    state = fields.Selection(
        selection=[
            ("due", "Due"),
            ("overdue", "Overdue"),
            ("done", "Done"),
            ("dropped", "Dropped"),
        ],
        string="Status",
        help="Dropped: the task was deleted before it was done.",
    )
    promised = fields.Integer(string="Promises")
    done = fields.Integer(string="Kept")
    late = fields.Integer(string="Kept Late")
    missed = fields.Integer(string="Not Done")
    days_late = fields.Integer(aggregator="avg")

    @property
    def _table_query(self):
        # What is overdue is seen from today where the user is.
        today = fields.Date.context_today(self)
        return SQL(
            """
            SELECT promise.id, promise.partner_id, partner.company_id,
                   partner.account_manager_id, partner.grade_id, promise.plan_id,
                   COALESCE(task.user_id, promise.user_id) AS user_id,
                   promise.activity_type_id, promise.summary, promise.promised_on,
                   promise.deadline, task.date_done AS done_on, found.state,
                   1 AS promised, (found.state = 'done')::int AS done,
                   (found.state = 'done' AND task.date_done > promise.deadline)::int
                       AS late,
                   (found.state IN ('overdue', 'dropped'))::int AS missed,
                   CASE WHEN found.state IN ('done', 'overdue') THEN
                       GREATEST(COALESCE(task.date_done, %(today)s) - promise.deadline, 0)
                   END AS days_late
              FROM distributor_service_promise promise
              JOIN res_partner partner ON partner.id = promise.partner_id
              LEFT JOIN mail_activity task ON task.id = promise.activity_id
              CROSS JOIN LATERAL (
                  SELECT CASE WHEN task.id IS NULL THEN 'dropped'
                              WHEN NOT task.active THEN 'done'
                              WHEN promise.deadline < %(today)s THEN 'overdue'
                              ELSE 'due' END AS state) found
            """,
            today=today,
        )

    def action_open_partner(self):
        """Open the distributor, where the activity is done."""
        return self.partner_id._get_records_action()
