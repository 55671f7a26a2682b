# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DistributorReturn(models.Model):
    """Where stock is kept, an approved return is awaited by the warehouse."""

    _inherit = "distributor.return"

    picking_ids = fields.One2many(
        comodel_name="stock.picking",
        inverse_name="distributor_return_id",
        string="Transfers",
        readonly=True,
    )
    picking_count = fields.Integer(compute="_compute_picking_count")

    def _compute_picking_count(self):
        for request in self:
            # Whoever decides need not see transfers to know that there are some.
            request.picking_count = len(request.sudo().picking_ids)

    def _after_approval(self):
        # EXTENDS distributor_crm
        result = super()._after_approval()
        for request in self:
            # Whoever decides, the distributor by asking in time too, moves no stock.
            request.sudo()._await_goods()
        return result

    def _after_cancel(self):
        # EXTENDS distributor_crm
        result = super()._after_cancel()
        # As above: what was awaited is awaited no more.
        self.sudo().picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        ).action_cancel()
        return result

    def _await_goods(self):
        """Create the transfers by which the goods come back, from what was shipped."""
        for picking, quantities in self._get_shipped_parts().items():
            wizard = (
                self.env["stock.return.picking"]
                .with_context(active_model="stock.picking", active_id=picking.id)
                .create({"picking_id": picking.id})
            )
            for line in wizard.product_return_moves:
                line.quantity = quantities.get(line.move_id, 0)
            wizard._create_return().distributor_return_id = self

    def _get_shipped_parts(self):
        """Return how much of which move of which shipment comes back."""
        parts = {}
        for line in self.line_ids:
            rest = line.quantity
            shipped = line.order_line_id.move_ids.filtered(
                lambda move: (
                    move.state == "done" and move.location_dest_id.usage == "customer"
                )
            )
            for move in shipped.sorted("id"):
                unit = line.product_uom_id
                back = move.returned_move_ids.filtered(lambda m: m.state != "cancel")
                awaited = sum(
                    m.quantity if m.state == "done" else m.product_uom_qty for m in back
                )
                open_part = move.product_uom._compute_quantity(
                    move.quantity - awaited, unit, round=False
                )
                part = min(rest, open_part)
                if unit.compare(part, 0) > 0:
                    quantity = unit._compute_quantity(part, move.product_uom)
                    parts.setdefault(move.picking_id, {})[move] = quantity
                    rest -= part
        return parts

    def action_view_pickings(self):
        """Open the transfers by which these goods come back."""
        return self.picking_ids._get_records_action(name=self.env._("Transfers"))


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_gross_delivered(self):
        # EXTENDS distributor_crm: what a return request brought back counts once, there
        moves = self.move_ids.filtered(lambda move: move.state == "done")
        if self.qty_delivered_method != "stock_move" or not moves:
            return super()._get_gross_delivered()
        total = 0
        for move in moves:
            quantity = move.product_uom._compute_quantity(
                move.quantity, self.product_uom_id, round=False
            )
            if move.location_dest_id.usage == "customer":
                total += quantity
            elif (
                move.location_id.usage == "customer"
                and not move.picking_id.distributor_return_id
            ):
                total -= quantity
        return total
