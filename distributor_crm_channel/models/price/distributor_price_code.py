# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorPriceCode(models.Model):
    """What a platform or a source calls one of our products."""

    _name = "distributor.price.code"
    _description = "Foreign Product Code"
    _order = "code, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    source_id = fields.Many2one(
        comodel_name="distributor.price.source",
        ondelete="cascade",
        check_company=True,
        help="Leave empty for a code that all sources use.",
    )
    code = fields.Char(required=True, help="Number of the article, link or barcode.")
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    pieces = fields.Integer(
        default=1, required=True, help="How many pieces are sold under this code."
    )

    _code_unique = models.UniqueIndex(
        "(company_id, COALESCE(source_id, 0), code)",
        "This code stands for a product already.",
    )
    _pieces_positive = models.Constraint(
        "CHECK(pieces > 0)", "There is one piece at least."
    )
