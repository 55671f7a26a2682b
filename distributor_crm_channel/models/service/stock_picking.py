# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

BATCH = 200


class StockPicking(models.Model):
    """A shipment tells the distributor that it left, and that it arrived (R034)."""

    _inherit = "stock.picking"

    arrived_on = fields.Datetime(string="Arrived", readonly=True, copy=False)
    distributor_return_id = fields.Many2one(
        comodel_name="distributor.return",
        string="Return Request",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    def write(self, vals):
        # EXTENDS stock: what is printed is being picked.
        result = super().write(vals)
        if vals.get("printed"):
            self._get_customer_shipments().sale_id._mark_processing()
        return result

    def _action_done(self):
        # EXTENDS stock
        result = super()._action_done()
        for picking in self._get_customer_shipments():
            if picking.state == "done":
                picking.sale_id._notify_step(
                    "3_shipped",
                    key=picking.name,
                    event_at=picking.date_done,
                    **picking._get_notice_tracking(),
                )
        self._receive_returns()
        return result

    def _receive_returns(self):
        """Note that the goods of returns are back once all of them are."""
        # Who receives goods need not see return requests.
        for request in self.sudo().distributor_return_id:
            states = set(request.picking_ids.mapped("state"))
            if request.state == "approved" and states <= {"done", "cancel"}:
                request._receive()

    def _get_customer_shipments(self):
        """Return those that bring an order's goods to the customer."""
        return self.filtered(
            lambda picking: picking.picking_type_code == "outgoing" and picking.sale_id
        )

    def _get_notice_tracking(self):
        """Return carrier, number and link of a shipment, as far as they are known."""
        if "carrier_tracking_ref" not in self._fields:
            return {}
        # Who ships need not see carriers.
        picking = self.sudo()
        url = picking.carrier_tracking_url or ""
        return {
            "carrier": picking.carrier_id.name,
            "tracking": picking.carrier_tracking_ref,
            "tracking_url": url if url.startswith(("https://", "http://")) else False,
        }

    def action_arrived(self):
        """Note that shipments reached the customer, and tell the distributor.

        :raises UserError: one was not shipped to a customer
        """
        self.check_access("write")
        shipments = self._get_customer_shipments()
        if shipments != self or any(picking.state != "done" for picking in self):
            raise UserError(
                self.env._("Only shipments to customers that are done can arrive.")
            )
        self._arrive()
        return True

    def _arrive(self):
        new = self.filtered(lambda picking: not picking.arrived_on)
        new.arrived_on = fields.Datetime.now()
        new.sale_id._notify_arrived()

    @api.model
    def _cron_assume_arrival(self):
        """Take shipments for arrived that nobody reported after the days in transit.

        Broken off, it goes on where it was.
        """
        now = fields.Datetime.now()
        for company in self.env["res.company"].search(
            [("service_transit_days", ">=", 0)]
        ):
            limit = now - relativedelta(days=company.service_transit_days)
            domain = [
                ("company_id", "=", company.id),
                ("state", "=", "done"),
                ("picking_type_code", "=", "outgoing"),
                ("sale_id", "!=", False),
                ("arrived_on", "=", False),
                ("date_done", "<=", limit),
            ]
            while shipments := self.search(domain, limit=BATCH, order="id"):
                shipments._arrive()
                left = self.search_count(domain)
                if not self.env["ir.cron"]._commit_progress(
                    len(shipments), remaining=left
                ):
                    return
