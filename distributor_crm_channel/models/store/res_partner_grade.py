# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResPartnerGrade(models.Model):
    _inherit = "res.partner.grade"

    store_categ_ids = fields.Many2many(
        comodel_name="product.category",
        relation="distributor_grade_store_category_rel",
        string="Store Categories",
        help="What stores of this tier may sell: products of these categories and of "
        "those below them. Nothing chosen: all categories.",
    )
