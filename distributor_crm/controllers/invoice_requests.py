# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import single_email_re

from .service import ServicePortal

MODEL = "distributor.invoice.request"
SIZES = {
    "title": 100,
    "tax_number": 30,
    "address": 200,
    "phone": 40,
    "bank_name": 100,
    "bank_account": 40,
    "receiver": 300,
    "email": 200,
}


class InvoiceRequestPortal(ServicePortal):
    """A distributor asks for the invoice of an order of his own (R019)."""

    def _get_service_links(self):
        found, own = self._get_own(MODEL, ("state", "=", "requested"))
        return [
            *super()._get_service_links(),
            {
                "title": request.env._("Invoice Requests"),
                "text": request.env._("Ask for the tax invoice of an order"),
                "url": "/my/invoice-requests",
                "icon": "fa-file-text-o",
                "count": found.search_count(own),
            },
        ]

    @http.route(
        ["/my/invoice-requests", "/my/invoice-requests/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_invoice_requests(self, page=1, **kw):
        """One's requests, the newest first."""
        return self._render_service_list(
            "distributor_crm.portal_my_invoice_requests",
            MODEL,
            "/my/invoice-requests",
            page,
            page_name="invoice_request",
        )

    def _get_invoiceable_orders(self, partner, order_id=0):
        """Return one's own orders of which an invoice can be asked for."""
        return self._get_bought_orders(partner, order_id).filtered(
            lambda order: (
                order._may_be_invoiced()
                and not order.invoice_request_ids.filtered(
                    lambda found: found.state in ("requested", "issued")
                )
            )
        )

    @http.route(
        "/my/invoice-requests/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_new_invoice_request(self, order_id="", **kw):
        """Choose an order, then how its invoice is made out."""
        return self._render_new_invoice_request(self._as_id(order_id))

    def _render_new_invoice_request(self, order_id, typed=None, error=None):
        partner = self._get_distributor()
        if not partner:
            return request.redirect("/my")
        orders = self._get_invoiceable_orders(partner, order_id)
        order = orders if order_id and len(orders) == 1 else orders.browse()
        # His own last request; portal users hold no right on it.
        requests = request.env[MODEL].sudo()
        if typed is None:
            company = order.company_id or self._get_service_company(partner)
            typed = requests._get_last_values(partner.sudo(), company)
        return self._render_service(
            "distributor_crm.portal_new_invoice_request",
            page_name="invoice_request",
            is_new=True,
            orders=orders,
            order=order,
            kinds=requests._fields["kind"]._description_selection(request.env),
            typed=typed,
            error=error,
        )

    @http.route(
        "/my/invoice-requests/new",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_create_invoice_request(self, **post):
        """Ask for the invoice that was described."""
        partner = self._get_distributor()
        if not partner:
            return request.redirect("/my")
        order_id = self._as_id(post.get("order_id"))
        found, error = self._try(lambda: self._ask_invoice(partner, order_id, post))
        if error:
            return self._render_new_invoice_request(order_id, post, error)
        return request.redirect(f"/my/invoice-requests/{found.id}?done=sent")

    def _ask_invoice(self, partner, order_id, post):
        order = order_id > 0 and self._get_invoiceable_orders(partner, order_id)
        if not order:
            raise UserError(
                request.env._(
                    "Choose one of your orders that can be invoiced, and of which no "
                    "invoice was asked for yet."
                )
            )
        texts = {
            name: self._clean(post.get(name), size) for name, size in SIZES.items()
        }
        # Portal users hold no right on requests; whose order it is was decided above.
        requests = request.env[MODEL].sudo()
        if post.get("kind") not in dict(requests._fields["kind"].selection):
            raise UserError(request.env._("Choose the type of invoice."))
        if not texts["title"] or not single_email_re.match(texts["email"]):
            raise UserError(
                request.env._("Enter whom it is made out to, and one e-mail address.")
            )
        return requests.create(
            {
                **texts,
                "kind": post["kind"],
                "partner_id": partner.id,
                "company_id": order.company_id.id,
                "order_id": order.id,
            }
        )

    @http.route(
        "/my/invoice-requests/<int:request_id>", type="http", auth="user", website=True
    )
    def portal_my_invoice_request(self, request_id, done=None, **kw):
        """One request; a stranger's leads home."""
        found = self._find_own(MODEL, request_id)
        if not found:
            return request.redirect("/my")
        return self._render_service(
            "distributor_crm.portal_my_invoice_request",
            page_name="invoice_request",
            record=found,
            done=done == "sent",
        )

    @http.route(
        "/my/invoice-requests/<int:request_id>/document",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_invoice_request_document(self, request_id, **kw):
        """The issued invoice, as a file."""
        found = self._find_own(MODEL, request_id, ("state", "=", "issued"))
        if not found.document:
            raise request.not_found()
        stream = request.env["ir.binary"]._get_stream_from(
            found, "document", filename_field="document_name"
        )
        return stream.get_response(as_attachment=True)

    @http.route(
        "/my/invoice-requests/<int:request_id>/cancel",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_cancel_invoice_request(self, request_id, **kw):
        """Take a request back, to ask anew."""
        found = self._find_own(MODEL, request_id)
        if not found:
            return request.redirect("/my")
        self._try(found.action_cancel)
        return request.redirect(f"/my/invoice-requests/{found.id}")
