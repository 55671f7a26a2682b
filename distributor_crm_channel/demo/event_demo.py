# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import Command, api, fields, models


class DistributorDemo(models.AbstractModel):
    """The demo's sudden events: one over, one that waits for answers, one in draft."""

    _inherit = "distributor.demo"

    @api.model
    def _tell_events(self):
        """Tell of a price rise that is over and of a price fall that runs."""
        now = fields.Datetime.now()
        manager = self._ref("user_manager")
        Event = self.env["distributor.channel.event"].with_user(manager)
        tiers = self.env["res.partner.grade"].search(
            [("default_pricelist_id", "!=", False)]
        )
        rise = Event.create(
            {
                "name": "Glass is scarce: barware costs more until the furnace is back",
                "kind": "price_rise",
                "body": "<p>Our glassworks repairs its furnace. Orders placed before "
                "keep their price.</p>",
                "ends_at": now + timedelta(minutes=1),
                "line_ids": [
                    Command.create(
                        {
                            "product_id": self._ref("product_cups").id,
                            "action": "percent",
                            "percent": 8,
                        }
                    )
                ],
                "pricelist_ids": tiers.default_pricelist_id.ids,
            }
        )
        fall = Event.create(
            {
                "name": "Banquet 500 ml is 5 % cheaper from today",
                "kind": "price_fall",
                "body": "<p>A neighbouring province sells below us. We answer with "
                "<strong>5 % less</strong> for every tier.</p><ul><li>Change your shelf "
                "prices today.</li><li>Tell us what you hold: we make up for it.</li>"
                "</ul>",
                "line_ids": [
                    Command.create(
                        {
                            "product_id": self._ref("product_banquet_500").id,
                            "action": "percent",
                            "percent": -5,
                            "protects": True,
                        }
                    )
                ],
                "pricelist_ids": tiers.default_pricelist_id.ids,
            }
        )
        Event.create(
            {
                "name": "Call back two lots of the reserve: leaking corks",
                "kind": "recall",
                "body": "<p>Stop selling, keep the bottles, wait for our driver.</p>",
                "line_ids": [
                    Command.create(
                        {
                            "product_id": self._ref("product_reserve").id,
                            "action": "none",
                        }
                    )
                ],
            }
        )
        (rise + fall).action_start()
        for event in (rise + fall).sudo():
            event._tell(event.recipient_ids)
        rise.action_end()
        self._tell_answers(fall.sudo())
        week = fields.Date.context_today(self)
        week -= timedelta(days=week.weekday() + 7)
        self.env["distributor.channel.week"]._make(self.env.company, week)

    def _tell_answers(self, event):
        """Half of the distributors know; the first of them said what he holds."""
        chengdu = self._ref("partner_chengdu")
        others = event.recipient_ids.filtered(lambda r: r.partner_id != chengdu)
        for number, recipient in enumerate(others[: len(others) // 2]):
            stocks = {event.line_ids.id: str(24 * (number + 1))}
            recipient._acknowledge("192.0.2.17", stocks)
        others[len(others) // 2 :][:2]._read()
