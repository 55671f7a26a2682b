# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class SaleOrder(models.Model):
    """Where stock is kept, the shipments say when an order was delivered."""

    _inherit = "sale.order"

    def _get_shipments(self):
        """Return what left for the customer."""
        return self.picking_ids._get_customer_shipments().filtered(
            lambda picking: picking.state == "done"
        )

    def _get_delivery_day(self):
        # EXTENDS distributor_crm: the day on which the last shipment left
        moments = [
            picking.date_done for picking in self._get_shipments() if picking.date_done
        ]
        if not moments:
            return super()._get_delivery_day()
        return fields.Datetime.context_timestamp(self, max(moments)).date()

    def _is_arrived(self):
        # EXTENDS distributor_crm: shipped is not arrived
        shipments = self._get_shipments()
        return super()._is_arrived() and all(shipments.mapped("arrived_on"))

    def _get_received_on(self):
        # EXTENDS distributor_crm: the time for returns runs from the arrival
        moments = [m for m in self._get_shipments().mapped("arrived_on") if m]
        day = super()._get_received_on()
        if not (day and moments):
            return day
        return max(day, fields.Datetime.context_timestamp(self, max(moments)).date())
