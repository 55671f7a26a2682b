# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import UTC, datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import (
    UserError,
)

from odoo.addons.distributor_crm import evidence

from ...visit import places

# A clock may differ by so much, and a message be under way for so long.
CLOCK_SECONDS, SENDING_SECONDS = 300, 120
LONGEST_KEPT = timedelta(days=3)
RADIUS, FIX_SECONDS = 500, 120
FASTEST = 70  # metres a second


class DistributorVisit(models.Model):
    """When and where something happened, of which a phone tells."""

    _inherit = "distributor.visit"

    @api.model
    def _read_clock(self, event, device_now):
        """Return when something happened by our clock, and what the phone's said."""
        now = fields.Datetime.now()
        on_phone, at = self._as_time(device_now), self._as_time(event.get("at"))
        skew = (on_phone - now).total_seconds() if on_phone else 0
        kept = (on_phone - at) if on_phone and at else timedelta()
        if kept > LONGEST_KEPT:
            raise UserError(
                self.env._(
                    "This was kept on the phone for more than %s days. Call the office.",
                    LONGEST_KEPT.days,
                )
            )
        is_odd = kept < timedelta()
        kept = max(kept, timedelta())
        sent_late = kept.total_seconds() > SENDING_SECONDS
        happened = now - kept if sent_late else now
        clock_wrong = abs(skew) > CLOCK_SECONDS or is_odd
        return {
            "at": happened.replace(microsecond=0),
            "device": at,
            "device_now": on_phone,
            "clock_wrong": clock_wrong,
            "sent_late": sent_late,
            "event": {
                "received_at": now,
                "happened_at": happened,
                "device_at": at,
                "clock_skew": int(max(min(skew, 2**31 - 1), -(2**31))),
                "kept_seconds": int(kept.total_seconds()),
            },
        }

    @api.model
    def _as_time(self, milliseconds):
        """Return a time of JavaScript as naive UTC, None for what is none."""
        try:
            moment = datetime.fromtimestamp(float(milliseconds) / 1000, UTC)
        except (TypeError, ValueError, OverflowError, OSError):
            return None
        return moment.replace(tzinfo=None, microsecond=0)

    def _read_position(self, event, facts):
        """Return what a phone says of its place, and how far that is from ours."""
        found = {"geo_state": "unverifiable"}
        flags = [
            label
            for flag, label in (
                ("clock_wrong", self.env._("wrong clock")),
                ("sent_late", self.env._("sent late")),
            )
            if facts[flag]
        ]
        latitude, longitude, accuracy, age = (
            self._as_number(event.get(name))
            for name in ("latitude", "longitude", "accuracy", "fix_age")
        )
        if places.is_position(latitude, longitude):
            accuracy, age = accuracy or 0, age or 0
            found |= {
                "latitude": latitude,
                "longitude": longitude,
                "accuracy": min(accuracy, 10**7),
                "fix_age": int(min(age, 10**7)),
            }
            found |= self._judge_position(latitude, longitude, accuracy, age)
            flags += self._find_odd_position(latitude, longitude, facts)
        return {**found, "flags": ", ".join(flags) or False}

    @api.model
    def _as_number(self, value):
        try:
            return float(value)
        except (TypeError, ValueError):
            return None

    def _judge_position(self, latitude, longitude, accuracy, age):
        # The place of one's own visit may be a contact that one does not see.
        own = self.sudo()
        place = own.place_id
        if not places.is_position(place.partner_latitude, place.partner_longitude):
            return {}
        metres = evidence.measure_metres(
            latitude, longitude, place.partner_latitude, place.partner_longitude
        )
        policy = own.policy_id or own.env["distributor.visit.policy"]._find(
            own.kind, own.company_id, fields.Date.context_today(own)
        )
        criterion = policy.criterion_ids.filtered(lambda one: one.kind == "place")[:1]
        radius = criterion.radius or RADIUS
        if age > (criterion.fix_seconds or FIX_SECONDS):
            return {"distance": metres}
        return {
            "distance": metres,
            "geo_state": places.judge(metres, accuracy, radius),
        }

    def _find_odd_position(self, latitude, longitude, facts):
        """Return what is odd beside the same phone's last message: it flew here."""
        last = (
            self.env["distributor.visit.event"]
            .sudo()  # one's own messages
            .search(
                [("user_id", "=", self.env.uid), ("latitude", "!=", 0)],
                limit=1,
                order="id desc",
            )
        )
        if not last:
            return []
        metres = evidence.measure_metres(
            latitude, longitude, last.latitude, last.longitude
        )
        seconds = abs((facts["at"] - last.happened_at).total_seconds())
        if metres > 2000 and metres / max(seconds, 1) > FASTEST:
            return [self.env._("moved too fast")]
        return []
