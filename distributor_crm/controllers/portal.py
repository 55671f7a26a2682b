# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re

from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

LINES_PER_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a page may tell after it was left and opened again.
DONE = ("accepted", "disputed", "withdrawn")

# What the list of rebates may be narrowed to.
FILTERS = {
    "all": [],
    "open": [("approval_state", "=", "draft")],
    "answer": [("approval_state", "!=", "draft"), ("partner_state", "=", "open")],
    "settled": [("state", "in", ["posted", "paid"])],
}


class DistributorPortal(CustomerPortal):
    """A distributor's own rebates, and no one else's (R016).

    Whatever is not his, or is not there, leads home alike: nothing tells which.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "rebate_count" in counters:
            statements, domain = self._get_own_rebates()
            values["rebate_count"] = statements.search_count(domain)
        return values

    def _get_own_rebates(self):
        """Return the statements with full rights, and the domain of one's own.

        Portal users hold no right on rebates at all, so that no other distributor's
        existence leaks: sudo reads, and this domain alone decides what.
        """
        distributor = request.env.user.commercial_partner_id
        domain = [("partner_id", "=", distributor.id)]
        return request.env["distributor.rebate.statement"].sudo(), domain

    def _get_own_rebate(self, statement_id):
        """Return one's own statement with full rights; nothing for all others'."""
        statements, domain = self._get_own_rebates()
        return statements.search([*domain, ("id", "=", statement_id)])

    # -- list ------------------------------------------------------------------------

    def _get_rebate_filters(self):
        """Return label and domain of what the list may be narrowed to."""
        labels = {
            "all": request.env._("All"),
            "open": request.env._("In progress"),
            "answer": request.env._("Waiting for your answer"),
            "settled": request.env._("Settled"),
        }
        return {
            name: {"label": label, "domain": FILTERS[name]}
            for name, label in labels.items()
        }

    @http.route(
        ["/my/rebates", "/my/rebates/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_rebates(self, page=1, filterby="all", **kw):
        """The list of one's statements, the newest period first."""
        statements, domain = self._get_own_rebates()
        filters = self._get_rebate_filters()
        filterby = filterby if filterby in filters else "all"
        domain += filters[filterby]["domain"]
        step = self._items_per_page
        pages = pager(
            "/my/rebates",
            statements.search_count(domain),
            page=page,
            step=step,
            url_args={"filterby": filterby},
        )
        return request.render(
            "distributor_crm.portal_my_rebates",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "rebate",
                "default_url": "/my/rebates",
                "searchbar_filters": filters,
                "filterby": filterby,
                "pager": pages,
                "statements": statements.search(
                    domain, limit=step, offset=pages["offset"]
                ),
            },
        )

    # -- detail ----------------------------------------------------------------------

    @http.route(
        [
            "/my/rebates/<int:statement_id>",
            "/my/rebates/<int:statement_id>/page/<int:page>",
        ],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_rebate(self, statement_id, page=1, about=None, done=None, **kw):
        """One statement with the invoice lines behind it; a stranger's leads home."""
        statement = self._get_own_rebate(statement_id)
        if not statement:
            return request.redirect("/my")
        values = {"about": about, "done": done if done in DONE else None}
        return self._render_rebate(statement, page, **values)

    def _render_rebate(self, statement, page=1, about=None, **values):
        """Return the page of a statement.

        :param about: what is being disputed: "whole" or the number of a line
        """
        mine = [("statement_id", "=", statement.id)]
        Line = statement.env["distributor.rebate.line"]
        pages = pager(
            f"/my/rebates/{statement.id}",
            Line.search_count(mine),
            page=page,
            step=LINES_PER_PAGE,
        )
        line = self._get_disputed_line(statement, about)
        return request.render(
            "distributor_crm.portal_my_rebate",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "rebate",
                "statement": statement,
                "lines": Line.search(
                    mine, limit=LINES_PER_PAGE, offset=pages["offset"]
                ),
                "pager": pages,
                "disputed_line": line,
                "is_disputing": statement._can_be_answered()
                and bool(line or about == "whole"),
                **values,
            },
        )

    def _get_disputed_line(self, statement, about):
        """Return the line of this statement that is meant; none for the whole."""
        Line = statement.env["distributor.rebate.line"]
        if not about or not re.fullmatch(r"[0-9]{1,9}", about):
            return Line
        return Line.search([("statement_id", "=", statement.id), ("id", "=", about)])

    # -- answers ---------------------------------------------------------------------

    def _answer(self, statement_id, done, answer, **values):
        """Do what the distributor answers, and show the outcome.

        :param done: what the page says afterwards
        :param answer: called with the statement, refuses with a UserError
        """
        statement = self._get_own_rebate(statement_id)
        if not statement:
            return request.redirect("/my")
        try:
            with request.env.cr.savepoint():
                answer(statement)
        except UserError as error:
            return self._render_rebate(statement, error=str(error), **values)
        return request.redirect(f"/my/rebates/{statement.id}?done={done}")

    @http.route(
        "/my/rebates/<int:statement_id>/accept",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_rebate_accept(self, statement_id, **kw):
        """The distributor agrees to what a statement says."""
        author = request.env.user.partner_id
        return self._answer(statement_id, "accepted", lambda s: s._accept(author))

    @http.route(
        "/my/rebates/<int:statement_id>/dispute",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_rebate_dispute(self, statement_id, about="whole", text="", **kw):
        """The distributor objects to a statement, or to a line of it."""
        author = request.env.user.partner_id

        def dispute(statement):
            line = self._get_disputed_line(statement, about)
            if not line and about != "whole":
                raise UserError(
                    request.env._("This line is not part of the statement any more.")
                )
            statement._dispute(author, text, line)

        return self._answer(statement_id, "disputed", dispute, about=about, typed=text)

    @http.route(
        "/my/rebates/<int:statement_id>/withdraw/<int:dispute_id>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_rebate_withdraw(self, statement_id, dispute_id, **kw):
        """The distributor takes an objection back."""
        return self._answer(
            statement_id,
            "withdrawn",
            lambda s: s.dispute_ids.filtered(lambda d: d.id == dispute_id)._withdraw(),
        )

    # -- documents -------------------------------------------------------------------

    @http.route(
        "/my/rebates/<int:statement_id>/pdf", type="http", auth="user", website=True
    )
    def portal_rebate_pdf(self, statement_id, **kw):
        """The printed statement; as a page where no program makes PDF files."""
        statement = self._get_own_rebate(statement_id)
        if not statement:
            return request.redirect("/my")
        report = request.env["ir.actions.report"]
        can_print = report.get_wkhtmltopdf_state() not in ("install", "broken")
        return self._show_report(
            statement,
            "pdf" if can_print else "html",
            "distributor_crm.distributor_rebate_statement_report",
            download=True,
        )

    @http.route(
        "/my/rebates/<int:statement_id>/xlsx", type="http", auth="user", website=True
    )
    def portal_rebate_xlsx(self, statement_id, **kw):
        """The statement in Excel, with every invoice line behind it."""
        statement = self._get_own_rebate(statement_id)
        if not statement:
            return request.redirect("/my")
        report = statement.env["report.distributor_crm.rebate_statement_xlsx"]
        content, _kind = report.with_context(
            active_model=statement._name
        ).create_xlsx_report(statement.ids, {})
        name = re.sub(r"\W+", "_", statement._get_report_base_filename())
        return request.make_response(
            content,
            headers=[
                ("Content-Type", XLSX),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(f"{name}.xlsx")),
            ],
        )
