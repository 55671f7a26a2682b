# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.fields import Domain


class ProductTemplate(models.Model):
    _inherit = "product.template"

    fee_standard_ids = fields.One2many(
        comodel_name="distributor.fee.standard", inverse_name="product_tmpl_id"
    )
    fee_standard_count = fields.Integer(compute="_compute_fee_standard_count")
    has_fee_standard = fields.Boolean(
        string="Fee Decided",
        compute="_compute_has_fee_standard",
        search="_search_has_fee_standard",
        help="A fee standard for distributors is in force today, for the product or "
        "for a category it is in.",
    )

    @api.depends("fee_standard_ids")
    def _compute_fee_standard_count(self):
        counts = dict(
            self.env["distributor.fee.standard"]._read_group(
                [("product_tmpl_id", "in", self.ids)], ["product_tmpl_id"], ["__count"]
            )
        )
        for template in self:
            template.fee_standard_count = counts.get(template, 0)

    @api.depends_context("company")
    @api.depends("categ_id", "fee_standard_ids.state")
    def _compute_has_fee_standard(self):
        decided = self.filtered_domain(self._has_fee_standard_domain())
        decided.has_fee_standard = True
        (self - decided).has_fee_standard = False

    def _search_has_fee_standard(self, operator, value):
        if operator != "in":
            return NotImplemented
        decided = self._has_fee_standard_domain()
        return Domain.OR(decided if flag else ~decided for flag in value)

    @api.model
    def _has_fee_standard_domain(self):
        standards = self.env["distributor.fee.standard"].search_fetch(
            [
                ("company_id", "=", self.env.company.id),
                ("state", "=", "in_force"),
                ("recipient", "=", "entity"),
                ("active", "in", [True, False]),
            ],
            ["product_tmpl_id", "categ_id"],
        )
        return Domain("id", "in", standards.product_tmpl_id.ids) | Domain(
            "categ_id", "child_of", standards.categ_id.ids
        )

    def action_view_fee_standards(self):
        """Open the fee standards of these products."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_expense.distributor_fee_standard_action"
        )
        context = {"default_product_tmpl_id": self.id} if len(self) == 1 else {}
        domain = [("product_tmpl_id", "in", self.ids)]
        return {**action, "domain": domain, "context": context}
