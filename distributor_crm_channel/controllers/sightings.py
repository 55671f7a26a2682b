# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.http import request

from odoo.addons.distributor_crm.controllers.service import ServicePortal
from odoo.addons.distributor_crm.uploads import read_pictures

MODEL = "distributor.code.sighting"
# What a distributor reports in a day; nobody walks past more.
MAX_DAILY = 200
MAX_BODY = 60 * 1024 * 1024


class SightingPortal(ServicePortal):
    """A distributor reports a code that he saw in a shop (R145).

    He learns whether the code is one of ours, and that it is looked into: not whose
    goods they were.
    """

    def _get_own(self, model, *domain):
        # EXTENDS distributor_crm: a sighting is his who reported it
        if model != MODEL:
            return super()._get_own(model, *domain)
        own = [("reporter_id", "=", self._get_distributor().id or 0), *domain]
        # Portal users hold no right on it; the domain decides what they get.
        return request.env[model].sudo(), own

    def _get_service_links(self):
        return [
            *super()._get_service_links(),
            {
                "title": request.env._("Goods in My Area"),
                "text": request.env._("Report a code that you saw in a shop"),
                "url": "/my/sightings",
                "icon": "fa-barcode",
                "count": 0,
            },
        ]

    @http.route(
        ["/my/sightings", "/my/sightings/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_sightings(self, page=1, done=None, **kw):
        """What one reported, the newest first."""
        return self._render_service_list(
            "distributor_crm_channel.portal_my_sightings",
            MODEL,
            "/my/sightings",
            page,
            page_name="sighting",
            done=done,
        )

    @http.route("/my/sightings/new", type="http", auth="user", website=True)
    def portal_new_sighting(self, **kw):
        """The form."""
        return self._render_new_sighting(kw)

    def _render_new_sighting(self, typed, error=None):
        partner = self._get_distributor()
        if not partner:
            return request.redirect("/my")
        return self._render_service(
            "distributor_crm_channel.portal_new_sighting",
            page_name="sighting",
            is_new=True,
            states=self._get_sighting_country(partner).state_ids,
            typed=typed,
            error=error,
        )

    def _get_sighting_country(self, partner):
        company = self._get_service_company(partner).sudo()  # its country is public
        return partner.sudo().country_id or company.country_id

    @http.route(
        "/my/sightings/send",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        max_content_length=MAX_BODY,
    )
    def portal_send_sighting(self, **kw):
        """Take a report in, and trace it."""
        partner = self._get_distributor()
        if not partner:
            return request.redirect("/my")
        if not self._clean(kw.get("code"), 256):
            return self._render_new_sighting(kw, request.env._("Enter the code."))
        # A counter of ours, which the user has no right on.
        attempts = request.env["distributor.admission.attempt"].sudo()
        if attempts._count("sighting", str(partner.id), 24) > MAX_DAILY:
            error = request.env._("So many codes are enough for today.")
            return self._render_new_sighting(kw, error)
        _made, error = self._try(lambda: self._create_sighting(partner, kw))
        if error:
            return self._render_new_sighting(kw, error)
        return request.redirect("/my/sightings?done=sent")

    def _create_sighting(self, partner, kw):
        files = request.httprequest.files.getlist("files")
        photos = read_pictures(request.env, files)
        country = self._get_sighting_country(partner)
        state_id = self._as_id(kw.get("state_id"))
        # The user has no rights; what he may set is listed here.
        sighting = (
            request.env[MODEL]
            .sudo()
            .create(
                {
                    "typed_code": self._clean(kw.get("code"), 256),
                    "company_id": self._get_service_company(partner).id,
                    "channel": "partner",
                    "user_id": request.env.uid,
                    "reporter_id": partner.id,
                    "country_id": country.id,
                    "state_id": country.state_ids.filtered(
                        lambda state: state.id == state_id
                    ).id,
                    "city": self._clean(kw.get("city"), 60),
                    "shop": self._clean(kw.get("shop"), 120),
                    "note": self._clean(kw.get("note")),
                    **self._read_position(kw),
                }
            )
        )
        if photos:
            sighting._keep_evidence(
                photos, {"partner_id": partner.id, "performer": "partner"}
            )
        return sighting

    def _read_position(self, kw):
        """Return the coordinates of a form; nothing for what can be none."""
        try:
            latitude = float(kw.get("latitude") or 0)
            longitude = float(kw.get("longitude") or 0)
        except (TypeError, ValueError):
            return {}
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            return {}
        return {"latitude": latitude, "longitude": longitude}
