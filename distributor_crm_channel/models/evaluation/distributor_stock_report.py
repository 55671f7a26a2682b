# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorStockReport(models.Model):
    """Stock that was counted on a visit (R152) is a stock report like others (R114)."""

    _inherit = "distributor.stock.report"

    visit_id = fields.Many2one(
        comodel_name="distributor.visit",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
