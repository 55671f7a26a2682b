# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorSignature(models.Model):
    _inherit = "distributor.signature"

    confirmed_by = fields.Selection(
        selection=[("password", "Password")],
        readonly=True,
        help="How the person showed that it was really them.",
    )
