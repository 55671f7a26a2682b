# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from base64 import b64decode

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request
from odoo.tools import consteq

from odoo.addons.distributor_crm.controllers.service import ServicePortal
from odoo.addons.distributor_crm.uploads import read_uploads
from odoo.addons.portal.controllers.portal import pager

MODEL = "distributor.violation"
# What the accused has been told of; a report that nobody has sent is none of his.
HIDDEN = ("state", "!=", "draft")
ACTS = {"answer": "_answer", "correct": "_say_corrected", "appeal": "_appeal"}
DONE = ("answer", "correct", "appeal", "receive")
OPEN = ("notified", "answered", "watched", "judged", "confirmed", "appealed")


class ViolationPortal(ServicePortal):
    """A breach case seen by the accused: his own, or the one that his mail was about.

    Agencies that are no distributors answer here, too. Whatever is not his, or not
    there, leads home alike.
    """

    def _get_accused(self, *domain):
        """Return the cases with full rights, and the domain of one's own."""
        partner = request.env.user.commercial_partner_id
        own = [("partner_id", "=", partner.id), HIDDEN, *domain]
        # Portal users hold no right on cases; the domain decides what they get.
        return request.env[MODEL].sudo(), own

    def _find_case(self, case_id, token):
        """Return the case with full rights and whether it is one's own; else nothing.

        :param token: what the link carried, untrusted
        """
        cases, own = self._get_accused(("id", "=", case_id))
        if not request.env.user._is_public() and (case := cases.search(own)):
            return case, True
        case = cases.search([("id", "=", case_id), HIDDEN])
        secret = case.access_token
        # A comparison in constant time takes ASCII alone.
        is_token = secret and isinstance(token, str) and token.isascii()
        if is_token and consteq(secret, token):
            return case, False
        return cases.browse(), False

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "violation_count" in counters:
            cases, own = self._get_accused()
            values["violation_count"] = cases.search_count(own)
        return values

    def _get_service_links(self):
        cases, own = self._get_accused(("state", "in", OPEN))
        return [
            *super()._get_service_links(),
            {
                "title": request.env._("Notices to You"),
                "text": request.env._("Reports that concern you: read, answer, appeal"),
                "url": "/my/violations",
                "icon": "fa-gavel",
                "count": cases.search_count(own),
            },
        ]

    @http.route(
        ["/my/violations", "/my/violations/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_violations(self, page=1, **kw):
        """The list of one's cases, the newest first."""
        cases, own = self._get_accused()
        pages = pager(
            "/my/violations",
            cases.search_count(own),
            page=page,
            step=self._items_per_page,
        )
        return self._render_service(
            "distributor_crm_channel.portal_my_violations",
            page_name="violation",
            records=cases.search(
                own, limit=self._items_per_page, offset=pages["offset"]
            ),
            pager=pages,
            default_url="/my/violations",
            say=self._say,
        )

    def _say(self, moment, case=None):
        """Return a moment in the reader's time zone."""
        partner = request.env.user.partner_id
        if request.env.user._is_public() and case:
            partner = case._get_contacts()
        # A case is asked, as it knows how to say a moment; it may be none in particular.
        return request.env[MODEL].sudo()._say_moment(moment, partner)

    # -- one ---------------------------------------------------------------------------

    @http.route(
        "/my/violations/<int:case_id>", type="http", auth="public", website=True
    )
    def portal_my_violation(self, case_id, access_token=None, done=None, **kw):
        """One case. Its reading by the accused proves that he was told."""
        case, is_own = self._find_case(case_id, access_token)
        if not case:
            return request.redirect("/my")
        if is_own:
            case._receive("portal", request.env.user.name, self._get_address())
        elif self._waits_for_receipt(case):
            # Programs that look at mails follow links, too: a button proves a person.
            return self._render_service(
                "distributor_crm_channel.portal_violation_gate",
                page_name="violation",
                case=case,
                token=access_token,
            )
        return self._render_violation(
            case, "" if is_own else access_token, done=done if done in DONE else None
        )

    def _waits_for_receipt(self, case):
        return any(not notice.delivered_at for notice in case.notice_ids)

    def _get_address(self):
        return request.httprequest.remote_addr

    def _render_violation(self, case, token, **values):
        return self._render_service(
            "distributor_crm_channel.portal_my_violation",
            page_name="violation",
            case=case,
            token=token or "",
            say=lambda moment: self._say(moment, case),
            pictures=self._get_pictures(case),
            **{"error": None, "typed": "", "done": None, **values},
        )

    def _get_pictures(self, case):
        """Return the evidence that the accused is shown."""
        return (case.evidence_ids | case.proof_ids).filtered("image")

    def _get_case_url(self, case, token, done):
        suffix = f"&access_token={token}" if token else ""
        return f"/my/violations/{case.id}?done={done}{suffix}"

    @http.route(
        "/my/violations/<int:case_id>/receive",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_receive_violation(self, case_id, access_token=None, **kw):
        """Confirm that one has the notice before one's eyes."""
        case, _is_own = self._find_case(case_id, access_token)
        # Our own people prove no delivery by a forwarded link.
        if not case or request.env.user._is_internal():
            return request.redirect("/my")
        case._receive("mail_opened", case._get_contacts().email, self._get_address())
        return request.redirect(self._get_case_url(case, access_token, "receive"))

    @http.route(
        "/my/violations/<int:case_id>/<any(answer,correct,appeal):act>",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_answer_violation(self, case_id, act, access_token=None, text="", **kw):
        """Answer, say that it is corrected, or appeal, with files."""
        case, is_own = self._find_case(case_id, access_token)
        if not case or request.env.user._is_internal():
            return request.redirect("/my")
        token = "" if is_own else access_token
        text = self._clean(text)
        _result, error = self._try(lambda: self._act(case, act, text, is_own))
        if error:
            return self._render_violation(case, token, error=error, typed=text, act=act)
        return request.redirect(self._get_case_url(case, token, act))

    def _act(self, case, act, text, is_own):
        uploads = read_uploads(request.env, request.httprequest.files.getlist("files"))
        author = request.env.user.partner_id if is_own else case._get_contacts()
        getattr(case, ACTS[act])(text, uploads, author)

    @http.route(
        "/my/violations/<int:case_id>/evidence/<int:evidence_id>",
        type="http",
        auth="public",
        website=True,
        readonly=True,
    )
    def portal_violation_evidence(self, case_id, evidence_id, access_token=None, **kw):
        """A picture that a case rests on, as the accused is shown it."""
        case, is_own = self._find_case(case_id, access_token)
        if not case or (not is_own and self._waits_for_receipt(case)):
            raise NotFound
        picture = self._get_pictures(case).filtered(lambda e: e.id == evidence_id)
        if not picture:
            raise NotFound
        # The small copy was made by us: whatever was sent, this is a picture.
        return request.make_response(
            b64decode(picture.image),
            [
                ("Content-Type", "image/jpeg"),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "private, max-age=300"),
            ],
        )
