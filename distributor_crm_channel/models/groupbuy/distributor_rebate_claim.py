# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError


class DistributorRebateProgram(models.Model):
    _inherit = "distributor.rebate.program"

    claim_groupbuy = fields.Boolean(
        string="Claims Need a Group-buy",
        help="A claim names the group-buy it rewards, and is approved once that is "
        "verified.",
    )


class DistributorRebateClaim(models.Model):
    """A claim for a group-buy counts when it is verified (R042)."""

    _inherit = "distributor.rebate.claim"

    groupbuy_id = fields.Many2one(
        comodel_name="distributor.groupbuy",
        string="Group-buy",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('partner_id', '=', partner_id), "
        "('state', 'in', ('filed', 'shipped', 'verified'))]",
        check_company=True,
    )

    _groupbuy_once = models.UniqueIndex(
        "(program_id, groupbuy_id) WHERE groupbuy_id IS NOT NULL AND state <> 'refused'",
        "This group-buy is claimed in the program already.",
    )

    def _check_submittable(self):
        # EXTENDS distributor_crm
        result = super()._check_submittable()
        for claim in self:
            needs = claim.program_id.claim_groupbuy
            if needs and not claim.groupbuy_id:
                raise UserError(
                    self.env._("%s has to name the group-buy it rewards.", claim.name)
                )
            if claim.groupbuy_id and claim.groupbuy_id.partner_id != claim.partner_id:
                raise UserError(
                    self.env._("%s is of another distributor.", claim.groupbuy_id.name)
                )
        return result

    def action_approve(self):
        # EXTENDS distributor_crm: what is not verified is not final
        for claim in self:
            groupbuy = claim.groupbuy_id.sudo()  # whoever decides on claims
            if groupbuy and not groupbuy._is_final():
                raise UserError(self.env._("%s is not verified yet.", groupbuy.name))
        return super().action_approve()
