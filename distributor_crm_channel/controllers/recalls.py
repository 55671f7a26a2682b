# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.http import request

from odoo.addons.distributor_crm.controllers.service import ServicePortal

MODEL = "distributor.quality.recall"


class RecallPortal(ServicePortal):
    """A distributor reads what is recalled of his goods, and answers (R146)."""

    def _get_own(self, model, *domain):
        # EXTENDS distributor_crm: what one was told of
        if model == MODEL:
            domain = (("told_at", "!=", False), *domain)
        return super()._get_own(model, *domain)

    def _get_service_links(self):
        recalls, own = self._get_own(
            MODEL,
            ("acknowledged_at", "=", False),
            ("incident_id.state", "=", "recalling"),
        )
        return [
            *super()._get_service_links(),
            {
                "title": request.env._("Recalls"),
                "text": request.env._("Goods to set aside or send back"),
                "url": "/my/recalls",
                "icon": "fa-exclamation-triangle",
                "count": len(recalls.search(own).incident_id),
            },
        ]

    @http.route("/my/recalls", type="http", auth="user", website=True, readonly=True)
    def portal_my_recalls(self, **kw):
        """The incidents that one was told of, the newest first."""
        if not self._get_distributor():
            return request.redirect("/my")
        recalls, own = self._get_own(MODEL)
        rows = recalls.search(own, order="told_at desc", limit=200)
        return self._render_service(
            "distributor_crm_channel.portal_my_recalls",
            page_name="recall",
            groups=rows.grouped("incident_id"),
        )

    @http.route(
        "/my/recalls/<int:incident_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def portal_my_recall(self, incident_id, done=None, **kw):
        """One incident with one's own lots; a stranger's leads home."""
        rows = self._find_rows(incident_id)
        return self._render_recall(rows, done=done) if rows else request.redirect("/my")

    def _find_rows(self, incident_id):
        recalls, own = self._get_own(MODEL, ("incident_id", "=", incident_id))
        return recalls.search(own, limit=200)

    def _render_recall(self, rows, **values):
        orders = rows.picking_id.sale_id.filtered(
            lambda order: order.partner_id.commercial_partner_id == rows[0].partner_id
        )
        return self._render_service(
            "distributor_crm_channel.portal_my_recall",
            page_name="recall",
            rows=rows,
            incident=rows.incident_id,
            orders=orders,
            **values,
        )

    @http.route(
        "/my/recalls/<int:incident_id>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_answer_recall(self, incident_id, **kw):
        """Note that one knows, and how much one still has."""
        rows = self._find_rows(incident_id)
        if not rows:
            return request.redirect("/my")
        left = {row: self._as_amount(kw.get(f"left_{row.id}")) for row in rows}
        if None in left.values():
            error = request.env._("Enter numbers.")
            return self._render_recall(rows, error=error)
        text = self._clean(kw.get("answer"))
        _result, error = self._try(lambda: rows._acknowledge(left, text))
        if error:
            return self._render_recall(rows, error=error)
        return request.redirect(f"/my/recalls/{incident_id}?done=sent")
