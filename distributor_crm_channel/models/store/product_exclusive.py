# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.fields import Domain


class ProductTemplate(models.Model):
    """Styles that distributors alone sell, in their stores (R214)."""

    _inherit = "product.template"

    is_store_exclusive = fields.Boolean(
        string="Only in Distributors' Stores",
        help="Not in our own web shop: distributors order it, and shoppers find it in "
        "their stores.",
    )
    exclusive_grade_ids = fields.Many2many(
        comodel_name="res.partner.grade",
        relation="product_template_exclusive_grade_rel",
        string="Sold by Tiers",
        groups="base.group_user",
        help="Distributors of these tiers sell it; of all tiers where none is named.",
    )
    is_open_to_visitor = fields.Boolean(
        compute="_compute_is_open_to_visitor",
        search="_search_is_open_to_visitor",
        compute_sudo=True,  # visitors read no tiers
    )

    @api.depends_context("uid", "website_id", "shown_store_id")
    @api.depends("is_store_exclusive", "exclusive_grade_ids")
    def _compute_is_open_to_visitor(self):
        found = self.filtered_domain(self._get_visitor_domain())
        found.is_open_to_visitor = True
        (self - found).is_open_to_visitor = False

    def _search_is_open_to_visitor(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        domain = self._get_visitor_domain()
        # Visitors read no tiers; which products are theirs, they may know.
        return Domain("id", "in", self.sudo()._search(domain))

    @api.model
    def _get_visitor_domain(self):
        """Return the products that the visitor of the web shop may see: all for our own
        people, else by his own tier and that of the store he is in."""
        user = self.env.user
        if user._is_internal():
            return Domain.TRUE
        partner = user.partner_id.sudo().commercial_partner_id  # his own tier
        website = self.env["website"].get_current_website()
        store = website._get_current_store().sudo()  # its tier decides
        owners = partner.filtered("is_distributor") | store.partner_id
        return self._get_exclusive_domain(owners)

    @api.model
    def _get_exclusive_domain(self, distributors):
        """Return the products that one of these distributors, or anybody, may sell."""
        domain = Domain("is_store_exclusive", "=", False)
        if distributors:
            tiers = distributors.grade_id.ids
            domain |= Domain("exclusive_grade_ids", "=", False)
            domain |= Domain("exclusive_grade_ids", "in", tiers)
        return domain

    def can_access_from_current_website(self, website_id=False):
        # EXTENDS website: the address of the page says no more than the shop does
        allowed = super().can_access_from_current_website(website_id)
        return allowed and all(template.is_open_to_visitor for template in self)
