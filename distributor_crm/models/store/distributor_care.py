# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models


class ResPartnerGrade(models.Model):
    """How the distributors of a tier are looked after (R002, R003)."""

    _inherit = "res.partner.grade"

    care_plan_id = fields.Many2one(
        comodel_name="mail.activity.plan",
        domain=[("res_model", "=", "res.partner")],
        help="The tasks by which account managers look after distributors of this tier.",
    )
    care_months = fields.Integer(
        string="Repeat Care (Months)",
        default=3,
        help="So often the plan starts anew. What is still open is not planned twice.",
    )

    _care_months_positive = models.Constraint(
        "CHECK(care_months > 0)", "Care is repeated every month at most."
    )


class ResPartner(models.Model):
    """The care that distributors get from their account managers."""

    _inherit = "res.partner"

    care_started_on = fields.Date(
        string="Last Care", readonly=True, copy=False, help="Of the tier's care plan."
    )

    @api.model
    def _cron_care(self):
        """Plan what is due for distributors whose tier has a care plan; daily."""
        today = fields.Date.today()
        for grade in self.env["res.partner.grade"].search(
            [("care_plan_id.active", "=", True)]
        ):
            since = today - relativedelta(months=grade.care_months)
            due = [
                ("grade_id", "=", grade.id),
                ("is_distributor", "=", True),
                ("account_manager_id", "!=", False),
                ("has_reduced_access", "=", False),
                "|",
                ("care_started_on", "=", False),
                ("care_started_on", "<=", since),
            ]
            while partners := self.search(due, limit=100, order="id"):
                partners._start_care(grade.care_plan_id, today)
                self.env["ir.cron"]._commit_progress(len(partners))

    def _start_care(self, plan, today: date):
        """Schedule a plan's tasks to the account managers of these distributors.

        What is still open from the last time is left as it is.
        """
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        open_tasks = {
            (row.res_id, row.activity_type_id)
            for row in activities.search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("activity_type_id", "in", plan.template_ids.activity_type_id.ids),
                ]
            )
        }
        model = self.env["ir.model"]._get(self._name)
        activities.create(
            [
                {
                    "activity_type_id": step.activity_type_id.id,
                    "summary": step.summary or step.activity_type_id.name,
                    "note": step._get_told_note(),
                    "date_deadline": step._get_date_deadline(today),
                    "user_id": manager.id,
                    "res_model_id": model.id,
                    "res_id": partner.id,
                }
                for manager, partners in self.grouped("account_manager_id").items()
                for step in plan.with_context(lang=manager.lang).template_ids
                for partner in partners
                if (partner.id, step.activity_type_id) not in open_tasks
            ]
        )
        self.care_started_on = today
