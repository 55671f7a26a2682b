# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class SaleOrder(models.Model):
    """An order carries the store that it was sold through; the customer stays his own."""

    _inherit = "sale.order"

    store_id = fields.Many2one(
        comodel_name="distributor.store",
        string="Distributor Store",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="The store through which this order came, and which earns on it.",
    )
