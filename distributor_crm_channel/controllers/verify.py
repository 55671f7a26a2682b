# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools.translate import LazyTranslate

from odoo.addons.distributor_crm.uploads import read_pictures

from ..trace.codes import MAX_LENGTH, read_code

_lt = LazyTranslate(__name__)

MAX_BODY = 12 * 1024 * 1024
# How many queries of a day are noted; all are answered.
MAX_NOTED = 20000


class VerifyPage(http.Controller):
    """Whether a code is genuine: a public page that says this and nothing else (R182).

    Everything is read and written with sudo: a visitor holds no rights at all. What is
    asked is noted, as a sign of goods that turn up where they should not; whose goods
    they are is told to nobody.
    """

    @http.route(
        ["/verify", "/verify/<string:code>"],
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=False,
        list_as_website_content=_lt("Verify a Code"),
    )
    def verify(self, code="", **kw):
        """The form, filled in where the link of a label led here. To look is no query:
        robots that follow links ask nothing."""
        return self._render(self._text(code or kw.get("code"), 4 * MAX_LENGTH))

    @http.route(
        "/verify",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
        max_content_length=MAX_BODY,
    )
    def verify_code(self, **kw):
        """Answer a query, and note it."""
        typed = self._text(kw.get("code"), 4 * MAX_LENGTH)
        if self._text(kw.get("fax"), 10):
            # The field is invisible: only robots fill it in, and learn nothing.
            return self._render(typed)
        if not read_code(typed).text:
            return self._render(typed, error=request.env._("Enter the code."))
        company = request.website.company_id
        if self._is_flooded(company):
            error = request.env._("Too many queries. Try again in an hour.")
            return self._render(typed, error=error, status=429)
        # A visitor has no rights; what is answered is one of three words.
        sightings = request.env["distributor.code.sighting"].sudo()
        answer, code = sightings._verify(company, typed)
        try:
            with request.env.cr.savepoint():
                self._note(sightings, company, code, kw)
        except UserError as error:  # the photo is none
            return self._render(typed, error=str(error))
        return self._render(typed, answer=answer)

    def _text(self, text, limit):
        return (text if isinstance(text, str) else "").strip()[:limit]

    def _count(self, kind, who, hours):
        """Count a use of the page; visitors hold no right on the counters."""
        attempts = request.env["distributor.admission.attempt"].sudo()
        return attempts._count(kind, who, hours)

    def _is_flooded(self, company):
        used = self._count("verify", request.httprequest.remote_addr, 1)
        limit = company.sudo().verify_hourly_limit
        return bool(limit) and used > limit

    def _note(self, sightings, company, code, kw):
        """Note a query: of the same visitor for the same code once a day."""
        visitor = f"{request.httprequest.remote_addr}:{code}"
        if self._count("verify-code", visitor, 24) > 1:
            return
        if self._count("verify-all", str(company.id), 24) > MAX_NOTED:
            return
        photos = read_pictures(request.env, self._get_photos())
        noted = sightings.with_context(mail_create_nolog=True, tracking_disable=True)
        sighting = noted.create(
            {
                "typed_code": code,
                "company_id": company.id,
                "channel": "public",
                "user_id": False,
                "country_id": company.country_id.id,
                "state_id": self._get_state(company, kw).id,
                "city": self._text(kw.get("city"), 60),
                "shop": self._text(kw.get("shop"), 120),
            }
        )
        if photos:
            sighting._keep_evidence(photos, {"performer": "partner"})

    def _get_photos(self):
        return request.httprequest.files.getlist("photo")[:1]

    def _get_states(self, company):
        # Provinces are public.
        return company.sudo().country_id.state_ids

    def _get_state(self, company, kw):
        text = self._text(kw.get("state_id"), 9)
        number = int(text) if text.isascii() and text.isdigit() else 0
        return self._get_states(company).filtered(lambda state: state.id == number)

    def _render(self, typed, answer=None, error=None, status=200):
        response = request.render(
            "distributor_crm_channel.verify_page",
            {
                "typed": typed,
                "answer": answer,
                "error": error,
                "states": self._get_states(request.website.company_id),
            },
        )
        response.status_code = status
        if answer or typed:
            response.headers["X-Robots-Tag"] = "noindex"
        return response
