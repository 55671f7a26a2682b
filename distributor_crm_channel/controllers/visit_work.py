# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re
from datetime import datetime

import pytz

from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from odoo.addons.distributor_crm.controllers.service import ServicePortal
from odoo.addons.portal.controllers.portal import pager

SETTLEMENT = "distributor.visit.settlement"
LINES_PER_PAGE = 50
# What an agent announces on one day is more than anybody needs.
ABSENCES_A_DAY = 20


class VisitWorkPortal(ServicePortal):
    """Agencies see their settlements, rates and meetings; agents announce absences.

    Portal users hold no right on any of it: sudo reads, and the domain of one's own
    alone decides what. Whatever is not his, or not there, leads home alike.
    """

    # -- who -----------------------------------------------------------------------------

    def _get_agency(self):
        """Return the agency that this user speaks for; empty for all others."""
        partner = request.env.user.partner_id.sudo()  # what is noted about himself
        owner = partner.commercial_partner_id
        if partner.visit_agency_id or not owner.is_visit_agency:
            return owner.browse()
        return owner

    def _get_agents(self):
        """Return the agents that this user announces absences for."""
        partner = request.env.user.partner_id.sudo()  # what is noted about himself
        agency = self._get_agency()
        if agency:
            return agency.visit_agent_ids.filtered("is_field_agent")
        return partner.filtered("is_field_agent")

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "visit_settlement_count" in counters:
            settlements, own = self._get_own_settlements()
            values["visit_settlement_count"] = settlements.search_count(own)
        return values

    # -- settlements ---------------------------------------------------------------------

    def _get_own_settlements(self):
        """Return settlements with full rights, and the domain of one's own."""
        settlements = request.env[SETTLEMENT].sudo()  # the domain decides
        return settlements, settlements._get_portal_domain(request.env.user)

    def _get_own_settlement(self, settlement_id):
        settlements, own = self._get_own_settlements()
        return settlements.search([*own, ("id", "=", settlement_id)])

    @http.route(
        ["/my/visit-settlements", "/my/visit-settlements/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_visit_settlements(self, page=1, **kw):
        """One's settlements, the newest month first, and the rates."""
        settlements, own = self._get_own_settlements()
        agency = self._get_agency()
        if (
            not agency
            and not self._get_agents()
            and not settlements.search(own, limit=1)
        ):
            return request.redirect("/my")
        url, step = "/my/visit-settlements", self._items_per_page
        pages = pager(url, settlements.search_count(own), page=page, step=step)
        rates = request.env["distributor.visit.rate"].sudo()  # the domain decides
        if agency:
            rates = rates.search(rates._get_portal_domain(agency))
            special = rates.filtered("agency_id").mapped("kind")
            # Its own terms go before those for all.
            rates = rates.filtered(lambda r: r.agency_id or r.kind not in special)
        return self._render_service(
            "distributor_crm_channel.portal_my_visit_settlements",
            page_name="visit_settlement",
            records=settlements.search(own, limit=step, offset=pages["offset"]),
            pager=pages,
            default_url=url,
            rates=rates if agency else rates.browse(),
            read=rates.reading_ids.filtered(lambda r: r.agency_id == agency).rate_id
            if agency
            else rates.browse(),
        )

    @http.route(
        "/my/visit-rates/<int:rate_id>/read",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_read_visit_rate(self, rate_id, **kw):
        """An agency has read the terms."""
        agency = self._get_agency()
        rates = request.env["distributor.visit.rate"].sudo()  # the domain decides
        found = agency and rates.search(
            [*rates._get_portal_domain(agency), ("id", "=", rate_id)]
        )
        if not found:
            return request.redirect("/my")
        found._read_by(agency, request.env.user)
        return request.redirect("/my/visit-settlements")

    @http.route(
        [
            "/my/visit-settlements/<int:settlement_id>",
            "/my/visit-settlements/<int:settlement_id>/page/<int:page>",
        ],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_visit_settlement(self, settlement_id, page=1, done=None, **kw):
        """One settlement with every visit behind it; a stranger's leads home."""
        found = self._get_own_settlement(settlement_id)
        if not found:
            return request.redirect("/my")
        done = done if done in ("accepted", "objected") else None
        return self._render_settlement(found, page, done=done)

    def _render_settlement(self, found, page=1, **values):
        url = f"/my/visit-settlements/{found.id}"
        lines = found.line_ids
        pages = pager(url, len(lines), page=page, step=LINES_PER_PAGE)
        start = pages["offset"]
        return self._render_service(
            "distributor_crm_channel.portal_my_visit_settlement",
            page_name="visit_settlement",
            record=found,
            doc=found,
            lines=lines[start : start + LINES_PER_PAGE],
            pager=pages,
            **values,
        )

    def _answer_settlement(self, settlement_id, done, answer, **values):
        found = self._get_own_settlement(settlement_id)
        if not found:
            return request.redirect("/my")
        _result, error = self._try(lambda: answer(found))
        if error:
            return self._render_settlement(found, error=error, **values)
        return request.redirect(f"/my/visit-settlements/{found.id}?done={done}")

    @http.route(
        "/my/visit-settlements/<int:settlement_id>/accept",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_accept_visit_settlement(self, settlement_id, **kw):
        """The payee agrees."""
        author = request.env.user.partner_id
        return self._answer_settlement(
            settlement_id, "accepted", lambda found: found._accept(author)
        )

    @http.route(
        "/my/visit-settlements/<int:settlement_id>/object",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_object_visit_settlement(self, settlement_id, text="", **kw):
        """The payee objects; somebody answers before it is approved."""
        author, text = request.env.user.partner_id, self._clean(text)
        return self._answer_settlement(
            settlement_id,
            "objected",
            lambda found: found._object(author, text),
            typed=text,
        )

    @http.route(
        "/my/visit-settlements/<int:settlement_id>/pdf",
        type="http",
        auth="user",
        website=True,
    )
    def portal_visit_settlement_pdf(self, settlement_id, **kw):
        """The printed settlement; as a page where no program makes PDF files."""
        found = self._get_own_settlement(settlement_id)
        if not found:
            return request.redirect("/my")
        content, kind = found._print()
        name = re.sub(r"[^\w.-]+", "_", f"{found._get_report_base_filename()}.{kind}")
        mime = "application/pdf" if kind == "pdf" else "text/html; charset=utf-8"
        return request.make_response(
            content,
            headers=[
                ("Content-Type", mime),
                ("Content-Disposition", content_disposition(name)),
            ],
        )

    @http.route(
        "/my/visit-settlements/<int:settlement_id>/form/<int:line_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_visit_settlement_form(self, settlement_id, line_id, **kw):
        """The signed form of a visit that is settled here (R055)."""
        found = self._get_own_settlement(settlement_id)
        line = found.line_ids.filtered(lambda one: one.id == line_id)
        if not line.form_attachment_id:
            return request.redirect("/my")
        stream = request.env["ir.binary"]._get_stream_from(
            line.form_attachment_id.sudo()  # it belongs to a settlement of his own
        )
        return stream.get_response(as_attachment=True)

    # -- absences ------------------------------------------------------------------------

    @http.route("/my/absences", type="http", auth="user", website=True, methods=["GET"])
    def portal_my_absences(self, done=None, **kw):
        """The absences one announced, and the form for a new one (R059)."""
        return self._render_absences({}, done=done == "sent")

    def _render_absences(self, typed, **values):
        agents = self._get_agents()
        if not agents:
            return request.redirect("/my")
        absences = request.env["distributor.visit.absence"].sudo()  # the domain decides
        rosters = request.env["distributor.visit.roster"].sudo()  # the domain decides
        return self._render_service(
            "distributor_crm_channel.portal_my_absences",
            page_name="visit_absence",
            agents=agents,
            records=absences.search([("agent_id", "in", agents.ids)], limit=40),
            shifts=rosters.search(
                [("agent_id", "in", agents.ids), ("date", ">=", "today")],
                order="date, hour_from",
                limit=20,
            ),
            typed=typed,
            **values,
        )

    @http.route(
        "/my/absences", type="http", auth="user", website=True, methods=["POST"]
    )
    def portal_announce_absence(self, **post):
        """Announce an absence; when it comes in is what counts."""
        _found, error = self._try(lambda: self._announce(post))
        if error:
            return self._render_absences(post, error=error)
        return request.redirect("/my/absences?done=sent")

    def _announce(self, post):
        agents = self._get_agents()
        chosen = self._as_id(post.get("agent_id"))
        agent = agents.filtered(lambda one: one.id == chosen) if chosen else agents
        if len(agent) != 1:
            raise UserError(request.env._("Say who will be absent."))
        reason = self._clean(post.get("reason"), 200)
        if not reason:
            raise UserError(request.env._("Say why."))
        company = agent.company_id or request.env.company
        absences = request.env["distributor.visit.absence"].sudo()  # whose it is: above
        recent = absences.search_count(
            [("agent_id", "=", agent.id), ("create_date", ">", "now -1d")]
        )
        if recent >= ABSENCES_A_DAY:
            raise UserError(request.env._("That is enough for today."))
        return absences.create(
            {
                "agent_id": agent.id,
                "company_id": company.id,
                "date_from": self._as_moment(post.get("date_from"), company),
                "date_to": self._as_moment(post.get("date_to"), company),
                "reason": reason,
            }
        )

    def _as_moment(self, text, company):
        """Return a local time of a form in UTC.

        :raises UserError: it is none
        """
        try:
            local = datetime.strptime((text or "").strip()[:16], "%Y-%m-%dT%H:%M")
        except ValueError as error:
            raise UserError(request.env._("Say from when until when.")) from error
        zone = company._get_visit_zone()
        return zone.localize(local).astimezone(pytz.utc).replace(tzinfo=None)

    @http.route(
        "/my/absences/<int:absence_id>/withdraw",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_withdraw_absence(self, absence_id, **kw):
        """The person comes after all."""
        absences = request.env["distributor.visit.absence"].sudo()  # the domain decides
        found = absences.search(
            [("id", "=", absence_id), ("agent_id", "in", self._get_agents().ids)]
        )
        if found:
            found.state = "withdrawn"
        return request.redirect("/my/absences")

    # -- meetings ------------------------------------------------------------------------

    def _get_own_meeting_lines(self):
        lines = request.env["distributor.visit.meeting.agency"].sudo()  # domain decides
        own = [
            ("agency_id", "=", self._get_agency().id or 0),
            ("meeting_id.state", "!=", "cancelled"),
        ]
        return lines, own

    @http.route(
        "/my/visit-meetings", type="http", auth="user", website=True, methods=["GET"]
    )
    def portal_my_visit_meetings(self, **kw):
        """The meetings of an agency: the next ones with the plan to hand in (R064)."""
        if not self._get_agency():
            return request.redirect("/my")
        return self._render_meetings()

    def _render_meetings(self, **values):
        lines, own = self._get_own_meeting_lines()
        found = lines.search(own, order="id desc", limit=20)
        found = found.sorted(lambda line: line.meeting_id.start_at, reverse=True)
        return self._render_service(
            "distributor_crm_channel.portal_my_visit_meetings",
            page_name="visit_meeting",
            records=found,
            figures={
                line.id: [
                    row
                    for row in line.meeting_id._get_figures()
                    if row["agency_id"] == line.agency_id.id
                ]
                for line in found[:4]
            },
            **values,
        )

    @http.route(
        "/my/visit-meetings/<int:line_id>/plan",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_plan_visit_meeting(self, line_id, groups="", plan="", **kw):
        """Hand in the plan of the next week."""
        lines, own = self._get_own_meeting_lines()
        found = lines.search([*own, ("id", "=", line_id)])
        if not found:
            return request.redirect("/my")
        _result, error = self._try(lambda: found._report(groups, self._clean(plan)))
        if error:
            return self._render_meetings(error=error, error_line=line_id)
        return request.redirect("/my/visit-meetings")
