# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorVisitForm(models.Model):
    """The registration form of a valid visit: the only basis of settlement (R053-R055,
    R068-R070)."""

    _name = "distributor.visit.form"
    _description = "Registration Form"
    _inherit = ["mail.thread", "mail.activity.mixin", "tier.validation"]
    _order = "id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    _state_from = ["submitted"]
    _state_to = ["signed"]
    _cancel_state = "void"

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    visit_id = fields.Many2one(
        comodel_name="distributor.visit",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="visit_id.company_id", store=True, precompute=True, index=True
    )
    state = fields.Selection(
        selection=[
            ("draft", "To Fill In"),
            ("submitted", "To Sign"),
            ("signed", "Signed"),
            ("void", "Void"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        index=True,
        tracking=True,
    )
