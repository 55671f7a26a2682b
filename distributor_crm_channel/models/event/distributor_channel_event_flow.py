# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import is_html_empty

from odoo.addons.distributor_crm.guard import hold_in_state

BATCH = 200


class DistributorChannelEvent(models.Model):
    """Starting and ending an event: one action each (R121)."""

    _inherit = "distributor.channel.event"

    def _check_decider(self):
        """Check that this user starts and ends events: a sales manager.

        :raises AccessError: he is none
        """
        self.check_access("write")
        if not self.env.user.has_group("distributor_crm.group_sales_manager"):
            raise AccessError(
                self.env._("Only sales managers start and end sudden events.")
            )

    def action_start(self):
        """Freeze the event, set its prices, and have all concerned be told.

        The mails go out in the background, chunk by chunk; the prices are set now.

        :raises AccessError: not a sales manager
        :raises UserError: it reaches nobody, says nothing, or is over already
        """
        self._check_decider()
        hold_in_state(self, ("draft",))
        for event in self:
            event._check_can_start()
        # What follows is the company's doing; who may was checked.
        for event in self.sudo():
            event.write(
                {
                    "state": "running",
                    "started_by_id": self.env.uid,
                    "started_at": fields.Datetime.now(),
                    "starts_at": max(event.starts_at, fields.Datetime.now()),
                }
            )
            event.env["distributor.channel.event.recipient"].create(
                [
                    {"event_id": event.id, "partner_id": partner.id}
                    for partner in event._find_partners()
                ]
            )
            event._set_prices()
        self.env.ref("distributor_crm_channel.ir_cron_channel_event_send")._trigger()
        return True

    def _check_can_start(self):
        """Check that there is something to tell, and somebody to tell it to.

        :raises UserError: says what is missing
        """
        self.ensure_one()
        if is_html_empty(self.body):
            raise UserError(self.env._("Write what distributors are to know and do."))
        if self.ends_at and self.ends_at <= fields.Datetime.now():
            raise UserError(self.env._("%s would be over already.", self.name))
        if not self.reach:
            raise UserError(
                self.env._(
                    "No distributor is of these tiers and territories. Choose others."
                )
            )

    def action_end(self):
        """End running events now: prices return to what they would be."""
        self._check_decider()
        hold_in_state(self, ("running",))
        self._end()
        return True

    def _end(self):
        """End events; whoever calls has checked who may."""
        events = self.sudo()
        now = fields.Datetime.now()
        events._end_prices(now)
        events.write({"state": "ended", "ended_at": now})
        events.recipient_ids.filtered("remind_at").remind_at = False

    def action_cancel(self):
        """Put drafts aside that are not needed."""
        self.check_access("write")
        hold_in_state(self, ("draft",))
        # States are set by buttons alone; the right to write was checked.
        self.sudo().state = "cancelled"
        return True

    @api.model
    def _cron_end(self):
        """End the events whose time is over."""
        domain = [("state", "=", "running"), ("ends_at", "<=", fields.Datetime.now())]
        while events := self.search(domain, limit=BATCH):
            events._end()
            left = self.search_count(domain)
            if not self.env["ir.cron"]._commit_progress(len(events), remaining=left):
                return
