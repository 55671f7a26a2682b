# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorAgreementTemplate(models.Model):
    """The text and the terms that agreements start from."""

    _name = "distributor.agreement.template"
    _description = "Agreement Template"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    mode = fields.Selection(
        selection=lambda self: self.env["distributor.store"]._fields["mode"].selection,
        required=True,
        default="dropship",
    )
    months = fields.Integer(string="Valid for (Months)", required=True, default=12)
    body = fields.Html(translate=True, help="The text of the agreement.")

    _months_positive = models.Constraint(
        "CHECK(months > 0)", "An agreement is valid for at least one month."
    )
