# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import Command, api, fields, models

SHIPMENTS = (
    # distributor, product, ordered hours ago, shipped after so many hours
    ("chengdu", "banquet_500", 200, 6),
    ("chengdu", "gift_twin", 150, 20),
    ("guangzhou", "banquet_1000", 170, 30),
    ("guangzhou", "reserve", 90, 9),
    ("hangzhou", "gift_dragon", 60, 15),
    ("wuhan", "cups", 40, None),
)


class DistributorDemo(models.AbstractModel):
    """The demo's shipments: most within a day."""

    _inherit = "distributor.demo"

    @api.model
    def _tell_shipments(self):
        """Ship orders of distributors, and tell them."""
        now = fields.Datetime.now()
        for name, product, ago, after in SHIPMENTS:
            ordered = now - timedelta(hours=ago)
            order = self.env["sale.order"].create(
                {
                    "partner_id": self._ref(f"partner_{name}").id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self._ref(f"product_{product}").id,
                                "product_uom_qty": 24,
                            }
                        )
                    ],
                }
            )
            order.action_confirm()
            order.date_order = ordered
            if after is None:
                continue
            picking = order.picking_ids[:1]
            if "carrier_tracking_ref" in picking._fields:
                picking.carrier_tracking_ref = f"SF10{order.id:06d}"
            for move in picking.move_ids:
                move.quantity = move.product_uom_qty
            picking.move_ids.picked = True
            picking._action_done()
            picking.date_done = ordered + timedelta(hours=after)
