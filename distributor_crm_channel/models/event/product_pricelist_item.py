# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class ProductPricelistItem(models.Model):
    _inherit = "product.pricelist.item"

    channel_event_line_id = fields.Many2one(
        comodel_name="distributor.channel.event.line",
        string="Line of a Sudden Event",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    channel_event_id = fields.Many2one(
        related="channel_event_line_id.event_id",
        string="Sudden Event",
        store=True,
        index="btree_not_null",
    )
    price_before_event = fields.Float(digits="Product Price", readonly=True, copy=False)

    def write(self, vals):
        if not self.env.su:
            self._check_no_event()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_event(self):
        if not self.env.su:
            self._check_no_event()

    def _check_no_event(self):
        """Refuse to change by hand what an event set.

        :raises UserError: names the event
        """
        # Whether an event set it does not depend on who sees the event.
        if event := self.sudo().channel_event_id[:1]:
            raise UserError(
                self.env._(
                    "The sudden event %s set this price. End the event to change it.",
                    event.name,
                )
            )
