# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.fields import Domain


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    store_ok = fields.Boolean(
        string="Shown in Stores",
        help="Distributors may show the code of this program on the page of their "
        "store (R017).",
    )
    store_grade_ids = fields.Many2many(
        comodel_name="res.partner.grade",
        relation="loyalty_program_store_grade_rel",
        string="Store Tiers",
        help="The tiers whose stores may show it. Nothing chosen: all.",
    )

    def _get_store_domain(self, store):
        """Return the domain of the programs that a store may show today."""
        today = fields.Date.context_today(store)
        return (
            Domain("store_ok", "=", True)
            & Domain("ecommerce_ok", "=", True)
            & Domain("trigger", "=", "with_code")
            & Domain("rule_ids.code", "!=", False)
            & Domain("company_id", "in", [False, store.company_id.id])
            & Domain("website_id", "in", [False, store.website_id.id])
            & (Domain("date_from", "=", False) | Domain("date_from", "<=", today))
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", today))
            & (
                Domain("store_grade_ids", "=", False)
                | Domain("store_grade_ids", "in", store.partner_id.grade_id.ids)
            )
        )

    def _get_store_code(self):
        """Return the code that a store shows; empty where there is none."""
        return self.rule_ids.filtered("code")[:1].code or ""
