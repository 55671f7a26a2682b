# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    is_presale = fields.Boolean(
        string="Presale",
        help="New goods that ship later: the time to ship promises nothing for them.",
    )
