# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    approval_allow_unmatched = fields.Boolean(
        string="Approve What No Step Covers",
        help="Off: once a kind of document has approval steps, a document that none "
        "of them covers cannot be approved at all.",
    )
