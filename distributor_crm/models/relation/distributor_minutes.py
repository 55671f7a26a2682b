# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DistributorMinutes(models.Model):
    """What was said in a regular talk with a distributor (R148).

    The open points are activities of the minutes: they are followed up, handed over and
    seen where all activities are.
    """

    _name = "distributor.minutes"
    _description = "Minutes"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Subject", required=True, tracking=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("is_distributor", "=", True), ("parent_id", "=", False)],
        check_company=True,
    )
    account_manager_id = fields.Many2one(related="partner_id.account_manager_id")
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    promise_id = fields.Many2one(
        comodel_name="distributor.service.promise",
        string="Service",
        index="btree_not_null",
        ondelete="set null",
        help="The promised talk that this was; it counts as done.",
    )
    date = fields.Date(required=True, default=fields.Date.context_today, tracking=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Written By",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    contact_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Who Was There",
        domain="[('id', 'child_of', partner_id), ('is_company', '=', False)]",
    )
    text = fields.Html(string="What Was Said and Agreed")
    open_count = fields.Integer(string="Open Points", compute="_compute_open_count")

    @api.depends("activity_ids")
    def _compute_open_count(self):
        for minutes in self:
            minutes.open_count = len(minutes.activity_ids)

    @api.constrains("partner_id", "promise_id")
    def _check_promise(self):
        # What was promised to whom does not depend on who may read all promises.
        for minutes in self.sudo():
            promise = minutes.promise_id
            if promise and promise.partner_id != minutes.partner_id:
                raise ValidationError(
                    self.env._("This service was promised to another distributor.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        found = super().create(vals_list)
        for minutes in found.filtered("promise_id"):
            minutes._keep_promise()
        return found

    def _keep_promise(self):
        """Mark the promised talk as done."""
        # Whoever writes the minutes held it, whosever task it was.
        task = self.sudo().promise_id.activity_id
        if task.active:
            link = Markup("<p>%s</p>") % self.env._("Minutes: %s", self.name)
            task.action_feedback(feedback=link)

    def action_add_point(self):
        """Ask what is open, who does it and by when."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open Point"),
            "res_model": "mail.activity.schedule",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "active_model": self._name,
                "active_ids": self.ids,
                "active_id": self.id,
                "default_res_model": self._name,
                "default_res_ids": str(self.ids),
            },
        }
