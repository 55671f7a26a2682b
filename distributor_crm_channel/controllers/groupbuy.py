# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, fields, http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.distributor_crm.controllers.evidence import read_position
from odoo.addons.distributor_crm.controllers.service import ServicePortal
from odoo.addons.distributor_crm.uploads import read_pictures

MODEL = "distributor.groupbuy"
MAX_USES = 12
SHORT = 200
MAX_CODES = 20000


class GroupbuyPortal(ServicePortal):
    """A distributor files his group-buys, and shows how the goods were used (R036-R041).

    Portal users hold no right on group-buys: the domain of one's own decides.
    """

    def _get_service_links(self):
        groupbuys, own = self._get_own(MODEL, ("state", "in", ("filed", "shipped")))
        return [
            *super()._get_service_links(),
            {
                "title": request.env._("Group-buys"),
                "text": request.env._(
                    "File large orders before they ship, and show how they were used"
                ),
                "url": "/my/groupbuys",
                "icon": "fa-users",
                "count": groupbuys.search_count(own),
            },
        ]

    @http.route(
        ["/my/groupbuys", "/my/groupbuys/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_groupbuys(self, page=1, **kw):
        """One's group-buys, the newest first."""
        return self._render_service_list(
            "distributor_crm_channel.portal_my_groupbuys",
            MODEL,
            "/my/groupbuys",
            page,
            page_name="groupbuy",
        )

    @http.route(
        "/my/groupbuys/<int:groupbuy_id>", type="http", auth="user", website=True
    )
    def portal_my_groupbuy(self, groupbuy_id, done=None, **kw):
        """One group-buy; a stranger's leads home."""
        found = self._find_own(MODEL, groupbuy_id)
        if not found:
            return request.redirect("/my")
        return self._render_groupbuy(found, done=done)

    def _render_groupbuy(self, found, **values):
        return self._render_service(
            "distributor_crm_channel.portal_my_groupbuy",
            page_name="groupbuy",
            record=found,
            steps=found._get_timeline(),
            today=fields.Date.context_today(found),
            **values,
        )

    # -- filing ------------------------------------------------------------------------

    def _get_fileable_orders(self, partner, order_id=0):
        """Return one's orders of which nothing has left, without a group-buy."""
        chosen = [("id", "=", order_id)] if order_id else []
        orders = (
            request.env["sale.order"]
            .sudo()  # the domain decides what he sees
            .search(
                [
                    "|",
                    ("partner_id", "child_of", partner.id),
                    ("store_id.partner_id", "=", partner.id),
                    ("state", "in", ("sent", "sale")),
                    ("delivery_status", "in", (False, "pending")),
                    *chosen,
                ],
                limit=40,
            )
        )
        return orders.filtered(
            lambda order: not order.groupbuy_id and order._get_groupbuy_goods()
        )

    @http.route(
        "/my/groupbuys/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_new_groupbuy(self, order_id="", uses="1", **kw):
        """Choose an order, then say who receives it, where, what for and when."""
        return self._render_new_groupbuy(self._as_id(order_id), {"use_count": uses})

    def _render_new_groupbuy(self, order_id, typed, error=None):
        partner = self._get_distributor()
        if not partner:
            return request.redirect("/my")
        orders = self._get_fileable_orders(partner, order_id)
        order = orders if order_id and len(orders) == 1 else orders.browse()
        count = self._as_id(str(typed.get("use_count") or 1))
        groupbuys = request.env[MODEL]
        purposes = groupbuys._fields["purpose"]._description_selection(request.env)
        return self._render_service(
            "distributor_crm_channel.portal_new_groupbuy",
            page_name="groupbuy",
            is_new=True,
            orders=orders,
            order=order,
            goods=order._get_groupbuy_goods() if order else {},
            use_count=min(max(count, 1), MAX_USES),
            max_uses=MAX_USES,
            purposes=purposes,
            today=fields.Date.context_today(groupbuys),
            typed=typed,
            error=error,
        )

    @http.route(
        "/my/groupbuys/new", type="http", auth="user", website=True, methods=["POST"]
    )
    def portal_create_groupbuy(self, **post):
        """File a group-buy as it was typed."""
        partner = self._get_distributor()
        if not partner:
            return request.redirect("/my")
        order_id = self._as_id(post.get("order_id"))
        found, error = self._try(lambda: self._file_groupbuy(partner, order_id, post))
        if error:
            return self._render_new_groupbuy(order_id, post, error)
        return request.redirect(f"/my/groupbuys/{found.id}?done=filed")

    def _file_groupbuy(self, partner, order_id, post):
        env = request.env
        order = order_id > 0 and self._get_fileable_orders(partner, order_id)
        if not order:
            raise UserError(env._("Choose one of your orders that has not left yet."))
        purpose = post.get("purpose")
        if purpose not in dict(env[MODEL]._fields["purpose"].selection):
            raise UserError(env._("Choose what the goods are used for."))
        count = self._as_id(post.get("use_count"))
        if not 1 <= count <= MAX_USES:
            raise UserError(env._("Goods are used in 1 to %s parts here.", MAX_USES))
        uses = [self._read_groupbuy_use(post, number) for number in range(count)]
        found = (
            env[MODEL]
            .sudo()  # no right on it; whose order it is was decided above
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": order.company_id.id,
                    "order_id": order.id,
                    "recipient": self._clean(post.get("recipient"), SHORT),
                    "phone": self._clean(post.get("phone"), 40),
                    "address": self._clean(post.get("address"), SHORT),
                    "purpose": purpose,
                    "purpose_note": self._clean(post.get("purpose_note"), SHORT),
                    "planned_on": min(
                        (use["date"] for use in uses if use["date"]), default=False
                    ),
                    "use_count": count,
                    "use_ids": [Command.create(use) for use in uses],
                }
            )
        )
        found._file()
        return found

    def _read_groupbuy_use(self, post, number):
        quantity = self._as_amount(post.get(f"quantity_{number}"))
        if quantity is None:
            raise UserError(request.env._("Enter how many units each use takes."))
        return {
            "date": self._as_groupbuy_day(post.get(f"date_{number}")),
            "place": self._clean(post.get(f"place_{number}"), SHORT)
            or self._clean(post.get("address"), SHORT),
            "quantity": quantity,
        }

    def _as_groupbuy_day(self, text):
        """Return a day of a form, False for nothing.

        :raises UserError: it is none
        """
        try:
            return fields.Date.to_date((text or "").strip() or False) or False
        except ValueError as error:
            raise UserError(request.env._("%s is no day.", str(text)[:20])) from error

    @http.route(
        "/my/groupbuys/<int:groupbuy_id>/cancel",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_cancel_groupbuy(self, groupbuy_id, **kw):
        """Take a filing back before the goods leave."""
        found = self._find_own(MODEL, groupbuy_id)
        if not found:
            return request.redirect("/my")
        _result, error = self._try(found._cancel)
        if error:
            return self._render_groupbuy(found, error=error)
        return request.redirect(f"/my/groupbuys/{found.id}")

    # -- on site -----------------------------------------------------------------------

    def _find_groupbuy_use(self, use_id):
        """Return one's own use with full rights; nothing for all others'."""
        return self._find_own("distributor.groupbuy.use", use_id)

    @http.route(
        "/my/groupbuys/use/<int:use_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def portal_groupbuy_use(self, use_id, **kw):
        """The form on which a distributor reports what he saw."""
        use = self._find_groupbuy_use(use_id)
        if not use:
            return request.redirect("/my")
        return self._render_groupbuy_use(use, {})

    def _render_groupbuy_use(self, use, typed, error=None):
        return self._render_service(
            "distributor_crm_channel.portal_groupbuy_use",
            page_name="groupbuy",
            record=use.groupbuy_id,
            use=use,
            used={line.product_id: line.quantity for line in use.goods_ids},
            goods=use.groupbuy_id.order_id._get_groupbuy_goods(delivered=True),
            policy=use.groupbuy_id.policy_id,
            today=fields.Date.context_today(use),
            typed=typed,
            error=error,
        )

    @http.route(
        "/my/groupbuys/use/<int:use_id>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_report_use(self, use_id, **post):
        """Take in a report; what was sent before is not doubled."""
        use = self._find_groupbuy_use(use_id)
        if not use:
            return request.redirect("/my")
        # What has arrived stays, even if something is still missing: nobody likes to
        # send his photos twice.
        _result, error = self._try(lambda: self._keep_groupbuy_report(use, post))
        if not error:
            _result, error = self._try(lambda: self._finish_groupbuy_report(use))
        if error:
            return self._render_groupbuy_use(use, post, error)
        return request.redirect(f"/my/groupbuys/{use.groupbuy_id.id}?done=reported")

    def _keep_groupbuy_report(self, use, post):
        env = request.env
        use._check_evidence_wanted()
        use.groupbuy_id._check_state("shipped")
        goods = use.groupbuy_id.order_id._get_groupbuy_goods(delivered=True)
        used = {
            product: self._as_amount(post.get(f"used_{product.id}"))
            for product in goods
            if post.get(f"used_{product.id}")
        }
        guests, tables = (
            self._as_id(post.get("guests")),
            self._as_id(post.get("tables")),
        )
        if None in used.values() or guests < 0 or tables < 0:
            raise UserError(env._("Enter numbers for guests, tables and goods."))
        use.write(
            {
                "held_on": self._as_groupbuy_day(post.get("held_on")),
                "guests": guests,
                "tables": tables,
                "note": self._clean(post.get("note")),
                "goods_ids": [
                    Command.clear(),
                    *(
                        Command.create({"product_id": product.id, "quantity": quantity})
                        for product, quantity in used.items()
                    ),
                ],
            }
        )
        use._add_codes(self._clean(post.get("codes"), MAX_CODES).split())
        files = read_pictures(env, request.httprequest.files.getlist("files"))
        use._keep_evidence(files, read_position(post))

    def _finish_groupbuy_report(self, use):
        needed = use.groupbuy_id.policy_id.photos
        photos = len(use._get_counting_evidence())
        if photos < needed:
            raise UserError(
                request.env._(
                    "At least %(needed)s photos of this event are needed, %(photos)s "
                    "can be used. Photos that were sent before do not count.",
                    needed=needed,
                    photos=photos,
                )
            )
        use._report()

    @http.route(
        "/my/groupbuys/<int:groupbuy_id>/explain",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_explain_groupbuy(self, groupbuy_id, explanation="", **kw):
        """Take in why a group-buy was not as filed."""
        found = self._find_own(MODEL, groupbuy_id)
        if not found:
            return request.redirect("/my")
        text = self._clean(explanation)
        _result, error = self._try(lambda: found._explain(text))
        if error:
            return self._render_groupbuy(found, error=error)
        return request.redirect(f"/my/groupbuys/{found.id}?done=explained")
