# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json

from odoo import http
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.http import content_disposition, request
from odoo.tools import file_open

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

from ..models.visit.distributor_visit_policy import BROUGHT

FILTERS = {
    "all": Domain.TRUE,
    "open": Domain("state", "in", ("planned", "arrived", "reception")),
    "valid": Domain("verdict", "=", "valid"),
    "invalid": Domain("verdict", "=", "invalid"),
    "register": Domain("verdict", "=", "valid") & Domain("state", "=", "judged"),
    "signed": Domain("state", "=", "signed"),
}
DONE = ("registered", "appealed")
FORM_TEXTS = {
    "customer_name": 120,
    "customer_phone": 40,
    "customer_company": 120,
    "members": 300,
    "wanted": 200,
    "budget": 80,
    "source": 120,
    "remarks": 2000,
}
MOST_CUSTOMERS = 500


class VisitPortal(CustomerPortal):
    """Visits on the phone: an agent's own; an agency sees those of all its agents.

    Portal users hold no right on visits: the domain of one's own decides what they get.
    """

    def _get_own_visits(self, *domain):
        """Return visits with full rights, and the domain of one's own among them."""
        visits = request.env["distributor.visit"]
        own = visits._get_portal_domain()
        # Portal users hold no right on it; the domain decides what they get.
        return visits.sudo(), Domain.AND([own, *domain])

    def _find_own_visit(self, visit_id):
        """Return one's own visit with full rights; nothing for all others'."""
        visits, own = self._get_own_visits(Domain("id", "=", visit_id))
        return visits.search(own, limit=1)

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "visit_count" in counters:
            visits, own = self._get_own_visits()
            values["visit_count"] = visits.search_count(own)
        return values

    # -- the phone ---------------------------------------------------------------------

    def _get_phone_props(self):
        """Return what the phone shows: open visits, and what new ones need."""
        env = request.env
        user = env.user
        visits = env["distributor.visit"]
        domain = visits._get_phone_domain() & FILTERS["open"]
        # One's own only, whatever the rights on visits are.
        found = visits.sudo().search(domain, limit=80, order="planned_at, id")
        props = {
            "user_id": user.id,
            "is_agent": user.share,
            "visits": [self._describe_visit(visit) for visit in found],
            "agents": [],
            "customers": [],
            "methods": [],
        }
        if user.share:
            partner = user.sudo().partner_id
            if not partner.is_field_agent:
                agents = partner.commercial_partner_id.visit_agent_ids.filtered(
                    "is_field_agent"
                )
                props["agents"] = [{"id": one.id, "name": one.name} for one in agents]
            return props
        methods = env["distributor.visit.method"].search([])
        props["methods"] = [{"id": one.id, "name": one.name} for one in methods]
        customers = env["res.partner"].search_fetch(
            [
                ("is_distributor", "=", True),
                ("parent_id", "=", False),
                "|",
                ("account_manager_id", "=", user.id),
                ("user_id", "=", user.id),
            ],
            ["name", "next_visit_due"],
            limit=MOST_CUSTOMERS,
            order="next_visit_due, name",
        )
        today = request.env["distributor.visit"]._get_phone_today()
        props["customers"] = [
            {
                "id": one.id,
                "name": one.name,
                "due": bool(one.next_visit_due and one.next_visit_due <= today),
            }
            for one in customers
        ]
        return props

    def _describe_visit(self, visit):
        def milliseconds(moment):
            return moment and int(moment.timestamp() * 1000)

        return {
            "id": visit.id,
            "uuid": visit.client_uuid or "",
            "name": visit.name,
            "customer": visit.customer_name or visit.customer_id.name,
            "state": visit.state,
            "kind": visit.kind,
            "planned": milliseconds(visit._as_utc(visit.planned_at)),
            "since": milliseconds(visit._as_utc(visit.arrived_at)),
            "left": bool(visit.agent_left_at or visit.left_at),
            "receptionist": visit.kind in BROUGHT and visit.user_id.name or "",
        }

    @http.route("/my/visits/state", type="jsonrpc", auth="user", readonly=True)
    def visit_state(self):
        """What the phone shows now."""
        self._check_may_use()
        return self._get_phone_props()

    def _check_may_use(self):
        if not request.env.user.share:
            request.env["distributor.visit"].check_access("read")

    @http.route("/my/visits/sync", type="jsonrpc", auth="user")
    def visit_sync(self, events=None, device_now=None):
        """Take in what a phone kept; each event once, however often it is sent."""
        self._check_may_use()
        if not isinstance(events, list):
            return []
        return request.env["distributor.visit"]._sync(events, device_now)

    @http.route("/my/visits/worker.js", type="http", auth="public", readonly=True)
    def visit_worker(self):
        """The script by which the page opens without network."""
        with file_open(
            "distributor_crm_channel/static/src/visit/visit_worker.js"
        ) as file:
            return request.make_response(
                file.read(),
                [
                    ("Content-Type", "text/javascript"),
                    ("Service-Worker-Allowed", "/my/visits"),
                    ("Cache-Control", "no-cache"),
                ],
            )

    # -- the list ----------------------------------------------------------------------

    def _get_visit_filters(self):
        env = request.env
        labels = {
            "all": env._("All"),
            "open": env._("Open"),
            "valid": env._("Valid"),
            "invalid": env._("Invalid"),
            "register": env._("To register"),
            "signed": env._("Signed forms"),
        }
        return {name: {"label": label} for name, label in labels.items()}

    @http.route(
        ["/my/visits", "/my/visits/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_visits(self, page=1, filterby="all", **kw):
        """The phone's page, and the list of one's visits, the newest first."""
        visits, own = self._get_own_visits()
        if own.is_false():
            return request.redirect(
                "/my" if request.env.user.share else "/odoo/my-visits"
            )
        filterby = filterby if filterby in FILTERS else "all"
        own &= FILTERS[filterby]
        pages = pager(
            "/my/visits",
            visits.search_count(own),
            page=page,
            step=20,
            url_args={"filterby": filterby},
        )
        return request.render(
            "distributor_crm_channel.portal_my_visits",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "visit",
                "props": json.dumps(self._get_phone_props()),
                "visits": visits.search(own, limit=20, offset=pages["offset"]),
                "pager": pages,
                "default_url": "/my/visits",
                "searchbar_filters": self._get_visit_filters(),
                "filterby": filterby,
                "policies": self._get_notices(),
            },
        )

    def _get_notices(self):
        """Return the notices to agencies of the policies in force."""
        env = request.env
        company = request.env.user.sudo().partner_id.commercial_partner_id.company_id
        policies = env["distributor.visit.policy"]
        today = env["distributor.visit"]._get_phone_today()
        found = policies.sudo()
        for kind in BROUGHT:
            found |= policies._find(kind, company or env.company, today)
        return found.filtered("note")

    # -- one ---------------------------------------------------------------------------

    @http.route("/my/visits/<int:visit_id>", type="http", auth="user", website=True)
    def portal_my_visit(self, visit_id, done=None, **kw):
        """One visit with its verdict and form; a stranger's leads home."""
        visit = self._find_own_visit(visit_id)
        if not visit:
            return request.redirect("/my")
        return self._render_visit(visit, done=done if done in DONE else None)

    def _render_visit(self, visit, **values):
        form = visit.form_ids.filtered(lambda one: one.state != "void")[-1:]
        return request.render(
            "distributor_crm_channel.portal_my_visit",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "visit",
                "visit": visit,
                "form": form,
                "intentions": form._fields["intention"]._description_selection(
                    request.env
                ),
                **values,
            },
        )

    def _answer_visit(self, visit_id, done, work):
        """Do what a form asks for, all of it or nothing, and show the outcome."""
        visit = self._find_own_visit(visit_id)
        if not visit:
            return request.redirect("/my")
        try:
            with request.env.cr.savepoint():
                work(visit)
        except (UserError, ValidationError, AccessError) as error:
            return self._render_visit(visit, error=str(error))
        return request.redirect(f"/my/visits/{visit.id}?done={done}")

    @http.route(
        "/my/visits/<int:visit_id>/register",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_register_visit(self, visit_id, **post):
        """Fill in the registration form of a valid visit, and hand it in."""

        def register(visit):
            form = visit.form_ids.filtered(lambda one: one.state == "draft")[:1]
            if not form:
                raise UserError(request.env._("There is no form to fill in."))
            values = {
                name: (post.get(name) or "").strip()[:limit]
                for name, limit in FORM_TEXTS.items()
            }
            kinds = dict(form._fields["intention"].selection)
            intention = post.get("intention")
            values["intention"] = intention if intention in kinds else False
            form.write(values)
            form._submit()

        return self._answer_visit(visit_id, "registered", register)

    @http.route(
        "/my/visits/<int:visit_id>/appeal",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_appeal_visit(self, visit_id, text="", **kw):
        """Say that a verdict is wrong; somebody else gives a second opinion."""
        return self._answer_visit(
            visit_id, "appealed", lambda visit: visit._appeal(text)
        )

    @http.route(
        "/my/visits/<int:visit_id>/form",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_visit_form(self, visit_id, **kw):
        """The signed form, for the agency to keep."""
        visit = self._find_own_visit(visit_id)
        file = visit.form_attachment_id
        if not file:
            return request.redirect("/my")
        return request.make_response(
            file.raw,
            [
                ("Content-Type", file.mimetype),
                ("Content-Disposition", content_disposition(file.name)),
                ("X-Content-Type-Options", "nosniff"),
                (
                    "Content-Security-Policy",
                    "default-src 'none'; style-src 'unsafe-inline'",
                ),
            ],
        )
