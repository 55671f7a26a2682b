# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.fields import Domain


class ProductTemplate(models.Model):
    _inherit = "product.template"

    price_rule_count = fields.Integer(
        string="Price Rules",
        compute="_compute_price_watch",
        groups="distributor_crm.group_sales_rep,distributor_crm.group_finance",
    )
    price_observation_count = fields.Integer(
        string="Prices Seen",
        compute="_compute_price_watch",
        groups="distributor_crm.group_sales_rep,distributor_crm.group_finance",
    )

    def _compute_price_watch(self):
        rules, seen = (
            self.env["distributor.price.rule"],
            self.env["distributor.price.observation"],
        )
        counts = dict(
            seen._read_group(
                [("product_id", "in", self.product_variant_ids.ids)],
                ["product_id"],
                ["__count"],
            )
        )
        for template in self:
            template.price_rule_count = rules.search_count(
                template._get_price_rule_domain()
            )
            template.price_observation_count = sum(
                counts.get(variant, 0) for variant in template.product_variant_ids
            )

    def _get_price_rule_domain(self):
        """Return the domain of the rules that name the product or one of its variants,
        its category or one above it, or its brand."""
        path = self.categ_id.parent_path or ""
        return Domain.OR(
            (
                Domain("product_tmpl_id", "in", self.ids),
                Domain("product_id", "in", self.product_variant_ids.ids),
                Domain("categ_id", "in", [int(i) for i in path.split("/") if i]),
                Domain("brand_id", "in", self.distributor_brand_id.ids)
                & Domain("scope", "=", "brand"),
                Domain("scope", "=", "all"),
            )
        )

    def action_view_price_rules(self):
        """Show the rules that concern this product."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_channel.distributor_price_rule_action"
        )
        return {
            **action,
            "domain": list(self._get_price_rule_domain()),
            "context": {
                "default_scope": "product",
                "default_product_tmpl_id": self.id,
            },
        }

    def action_view_price_observations(self):
        """Show the prices at which this product was seen."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm_channel.distributor_price_observation_action"
        )
        return {
            **action,
            "domain": [("product_id", "in", self.product_variant_ids.ids)],
            "context": {"default_product_id": self.product_variant_id.id},
        }


class ProductCategory(models.Model):
    _inherit = "product.category"

    def write(self, vals):
        result = super().write(vals)
        if "parent_id" in vals:
            # How near a category is to a product decides which rule counts.
            self.env.registry.clear_cache()
        return result
