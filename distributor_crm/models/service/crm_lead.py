# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    distributor_case_id = fields.Many2one(
        comodel_name="distributor.case",
        string="From Case",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        check_company=True,
    )
