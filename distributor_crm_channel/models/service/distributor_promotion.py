# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorPromotion(models.Model):
    """Gifts on top and discounts of a promotion are Odoo's own loyalty programs (R022)."""

    _inherit = "distributor.promotion"

    program_ids = fields.Many2many(
        comodel_name="loyalty.program",
        string="Discount & Loyalty",
        domain="[('program_type', 'in', ['promotion', 'buy_x_get_y', 'promo_code', "
        "'next_order_coupons']), ('company_id', 'in', [False, company_id])]",
        context={"active_test": False},
        help="They are switched on with the promotion: on its days, and for the "
        "pricelists of its tiers where tiers are named.",
    )

    def write(self, vals):
        # EXTENDS distributor_crm
        dropped = self.env["loyalty.program"]
        if "program_ids" in vals:
            dropped = self.program_ids
        result = super().write(vals)
        if vals.keys() & {"state", "date_from", "date_to", "grade_ids", "program_ids"}:
            self._set_programs(dropped)
        return result

    def _set_programs(self, dropped):
        """Make loyalty programs follow the promotions that switch them on.

        :param dropped: programs that a promotion may have let go; they are switched off
        """
        # Sales managers run promotions; programs are kept by whoever runs sales.
        for promotion in self.sudo():
            programs = promotion.program_ids
            if promotion.state == "published":
                programs.write(
                    {
                        "date_from": promotion.date_from,
                        "date_to": promotion.date_to,
                        "pricelist_ids": promotion.grade_ids.default_pricelist_id.ids,
                        "active": True,
                    }
                )
            elif promotion.state == "withdrawn":
                programs.active = False
            (dropped.sudo() - programs).active = False
