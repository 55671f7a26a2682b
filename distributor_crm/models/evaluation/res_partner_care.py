# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class ResPartnerGrade(models.Model):
    """The services that a tier is promised."""

    _inherit = "res.partner.grade"

    service_plan_ids = fields.One2many(
        comodel_name="distributor.service.plan",
        inverse_name="grade_id",
        string="Service Plans",
    )


class ResPartner(models.Model):
    """What distributors are promised is kept on record."""

    _inherit = "res.partner"

    @api.model
    def _cron_care(self):
        # EXTENDS distributor_crm: the further plans of each tier follow.
        result = super()._cron_care()
        commit = self.env["ir.cron"]._commit_progress
        self.env["distributor.service.plan"]._start_due(commit)
        return result

    def _start_care(self, plan, today):
        # EXTENDS distributor_crm
        result = super()._start_care(plan, today)
        self._note_promises(plan, today)
        return result

    def _note_promises(self, plan, today):
        """Keep what was just planned, and what was open without a record of it."""
        # The record is closed to users; the scheduled job plans.
        promises = self.env["distributor.service.promise"].sudo()
        known = promises._search([("activity_id", "!=", False)])
        tasks = self.env["mail.activity"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "in", plan.template_ids.activity_type_id.ids),
                ("id", "not in", known.subselect("activity_id")),
            ]
        )
        promises.create(
            [
                {
                    "partner_id": task.res_id,
                    "service_plan_id": self.env.context.get("service_plan_id"),
                    "plan_id": plan.id,
                    "activity_id": task.id,
                    "activity_type_id": task.activity_type_id.id,
                    "summary": task.summary,
                    "user_id": task.user_id.id,
                    "promised_on": today,
                    "deadline": task.date_deadline,
                }
                for task in tasks
            ]
        )
