# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .distributor_exit import RUNNING


class DistributorImprovement(models.Model):
    """A plan that failed may end the relation."""

    _inherit = "distributor.improvement"

    exit_ids = fields.One2many(
        comodel_name="distributor.exit", inverse_name="improvement_id", string="Exits"
    )
    exit_count = fields.Integer(compute="_compute_exit_count")

    @api.depends("exit_ids")
    def _compute_exit_count(self):
        counts = dict(
            self.env["distributor.exit"]._read_group(
                [("improvement_id", "in", self.ids)], ["improvement_id"], ["__count"]
            )
        )
        for plan in self:
            plan.exit_count = counts.get(plan, 0)

    def _check_failed(self):
        """:raises ValidationError: a plan did not fail"""
        for plan in self:
            if plan.state != "failed":
                raise ValidationError(
                    self.env._(
                        "%s did not fail. Close it with Not Improved first.",
                        plan.display_name,
                    )
                )

    def action_end_relation(self):
        """Draft the exit of a distributor whose plan failed, or open the running one.

        :raises ValidationError: the plan did not fail
        """
        self.ensure_one()
        self._check_failed()
        Exit = self.env["distributor.exit"]
        running = Exit.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "in", RUNNING),
            ],
            limit=1,
        )
        return (running or Exit.create(self._prepare_exit()))._get_records_action()

    def _prepare_exit(self):
        day = fields.Date.context_today(self)
        # With the agreed notice, and some days to decide on it.
        agreement = self.partner_id._get_agreement_in_force(self.company_id)
        if agreement:
            day += timedelta(days=agreement.notice_days + 7)
        return {
            "planned_date": day,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "improvement_id": self.id,
            "reason": "plan",
            "explanation": self.result,
        }

    def action_view_exits(self):
        """Open the exits that follow from these plans."""
        return self.env["distributor.exit"]._get_list_action(
            [("improvement_id", "in", self.ids)]
        )
