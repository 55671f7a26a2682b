# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResPartner(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "res.partner"

    distributor_import_id = fields.Many2one(
        comodel_name="distributor.sales.import",
        string="Sales Import",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="distributor_crm.group_channel_admin",
    )
