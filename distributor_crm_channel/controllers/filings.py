# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.distributor_crm.controllers.service import ServicePortal

MODEL = "distributor.territory.filing"


class FilingPortal(ServicePortal):
    """Two distributors agree on a sale across territories (R147).

    Who files sees neither who is at home there nor learns it; who is asked sees who
    files, the products and the place, and not the customer.
    """

    def _get_own(self, model, *domain):
        # EXTENDS distributor_crm: a filing belongs to both sides, once it was sent
        if model != MODEL:
            return super()._get_own(model, *domain)
        number = self._get_distributor().id or 0
        own = [
            "|",
            ("partner_id", "=", number),
            "&",
            ("owner_id", "=", number),
            ("state", "in", ("filed", "agreed", "declined")),
            *domain,
        ]
        # Portal users hold no right on it; the domain decides what they get.
        return request.env[model].sudo(), own

    def _get_service_links(self):
        partner = self._get_distributor()
        filings, _own = self._get_own(MODEL)
        waiting = [("owner_id", "=", partner.id), ("state", "=", "filed")]
        return [
            *super()._get_service_links(),
            {
                "title": request.env._("Sales across Territories"),
                "text": request.env._(
                    "A customer of yours is elsewhere, or asks in your area"
                ),
                "url": "/my/cross-territory",
                "icon": "fa-exchange",
                "count": filings.search_count(waiting),
            },
        ]

    @http.route(
        ["/my/cross-territory", "/my/cross-territory/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_filings(self, page=1, **kw):
        """What one filed, and what one is asked."""
        return self._render_service_list(
            "distributor_crm_channel.portal_my_filings",
            MODEL,
            "/my/cross-territory",
            page,
            page_name="filing",
            partner=self._get_distributor(),
        )

    @http.route(
        "/my/cross-territory/<int:filing_id>", type="http", auth="user", website=True
    )
    def portal_my_filing(self, filing_id, **kw):
        """One filing; a stranger's leads home."""
        found = self._find_own(MODEL, filing_id)
        return self._render_filing(found) if found else request.redirect("/my")

    def _render_filing(self, found, **values):
        return self._render_service(
            "distributor_crm_channel.portal_my_filing",
            page_name="filing",
            record=found,
            is_owner=found.owner_id == self._get_distributor(),
            **values,
        )

    @http.route(
        "/my/cross-territory/<int:filing_id>/<any(agree,decline,accept):act>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_answer_filing(self, filing_id, act, **kw):
        """Agree or decline as who is at home there; or take his share as who filed."""
        found = self._find_own(MODEL, filing_id)
        partner = self._get_distributor()
        side = found.partner_id if act == "accept" else found.owner_id
        if not found or side != partner:
            return request.redirect("/my")
        work = {
            "agree": lambda: found._answer(True, self._clean(kw.get("answer"))),
            "decline": lambda: self._decline(found, kw),
            "accept": found._accept_counter,
        }[act]
        _result, error = self._try(work)
        if error:
            return self._render_filing(found, error=error)
        return request.redirect(f"/my/cross-territory/{found.id}")

    def _decline(self, found, kw):
        share = self._as_amount(kw.get("share"))
        if share is None or share > 100:
            raise UserError(request.env._("A share is 0 to 100 percent."))
        return found._answer(False, self._clean(kw.get("answer")), share)

    # -- new ---------------------------------------------------------------------------

    @http.route("/my/cross-territory/new", type="http", auth="user", website=True)
    def portal_new_filing(self, **kw):
        """The form."""
        return self._render_new_filing(kw)

    def _render_new_filing(self, typed, error=None):
        partner = self._get_distributor()
        if not partner:
            return request.redirect("/my")
        country = self._get_filing_country(partner)
        return self._render_service(
            "distributor_crm_channel.portal_new_filing",
            page_name="filing",
            is_new=True,
            states=country.state_ids,
            typed=typed,
            error=error,
        )

    def _get_filing_country(self, partner):
        company = self._get_service_company(partner).sudo()  # its country is public
        return company.country_id or partner.sudo().country_id

    @http.route(
        "/my/cross-territory/send",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_send_filing(self, **kw):
        """File a sale: the place says whose territory it is."""
        partner = self._get_distributor()
        if not partner:
            return request.redirect("/my")
        made, error = self._try(lambda: self._file(partner, kw))
        if error:
            return self._render_new_filing(kw, error)
        return request.redirect(f"/my/cross-territory/{made.id}")

    def _file(self, partner, kw):
        company = self._get_service_company(partner)
        country = self._get_filing_country(partner)
        state_id = self._as_id(kw.get("state_id"))
        state = country.state_ids.filtered(lambda state: state.id == state_id)
        city, customer = (
            self._clean(kw.get("city"), 60),
            self._clean(kw.get("customer"), 120),
        )
        share = self._as_amount(kw.get("share"))
        if not state or not customer or share is None or share > 100:
            raise UserError(
                request.env._(
                    "Enter customer, province and a share of 0 to 100 percent."
                )
            )
        # Whose territory it is, is found for him; he learns nothing of it.
        filings = request.env[MODEL].sudo()
        territory = (
            filings.env["distributor.territory"]
            ._get_covering(company, (country, state, city, ""))
            .filtered(lambda t: t.distributor_ids - partner)[:1]
        )
        if not territory:
            raise UserError(
                request.env._(
                    "Nobody else is at home there. Ask your account manager for this sale."
                )
            )
        filing = filings.create(
            {
                "partner_id": partner.id,
                "company_id": company.id,
                "territory_id": territory.id,
                "customer": customer,
                "city": city,
                "owner_share": share,
                "description": self._clean(kw.get("description")),
            }
        )
        filing._file()
        return filing
