# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, http
from odoo.exceptions import UserError
from odoo.http import request

from ..uploads import read_uploads
from .service import ServicePortal

MODEL = "distributor.promo.request"
TEXTS = {"activity_name": 200, "platform": 100, "proof_url": 600, "description": 4000}
SUGGESTED = 300


class PromoPortal(ServicePortal):
    """A distributor asks for goods for a campaign, and tells what he sold
    (R187–R190)."""

    def _get_service_links(self):
        requests, own = self._get_own(MODEL, ("state", "in", ("submitted", "approved")))
        return [
            *super()._get_service_links(),
            {
                "title": request.env._("Campaigns"),
                "text": request.env._("Ask for goods at a supply price for a campaign"),
                "url": "/my/campaigns",
                "icon": "fa-bullhorn",
                "count": requests.search_count(own),
            },
        ]

    @http.route(
        ["/my/campaigns", "/my/campaigns/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_promos(self, page=1, **kw):
        """One's campaigns, the newest first."""
        return self._render_service_list(
            "distributor_crm.portal_my_promos",
            MODEL,
            "/my/campaigns",
            page,
            page_name="promo",
        )

    @http.route(
        "/my/campaigns/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_new_promo(self, **kw):
        """The form of a new campaign."""
        return self._render_new_promo({})

    def _render_new_promo(self, typed, error=None):
        partner = self._get_distributor()
        if not partner:
            return request.redirect("/my")
        company = self._get_service_company(partner).sudo()  # its limit is no secret
        return self._render_service(
            "distributor_crm.portal_new_promo",
            page_name="promo",
            is_new=True,
            rows=range(1, company.promo_max_products + 1),
            currency=company.currency_id,
            products=self._get_promo_products(partner).search(
                self._get_product_domain(partner), limit=SUGGESTED
            ),
            typed=typed,
            error=error,
        )

    def _get_product_domain(self, partner):
        company = self._get_service_company(partner)
        return [("sale_ok", "=", True), ("company_id", "in", (False, company.id))]

    def _get_promo_products(self, partner):
        """Return the products, with full rights: names and codes alone are shown."""
        return request.env["product.product"].sudo()

    @http.route(
        "/my/campaigns/new", type="http", auth="user", website=True, methods=["POST"]
    )
    def portal_create_promo(self, **post):
        """Ask for what was typed."""
        partner = self._get_distributor()
        if not partner:
            return request.redirect("/my")
        found, error = self._try(lambda: self._ask_promo(partner, post))
        if error:
            return self._render_new_promo(post, error)
        return request.redirect(f"/my/campaigns/{found.id}?done=sent")

    def _ask_promo(self, partner, post):
        uploads = read_uploads(request.env, request.httprequest.files.getlist("files"))
        texts = {
            name: self._clean(post.get(name), size) for name, size in TEXTS.items()
        }
        if not all(texts[name] for name in ("activity_name", "platform", "proof_url")):
            raise UserError(
                request.env._("Name campaign and platform, and where both can be seen.")
            )
        first, last = (
            self._as_day(post.get(name)) for name in ("date_from", "date_to")
        )
        if last < first:
            raise UserError(
                request.env._("The campaign ends before it starts. Correct the days.")
            )
        company = self._get_service_company(partner)
        rows = range(1, company.sudo().promo_max_products + 1)  # no secret
        lines = [
            self._read_line(partner, post, row)
            for row in rows
            if self._clean(post.get(f"product_{row}"), 200)
        ]
        # Portal users hold no right on requests; whose it is was decided above.
        found = (
            request.env[MODEL]
            .sudo()
            .create(
                {
                    **texts,
                    "partner_id": partner.id,
                    "contact_id": request.env.user.partner_id.id,
                    "company_id": company.id,
                    "date_from": first,
                    "date_to": last,
                    "line_ids": [Command.create(line) for line in lines],
                }
            )
        )
        if uploads:
            found.message_post(
                body=request.env._("Proof of the distributor"),
                attachments=[(name, content) for name, content, _kind in uploads],
                author_id=request.env.user.partner_id.id,
            )
        return found

    def _read_line(self, partner, post, row):
        """Return one product of the form.

        :raises UserError: there is no such product, or price or quantity are none
        """
        text = self._clean(post.get(f"product_{row}"), 200)
        products = self._get_promo_products(partner)
        domain = self._get_product_domain(partner)
        product = products.search([*domain, ("default_code", "=", text)], limit=2)
        product = product or products.search([*domain, ("name", "=", text)], limit=2)
        if len(product) != 1:
            raise UserError(
                request.env._(
                    "There is no one product %s. Choose it from the list.", text
                )
            )
        return {
            "product_id": product.id,
            "activity_price": self._as_number(post.get(f"price_{row}")),
            "quantity": self._as_number(post.get(f"quantity_{row}")),
        }

    def _as_number(self, text, may_be_zero=False):
        number = self._as_amount(text)
        if number is None or not (number or may_be_zero):
            raise UserError(request.env._("Enter a price and a quantity above zero."))
        return number

    def _as_day(self, text):
        try:
            day = http.request.env[MODEL]._fields["date_from"].to_date(text or False)
        except ValueError:
            day = None
        if not day:
            raise UserError(request.env._("Enter the first and the last day."))
        return day

    @http.route(
        "/my/campaigns/<int:request_id>", type="http", auth="user", website=True
    )
    def portal_my_promo(self, request_id, done=None, **kw):
        """One campaign; a stranger's leads home."""
        found = self._find_own(MODEL, request_id)
        if not found:
            return request.redirect("/my")
        done = done if done in ("sent", "reported") else None
        return self._render_promo(found, done=done)

    def _render_promo(self, found, **values):
        return self._render_service(
            "distributor_crm.portal_my_promo",
            page_name="promo",
            record=found,
            today=found._fields["date_from"].context_today(found),
            **values,
        )

    @http.route(
        "/my/campaigns/<int:request_id>/report",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_report_promo(self, request_id, **post):
        """Tell what one sold."""
        found = self._find_own(MODEL, request_id)
        if not found:
            return request.redirect("/my")

        def report():
            found._report(
                {
                    line: self._as_number(post.get(f"sold_{line.id}"), may_be_zero=True)
                    for line in found.line_ids
                }
            )

        _result, error = self._try(report)
        if error:
            return self._render_promo(found, error=error)
        return request.redirect(f"/my/campaigns/{found.id}?done=reported")
