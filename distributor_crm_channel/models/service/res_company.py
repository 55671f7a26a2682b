# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    service_transit_days = fields.Integer(
        string="Days in Transit",
        default=3,
        help="A shipment that nobody reports as arrived counts as arrived after so many "
        "days.",
    )
    shipping_sla_hours = fields.Float(
        string="Ship Within (Hours)",
        default=24,
        help="What is promised from the confirmation of an order to its shipment; "
        "products on presale do not count.",
    )

    _service_days_positive = models.Constraint(
        "CHECK(service_transit_days >= 0 AND shipping_sla_hours > 0)",
        "Days in transit are not negative, and the time to ship is above zero.",
    )
