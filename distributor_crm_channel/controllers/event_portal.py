# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.http import request

from odoo.addons.distributor_crm.controllers.service import ServicePortal

MODEL = "distributor.channel.event.recipient"
FORM_BYTES = 256 * 1024


class EventPortal(ServicePortal):
    """Sudden events that concern one, and one's word that one knows (R121)."""

    def _get_service_links(self):
        news, own = self._get_own(
            MODEL,
            ("sent_at", "!=", False),
            ("acknowledged_at", "=", False),
            ("event_id.needs_acknowledgement", "=", True),
            ("event_id.state", "=", "running"),
        )
        return [
            *super()._get_service_links(),
            {
                "title": request.env._("Market News"),
                "text": request.env._(
                    "Price changes, recalls, and what to do about it"
                ),
                "url": "/my/events",
                "icon": "fa-bullhorn",
                "count": news.search_count(own),
            },
        ]

    @http.route(
        ["/my/events", "/my/events/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_events(self, page=1, **kw):
        """What one was told, the newest first."""
        return self._render_service_list(
            "distributor_crm_channel.portal_my_events",
            MODEL,
            "/my/events",
            page,
            domain=[("sent_at", "!=", False)],
            page_name="event",
        )

    def _find_recipient(self, event_id):
        records, own = self._get_own(
            MODEL, ("event_id", "=", event_id), ("sent_at", "!=", False)
        )
        return records.search(own, limit=1)

    @http.route(
        "/my/events/<int:event_id>",
        type="http",
        auth="user",
        website=True,
        # The first reading is noted.
        readonly=False,
        methods=["GET"],
    )
    def portal_event(self, event_id, done=None, **kw):
        """One event; opening it is noted as read."""
        recipient = self._find_recipient(event_id)
        if not recipient:
            return request.redirect("/my")
        recipient._read()
        return self._render_event(recipient, done=done == "1")

    def _render_event(self, recipient, **values):
        event = recipient.event_id
        return self._render_service(
            "distributor_crm_channel.portal_event",
            page_name="event",
            recipient=recipient,
            event=event,
            protected=event.line_ids.filtered("protects"),
            declared={s.line_id.id: s.quantity for s in recipient.stock_ids},
            typed=values.pop("typed", {}),
            **values,
        )

    @http.route(
        "/my/events/<int:event_id>/acknowledge",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        max_content_length=FORM_BYTES,
    )
    def portal_acknowledge(self, event_id, **kw):
        """Say that one knows, and what one holds of what gets cheaper."""
        recipient = self._find_recipient(event_id)
        if not recipient:
            return request.redirect("/my")
        typed = {
            line.id: self._clean(kw.get(f"stock_{line.id}"), 20)
            for line in recipient.event_id.line_ids.filtered("protects")
        }
        address = request.httprequest.remote_addr
        _result, error = self._try(lambda: recipient._acknowledge(address, typed))
        if error:
            return self._render_event(recipient, error=error, typed=typed)
        return request.redirect(f"/my/events/{event_id}?done=1")

    @http.route(
        "/my/events/<int:event_id>/file/<int:file_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_event_file(self, event_id, file_id, **kw):
        """A file of an event that one was told of."""
        recipient = self._find_recipient(event_id)
        file = recipient.event_id.attachment_ids.filtered(lambda f: f.id == file_id)
        if not file:
            return request.redirect("/my")
        # The search above found what he was told of alone.
        stream = request.env["ir.binary"]._get_stream_from(file)
        return stream.get_response(as_attachment=True)
