# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError

from .distributor_groupbuy import FILED


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
        self._check_groupbuy(lambda groupbuy: groupbuy.state in FILED)
        return super().action_submit()

    def action_approve(self):
        # EXTENDS distributor_crm
        self._check_groupbuy(lambda groupbuy: groupbuy._is_final())
        return super().action_approve()

    def _check_groupbuy(self, is_far_enough):
        """Refuse gifts whose group-buy is not that far, or another's.

        :raises UserError: names it
        """
        for gift in self:
            groupbuy = gift.groupbuy_id.sudo()  # whoever decides on gifts
            is_his = groupbuy.partner_id == gift.partner_id
            if groupbuy and not (is_his and is_far_enough(groupbuy)):
                raise UserError(
                    self.env._(
                        "%s has to be on record to ask for its reward, and verified to "
                        "get it.",
                        groupbuy.name,
                    )
                )
