# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorApplicationContact(models.Model):
    """One time that somebody spoke, or tried to speak, with an applicant (R024, R026)."""

    _name = "distributor.application.contact"
    _description = "Contact With an Applicant"
    _order = "date desc, id desc"

    application_id = fields.Many2one(
        comodel_name="distributor.application",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="application_id.company_id", store=True)
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    channel = fields.Selection(
        selection=[
            ("phone", "Phone"),
            ("wechat", "WeChat"),
            ("email", "E-mail"),
            ("visit", "Visit to the applicant"),
            ("invitation", "Invited to the company"),
            ("video", "Video call"),
        ],
        required=True,
        default="phone",
    )
    outcome = fields.Selection(
        selection=[
            ("none", "Not reached"),
            ("later", "To be called again"),
            ("spoken", "Spoken with"),
            ("verified", "Information and ability checked"),
        ],
        required=True,
        default="spoken",
    )
    minutes = fields.Integer()
    note = fields.Text(string="What Was Said")

    _minutes_bounded = models.Constraint(
        "CHECK(minutes BETWEEN 0 AND 1440)", "A conversation lasts at most a day."
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # Who spoke is who enters it.
            vals_list = [{**vals, "user_id": self.env.uid} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            vals = {key: value for key, value in vals.items() if key != "user_id"}
        return super().write(vals)
