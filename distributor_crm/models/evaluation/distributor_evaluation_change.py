# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError


class DistributorEvaluationChange(models.Model):
    """A grade that was changed: from what, to what, by whom, when and why."""

    _name = "distributor.evaluation.change"
    _description = "Changed Grade"
    _order = "id desc"
    _rec_name = "line_id"

    line_id = fields.Many2one(
        comodel_name="distributor.evaluation.line",
        string="KPI",
        required=True,
        index=True,
        ondelete="cascade",
    )
    evaluation_id = fields.Many2one(
        related="line_id.evaluation_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(related="line_id.company_id", store=True)
    old_grade = fields.Integer(string="From", aggregator=None)
    new_grade = fields.Integer(string="To", aggregator=None)
    old_note = fields.Text(string="Reason Before")
    reason = fields.Text(string="Why", required=True)
    user_id = fields.Many2one(
        comodel_name="res.users", string="By", required=True, ondelete="restrict"
    )
    changed_at = fields.Datetime(
        string="On", required=True, default=fields.Datetime.now
    )

    def write(self, vals):
        if not self.env.su:
            raise UserError(self.env._("What was changed stays on record as it was."))
        return super().write(vals)
