# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorBrand(models.Model):
    """A brand of the company's, each for a segment of its own (R230)."""

    _name = "distributor.brand"
    _description = "Brand"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        index=True,
        help="Leave empty for a brand of all companies.",
    )
    segment = fields.Char(
        translate=True, help="Whom this brand is for, e.g. banquets, gifts, export."
    )
    product_count = fields.Integer(string="Products", compute="_compute_product_count")

    _name_unique = models.UniqueIndex(
        "(name, COALESCE(company_id, 0))", "There is a brand of this name already."
    )

    def _compute_product_count(self):
        counts = dict(
            self.env["product.template"]._read_group(
                [("distributor_brand_id", "in", self.ids)],
                ["distributor_brand_id"],
                ["__count"],
            )
        )
        for brand in self:
            brand.product_count = counts.get(brand, 0)

    def action_view_products(self):
        """Show the products of these brands."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sale.product_template_action"
        )
        context = {"default_distributor_brand_id": self.id} if len(self) == 1 else {}
        return {
            **action,
            "domain": [("distributor_brand_id", "in", self.ids)],
            "context": context,
        }
