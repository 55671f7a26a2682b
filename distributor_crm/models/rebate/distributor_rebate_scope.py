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
        help="With their branches. Leave empty for all distributors.",
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
    state_ids = fields.Many2many(
        comodel_name="res.country.state",
        string="States",
        help="Leave empty for all states.",
    )
    account_manager_ids = fields.Many2many(
        comodel_name="res.users",
        relation="distributor_rebate_program_account_manager_rel",
        string="Portfolios",
        domain=[("share", "=", False)],
        help="The distributors that these account managers look after. Leave empty "
        "for all.",
    )
    group_policy = fields.Selection(
        selection=[
            ("shared", "Measured together, each paid his share"),
            ("head", "Measured together, paid to the head office"),
            ("own", "Each company for itself"),
        ],
        string="Head Office and Branches",
        default="shared",
        required=True,
        help="Companies below one parent company are a group. Contacts and addresses "
        "always count for their company.",
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
    excluded_partner_tag_ids = fields.Many2many(
        comodel_name="res.partner.category",
        relation="distributor_rebate_program_excluded_tag_rel",
        string="Excluded Distributor Tags",
    )
    product_tag_ids = fields.Many2many(
        comodel_name="product.tag",
        string="Product Tags",
        help="Products with one of these tags count, too.",
    )
    excluded_product_categ_ids = fields.Many2many(
        comodel_name="product.category",
        relation="distributor_rebate_program_excluded_categ_rel",
        string="Excluded Product Categories",
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
            domain &= Domain("id", "child_of", self.partner_ids.ids)
        if self.partner_tag_ids:
            domain &= Domain("category_id", "child_of", self.partner_tag_ids.ids)
        if self.country_ids:
            domain &= Domain("country_id", "in", self.country_ids.ids)
        if self.state_ids:
            domain &= Domain("state_id", "in", self.state_ids.ids)
        if self.account_manager_ids:
            domain &= Domain("account_manager_id", "in", self.account_manager_ids.ids)
        if self.excluded_partner_ids:
            domain &= ~Domain("id", "child_of", self.excluded_partner_ids.ids)
        if self.excluded_partner_tag_ids:
            tags = self.excluded_partner_tag_ids.ids
            domain &= ~Domain("category_id", "child_of", tags)
        return domain

    def _names_products(self) -> bool:
        """Whether only named products count, so that a line without one does not."""
        return bool(self.product_ids or self.product_categ_ids or self.product_tag_ids)

    def _get_product_domain(self) -> Domain:
        """Return the products whose sales count, `Domain.TRUE` for every line."""
        self.ensure_one()
        chosen = Domain.FALSE
        if self.product_ids:
            chosen |= Domain("id", "in", self.product_ids.ids)
        if self.product_categ_ids:
            chosen |= Domain("categ_id", "child_of", self.product_categ_ids.ids)
        if self.product_tag_ids:
            chosen |= Domain("all_product_tag_ids", "in", self.product_tag_ids.ids)
        if chosen.is_false():
            chosen = Domain.TRUE
        if self.excluded_product_categ_ids:
            chosen &= ~Domain(
                "categ_id", "child_of", self.excluded_product_categ_ids.ids
            )
        if self.excluded_product_ids:
            chosen &= Domain("id", "not in", self.excluded_product_ids.ids)
        return chosen
