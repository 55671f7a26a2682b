# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from .distributor_invoice_request import ISSUABLE


class SaleOrder(models.Model):
    """A distributor asks for the invoice of his order (R019)."""

    _inherit = "sale.order"

    invoice_request_ids = fields.One2many(
        comodel_name="distributor.invoice.request", inverse_name="order_id"
    )
    invoice_request_count = fields.Integer(compute="_compute_invoice_request_count")

    def _compute_invoice_request_count(self):
        counts = dict(
            self.env["distributor.invoice.request"]._read_group(
                [("order_id", "in", self.ids)], ["order_id"], ["__count"]
            )
        )
        for order in self:
            order.invoice_request_count = counts.get(order, 0)

    def _may_be_invoiced(self):
        """Whether there is, or was, something to invoice."""
        return self.state == "sale" and self.invoice_status in ISSUABLE

    def action_view_invoice_requests(self):
        """Open the requests for invoices of these orders."""
        return self.env["distributor.invoice.request"]._get_list_action(
            [("order_id", "in", self.ids)]
        )
