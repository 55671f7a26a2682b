# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError


class DistributorPriceAllow(models.TransientModel):
    """Asks a sales manager why an order may go below the floor."""

    _name = "distributor.price.allow"
    _description = "Allow Prices Below the Floor"

    order_id = fields.Many2one(
        comodel_name="sale.order", required=True, ondelete="cascade", readonly=True
    )
    note = fields.Text(string="Below the Floor", related="order_id.price_breach_note")
    reason = fields.Text(required=True, help="Kept on the order.")

    def action_allow(self):
        """Allow the prices of the order as they are now."""
        self.ensure_one()
        reason = self.reason.strip()
        if not reason:
            raise UserError(self.env._("Say why these prices are allowed."))
        self.order_id._allow_prices(reason)
        return {"type": "ir.actions.act_window_close"}
