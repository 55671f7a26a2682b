# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    store_floor_active = fields.Boolean(
        string="Minimum Store Prices",
        help="A store's own price is never lower than the minimum price on the product.",
    )
    store_floor_basis = fields.Text(
        string="Legal Basis of Minimum Prices",
        help="Fixing a reseller's lowest price is forbidden in many countries (in China "
        "by article 18 of the Anti-Monopoly Law). Say why it is allowed here: that the "
        "stores sell in your name, for example, or who gave the legal opinion, and when.",
    )

    _store_floor_has_basis = models.Constraint(
        "CHECK(store_floor_active IS NOT TRUE "
        "OR COALESCE(store_floor_basis, '') ~ '\\S')",
        "Minimum store prices need their legal basis: write down why they are allowed.",
    )
