# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re

from odoo import http
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.http import content_disposition, request
from odoo.tools import consteq

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

SHOWN = ("sent", "signed", "expired", "ended")
MAX_TEXT = 2000
# What a page may tell after it was left and opened again.
DONE = ("acknowledged", "signed", "declined", "declared")


class AgreementPortal(CustomerPortal):
    """Agreements on the portal: of one's own, or of whom the mailed link was for.

    An applicant signs before he has an account, so the token of the link stands for
    him. Whatever is not his, or is not there, leads home alike.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "agreement_count" in counters:
            agreements, domain = self._get_own_agreements()
            values["agreement_count"] = agreements.search_count(domain)
        return values

    def _get_own_agreements(self):
        """Return the agreements with full rights, and the domain of one's own.

        Portal users hold no right on agreements at all: sudo reads, and this domain
        alone decides what.
        """
        distributor = request.env.user.commercial_partner_id
        domain = [("partner_id", "=", distributor.id), ("state", "in", SHOWN)]
        return request.env["distributor.agreement"].sudo(), domain

    def _find_agreement(self, agreement_id, token):
        """Return the agreement with full rights: one's own, or the token's.

        :param token: what the link carried, untrusted
        :return: an empty record set for all others
        """
        agreements, domain = self._get_own_agreements()
        here = [("id", "=", agreement_id), ("state", "in", SHOWN)]
        if not request.env.user._is_public():
            own = agreements.search([*domain, *here])
            if own:
                return own
        agreement = agreements.search(here)
        secret = agreement.access_token
        # A comparison in constant time takes ASCII alone.
        is_token = secret and isinstance(token, str) and token.isascii()
        return agreement if is_token and consteq(secret, token) else agreements

    def _get_agreement_url(self, agreement, token, suffix="", **values):
        """Return an address of an agreement's page that keeps the visitor's token."""
        if token:
            values["access_token"] = token
        query = "&".join(f"{key}={value}" for key, value in values.items())
        return f"/my/agreements/{agreement.id}{suffix}" + (f"?{query}" if query else "")

    # -- pages -----------------------------------------------------------------------

    @http.route(
        ["/my/agreements", "/my/agreements/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_agreements(self, page=1, **kw):
        """The list of one's agreements, the newest first."""
        agreements, domain = self._get_own_agreements()
        step = self._items_per_page
        total = agreements.search_count(domain)
        pages = pager("/my/agreements", total, page=page, step=step)
        return request.render(
            "distributor_crm.portal_my_agreements",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "agreement",
                "default_url": "/my/agreements",
                "pager": pages,
                "agreements": agreements.search(
                    domain, limit=step, offset=pages["offset"]
                ),
            },
        )

    @http.route(
        "/my/agreements/<int:agreement_id>", type="http", auth="public", website=True
    )
    def portal_my_agreement(self, agreement_id, access_token=None, done=None, **kw):
        """One agreement: to read, to tick its duties, to sign; a stranger's leads home."""
        agreement = self._find_agreement(agreement_id, access_token)
        if not agreement:
            return request.redirect("/my")
        done = done if done in DONE else None
        return self._render_agreement(agreement, access_token, done=done)

    def _render_agreement(self, agreement, token, **values):
        """Return the page of an agreement.

        :param token: what the link carried; the page's own links carry it on
        """
        shops = agreement.partner_id.declared_shop_ids.filtered(
            lambda shop: shop.company_id == agreement.company_id
        )
        duties = agreement.acknowledgement_ids
        return request.render(
            "distributor_crm.portal_my_agreement",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "agreement",
                "agreement": agreement,
                "token": token,
                "url": lambda suffix="": self._get_agreement_url(
                    agreement, token, suffix
                ),
                "shops": shops,
                "platforms": shops._fields["platform"]._description_selection(
                    request.env
                ),
                "can_sign": agreement._is_open_for_signature()
                and not request.env.user._is_internal(),
                "is_ticked": all(duty.acknowledged_on for duty in duties),
                "is_internal": request.env.user._is_internal(),
                **values,
            },
        )

    # -- what the distributor does ---------------------------------------------------

    def _do_agreement(self, agreement_id, token, done, act, **values):
        """Do what was asked for, and show the outcome.

        :param done: what the page says afterwards
        :param act: called with the agreement, refuses with a UserError
        """
        agreement = self._find_agreement(agreement_id, token)
        if not agreement:
            return request.redirect("/my")
        try:
            with request.env.cr.savepoint():
                act(agreement)
        except (UserError, ValidationError, AccessError) as error:
            return self._render_agreement(agreement, token, error=str(error), **values)
        return request.redirect(self._get_agreement_url(agreement, token, done=done))

    @http.route(
        "/my/agreements/<int:agreement_id>/acknowledge",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_agreement_acknowledge(self, agreement_id, access_token=None, **kw):
        """Tick the duties; each is a field of its own, called duty_ and its number."""
        ticked = {
            int(match[1])
            for name in kw
            if (match := re.fullmatch(r"duty_([0-9]{1,9})", name))
        }
        address = request.httprequest.remote_addr

        def acknowledge(agreement):
            agreement._acknowledge(ticked, address)
            if not all(duty.acknowledged_on for duty in agreement.acknowledgement_ids):
                raise UserError(
                    request.env._("Tick each of the duties to go on to the signature.")
                )

        return self._do_agreement(
            agreement_id, access_token, "acknowledged", acknowledge
        )

    @http.route(
        "/my/agreements/<int:agreement_id>/shop",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_agreement_shop(
        self, agreement_id, access_token=None, name="", platform="", address="", **kw
    ):
        """Declare another shop before signing."""

        def declare(agreement):
            agreement._check_can_sign()
            agreement.env["distributor.declared.shop"]._declare(
                agreement.partner_id, agreement.company_id, name, platform, address
            )

        typed = {"name": name, "platform": platform, "address": address}
        return self._do_agreement(
            agreement_id, access_token, "declared", declare, typed=typed
        )

    @http.route(
        "/my/agreements/<int:agreement_id>/decline",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_agreement_decline(self, agreement_id, access_token=None, text="", **kw):
        """Say no, and why; the account manager is told."""
        agreement = self._find_agreement(agreement_id, access_token)
        if not agreement:
            return request.redirect("/my")
        try:
            with request.env.cr.savepoint():
                agreement._decline(text[:MAX_TEXT])
        except (UserError, AccessError) as error:
            return self._render_agreement(agreement, access_token, error=str(error))
        return request.render(
            "distributor_crm.portal_agreement_declined",
            {**self._prepare_portal_layout_values(), "page_name": "agreement"},
        )

    @http.route(
        "/my/agreements/<int:agreement_id>/sign",
        type="jsonrpc",
        auth="public",
        website=True,
    )
    def portal_agreement_sign(
        self, agreement_id, access_token=None, name=None, signature=None
    ):
        """Sign: what the widget of the portal sends; answers it with what to do next."""
        token = access_token or request.httprequest.args.get("access_token")
        agreement = self._find_agreement(agreement_id, token)
        if not agreement:
            return {"error": request.env._("Invalid agreement.")}
        user = request.env.user
        signer = agreement.partner_id if user._is_public() else user.partner_id
        try:
            with request.env.cr.savepoint():
                agreement._sign(
                    name if isinstance(name, str) else "",
                    signature,
                    request.httprequest.remote_addr,
                    signer,
                )
        except (UserError, AccessError) as error:
            return {"error": str(error)}
        return {
            "force_refresh": True,
            "redirect_url": self._get_agreement_url(agreement, token, done="signed"),
        }

    @http.route(
        "/my/agreements/<int:agreement_id>/document",
        type="http",
        auth="public",
        website=True,
        readonly=True,
    )
    def portal_agreement_document(self, agreement_id, access_token=None, **kw):
        """The document as it was signed, to keep."""
        agreement = self._find_agreement(agreement_id, access_token)
        document = agreement.document_id
        if not document:
            return request.redirect("/my")
        content = document.raw
        return request.make_response(
            content,
            headers=[
                ("Content-Type", document.mimetype),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(document.name)),
                ("X-Content-Type-Options", "nosniff"),
                ("Content-Security-Policy", "default-src 'none'"),
            ],
        )
