# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager


class EvaluationPortal(CustomerPortal):
    """A distributor's own published evaluations, and what he says to them (R142, R151).

    Whatever is not his, is not published or is not there, leads home alike.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "evaluation_count" in counters:
            evaluations, domain = self._get_own_evaluations()
            values["evaluation_count"] = evaluations.search_count(domain)
        return values

    def _get_own_evaluations(self):
        """Return the evaluations with full rights, and the domain of one's own.

        Portal users hold no right on evaluations at all: sudo reads, and this domain
        alone decides what.
        """
        distributor = request.env.user.commercial_partner_id
        return request.env["distributor.evaluation"].sudo(), [
            ("partner_id", "=", distributor.id),
            ("state", "in", ("published", "closed")),
        ]

    def _get_own_evaluation(self, evaluation_id):
        """Return one's own evaluation with full rights; nothing for all others'."""
        evaluations, domain = self._get_own_evaluations()
        return evaluations.search([*domain, ("id", "=", evaluation_id)])

    @http.route(
        ["/my/evaluations", "/my/evaluations/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_evaluations(self, page=1, **kw):
        """The list of one's evaluations, the newest period first."""
        evaluations, domain = self._get_own_evaluations()
        step = self._items_per_page
        pages = pager(
            "/my/evaluations",
            evaluations.search_count(domain),
            page=page,
            step=step,
        )
        return request.render(
            "distributor_crm.portal_my_evaluations",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "evaluation",
                "default_url": "/my/evaluations",
                "pager": pages,
                "evaluations": evaluations.search(
                    domain, limit=step, offset=pages["offset"]
                ),
            },
        )

    @http.route(
        "/my/evaluations/<int:evaluation_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_evaluation(self, evaluation_id, done=None, **kw):
        """What an evaluation is made of, as far as it is meant for the distributor."""
        evaluation = self._get_own_evaluation(evaluation_id)
        if not evaluation:
            return request.redirect("/my")
        return self._render_evaluation(evaluation, is_done=done == "commented")

    def _render_evaluation(self, evaluation, **values):
        return request.render(
            "distributor_crm.portal_my_evaluation",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "evaluation",
                "evaluation": evaluation,
                "lines": evaluation._get_visible_lines(),
                "hidden_score": evaluation._get_hidden_score(),
                "chart": evaluation._draw_visible(),
                "plans": evaluation.improvement_ids.filtered(
                    lambda plan: plan.state != "cancelled"
                ),
                **values,
            },
        )

    @http.route(
        "/my/evaluations/<int:evaluation_id>/comment",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_evaluation_comment(self, evaluation_id, text="", **kw):
        """The distributor says what he thinks of it."""
        evaluation = self._get_own_evaluation(evaluation_id)
        if not evaluation:
            return request.redirect("/my")
        try:
            with request.env.cr.savepoint():
                evaluation._comment(request.env.user.partner_id, text)
        except UserError as error:
            return self._render_evaluation(evaluation, error=str(error), typed=text)
        return request.redirect(f"/my/evaluations/{evaluation.id}?done=commented")
