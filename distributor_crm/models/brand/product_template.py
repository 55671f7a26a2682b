# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    distributor_brand_id = fields.Many2one(
        comodel_name="distributor.brand",
        string="Brand",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
    )
