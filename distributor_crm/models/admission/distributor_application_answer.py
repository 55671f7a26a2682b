# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DistributorApplicationAnswer(models.TransientModel):
    """What is told to applicants: a refusal, or what they are to add."""

    _name = "distributor.application.answer"
    _description = "Answer to Applicants"

    application_ids = fields.Many2many(comodel_name="distributor.application")
    kind = fields.Selection(
        selection=[("refuse", "Refuse"), ("missing", "Ask for what is missing")],
        required=True,
    )
    text = fields.Text(string="Message", required=True)
    may_reapply = fields.Boolean(string="May Apply Again", default=True)
    reapply_from = fields.Date(
        compute="_compute_reapply_from", store=True, readonly=False
    )

    @api.depends("application_ids", "may_reapply")
    def _compute_reapply_from(self):
        today = fields.Date.context_today(self)
        for answer in self:
            days = max(
                answer.application_ids.campaign_id.mapped("reapply_days"), default=0
            )
            answer.reapply_from = answer.may_reapply and fields.Date.add(
                today, days=days
            )

    @api.constrains("reapply_from")
    def _check_reapply_from(self):
        today = fields.Date.context_today(self)
        for answer in self:
            if answer.reapply_from and answer.reapply_from < today:
                raise ValidationError(
                    self.env._("The day to apply again from lies in the past.")
                )

    def action_confirm(self):
        """Tell the applicants."""
        self.ensure_one()
        if self.kind == "refuse":
            self.application_ids._refuse(
                self.text, self.may_reapply and self.reapply_from
            )
        else:
            self.application_ids._ask_for(self.text)
        return {"type": "ir.actions.act_window_close"}
