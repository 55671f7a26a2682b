# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError


class DistributorGift(models.Model):
    """A reward for a group-buy goes out when it is verified (R033)."""

    _inherit = "distributor.gift"

    groupbuy_id = fields.Many2one(
        comodel_name="distributor.groupbuy",
        string="Group-buy",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('partner_id', '=', partner_id), "
        "('state', 'in', ('filed', 'shipped', 'verified'))]",
        check_company=True,
        tracking=True,
        help="The gift is approved once it is verified.",
    )

    def action_submit(self):
        # EXTENDS distributor_crm: nothing is asked for what is not on record
        for gift in self:
            self._check_groupbuy(gift, gift.groupbuy_id.state in (False, "draft", "cancelled"))
        return super().action_submit()

    def action_approve(self):
        # EXTENDS distributor_crm
        for gift in self:
            self._check_groupbuy(gift, not gift.groupbuy_id.sudo()._is_final())
        return super().action_approve()

    def _check_groupbuy(self, gift, is_early):
        if gift.groupbuy_id and gift.groupbuy_id.partner_id != gift.partner_id:
            is_early = True
        if gift.groupbuy_id and is_early:
            raise UserError(
                self.env._(
                    "%s has to be on record to ask for its reward, and verified to get "
                    "it.",
                    gift.groupbuy_id.name,
                )
            )
