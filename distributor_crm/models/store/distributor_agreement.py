# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorAgreement(models.Model):
    """What a distributor and the company signed: terms, duties, validity (R028, R164)."""

    _name = "distributor.agreement"
    _description = "Distributor Agreement"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Distributor",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    template_id = fields.Many2one(
        comodel_name="distributor.agreement.template",
        required=True,
        ondelete="restrict",
        check_company=True,
    )
    mode = fields.Selection(related="template_id.mode", store=True)
    parent_store_id = fields.Many2one(
        comodel_name="distributor.store",
        string="Invited by",
        ondelete="restrict",
        check_company=True,
    )
    date_from = fields.Date(required=True, default=fields.Date.context_today)
    date_to = fields.Date(required=True)
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("sent", "Sent"),
            ("signed", "In Force"),
            ("expired", "Expired"),
            ("ended", "Ended"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )

    def _after_signature(self):
        """What follows when the distributor has signed these agreements."""
