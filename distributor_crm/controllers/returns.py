# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, http
from odoo.exceptions import UserError
from odoo.http import request

from ..evidence import sniff_picture
from ..models.service.distributor_return import SHOWN
from ..uploads import read_uploads
from .service import ServicePortal

MODEL = "distributor.return"


class ReturnPortal(ServicePortal):
    """A distributor asks to send goods of his own orders back (R020, R207)."""

    def _get_service_links(self):
        returns, own = self._get_own(
            MODEL, ("state", "in", ("submitted", "approved", "received"))
        )
        return [
            *super()._get_service_links(),
            {
                "title": request.env._("Returns"),
                "text": request.env._("Send goods of an order back, or exchange them"),
                "url": "/my/returns",
                "icon": "fa-undo",
                "count": returns.search_count(own),
            },
        ]

    @http.route(
        ["/my/returns", "/my/returns/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_returns(self, page=1, **kw):
        """One's returns, the newest first."""
        return self._render_service_list(
            "distributor_crm.portal_my_returns",
            MODEL,
            "/my/returns",
            page,
            page_name="return",
        )

    @http.route("/my/returns/<int:return_id>", type="http", auth="user", website=True)
    def portal_my_return(self, return_id, done=None, **kw):
        """One return; a stranger's leads home."""
        found = self._find_own(MODEL, return_id)
        if not found:
            return request.redirect("/my")
        return self._render_return(found, done=done == "sent")

    def _render_return(self, found, **values):
        return self._render_service(
            "distributor_crm.portal_my_return",
            page_name="return",
            record=found,
            **values,
        )

    @http.route(
        "/my/returns/<int:return_id>/cancel",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_cancel_return(self, return_id, **kw):
        """Take a request back."""
        found = self._find_own(MODEL, return_id)
        if not found:
            return request.redirect("/my")
        _result, error = self._try(found._cancel)
        if error:
            return self._render_return(found, error=error)
        return request.redirect(f"/my/returns/{found.id}")

    # -- new ---------------------------------------------------------------------------

    def _get_returnable_orders(self, partner, order_id=0):
        """Return one's delivered orders, or the one that is meant."""
        return self._get_bought_orders(
            partner, order_id, ("order_line.qty_delivered", ">", 0)
        )

    @http.route(
        "/my/returns/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_new_return(self, order_id="", **kw):
        """Choose an order, then what of it comes back."""
        return self._render_new_return(self._as_id(order_id), {})

    def _render_new_return(self, order_id, typed, error=None):
        partner = self._get_distributor()
        if not partner:
            return request.redirect("/my")
        orders = self._get_returnable_orders(partner, order_id)
        order = orders if order_id and len(orders) == 1 else orders.browse()
        selection = request.env[MODEL]._fields
        return self._render_service(
            "distributor_crm.portal_new_return",
            page_name="return",
            is_new=True,
            orders=orders,
            order=order,
            lines=order.order_line.filtered(
                lambda line: line.product_id and line._get_returnable() > 0
            ),
            kinds=selection["kind"]._description_selection(request.env),
            reasons=selection["reason"]._description_selection(request.env),
            deadline=order and order._get_return_deadline(),
            typed=typed,
            error=error,
        )

    @http.route(
        "/my/returns/new", type="http", auth="user", website=True, methods=["POST"]
    )
    def portal_create_return(self, **post):
        """Ask for a return of what was typed."""
        partner = self._get_distributor()
        if not partner:
            return request.redirect("/my")
        order_id = self._as_id(post.get("order_id"))
        found, error = self._try(lambda: self._ask_return(partner, order_id, post))
        if error:
            return self._render_new_return(order_id, post, error)
        return request.redirect(f"/my/returns/{found.id}?done=sent")

    def _ask_return(self, partner, order_id, post):
        order = order_id > 0 and self._get_returnable_orders(partner, order_id)
        if not order:
            raise UserError(request.env._("Choose one of your delivered orders."))
        reason, kind = post.get("reason"), post.get("kind")
        fields = request.env[MODEL]._fields
        if reason not in dict(fields["reason"].selection) or kind not in dict(
            fields["kind"].selection
        ):
            raise UserError(request.env._("Choose what you want, and why."))
        uploads = read_uploads(request.env, request.httprequest.files.getlist("files"))
        self._check_reason(order, reason, uploads)
        lines = [
            Command.create({"order_line_id": line.id, "quantity": quantity})
            for line in order.order_line
            if (quantity := self._as_quantity(post.get(f"quantity_{line.id}")))
        ]
        if not lines:
            raise UserError(request.env._("Say which goods come back, and how many."))
        # Portal users hold no right on returns; whose order it is was decided above.
        returns = request.env[MODEL].sudo()
        found = returns.create(
            {
                "partner_id": partner.id,
                "contact_id": request.env.user.partner_id.id,
                "company_id": order.company_id.id,
                "order_id": order.id,
                "kind": kind,
                "reason": reason,
                "description": self._clean(post.get("description")),
                "line_ids": lines,
            }
        )
        self._keep_return_files(found, uploads)
        return found

    def _keep_return_files(self, found, uploads):
        """Keep photos as evidence, as they were sent; attach what is none."""
        photos = [file for file in uploads if sniff_picture(file[1])]
        found._keep_evidence(photos)
        if others := [file for file in uploads if file not in photos]:
            found.message_post(
                body=request.env._("Files of the distributor"),
                attachments=[(name, content) for name, content, _kind in others],
                author_id=request.env.user.partner_id.id,
            )

    def _check_reason(self, order, reason, uploads):
        """Without a reason goods go back only in time; what is wrong is shown.

        :raises UserError: says what is missing
        """
        deadline = order._get_return_deadline()
        today = request.env[MODEL]._fields["deadline"].context_today(order)
        if reason == "none" and not (deadline and today <= deadline):
            raise UserError(
                request.env._(
                    "The time for returns without a reason is over. Choose a reason if "
                    "something is wrong with the goods."
                )
            )
        if reason in SHOWN and not uploads:
            raise UserError(request.env._("Add a photo that shows what is wrong."))

    def _as_quantity(self, text):
        """Return a quantity of a form, 0 for nothing.

        :raises UserError: it is no number above zero
        """
        text = text.strip() if isinstance(text, str) else ""
        if not text:
            return 0
        try:
            number = float(text)
        except ValueError:
            number = -1
        if not 0 <= number < 10**9:
            raise UserError(request.env._("%s is no quantity.", text[:20]))
        return number
