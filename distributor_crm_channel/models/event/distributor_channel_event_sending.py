# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from markupsafe import Markup

from odoo import api, fields, models

CHUNK = 50


class DistributorChannelEvent(models.Model):
    """Telling all concerned: by mail and on the portal, in chunks, each once (R121)."""

    _inherit = "distributor.channel.event"

    @api.model
    def _cron_send(self):
        """Tell the next recipients, chunk by chunk; broken off, it goes on there.

        A chunk is marked as told in the transaction that writes its mails.
        """
        Recipient = self.env["distributor.channel.event.recipient"]
        domain = [("sent_at", "=", False), ("event_id.state", "=", "running")]
        while recipients := Recipient.search(domain, limit=CHUNK, order="id"):
            recipients = recipients.try_lock_for_update()
            recipients = recipients.filtered(lambda r: not r.sent_at)
            for event, told in recipients.grouped("event_id").items():
                event._tell(told)
            left = Recipient.search_count(domain)
            if not self.env["ir.cron"]._commit_progress(
                len(recipients), remaining=left
            ):
                return
            if not recipients:
                return  # another process tells the rest

    def _tell(self, recipients):
        """Write to recipients, and mark them as told."""
        self._notify_recipients(recipients, self.name, self.body)
        recipients.write(
            {
                "sent_at": fields.Datetime.now(),
                "remind_at": recipients._get_next_reminder(self),
            }
        )

    def _notify_recipients(self, recipients, subject, body):
        """Send a mail to each, in his language; nobody sees who else got it."""
        self.ensure_one()
        url = f"{self.get_base_url()}/my/events/{self.id}"
        for lang, partners in recipients.partner_id.grouped("lang").items():
            env = self.with_context(lang=lang or self.env.lang).env
            link = (
                env._("Acknowledge on the portal")
                if self.needs_acknowledgement
                else env._("Read on the portal")
            )
            self.with_env(env).message_notify(
                partner_ids=partners.ids,
                subject=subject,
                body=Markup('%s<p><a href="%s">%s</a></p>') % (body, url, link),
                author_id=(self.user_id or self.env.user).partner_id.id,
                attachment_ids=self.attachment_ids.ids,
                force_send=False,
            )

    @api.model
    def _cron_remind(self):
        """Remind who has not acknowledged; after the last time, tell who is responsible.

        Broken off, it goes on where it was.
        """
        Recipient = self.env["distributor.channel.event.recipient"]
        while recipients := Recipient.search(
            domain := [
                ("acknowledged_at", "=", False),
                ("remind_at", "<=", fields.Datetime.now()),
                ("event_id.state", "=", "running"),
            ],
            limit=CHUNK,
            order="id",
        ):
            for event, late in recipients.grouped("event_id").items():
                event._remind(late)
            left = Recipient.search_count(domain)
            if not self.env["ir.cron"]._commit_progress(
                len(recipients), remaining=left
            ):
                return

    def _remind(self, recipients):
        again = recipients.filtered(lambda r: r.reminder_count < self.max_reminders)
        if again:
            self._notify_recipients(
                again,
                self.env._("Please acknowledge: %s", self.name),
                self.body,
            )
            for count, group in again.grouped("reminder_count").items():
                group.write(
                    {
                        "reminder_count": count + 1,
                        "remind_at": group._get_next_reminder(self),
                    }
                )
        silent = recipients - again
        silent.remind_at = False
        if silent and self.user_id:
            self.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=self.env._(
                    "%s distributors do not answer: call them", len(silent)
                ),
                user_id=self.user_id.id,
            )

    def action_remind(self):
        """Remind all who have not acknowledged, now."""
        self._check_decider()
        for event in self.sudo():
            missing = event.recipient_ids.filtered(
                lambda r: r.sent_at and not r.acknowledged_at
            )
            if event.state == "running" and event.needs_acknowledgement and missing:
                missing.remind_at = fields.Datetime.now()
        self.env.ref("distributor_crm_channel.ir_cron_channel_event_remind")._trigger()
        return True
