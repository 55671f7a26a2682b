# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError


class DistributorServicePromise(models.Model):
    """A task that a distributor was promised. It stays when the task is deleted, so that
    what was not done shows."""

    _name = "distributor.service.promise"
    _description = "Service Promise"
    _order = "deadline desc, id desc"
    _rec_name = "summary"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        index=True,
        ondelete="cascade",
    )
    service_plan_id = fields.Many2one(
        comodel_name="distributor.service.plan",
        index="btree_not_null",
        ondelete="set null",
    )
    plan_id = fields.Many2one(comodel_name="mail.activity.plan", ondelete="set null")
    activity_id = fields.Many2one(
        comodel_name="mail.activity", index="btree_not_null", ondelete="set null"
    )
    activity_type_id = fields.Many2one(
        comodel_name="mail.activity.type", string="Service", ondelete="set null"
    )
    summary = fields.Char()
    user_id = fields.Many2one(
        comodel_name="res.users", string="Promised By", ondelete="set null"
    )
    promised_on = fields.Date(required=True, index=True)
    deadline = fields.Date(required=True)

    def write(self, vals):
        if not self.env.su:
            raise UserError(self.env._("What was promised stays on record."))
        return super().write(vals)
