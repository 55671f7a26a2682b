# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..uploads import read_uploads
from .service import ServicePortal

MODEL = "distributor.case"
FILTERS = {
    "all": [],
    "open": [("state", "in", ("new", "in_progress", "waiting"))],
    "waiting": [("state", "=", "waiting")],
    "solved": [("state", "in", ("solved", "closed"))],
}
DONE = ("sent", "rated", "reopened")


class CasePortal(ServicePortal):
    """A distributor's questions and complaints (R035)."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "case_count" in counters:
            cases, own = self._get_own(MODEL)
            values["case_count"] = cases.search_count(own)
        return values

    def _get_service_links(self):
        cases, own = self._get_own(MODEL, *FILTERS["open"])
        return [
            {
                "title": request.env._("Questions and Complaints"),
                "text": request.env._(
                    "Ask your account manager, and see what became of it"
                ),
                "url": "/my/cases",
                "icon": "fa-life-ring",
                "count": cases.search_count(own),
            },
            *super()._get_service_links(),
        ]

    def _get_case_filters(self):
        labels = {
            "all": request.env._("All"),
            "open": request.env._("Open"),
            "waiting": request.env._("Waiting for you"),
            "solved": request.env._("Solved"),
        }
        return {name: {"label": label} for name, label in labels.items()}

    @http.route(
        ["/my/cases", "/my/cases/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_cases(self, page=1, filterby="all", **kw):
        """The list of one's cases, the newest first."""
        filterby = filterby if filterby in FILTERS else "all"
        return self._render_service_list(
            "distributor_crm.portal_my_cases",
            MODEL,
            "/my/cases",
            page,
            domain=FILTERS[filterby],
            page_name="case",
            searchbar_filters=self._get_case_filters(),
            filterby=filterby,
        )

    # -- new ---------------------------------------------------------------------------

    @http.route(
        "/my/cases/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_new_case(self, order_id=None, **kw):
        """The form of a new case."""
        return self._render_new_case({"order_id": self._as_id(order_id)})

    def _render_new_case(self, typed, error=None):
        partner = self._get_distributor()
        if not partner:
            return request.redirect("/my")
        kinds = request.env["distributor.case"]._fields["kind"]
        return self._render_service(
            "distributor_crm.portal_new_case",
            page_name="case",
            kinds=kinds._description_selection(request.env),
            orders=self._get_own_orders(partner),
            stores=self._get_running_stores(partner),
            typed=typed,
            error=error,
            is_new=True,
        )

    @http.route(
        "/my/cases/new", type="http", auth="user", website=True, methods=["POST"]
    )
    def portal_create_case(self, **post):
        """Open a case with what was typed, and its files."""
        partner = self._get_distributor()
        if not partner:
            return request.redirect("/my")
        typed = {
            "kind": self._clean(post.get("kind"), 20),
            "subject": self._clean(post.get("subject"), 200),
            "description": self._clean(post.get("description")),
            "order_id": self._as_id(post.get("order_id")),
            "store_id": self._as_id(post.get("store_id")),
        }
        case, error = self._try(lambda: self._open_case(partner, typed))
        if error:
            return self._render_new_case(typed, error)
        return request.redirect(f"{case.access_url}?done=sent")

    def _open_case(self, partner, typed):
        uploads = read_uploads(request.env, request.httprequest.files.getlist("files"))
        kinds = dict(request.env["distributor.case.policy"]._fields["kind"].selection)
        if typed["kind"] not in kinds:
            raise UserError(request.env._("Choose what your message is about."))
        if not typed["subject"] or not typed["description"]:
            raise UserError(request.env._("Say what it is about, and what happened."))
        order = self._get_own_orders(partner, ("id", "=", typed["order_id"]))
        store = self._get_running_stores(partner).filtered(
            lambda store: store.id == typed["store_id"]
        )
        if (typed["order_id"] and not order) or (typed["store_id"] and not store):
            raise UserError(
                request.env._("Choose one of your own orders and stores, or none.")
            )
        # Portal users hold no right on cases; whose it is was decided above.
        case = (
            request.env[MODEL]
            .sudo()
            .create(
                {
                    **typed,
                    "partner_id": partner.id,
                    "contact_id": request.env.user.partner_id.id,
                    "company_id": (
                        order.company_id or self._get_service_company(partner)
                    ).id,
                    "order_id": order.id,
                    "store_id": (
                        store
                        or order.store_id.filtered(lambda s: s.partner_id == partner)
                    ).id,
                }
            )
        )
        if uploads:
            case.message_post(
                body=request.env._("Files of the distributor"),
                attachments=[(name, content) for name, content, _kind in uploads],
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                author_id=request.env.user.partner_id.id,
            )
        return case

    # -- one ---------------------------------------------------------------------------

    @http.route("/my/cases/<int:case_id>", type="http", auth="user", website=True)
    def portal_my_case(self, case_id, done=None, **kw):
        """One case with its messages; a stranger's leads home."""
        case = self._find_own(MODEL, case_id)
        if not case:
            return request.redirect("/my")
        return self._render_case(case, done=done if done in DONE else None)

    def _render_case(self, case, **values):
        return self._render_service(
            "distributor_crm.portal_my_case",
            page_name="case",
            case=case,
            token=case._portal_ensure_token(),
            **values,
        )

    def _answer_case(self, case_id, done, work):
        """Do what the distributor asks for, and show the outcome."""
        case = self._find_own(MODEL, case_id)
        if not case:
            return request.redirect("/my")
        _result, error = self._try(lambda: work(case))
        if error:
            return self._render_case(case, error=error)
        return request.redirect(f"{case.access_url}?done={done}")

    @http.route(
        "/my/cases/<int:case_id>/rate",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_rate_case(self, case_id, rating="", comment="", **kw):
        """Say how satisfied one is with the solution."""
        return self._answer_case(
            case_id,
            "rated",
            lambda case: case._rate(rating, self._clean(comment, 2000)),
        )

    @http.route(
        "/my/cases/<int:case_id>/reopen",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_reopen_case(self, case_id, **kw):
        """Say that it is not solved after all."""
        return self._answer_case(case_id, "reopened", lambda case: case._reopen())
