# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorChannelEventStock(models.Model):
    """What a distributor says that he holds of a product whose price falls (R121)."""

    _name = "distributor.channel.event.stock"
    _description = "Stock Declared for an Event"
    _order = "recipient_id, id"
    _rec_name = "product_id"

    recipient_id = fields.Many2one(
        comodel_name="distributor.channel.event.recipient",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    event_id = fields.Many2one(related="recipient_id.event_id", store=True, index=True)
    partner_id = fields.Many2one(related="recipient_id.partner_id", store=True)
    company_id = fields.Many2one(related="recipient_id.company_id", store=True)
    line_id = fields.Many2one(
        comodel_name="distributor.channel.event.line",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    product_id = fields.Many2one(related="line_id.product_id", store=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)

    _once = models.UniqueIndex("(recipient_id, line_id)")
    _not_negative = models.Constraint(
        "CHECK(quantity >= 0)", "A stock is not negative. Correct it."
    )
