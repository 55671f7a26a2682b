# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class DistributorImprovementAction(models.Model):
    """One thing to do in an improvement plan."""

    _name = "distributor.improvement.action"
    _description = "Action of an Improvement Plan"
    _order = "improvement_id, sequence, id"

    improvement_id = fields.Many2one(
        comodel_name="distributor.improvement",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="improvement_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Action", required=True)
    kpi_id = fields.Many2one(
        comodel_name="distributor.evaluation.kpi", string="KPI", ondelete="set null"
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Who Helps",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        domain=[("share", "=", False)],
    )
    deadline = fields.Date(required=True)
    is_done = fields.Boolean(string="Done")
    done_on = fields.Date(compute="_compute_done_on", store=True)
    result = fields.Char()

    @api.depends("improvement_id.user_id")
    def _compute_user_id(self):
        for action in self:
            action.user_id = action.user_id or action.improvement_id.user_id

    @api.depends("is_done")
    def _compute_done_on(self):
        today = fields.Date.context_today(self)
        for action in self:
            action.done_on = (action.done_on or today) if action.is_done else False

    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        actions._check_open()
        return actions

    def write(self, vals):
        self._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ended(self):
        self._check_open()

    def _check_open(self):
        if any(action.improvement_id.state != "open" for action in self):
            raise UserError(self.env._("The plan is over, and stays as it was."))
