# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """An order tells the distributor how far it is (R034)."""

    _inherit = "sale.order"

    notice_ids = fields.One2many(
        comodel_name="distributor.notice", inverse_name="order_id", readonly=True
    )
    processing_on = fields.Datetime(
        string="In Process Since", readonly=True, copy=False
    )
    case_ids = fields.One2many(
        comodel_name="distributor.case", inverse_name="order_id", string="Cases"
    )
    case_count = fields.Integer(compute="_compute_case_count")

    def _compute_case_count(self):
        counts = dict(
            self.env["distributor.case"]._read_group(
                [("order_id", "in", self.ids)], ["order_id"], ["__count"]
            )
        )
        for order in self:
            order.case_count = counts.get(order, 0)

    def action_view_cases(self):
        """Open the cases about these orders."""
        action = self.env["distributor.case"]._get_list_action(
            [("order_id", "in", self.ids)]
        )
        if len(self) == 1:
            owner = self._get_notice_partner()
            action["context"] = {
                "default_order_id": self.id,
                "default_partner_id": owner.id,
                "default_kind": "order",
            }
        return action

    def action_confirm(self):
        # EXTENDS sale
        result = super().action_confirm()
        self.filtered(lambda order: order.state == "sale")._notify_step("1_accepted")
        return result

    def action_start_processing(self):
        """Tell the distributors that their orders are being prepared.

        :raises UserError: an order is not confirmed
        """
        self.check_access("write")
        if any(order.state != "sale" for order in self):
            raise UserError(self.env._("Confirm the order first."))
        self._mark_processing()
        return True

    def _mark_processing(self):
        """Note that these orders are being prepared, and say so once."""
        fresh = self.filtered(lambda order: not order.processing_on)
        # Whoever touches the goods need not be allowed to write orders.
        fresh.sudo().write({"processing_on": fields.Datetime.now()})
        fresh._notify_step("2_processing")

    def _get_notice_partner(self):
        """Return the distributor whom this order concerns: who ordered, or the owner of
        the store that it came through; empty for all others."""
        self.ensure_one()
        own = self.partner_id.commercial_partner_id
        return own if own.is_distributor else self.store_id.partner_id

    def _is_arrived(self):
        """Whether all goods reached who ordered them."""
        return bool(self.delivered_on)

    def _get_received_on(self):
        """Return the day from which the time for returns runs; none before delivery."""
        return self.delivered_on

    def _notify_arrived(self):
        """Tell of what has arrived since."""
        self.filtered(lambda order: order._is_arrived())._notify_step("4_delivered")

    def _notify_step(self, step, key="/", event_at=None, **shipment):
        """Tell the distributors of a step of their orders; each of it once.

        :param step: a step of distributor.notice.policy
        :param key: the shipment, where an order has several
        :param event_at: when it happened, now if left out
        :param shipment: carrier, tracking and tracking_url of it
        """
        # Who confirms or ships need not see distributors, stores or notices.
        orders = self.sudo()
        Notice = orders.env["distributor.notice"]
        Policy = orders.env["distributor.notice.policy"]
        told = set(
            Notice.search(
                [("order_id", "in", orders.ids), ("step", "=", step), ("key", "=", key)]
            ).order_id.ids
        )
        now = fields.Datetime.now()
        values = []
        for company, group in orders.grouped("company_id").items():
            if not Policy._find(company, step):
                continue
            values += [
                {
                    "order_id": order.id,
                    "partner_id": partner.id,
                    "step": step,
                    "key": key,
                    "event_at": event_at or now,
                    "sent_at": now,
                    **shipment,
                }
                for order in group
                if order.id not in told and (partner := order._get_notice_partner())
            ]
        if values:
            Notice.create(values)._send()
