# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    is_official = fields.Boolean(
        string="Public Official",
        tracking=True,
        help="Works for an authority or a state-owned body: no fee is ever paid to "
        "them.",
    )
