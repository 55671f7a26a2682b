# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import time

from odoo import fields, models
from odoo.http import request
from odoo.tools import hash_sign, verify_hash_signed

from odoo.addons.distributor_crm.models.store.distributor_store import SLUG

# What the session knows: the store whose page was opened last, whose prices are shown;
# and the link that counts, as website, store and second.
SESSION_STORE = "distributor_store"
SESSION_LINK = "distributor_store_link"
SESSION_VISITS = "distributor_store_visits"
SESSION_BOUND = "distributor_store_bound"
COOKIE = "store_link"
DAY = 24 * 60 * 60
# A link followed again counts anew; not on each page of the same visit.
REFRESH = 60 * 60
VISITS_KEPT = 20


class Website(models.Model):
    """Whose customer a visitor is (R014): the store whose link he followed.

    The session carries it, and a signed cookie that outlives the session. Neither is
    read where no store is concerned.
    """

    _inherit = "website"

    # -- stores ----------------------------------------------------------------------

    def _get_store_domain(self):
        """Return the domain of the stores that this website shows to visitors."""
        return [
            ("state", "=", "open"),
            ("company_id", "=", self.company_id.id),
            ("website_id", "in", [False, self.id]),
        ]

    def _find_store(self, slug):
        """Return the store that visitors see under an address; empty for all others.

        :param slug: what the browser sent, untrusted
        """
        # Visitors have no rights on stores; the domain lets open ones through alone.
        Store = self.env["distributor.store"].sudo()
        slug = slug.lower() if isinstance(slug, str) else ""
        if not SLUG.fullmatch(slug):
            return Store
        return Store.search([("slug", "=", slug), *self._get_store_domain()], limit=1)

    def _browse_store(self, store_id, to_owner=False):
        """Return a store that a session or a cookie names, if visitors see it.

        :param to_owner: its owner sees it before they do
        """
        known = request and vars(request).get("distributor_store")
        if known and known.id == store_id:
            store = known
        else:
            # Visitors have no rights on stores; only what is shown is returned.
            store = self.env["distributor.store"].sudo().browse(store_id).exists()
        partner = self.env.user.partner_id
        return store.filtered(
            lambda s: s._is_shown_on(self) or (to_owner and self._is_own(s, partner))
        )

    def _get_current_store(self):
        """Return the store whose page the visitor came from, and whose prices he is
        shown; empty for the owner himself, who buys at his tier's prices.

        The page of a store shows its prices to everybody, the owner too.
        """
        if shown := self.env.context.get("shown_store_id"):
            return self._browse_store(shown, to_owner=True)
        if not request:
            return self.env["distributor.store"]
        # Looked up once a request, as the cart and the pricelist are.
        if "distributor_store" not in vars(request):
            store_id = request.session.get(SESSION_STORE)
            request.distributor_store = store_id and self._browse_store(store_id)
        store = request.distributor_store or self.env["distributor.store"]
        return store.filtered(lambda s: not self._is_own(s, self.env.user.partner_id))

    def _is_own(self, store, partner):
        return store.partner_id == partner.sudo().commercial_partner_id

    # -- links -----------------------------------------------------------------------

    def _follow_store(self, store):
        """Remember that the visitor came to a store: its prices are shown, and what he
        buys is its sale by the rules of the website."""
        session = request.session
        if session.get(SESSION_STORE) != store.id:
            session[SESSION_STORE] = store.id
        request.distributor_store = store
        self._count_store_visit(store)
        link_store, at = self._get_store_link()
        now = int(time.time())
        self._bind_visitor(store)
        stands = self.store_link_rule == "first" or (
            link_store == store and now - at < REFRESH
        )
        if link_store and stands:
            return
        session[SESSION_LINK] = [self.id, store.id, now]
        # A system parameter signs; visitors read none.
        value = hash_sign(self.sudo().env, COOKIE, session[SESSION_LINK])
        request.future_response.set_cookie(
            COOKIE,
            value,
            max_age=self.store_link_days * DAY,
            expires=None,
            httponly=True,
            secure=request.httprequest.scheme == "https",
            samesite="Lax",
            cookie_type="optional",
        )

    def _get_store_link(self):
        """Return the store whose link counts, and the second it was followed.

        :return: an empty store and 0 where none does
        """
        none = self.env["distributor.store"], 0
        if not request:
            return none
        link = request.session.get(SESSION_LINK) or self._read_store_cookie()
        if not link:
            return none
        website_id, store_id, at = link
        if website_id != self.id or time.time() - at > self.store_link_days * DAY:
            return none
        return self._browse_store(store_id), at

    def _read_store_cookie(self):
        """Return what the cookie says if we signed it, else None."""
        value = request.httprequest.cookies.get(COOKIE)
        if not value or len(value) > 500:
            return None
        try:
            # A system parameter signed; visitors read none.
            link = verify_hash_signed(self.sudo().env, COOKIE, value)
        except ValueError:  # no base 64, or of another version: not ours
            return None
        if link:
            # Read once a session.
            request.session[SESSION_LINK] = link
        return link

    def _count_store_visit(self, store):
        """Count a visitor of a store once a day and session; robots never."""
        if request.env.cr.readonly or self.env["ir.http"].is_a_bot():
            return
        today = str(fields.Date.context_today(self))
        seen = request.session.get(SESSION_VISITS) or {}
        if seen.get(str(store.id)) == today:
            return
        kept = list(seen.items())[-VISITS_KEPT:]
        request.session[SESSION_VISITS] = dict([*kept, (str(store.id), today)])
        self.env["distributor.store.visit"]._count(store)

    # -- whose sale it is ------------------------------------------------------------

    def _get_attributed_store(self, partner):
        """Return the store whose sale it is when someone buys now.

        The store that the shopper belongs to comes first, then the one whose link
        counts; an owner's own orders are his store's sale only if the website says so.

        :param partner: who buys; the public user's partner before he said who he is
        """
        store = self.env["distributor.store"]
        if self.store_binding != "off" and not self._is_public_partner(partner):
            # Shoppers have no rights on bindings.
            Binding = self.env["distributor.store.binding"].sudo()
            store = Binding._get_store(partner, self.company_id)
            store = store.filtered(lambda s: s._is_shown_on(self))
        return self._without_own(store or self._get_store_link()[0], partner)

    def _without_own(self, store, partner):
        """Return the store, unless it is the buyer's own and that does not count."""
        if store and self._is_own(store, partner) and not self.store_own_orders:
            return store.browse()
        return store

    def _is_public_partner(self, partner):
        # Who the public user is, is no secret of his.
        return partner == self.sudo().user_id.partner_id

    def _bind_visitor(self, store):
        """Bind a visitor who is logged in, once a session and store."""
        visit = [self.env.uid, store.id]
        if self.store_binding == "off" or self.env.user._is_public():
            return
        if request.session.get(SESSION_BOUND) != visit and not self.env.cr.readonly:
            request.session[SESSION_BOUND] = visit
            self._bind_shopper(self.env.user.partner_id, store)

    def _bind_shopper(self, partner, store, order=None):
        """Bind a shopper to a store, by the rules of the website.

        :param order: the order that binds him: it makes him no old customer, and binds
            him to no other store
        """
        if (
            self.store_binding == "off"
            or self._is_public_partner(partner)
            or self._is_own(store, partner)
            or (self.store_binding == "new" and self._is_old_customer(partner, order))
        ):
            return
        # Shoppers have no rights on bindings.
        Binding = self.env["distributor.store.binding"].sudo()
        shopper = partner.sudo()
        if order and Binding._get_store(shopper, self.company_id):
            return
        Binding._bind(shopper, store, self.store_binding_rule, self.store_binding_days)

    def _is_old_customer(self, partner, order):
        # Shoppers read their own orders alone; here they are counted.
        Order = self.env["sale.order"].sudo()
        domain = [
            ("partner_id", "child_of", partner.sudo().commercial_partner_id.id),
            ("company_id", "=", self.company_id.id),
            ("state", "=", "sale"),
            ("id", "!=", order.id if order else 0),
        ]
        return bool(Order.search_count(domain, limit=1))

    def _get_continue_url(self):
        """Return where a shopper goes on shopping: the store that he came from."""
        store = self._get_current_store()
        return f"/store/{store.slug}" if store else "/shop"

    # -- the shop --------------------------------------------------------------------

    def _get_shopper_taxes(self, taxes):
        """Return the taxes that the shopper pays instead of a product's."""
        return request.fiscal_position.map_tax(taxes)

    def _prepare_sale_order_values(self, partner_sudo):
        # EXTENDS website_sale
        values = super()._prepare_sale_order_values(partner_sudo)
        store = self._get_attributed_store(partner_sudo)
        return {**values, "store_id": store.id} if store else values
