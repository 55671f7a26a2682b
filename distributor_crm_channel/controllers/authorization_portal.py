# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.http import request

from odoo.addons.distributor_crm.controllers.service import ServicePortal
from odoo.addons.distributor_crm.uploads import read_pictures

AUTHORIZATION = "distributor.authorization"
DUTY = "distributor.authorization.duty"
UPLOAD_BYTES = 260 * 1024 * 1024
WAITING = ("open", "overdue", "proved")


class AuthorizationPortal(ServicePortal):
    """One's authorizations, their certificates, and the proofs of one's duties (R184)."""

    def _get_service_links(self):
        duties, own = self._get_own(DUTY, ("state", "in", ("open", "overdue")))
        return [
            *super()._get_service_links(),
            {
                "title": request.env._("Duties of My Shops"),
                "text": request.env._(
                    "Authorizations, certificates, and what to show us"
                ),
                "url": "/my/authorizations",
                "icon": "fa-certificate",
                "count": duties.search_count(own),
            },
        ]

    @http.route(
        ["/my/authorizations", "/my/authorizations/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_authorizations(self, page=1, done=None, **kw):
        """One's authorizations for shops, the newest first, with their duties."""
        return self._render_authorizations(page, done=done == "proved")

    def _render_authorizations(self, page=1, **values):
        return self._render_service_list(
            "distributor_crm_channel.portal_my_authorizations",
            AUTHORIZATION,
            "/my/authorizations",
            page,
            domain=[
                ("name", "!=", False),
                ("decision", "in", ("granted", "withdrawn")),
            ],
            page_name="authorization",
            **values,
        )

    @http.route(
        "/my/authorizations/<int:record_id>/certificate",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_certificate(self, record_id, **kw):
        """The certificate of an authorization that holds, as it was printed."""
        record = self._find_own(AUTHORIZATION, record_id)
        if not record.certificate_id or record.state not in record._get_shown_states():
            return request.redirect("/my/authorizations")
        # The search above found his own alone.
        stream = request.env["ir.binary"]._get_stream_from(record.certificate_id)
        return stream.get_response(as_attachment=True)

    @http.route(
        "/my/duties/<int:duty_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_duty(self, duty_id, **kw):
        """The form for the proof of one duty."""
        duty = self._find_own(DUTY, duty_id)
        if not duty:
            return request.redirect("/my")
        return self._render_duty(duty)

    def _render_duty(self, duty, **values):
        shops = request.env["distributor.declared.shop"].sudo()
        own = [
            ("partner_id", "=", duty.partner_id.id),
            ("company_id", "=", duty.company_id.id),
        ]
        return self._render_service(
            "distributor_crm_channel.portal_duty",
            page_name="authorization",
            duty=duty,
            terms=duty._get_terms(),
            can_prove=duty.state in WAITING,
            shops=shops.search([*own, ("state", "!=", "rejected")])
            if duty.kind == "declared_shops"
            else shops,
            photos=duty.evidence_ids,
            typed=values.pop("typed", {}),
            **values,
        )

    @http.route(
        "/my/duties/<int:duty_id>/prove",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        max_content_length=UPLOAD_BYTES,
    )
    def portal_prove(self, duty_id, **kw):
        """Take the proof of a duty."""
        duty = self._find_own(DUTY, duty_id)
        if not duty:
            return request.redirect("/my")
        names = ("url", "title", "description", "count", "confirmed")
        typed = {name: self._clean(kw.get(name)) for name in names}
        files = request.httprequest.files.getlist("files")
        _result, error = self._try(
            lambda: duty._prove(typed, read_pictures(request.env, files))
        )
        if error:
            return self._render_duty(duty, error=error, typed=typed)
        if duty.reject_reason:
            return self._render_duty(duty, typed=typed)
        return request.redirect("/my/authorizations?done=proved")
