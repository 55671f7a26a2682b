# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class ResPartner(models.Model):
    """Group-buys of a distributor; one that does not match holds his rewards (R042)."""

    _inherit = "res.partner"

    groupbuy_ids = fields.One2many(
        comodel_name="distributor.groupbuy", inverse_name="partner_id"
    )
    groupbuy_count = fields.Integer(
        compute="_compute_groupbuy_count",
        groups="distributor_crm.group_sales_rep,distributor_crm.group_finance",
    )

    @api.depends("groupbuy_ids")
    def _compute_groupbuy_count(self):
        counts = dict(
            self.env["distributor.groupbuy"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.groupbuy_count = counts.get(partner, 0)

    def action_view_groupbuys(self):
        """Open the group-buys of these distributors."""
        return self.env["distributor.groupbuy"]._get_list_action(
            [("partner_id", "in", self.ids)]
        )

    def _get_distributor_holds(self, purpose=None, company=None):
        # EXTENDS distributor_crm: what a group-buy that does not match holds
        holds = super()._get_distributor_holds(purpose, company)
        if purpose not in (None, "rebate", "earning"):
            return holds
        owners = self.commercial_partner_id
        company = company or self.env.company
        held = self.env["distributor.groupbuy"]._get_held(owners, company)
        by_owner = held.grouped("partner_id")
        for partner in self:
            for groupbuy in by_owner.get(partner.commercial_partner_id, ()):
                reason = self.env._(
                    "group-buy %s does not match what was filed", groupbuy.name
                )
                holds.setdefault(partner, []).append(reason)
        return holds
