# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.tools import format_date

ACTIVITY = "distributor_crm.activity_type_agreement_unsigned"


class DistributorAgreement(models.Model):
    """Reminders of what was sent and not signed: after some days, and before its end."""

    _inherit = "distributor.agreement"

    reminded_on = fields.Date(
        readonly=True, copy=False, help="The distributor was asked again to sign."
    )
    last_call_on = fields.Date(
        string="Last Reminder On",
        readonly=True,
        copy=False,
        help="The distributor was told that the time to sign runs out.",
    )

    @api.model
    def _remind_unsigned(self):
        """Remind of what waits for a signature: each reminder goes out once."""
        waiting = self.search(
            [
                ("state", "=", "sent"),
                "|",
                ("reminded_on", "=", False),
                ("last_call_on", "=", False),
            ],
            order="sent_on, id",
        )
        due = waiting.filtered(lambda agreement: agreement._get_due_reminder())
        for number, agreement in enumerate(due, start=1):
            agreement._remind(agreement._get_due_reminder())
            self.env["ir.cron"]._commit_progress(1, remaining=len(due) - number)

    def _get_due_reminder(self):
        """Return the field of the reminder that is due today, None where none is."""
        self.ensure_one()
        company, today = self.company_id, self._get_today()
        if not self.sent_on or not self._is_open_for_signature():
            return None
        days = (today - self._get_sent_day()).days
        ahead = company.agreement_last_call_days
        # On the day that it is sent nobody is reminded, however short the time is.
        if self.sign_by and ahead and days and not self.last_call_on:
            if self.sign_by - timedelta(days=ahead) <= today:
                return "last_call_on"
        after = company.agreement_reminder_days
        is_over = self.reminded_on or self.last_call_on
        return "reminded_on" if after and days >= after and not is_over else None

    def _get_sent_day(self):
        """Return the day of sending where the agreement counts its days."""
        sent = pytz.utc.localize(self.sent_on)
        return sent.astimezone(pytz.timezone(self.tz)).date()

    def _remind(self, kind):
        """Mail the distributor the link again, and ask the account manager to follow.

        :param kind: the field that keeps the day of this reminder
        """
        self.ensure_one()
        self[kind] = self._get_today()
        self._mail("distributor_crm.mail_template_agreement_reminder")
        self._message_log(body=self.env._("Reminded %s to sign.", self.sent_to))
        user = self.company_id._get_store_user(self.partner_id)
        told = self.with_context(lang=user.lang or self.env.lang)
        summary = told.env._("Not signed yet: call the distributor")
        if kind == "last_call_on":
            summary = told.env._(
                "Not signed yet, ends on %s", format_date(told.env, self.sign_by)
            )
        # One task at a time: the last reminder takes the place of the first.
        self.activity_unlink([ACTIVITY])
        told.activity_schedule(ACTIVITY, summary=summary, user_id=user.id)

    def _stop_reminding(self, feedback=None):
        """Close the tasks about missing signatures.

        :param feedback: keeps them as done; without one they are dropped
        """
        if feedback:
            self.activity_feedback([ACTIVITY], feedback=feedback)
        else:
            self.activity_unlink([ACTIVITY])
