# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.exceptions import UserError, ValidationError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

# What a page may tell after it was left and opened again.
DONE = ("renewed", "declared", "trained")
QR_SIZE = 300


class StorePortal(CustomerPortal):
    """A distributor's own stores, and no one else's.

    Whatever is not his, or is not there, leads home alike: nothing tells which.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "store_count" in counters:
            stores, domain = self._get_own_stores()
            values["store_count"] = stores.search_count(domain)
        return values

    def _get_own_stores(self):
        """Return the stores with full rights, and the domain of one's own.

        Portal users hold no right on stores at all: sudo reads, and this domain alone
        decides what.
        """
        distributor = request.env.user.commercial_partner_id
        domain = [("partner_id", "=", distributor.id)]
        return request.env["distributor.store"].sudo(), domain

    def _get_own_store(self, store_id):
        """Return one's own store with full rights; nothing for all others'."""
        stores, domain = self._get_own_stores()
        return stores.search([*domain, ("id", "=", store_id)])

    @http.route("/my/stores", type="http", auth="user", website=True, readonly=True)
    def portal_my_stores(self, **kw):
        """The list of one's stores, with state and what is left of the training."""
        stores, domain = self._get_own_stores()
        return request.render(
            "distributor_crm.portal_my_stores",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "store",
                "stores": stores.search(domain, limit=self._items_per_page),
                "is_reduced": request.env.user.commercial_partner_id.has_reduced_access,
            },
        )

    @http.route("/my/stores/<int:store_id>", type="http", auth="user", website=True)
    def portal_my_store(self, store_id, done=None, **kw):
        """One store; a stranger's leads home."""
        store = self._get_own_store(store_id)
        if not store:
            return request.redirect("/my")
        return self._render_store(store, done=done if done in DONE else None)

    def _render_store(self, store, **values):
        """Return the page of a store."""
        owner, company = store.partner_id, store.company_id
        Shop = store.env["distributor.declared.shop"]
        return request.render(
            "distributor_crm.portal_my_store",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "store",
                "store": store,
                "agreement": owner._get_agreement_in_force(company, store.mode),
                "invite_url": store._get_invite_url(),
                # Of others no more than name and state: they are persons.
                "children": [
                    {"name": child.name, "state": child.state}
                    for child in store.child_ids
                ],
                "shops": Shop.search(
                    [("partner_id", "=", owner.id), ("company_id", "=", company.id)]
                ),
                "platforms": Shop._fields["platform"]._description_selection(
                    request.env
                ),
                "is_reduced": owner.has_reduced_access,
                **values,
            },
        )

    def _do_store(self, store_id, done, act, **values):
        """Do what the owner asks for, and show the outcome.

        :param done: what the page says afterwards
        :param act: called with the store, refuses with a UserError
        """
        store = self._get_own_store(store_id)
        if not store:
            return request.redirect("/my")
        try:
            with request.env.cr.savepoint():
                if store.partner_id.has_reduced_access:
                    raise UserError(
                        request.env._(
                            "Your agreement is over; nothing new begins here."
                        )
                    )
                act(store)
        except (UserError, ValidationError) as error:
            return self._render_store(store, error=str(error), **values)
        return request.redirect(f"/my/stores/{store.id}?done={done}")

    @http.route(
        "/my/stores/<int:store_id>/shop",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_store_shop(self, store_id, name="", platform="", address="", **kw):
        """Declare another shop that one runs (R180)."""

        def declare(store):
            store.env["distributor.declared.shop"]._declare(
                store.partner_id, store.company_id, name, platform, address
            )

        typed = {"name": name, "platform": platform, "address": address}
        return self._do_store(store_id, "declared", declare, typed=typed)

    @http.route(
        "/my/stores/<int:store_id>/invite",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_store_invite(self, store_id, **kw):
        """Renew the link of invitation; the old one stops working."""

        def renew(store):
            if not store._can_invite():
                raise UserError(request.env._("This store cannot invite others."))
            store.action_renew_invite()

        return self._do_store(store_id, "renewed", renew)

    @http.route("/my/stores/<int:store_id>/qr", type="http", auth="user", website=True)
    def portal_store_qr(self, store_id, **kw):
        """The link of invitation as a picture, of one size and of no other text."""
        url = self._get_own_store(store_id)
        url = url and url._get_invite_url()
        if not url:
            return request.redirect("/my")
        picture = request.env["ir.actions.report"].barcode(
            "QR", url, width=QR_SIZE, height=QR_SIZE
        )
        return request.make_response(
            picture,
            headers=[
                ("Content-Type", "image/png"),
                ("Content-Length", len(picture)),
                ("Cache-Control", "private, no-store"),
            ],
        )
