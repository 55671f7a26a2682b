# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL


class DistributorTargetReport(models.Model):
    _inherit = "distributor.target.report"

    territory_id = fields.Many2one(comodel_name="distributor.territory")

    @api.model
    def _get_more_columns(self):
        # EXTENDS distributor_crm
        return SQL("%s, own.territory_id", super()._get_more_columns())


class DistributorTargetFigure(models.Model):
    _inherit = "distributor.target.figure"

    territory_id = fields.Many2one(comodel_name="distributor.territory")
