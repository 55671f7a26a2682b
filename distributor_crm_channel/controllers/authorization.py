# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.http import request
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

ROUTE = {
    "type": "http",
    "auth": "public",
    "website": True,
    "sitemap": False,
    "methods": ["GET"],
    # Each question is counted.
    "readonly": False,
}
HEADERS = {
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}
TOO_MANY = 429


class AuthorizationPage(http.Controller):
    """What the public learns of authorizations: valid, expired, withdrawn, or nothing
    (R182, R184).

    Neither a distributor nor a shop is named: who asks knows what he typed or scanned.
    How often one network asks is bounded, so that nobody tries all numbers.
    """

    def _get_company(self):
        website = getattr(request, "website", None)
        # Which company answers is no secret.
        return (website.company_id if website else request.env.company).sudo()

    def _may_ask(self, company):
        query = request.env["distributor.authorization.query"]
        return query._may_ask(company, request.httprequest.remote_addr)

    def _render(self, name, status=200, **values):
        response = request.render(f"distributor_crm_channel.{name}", values)
        response.status_code = status
        response.headers.update(HEADERS)
        return response

    @http.route("/authorization/<string:key>", **ROUTE)
    def authorization(self, key, **kw):
        """Whether what a certificate's code or a number stands for holds today."""
        company = self._get_company()
        if not self._may_ask(company):
            return self._render("authorization_page", TOO_MANY, state="refused")
        Authorization = request.env["distributor.authorization"]
        found = Authorization._find_public(key, company)
        state = (found and found._get_public_state()) or "unknown"
        request.env["distributor.authorization.query"]._note(
            company, "code", state, found if state != "unknown" else None
        )
        status = 404 if state == "unknown" else 200
        return self._render("authorization_page", status, state=state)

    @http.route(
        "/authorizations",
        list_as_website_content=_lt("Authorized Shops"),
        **ROUTE,
    )
    def authorizations(self, name="", **kw):
        """Whether a shop of the typed name is authorized, or a number holds."""
        typed = name.strip()[:100] if isinstance(name, str) else ""
        if not typed:
            return self._render("authorization_search", typed="", states=None)
        company = self._get_company()
        if not self._may_ask(company):
            return self._render(
                "authorization_search", TOO_MANY, typed=typed, states=["refused"]
            )
        Authorization = request.env["distributor.authorization"]
        found = Authorization._find_public(typed, company)
        state = found and found._get_public_state()
        states, similar = [state] if state else [], False
        if not states:
            states, similar = Authorization._search_public(typed, company)
        states = states or ["similar" if similar else "unknown"]
        request.env["distributor.authorization.query"]._note(company, "name", states[0])
        return self._render("authorization_search", typed=typed, states=states)
