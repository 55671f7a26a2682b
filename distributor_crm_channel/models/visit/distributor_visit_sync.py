# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import binascii
import re
from datetime import UTC, timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import (
    AccessError,
    LockError,
    MissingError,
    UserError,
    ValidationError,
)
from odoo.fields import Domain

from .distributor_visit_policy import BROUGHT

MOST_EVENTS = 20
MOST_A_DAY = 500
MOST_MEMBERS = 6
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Whoever is announced this long before he comes was announced.
ANNOUNCED = timedelta(minutes=10)


class DistributorVisit(models.Model):
    """What phones send: kept there without network, sent later, never counted twice.

    A phone is believed about nothing but what it saw: our clock decides when something
    was, by when the message came less how long the phone says it kept it. Whoever asks
    for what is checked here; the flow then writes with superuser rights.
    """

    _inherit = "distributor.visit"

    @api.model
    def _get_portal_domain(self):
        """Return the domain of the visits of a portal user: an agent's own, or all of
        an agency for those who speak for it."""
        partner = self.env.user.sudo().partner_id
        agency = partner.commercial_partner_id
        if partner.is_field_agent:
            return Domain("agent_id", "=", partner.id)
        if agency.is_visit_agency and not partner.visit_agency_id:
            return Domain("agency_id", "=", agency.id)
        return Domain.FALSE

    @api.model
    def _get_phone_domain(self):
        """Return the domain of the visits that this user's phone may move on."""
        if self.env.user.share:
            return self._get_portal_domain()
        return Domain("user_id", "=", self.env.uid) & Domain("kind", "not in", BROUGHT)

    @api.model
    def _sync(self, events, device_now=None):
        """Take in what a phone kept, one after the other; each succeeds or not alone.

        :param list events: untrusted dicts of `uuid`, `kind` (plan, arrive, leave,
            photo, cancel), `visit` (id or uuid), `at` (ms on the phone's clock),
            `latitude`, `longitude`, `accuracy`, `fix_age` (s) and `data`
        :param device_now: ms on the phone's clock as it sends
        :return: for each `uuid`, `status` (done, again, refused), `message`, `visit_id`
        """
        answers = []
        for event in list(events or ())[:MOST_EVENTS]:
            if not isinstance(event, dict):
                continue
            uuid = str(event.get("uuid") or "").lower()
            answer = {"uuid": uuid}
            try:
                with self.env.cr.savepoint():
                    answer.update(self._take_event(uuid, event, device_now))
            except LockError:
                raise
            except (UserError, ValidationError, AccessError, MissingError) as error:
                answer.update(status="refused", message=str(error))
            answers.append(answer)
        return answers

    @api.model
    def _take_event(self, uuid, event, device_now):
        """Do what one message asks for, unless it was done already."""
        if not UUID.fullmatch(uuid):
            raise UserError(self.env._("This message is broken."))
        # Nobody has the right to write what phones sent.
        events = self.env["distributor.visit.event"].sudo()
        own = [("user_id", "=", self.env.uid)]
        known = events.search([*own, ("client_uuid", "=", uuid)], limit=1)
        if known:
            return {"status": "again", **known.visit_id._say_where()}
        if events.search_count([*own, ("received_at", ">=", "-1d")]) >= MOST_A_DAY:
            raise UserError(self.env._("Too many messages in a day. Call the office."))
        kind = event.get("kind")
        work = {
            "plan": "_take_plan",
            "arrive": "_take_arrival",
            "leave": "_take_leaving",
            "photo": "_take_photo",
            "cancel": "_take_cancel",
        }.get(kind)
        if not work:
            raise UserError(self.env._("This message is broken."))
        data = event.get("data")
        data = data if isinstance(data, dict) else {}
        facts = self._read_clock(event, device_now)
        visit = (
            self._plan_from_phone(uuid, data, facts)
            if kind == "plan"
            else self._find_for_phone(event.get("visit"))
        )
        values = {**facts["event"], **visit._read_position(event, facts)}
        if kind != "plan":
            getattr(visit, work)({**facts, **values}, data)
        events.create(
            {
                "visit_id": visit.id,
                "kind": kind,
                "user_id": self.env.uid,
                "client_uuid": uuid,
                **values,
            }
        )
        if kind == "arrive":
            # The distance is on the message that was just kept.
            visit.sudo()._update_results(("place",))
        return {"status": "done", **visit._say_where()}

    def _say_where(self):
        own = self.sudo()  # found among one's own
        return {
            "visit_id": own.id,
            "visit_name": own.name,
            "state": own.state,
            "visit_uuid": own.client_uuid or "",
        }

    # -- what is asked for -----------------------------------------------------------

    @api.model
    def _find_for_phone(self, key):
        """Return one's own visit by its id, or by the number that the phone gave it.

        :raises UserError: there is none; whose others are is not told
        """
        domain = self._get_phone_domain()
        if isinstance(key, int) and not isinstance(key, bool):
            domain &= Domain("id", "=", key)
        else:
            domain &= Domain("client_uuid", "=", str(key or "").lower())
            domain &= Domain("submitted_by_id", "=", self.env.uid)
        # Portal users hold no right on visits: the domain decides.
        found = self.sudo().search(domain, limit=1).sudo(self.env.su)
        if not found:
            raise UserError(self.env._("This visit is not there, or not yours."))
        if not self.env.user.share:
            found.check_access("write")
            return found
        return found.sudo()

    @api.model
    def _plan_from_phone(self, uuid, data, facts):
        """Make a visit that was planned on a phone."""

        def text(name, limit=120):
            value = data.get(name)
            return value.strip()[:limit] if isinstance(value, str) else ""

        values = {
            "client_uuid": uuid,
            "submitted_by_id": self.env.uid,
            "purpose": text("purpose"),
            "planned_at": self._as_time(data.get("planned_at")),
            "prechecked": data.get("prechecked") is True,
        }
        if self.env.user.share:
            values |= self._prepare_brought(data, text)
            values["preregistered_at"] = facts["at"]
        else:
            values |= self._prepare_own(data)
        # Nobody but the phone says which message a visit came with.
        return self.sudo().create(values).sudo(self.env.user.share)

    @api.model
    def _prepare_brought(self, data, text):
        """Return the values of a customer whom an agent brings."""
        partner = self.env.user.sudo().partner_id
        agent = partner if partner.is_field_agent else partner.browse()
        agency = agent.visit_agency_id
        if not agent and self._get_portal_domain() != Domain.FALSE:
            agency = partner.commercial_partner_id
            chosen = data.get("agent_id")
            agent = agency.visit_agent_ids.filtered(
                lambda one: one.id == chosen and one.is_field_agent
            )
        if not agency:
            raise UserError(self.env._("You bring customers for no agency any more."))
        if not text("name"):
            raise UserError(self.env._("Enter the name of the customer."))
        members = data.get("members")
        members = members if isinstance(members, list) else []
        relations = dict(
            self.env["distributor.visit.member"]._fields["relation"].selection
        )
        lines = [
            Command.create(
                {
                    "name": str(one.get("name")).strip()[:120],
                    "phone": str(one.get("phone") or "").strip()[:40],
                    "relation": one.get("relation")
                    if one.get("relation") in relations
                    else "other",
                }
            )
            for one in members[:MOST_MEMBERS]
            if isinstance(one, dict) and str(one.get("name") or "").strip()
        ]
        return {
            "kind": agent.agent_kind or "promoter",
            "company_id": (agency.company_id or self.env.company).id,
            "agency_id": agency.id,
            "agent_id": agent.id,
            "customer_name": text("name"),
            "customer_phone": text("phone", 40),
            "customer_company": text("company"),
            "member_ids": lines,
        }

    @api.model
    def _prepare_own(self, data):
        """Return the values of a visit that one of us makes."""
        partner = self.env["res.partner"].browse(
            data.get("customer_id") if isinstance(data.get("customer_id"), int) else 0
        )
        partner = partner.exists()
        if not partner or not partner.has_access("read"):
            raise UserError(self.env._("Choose whom you visit."))
        method = self.env["distributor.visit.method"].search(
            [("id", "=", self._as_number(data.get("method_id")) or 0)], limit=1
        )
        return {
            "kind": "check" if data.get("kind") == "check" else "care",
            "company_id": (partner.company_id or self.env.company).id,
            "user_id": self.env.uid,
            "customer_id": partner.id,
            "method_id": method.id,
        }

    def _take_plan(self, facts, data):
        """A plan is the visit itself."""

    def _take_arrival(self, facts, data):
        own = self.sudo()
        if own.preregistered_at and facts["at"] - own.preregistered_at < ANNOUNCED:
            own.preregistered_at = False
        self._arrive({**facts, "device_at": facts["device"]})

    def _take_leaving(self, facts, data):
        self._leave({**facts, "device_at": facts["device"]})

    def _take_photo(self, facts, data):
        """Keep a photo; one that comes after the visit was judged may still prove it."""
        try:
            content = base64.b64decode(data.get("content") or "", validate=True)
        except (binascii.Error, ValueError, TypeError) as error:
            raise UserError(
                self.env._("This photo is broken. Take it again.")
            ) from error
        own = self.sudo()
        own._check_evidence_wanted()
        own._keep_evidence(
            [(str(data.get("name") or "photo.jpg"), content)],
            {
                "kind": str(data.get("shows") or "")[:40],
                "latitude": facts.get("latitude"),
                "longitude": facts.get("longitude"),
                "device_now": facts["device_now"],
                "user_id": self.env.uid,
            },
        )
        if own.state == "judged" and not own._is_brought() and own.verdict != "valid":
            own._judge()

    def _take_cancel(self, facts, data):
        reason = str(data.get("reason") or "").strip()[:200]
        if self.sudo().state != "planned":
            raise UserError(self.env._("Only planned visits are cancelled by phone."))
        self._cancel(reason or self.env._("Cancelled by phone"))

    @api.model
    def _get_phone_today(self):
        return fields.Date.context_today(self)

    @api.model
    def _as_utc(self, moment):
        """Return a time of ours with its zone, for those who count from 1970."""
        return moment and moment.replace(tzinfo=UTC)
