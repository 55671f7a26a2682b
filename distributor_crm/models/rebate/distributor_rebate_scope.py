# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.fields import Domain


class DistributorRebateProgram(models.Model):
    """Whose sales count under a program, and the sales of what."""

    _inherit = "distributor.rebate.program"

    grade_ids = fields.Many2many(
        comodel_name="res.partner.grade",
        string="Distributor Tiers",
        help="Leave empty for all tiers.",
    )
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="distributor_rebate_program_partner_rel",
        string="Distributors",
        domain=[("is_distributor", "=", True)],
        check_company=True,
        help="Leave empty for all distributors.",
    )
    partner_tag_ids = fields.Many2many(
        comodel_name="res.partner.category",
        string="Distributor Tags",
        help="Leave empty for all tags.",
    )
    country_ids = fields.Many2many(
        comodel_name="res.country",
        string="Countries",
        help="Leave empty for all countries.",
    )
    excluded_partner_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="distributor_rebate_program_excluded_partner_rel",
        string="Excluded Distributors",
        domain=[("is_distributor", "=", True)],
        check_company=True,
    )
    product_categ_ids = fields.Many2many(
        comodel_name="product.category",
        string="Product Categories",
        help="With their sub-categories. Leave empty, and the products too, for "
        "everything sold.",
    )
    product_ids = fields.Many2many(
        comodel_name="product.product",
        relation="distributor_rebate_program_product_rel",
        string="Products",
        check_company=True,
        help="These products count whatever their category.",
    )
    excluded_product_ids = fields.Many2many(
        comodel_name="product.product",
        relation="distributor_rebate_program_excluded_product_rel",
        string="Excluded Products",
        check_company=True,
    )

    def _get_partner_domain(self) -> Domain:
        """Return the distributors whose sales count."""
        self.ensure_one()
        domain = Domain("is_distributor", "=", True) & Domain(
            self.env["res.partner"]._check_company_domain(self.company_id)
        )
        domain &= Domain("grade_id", "=", False) | Domain(
            "grade_id.is_rebate_eligible", "=", True
        )
        if self.grade_ids:
            domain &= Domain("grade_id", "in", self.grade_ids.ids)
        if self.partner_ids:
            domain &= Domain("id", "in", self.partner_ids.ids)
        if self.partner_tag_ids:
            domain &= Domain("category_id", "child_of", self.partner_tag_ids.ids)
        if self.country_ids:
            domain &= Domain("country_id", "in", self.country_ids.ids)
        if self.excluded_partner_ids:
            domain &= Domain("id", "not in", self.excluded_partner_ids.ids)
        return domain

    def _get_product_domain(self) -> Domain:
        """Return the products whose sales count, `Domain.TRUE` for every line."""
        self.ensure_one()
        chosen = Domain.FALSE
        if self.product_ids:
            chosen |= Domain("id", "in", self.product_ids.ids)
        if self.product_categ_ids:
            chosen |= Domain("categ_id", "child_of", self.product_categ_ids.ids)
        if chosen.is_false():
            chosen = Domain.TRUE
        if self.excluded_product_ids:
            chosen &= Domain("id", "not in", self.excluded_product_ids.ids)
        return chosen
