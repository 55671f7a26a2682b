# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    is_distributor = fields.Boolean(
        string="Distributor",
        tracking=True,
        help="The company sells through this partner and may pay rebates to it.",
    )
    account_manager_id = fields.Many2one(
        comodel_name="res.users",
        domain=[("share", "=", False)],
        tracking=True,
        index="btree_not_null",
        help="The person who looks after this distributor and sees its figures.",
    )

    _distributor_index = models.Index("(id) WHERE is_distributor")
