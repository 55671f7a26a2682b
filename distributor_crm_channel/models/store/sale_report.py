# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class SaleReport(models.Model):
    _inherit = "sale.report"

    store_id = fields.Many2one(
        comodel_name="distributor.store", string="Distributor Store", readonly=True
    )

    def _select_additional_fields(self):
        return {**super()._select_additional_fields(), "store_id": "s.store_id"}

    def _group_by_sale(self):
        return f"{super()._group_by_sale()}, s.store_id"
