# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import Command, api, fields, models

from ..store.distributor_agreement_validity import midnight


class DistributorPromotion(models.Model):
    """The prices of a promotion stand in the tiers' pricelists while it runs (R022)."""

    _inherit = "distributor.promotion"

    sets_prices = fields.Boolean(
        string="Set Prices in Pricelists",
        default=True,
        help="While it is published, its prices are rules of the pricelists of its "
        "tiers, valid on its days. Not for single stores: a pricelist is shared by all "
        "distributors of a tier.",
    )
    pricelist_item_ids = fields.One2many(
        comodel_name="product.pricelist.item",
        inverse_name="promotion_id",
        string="Price Rules",
        readonly=True,
    )
    pricelist_item_count = fields.Integer(compute="_compute_pricelist_item_count")

    @api.depends("pricelist_item_ids")
    def _compute_pricelist_item_count(self):
        for promotion in self:
            promotion.pricelist_item_count = len(promotion.pricelist_item_ids)

    def write(self, vals):
        # EXTENDS distributor_crm
        result = super().write(vals)
        if vals.keys() & {
            *("state", "sets_prices", "date_from", "date_to"),
            *("grade_ids", "store_ids", "company_id"),
        }:
            self._set_prices()
        return result

    def unlink(self):
        # Rules of pricelists belong to whoever keeps them; these are the promotion's.
        self.sudo().pricelist_item_ids.unlink()
        return super().unlink()

    def _get_pricelists(self):
        """Return the pricelists of the tiers that a promotion is for."""
        self.ensure_one()
        empty = self.env["res.company"]
        if self.store_ids or not self.sets_prices or self.state != "published":
            return self.env["product.pricelist"]
        grades = self.grade_ids or self.env["res.partner.grade"].search(
            [
                ("default_pricelist_id", "!=", False),
                ("company_id", "in", [False, self.company_id.id]),
            ]
        )
        return grades.default_pricelist_id.filtered(
            lambda pricelist: pricelist.company_id in (empty, self.company_id)
        )

    def _set_prices(self):
        """Make the rules of pricelists follow the promotions; running twice changes
        nothing."""
        # Sales managers run promotions; pricelists are kept by whoever runs sales.
        for promotion in self.sudo():
            zone = promotion.company_id._get_agreement_tz()
            span = {
                "date_start": midnight(promotion.date_from, zone),
                "date_end": midnight(promotion.date_to + timedelta(days=1), zone)
                - timedelta(seconds=1),
            }
            wanted = {
                (pricelist, line.product_id): {
                    **span,
                    "fixed_price": promotion.currency_id._convert(
                        line.price,
                        pricelist.currency_id,
                        promotion.company_id,
                        promotion.date_from,
                    ),
                }
                for pricelist in promotion._get_pricelists()
                for line in promotion.line_ids
            }
            found = {
                (item.pricelist_id, item.product_id): item
                for item in promotion.pricelist_item_ids
            }
            commands = [
                Command.delete(item.id)
                for key, item in found.items()
                if key not in wanted
            ]
            for (pricelist, product), values in wanted.items():
                item = found.get((pricelist, product))
                if item is None:
                    values |= {
                        "pricelist_id": pricelist.id,
                        "applied_on": "0_product_variant",
                        "product_tmpl_id": product.product_tmpl_id.id,
                        "product_id": product.id,
                        "compute_price": "fixed",
                    }
                    commands.append(Command.create(values))
                elif any(item[name] != value for name, value in values.items()):
                    commands.append(Command.update(item.id, values))
            if commands:
                promotion.pricelist_item_ids = commands

    def action_view_price_rules(self):
        """Open the rules of pricelists that a promotion set."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Price Rules"),
            "res_model": "product.pricelist.item",
            "view_mode": "list,form",
            "domain": [("promotion_id", "=", self.id)],
            "context": {"create": False},
        }
