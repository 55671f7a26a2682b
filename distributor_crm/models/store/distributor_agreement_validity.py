# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytz
from markupsafe import escape

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


def midnight(day, tz):
    """Return when a day begins in a time zone, as Odoo stores moments."""
    local = pytz.timezone(tz).localize(datetime.combine(day, time.min))
    return local.astimezone(UTC).replace(tzinfo=None)


class DistributorAgreement(models.Model):
    """When an agreement is in force, to the second and whatever the cron has done."""

    _inherit = "distributor.agreement"

    starts_at = fields.Datetime(
        compute="_compute_moments", store=True, precompute=True, string="In Force From"
    )
    ends_at = fields.Datetime(
        compute="_compute_moments", store=True, precompute=True, string="In Force Until"
    )
    is_in_force = fields.Boolean(
        string="In Force",
        compute="_compute_is_in_force",
        search="_search_is_in_force",
        help="Signed, begun and not over yet, in the agreement's own time zone.",
    )
    end_on = fields.Date(
        string="Ends Early On",
        readonly=True,
        copy=False,
        tracking=True,
        help="The last day, where the agreement was ended before its time.",
    )

    # One agreement a mode at a time; ranges of one number need no extension.
    _once = models.Constraint(
        "EXCLUDE USING gist ("
        "int4range(company_id, company_id, '[]') WITH =, "
        "int4range(partner_id, partner_id, '[]') WITH =, "
        "int4range(CASE mode WHEN 'resale' THEN 1 ELSE 0 END, "
        "CASE mode WHEN 'resale' THEN 1 ELSE 0 END, '[]') WITH =, "
        "tsrange(starts_at, ends_at) WITH &&) "
        "WHERE (state = 'signed' AND amends_id IS NULL)",
        "The distributor has another agreement of this mode in these days. End that one "
        "first, or start this one after it.",
    )

    @api.depends("date_from", "date_to", "end_on", "tz")
    def _compute_moments(self):
        for agreement in self:
            tz = agreement.tz or "UTC"
            first, last = agreement.date_from, agreement.date_to
            if last and agreement.end_on:
                last = min(last, agreement.end_on)
            agreement.starts_at = first and midnight(first, tz)
            end = last and midnight(last + timedelta(days=1), tz)
            # Ended before it began: never in force.
            agreement.ends_at = end and max(end, agreement.starts_at or end)

    @api.depends("state", "starts_at", "ends_at")
    def _compute_is_in_force(self):
        now = fields.Datetime.now()
        for agreement in self:
            agreement.is_in_force = bool(
                agreement.state == "signed"
                and agreement.starts_at
                and agreement.starts_at <= now < agreement.ends_at
            )

    def _search_is_in_force(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        domain = Domain("state", "=", "signed")
        domain &= Domain("starts_at", "<=", now) & Domain("ends_at", ">", now)
        wanted = {bool(one) for one in value}
        if wanted == {True, False}:
            return Domain.TRUE
        return domain if True in wanted else ~domain

    @api.model
    def _check_merge(self, partners):
        """Refuse to make one of distributors whose agreements hold at the same time.

        :raises UserError: names two of the agreements
        """
        signed = self.search(
            [
                ("partner_id", "in", partners.ids),
                ("state", "=", "signed"),
                ("amends_id", "=", False),
            ],
            order="company_id, mode, starts_at, id",
        )
        for first, second in pairwise(signed):
            is_same = (first.company_id, first.mode) == (
                second.company_id,
                second.mode,
            )
            if is_same and second.starts_at < first.ends_at:
                raise UserError(
                    self.env._(
                        "%(first)s and %(second)s are in force in the same days. End "
                        "one of them, then merge.",
                        first=first.display_name,
                        second=second.display_name,
                    )
                )

    def _begins_later(self):
        """Whether this agreement is signed, and not in force yet."""
        self.ensure_one()
        return self.state == "signed" and self.starts_at > fields.Datetime.now()

    def _get_today(self):
        """Return today's date where this agreement counts its days."""
        self.ensure_one()
        now = pytz.utc.localize(fields.Datetime.now())
        return now.astimezone(pytz.timezone(self.tz)).date()

    # -- the end ---------------------------------------------------------------------

    @api.model
    def _cron_follow(self):
        """Let what is over end, remind of the rest, prepare what follows; hourly."""
        for step in (
            self._end_overdue,
            self._lapse_offers,
            self._remind_unsigned,
            self._propose_renewals,
        ):
            step()

    def _end_overdue(self):
        """Give signed agreements whose time is over their last state."""
        Cron = self.env["ir.cron"]
        while True:
            over = self.search(
                [("state", "=", "signed"), ("ends_at", "<=", fields.Datetime.now())],
                order="ends_at, id",
                limit=50,
            ).try_lock_for_update()
            if not over:
                return
            early = over.filtered(lambda a: a.end_on and a.end_on < a.date_to)
            early.write({"state": "ended"})
            (over - early).write({"state": "expired"})
            over.filtered(lambda a: not a.amends_id)._after_end()
            Cron._commit_progress(len(over))

    def _lapse_offers(self):
        """Take back what was sent and not signed in time."""
        days = Domain("sign_by", "<", fields.Date.today() - timedelta(days=1))
        offers = self.search(
            Domain("state", "=", "sent")
            & (days | Domain("ends_at", "<=", fields.Datetime.now()))
        )
        for offer in offers:
            if not offer._is_open_for_signature():
                offer.state = "expired"
                offer._stop_reminding()
                offer._tell_account_manager(
                    self.env._("Not signed in time"),
                    self.env._("Ask the distributor, and send a new agreement."),
                )
        self.env["ir.cron"]._commit_progress(len(offers))

    def _is_open_for_signature(self):
        """Whether the distributor may sign now."""
        self.ensure_one()
        in_time = not self.sign_by or self._get_today() <= self.sign_by
        return self.state == "sent" and in_time and fields.Datetime.now() < self.ends_at

    def _tell_account_manager(self, summary, note):
        """Schedule what the account manager has to do about these agreements.

        :param note: plain text; what others wrote in it stays text
        """
        for agreement in self:
            user = agreement.company_id._get_store_user(agreement.partner_id)
            agreement.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=summary,
                note=escape(note),
                user_id=user.id,
            )
