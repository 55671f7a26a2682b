# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    is_distributor_outlet = fields.Boolean(
        string="Point of Sale",
        help="Counted as an outlet where it stands, besides the distributor's own "
        "address (R128).",
    )
    outlet_since = fields.Date(
        help="By default the day on which it was entered.",
    )
