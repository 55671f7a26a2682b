# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, fields, http
from odoo.exceptions import UserError
from odoo.http import request

from .service import ServicePortal

MODEL = "distributor.stock.report"


class StockReportPortal(ServicePortal):
    """A distributor tells what he has in stock (R114)."""

    def _get_service_links(self):
        return [
            *super()._get_service_links(),
            {
                "title": request.env._("Stock Reports"),
                "text": request.env._("Tell us what you have in stock"),
                "url": "/my/stock",
                "icon": "fa-cubes",
                "count": 0,
            },
        ]

    @http.route(
        ["/my/stock", "/my/stock/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_stock(self, page=1, **kw):
        """One's reports, the newest first."""
        return self._render_service_list(
            "distributor_crm.portal_my_stock",
            MODEL,
            "/my/stock",
            page,
            page_name="stock_report",
        )

    @http.route(
        "/my/stock/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_new_stock(self, **kw):
        """The sheet of what he bought."""
        return self._render_new_stock({})

    def _render_new_stock(self, typed, error=None):
        partner = self._get_distributor()
        if not partner:
            return request.redirect("/my")
        company = self._get_service_company(partner)
        return self._render_service(
            "distributor_crm.portal_new_stock",
            page_name="stock_report",
            is_new=True,
            products=partner.sudo()._get_stocked_products(company),  # his own orders
            typed=typed,
            error=error,
        )

    @http.route(
        "/my/stock/new", type="http", auth="user", website=True, methods=["POST"]
    )
    def portal_create_stock(self, **post):
        """Keep the count of today; sent again on the same day, it replaces that."""
        partner = self._get_distributor()
        if not partner:
            return request.redirect("/my")
        report, error = self._try(lambda: self._report_stock(partner.sudo(), post))
        if error:
            return self._render_new_stock(post, error)
        return request.redirect(f"/my/stock/{report.id}?done=sent")

    def _report_stock(self, partner, post):
        company = self._get_service_company(partner)
        quantities = {}
        for product in partner._get_stocked_products(company):
            text = post.get(f"quantity_{product.id}")
            if not self._clean(text, 20):
                continue  # not counted
            quantity = self._as_amount(text)
            if quantity is None:
                raise UserError(
                    request.env._(
                        "Enter a number for %s, or leave it empty.",
                        product.display_name,
                    )
                )
            quantities[product.id] = quantity
        if not quantities:
            raise UserError(request.env._("Enter how much there is of one product."))
        # Portal users hold no right on reports; whose they are was decided above.
        reports = request.env[MODEL].sudo()
        today = fields.Date.context_today(reports)
        known = reports.search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", company.id),
                ("date", "=", today),
            ]
        )
        if known.source == "staff":
            raise UserError(
                request.env._("We counted your stock today ourselves. Thank you.")
            )
        values = {
            "note": self._clean(post.get("note"), 1000),
            "line_ids": [
                *(Command.delete(line.id) for line in known.line_ids),
                *(
                    Command.create({"product_id": product_id, "quantity": quantity})
                    for product_id, quantity in quantities.items()
                ),
            ],
        }
        if known:
            known.write(values)
            return known
        return reports.create(
            {
                **values,
                "partner_id": partner.id,
                "company_id": company.id,
                "date": today,
                "source": "portal",
            }
        )

    @http.route(
        "/my/stock/<int:report_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_stock_report(self, report_id, done=None, **kw):
        """One report; one that is not his leads home."""
        found = self._find_own(MODEL, report_id)
        if not found:
            return request.redirect("/my")
        return self._render_service(
            "distributor_crm.portal_my_stock_report",
            page_name="stock_report",
            record=found,
            done=done,
        )
