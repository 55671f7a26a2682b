# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class DistributorChannelEventLine(models.Model):
    """A product that an event is about, and what becomes of its price."""

    _name = "distributor.channel.event.line"
    _description = "Product of an Event"
    _order = "event_id, sequence, id"
    _rec_name = "product_id"
    _check_company_auto = True

    event_id = fields.Many2one(
        comodel_name="distributor.channel.event",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="event_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        ondelete="restrict",
        check_company=True,
    )
    action = fields.Selection(
        selection=[
            ("percent", "Change by Percent"),
            ("fixed", "Set the Price"),
            ("freeze", "Freeze the Price"),
            ("none", "Inform Only"),
        ],
        string="Price",
        required=True,
        default="percent",
        help="A frozen price stays what it is at the beginning, whatever else changes.",
    )
    percent = fields.Float(
        string="By (%)", help="-5 is five percent less than each tier pays now."
    )
    price = fields.Float(
        string="New Price",
        digits="Product Price",
        help="In the currency of the company; other pricelists take its rate.",
    )
    protects = fields.Boolean(
        string="Protect Stock",
        help="Distributors tell how much they hold; the difference is claimed.",
    )

    _once = models.Constraint(
        "UNIQUE(event_id, product_id)", "A product is there twice. Delete one line."
    )
    _price_positive = models.Constraint(
        "CHECK(action <> 'fixed' OR price > 0)", "Set a price above zero."
    )
    _percent_sane = models.Constraint(
        "CHECK(action <> 'percent' OR (percent > -100 AND percent <= 1000 "
        "AND percent <> 0))",
        "Change a price by a percentage that is not zero and above -100.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if not self.env.su:
            lines.event_id._check_draft()
        return lines

    def write(self, vals):
        if not self.env.su:
            self.event_id._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        self.event_id._check_draft()
