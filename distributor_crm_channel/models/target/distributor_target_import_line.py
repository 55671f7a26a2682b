# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorTargetImportLine(models.TransientModel):
    _inherit = "distributor.target.import.line"

    territory_id = fields.Many2one(comodel_name="distributor.territory")

    @api.model
    def _get_reference_fields(self):
        # EXTENDS distributor_crm
        return (*super()._get_reference_fields(), "territory_id")
