# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    rebate_settlement_ids = fields.One2many(
        comodel_name="distributor.rebate.settlement",
        inverse_name="order_id",
        readonly=True,
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_rebate_document(self):
        """What settled a rebate stays on record."""
        # Which orders settle does not depend on who deletes them.
        if self.sudo().rebate_settlement_ids:
            raise UserError(
                self.env._(
                    "This order settles rebate statements. Cancel it instead of "
                    "deleting it: the statements can then be settled again."
                )
            )
