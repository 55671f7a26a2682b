# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMoveLine(models.Model):
    """Which fee an item books; what is booked for a fee stays on its product."""

    _inherit = "account.move.line"

    fee_item_id = fields.Many2one(
        comodel_name="distributor.fee.payout.item",
        string="Fee",
        readonly=True,
        copy=True,  # a reversal takes back the same fee
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(vals.get("fee_item_id") for vals in vals_list):
            raise UserError(self.env._("Fees are booked by their payout alone."))
        return super().create(vals_list)

    def write(self, vals):
        if "fee_item_id" in vals and not self.env.su:
            raise UserError(self.env._("Fees are booked by their payout alone."))
        if "analytic_distribution" in vals and not self.env.su:
            if self.filtered(
                lambda line: line.fee_item_id and line.parent_state == "posted"
            ):
                raise UserError(
                    self.env._(
                        "A relationship fee stays on the account of its product. Cancel "
                        "the payout to correct it."
                    )
                )
        return super().write(vals)
