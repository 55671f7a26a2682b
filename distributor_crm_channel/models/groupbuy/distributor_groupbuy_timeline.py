# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import format_date, format_datetime

MAX_LOTS = 12


class DistributorGroupbuy(models.Model):
    """The way of the goods: filed, ordered, shipped, used, verified (R043)."""

    _inherit = "distributor.groupbuy"

    timeline = fields.Html(
        string="Way of the Goods", compute="_compute_timeline", sanitize=False
    )

    @api.depends_context("lang", "tz")
    @api.depends("state", "use_ids.reported_at", "use_ids.held_on", "result")
    def _compute_timeline(self):
        for groupbuy in self:
            groupbuy.timeline = groupbuy.id and self.env["ir.qweb"]._render(
                "distributor_crm_channel.groupbuy_timeline",
                {"steps": groupbuy._get_timeline()},
            )

    def _get_timeline(self):
        """Return the steps so far and to come, the distributor may read all of them.

        :return: list of {"title", "when", "text", "status": done | next | problem}
        """
        self.ensure_one()
        me = self.sudo()  # shipments and lots of an order that the user may read
        return [
            me._get_filing_step(),
            me._get_order_step(),
            *me._get_shipment_steps(),
            *(me._get_use_step(use) for use in me.use_ids),
            me._get_verdict_step(),
        ]

    def _get_filing_step(self):
        return self._prepare_step(
            self.env._("Filed"),
            self.filed_at,
            self.filed_by_id.display_name,
        )

    def _get_order_step(self):
        order = self.order_id
        is_ordered = order.state == "sale"
        return self._prepare_step(
            self.env._("Ordered"),
            is_ordered and order.date_order,
            self.env._(
                "%(order)s: %(quantity)g units",
                order=order.name,
                quantity=self.ordered_quantity,
            ),
        )

    def _get_shipment_steps(self):
        """Return a step for each shipment, with the lots that left in it."""
        shipments = self.order_id._get_groupbuy_shipments()
        if not shipments:
            return [self._prepare_step(self.env._("Shipped"), False)]
        steps = []
        for picking in shipments.sorted("date_done"):
            lots = picking.move_line_ids.lot_id.mapped("name")
            more = len(lots) - MAX_LOTS
            text = ", ".join([picking.name, *lots[:MAX_LOTS]])
            if more > 0:
                text = self.env._("%(lots)s and %(more)s more", lots=text, more=more)
            steps.append(
                self._prepare_step(self.env._("Shipped"), picking.date_done, text)
            )
        return steps

    def _get_use_step(self, use):
        planned = use.date and format_date(self.env, use.date)
        text = self.env._(
            "%(place)s, planned on %(day)s: %(quantity)g units",
            place=use.place,
            day=planned or "–",
            quantity=use.quantity,
        )
        if use.reported_at:
            text = self.env._(
                "%(place)s: %(used)g of %(planned)g units, %(guests)s guests, "
                "%(tables)s tables, %(photos)s photos",
                place=use.place,
                used=use.used_quantity,
                planned=use.quantity,
                guests=use.guests,
                tables=use.tables,
                photos=use.evidence_count,
            )
        step = self._prepare_step(self.env._("Used"), use.reported_at, text)
        today = fields.Date.context_today(self)
        if not use.reported_at and use.date and use.date < today:
            step["status"] = "problem"
        if use.reported_at:
            step["when"] = format_date(self.env, use.held_on)
        return step

    def _get_verdict_step(self):
        labels = dict(self._fields["result"]._description_selection(self.env))
        is_judged = self.state == "verified"
        step = self._prepare_step(
            self.env._("Verified"),
            self.verified_at,
            labels[self.result] if is_judged else "",
        )
        if self.result in ("inconsistent", "diverted"):
            step["status"] = "problem"
        return step

    def _prepare_step(self, title, moment, text=""):
        when = moment and format_datetime(self.env, moment, dt_format="short")
        return {
            "title": title,
            "when": when or "",
            "text": text or "",
            "status": "done" if moment else "next",
        }
