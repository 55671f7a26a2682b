# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Whose shop and which product: what is looked up for many observations at once."""

from collections import defaultdict
from typing import NamedTuple

from odoo.tools import SQL

from odoo.addons.distributor_crm.sales_import.values import normalise_name

# More is known than any file asks for: the memory of a worker is not.
MAX_CODES = 500_000


class Place(NamedTuple):
    """Where something was seen: ids, 0 for what is not known."""

    shop: int = 0
    store: int = 0
    partner: int = 0
    key: str | None = None
    undeclared: bool = False


class Matcher:
    """Looks up codes, shops and distributors of a company, each of them once.

    :param env: with full rights; who sends prices does not see what they are held to
    """

    def __init__(self, env, company, source):
        self.env = env
        self.company = company
        self.source = source
        self._products = {}
        self._partners = {}
        self._pages = {}
        self._read_shops()
        self.currencies = {
            currency.name: currency.id for currency in env["res.currency"].search([])
        }
        self.promotions = {
            name.casefold(): promotion.id
            for promotion in env["distributor.price.promotion"].search([])
            for name in (promotion.code, promotion.name)
        }
        self.states = {}
        for state in env["res.country.state"].search(
            [("country_id", "=", company.country_id.id)] if company.country_id else []
        ):
            for name in (state.code, state.name):
                self.states[normalise_name(name)] = state.id, state.country_id.id

    # -- products --------------------------------------------------------------------

    def learn(self, codes):
        """Look up product codes that are not known yet, in one statement."""
        if len(self._products) > MAX_CODES:
            self._products.clear()
        unknown = [code for code in set(codes) if code and code not in self._products]
        if not unknown:
            return
        for model in ("product.product", "product.template", "distributor.price.code"):
            self.env[model].flush_model()
        found = defaultdict(list)
        for code, rank, product, pieces in self.env.execute_query(
            SQL(
                """
                SELECT c.code, CASE WHEN c.source_id IS NULL THEN 2 ELSE 1 END,
                       c.product_id, c.pieces
                  FROM distributor_price_code c
                 WHERE c.company_id = %(company)s AND c.code = ANY(%(codes)s)
                   AND (c.source_id IS NULL OR c.source_id = %(source)s)
                 UNION ALL
                SELECT p.barcode, 3, p.id, 1
                  FROM product_product p
                  JOIN product_template t ON t.id = p.product_tmpl_id
                 WHERE p.active AND p.barcode = ANY(%(codes)s)
                   AND COALESCE(t.company_id, %(company)s) = %(company)s
                 UNION ALL
                SELECT p.default_code, 4, p.id, 1
                  FROM product_product p
                  JOIN product_template t ON t.id = p.product_tmpl_id
                 WHERE p.active AND p.default_code = ANY(%(codes)s)
                   AND COALESCE(t.company_id, %(company)s) = %(company)s
                """,
                company=self.company.id,
                source=self.source.id or None,
                codes=unknown,
            )
        ):
            found[code].append((rank, product, pieces))
        for code in unknown:
            best = min((hit[0] for hit in found[code]), default=None)
            hits = {hit[1:] for hit in found[code] if hit[0] == best}
            # Two products with one reference: a person decides.
            self._products[code] = hits.pop() if len(hits) == 1 else (0, 1)

    def find_product(self, code):
        """Return (product id or 0, pieces) of a code that was learnt."""
        return self._products.get(code, (0, 1))

    # -- shops -----------------------------------------------------------------------

    def _read_shops(self):
        shops = self.env["distributor.declared.shop"]
        shops = shops.search_fetch(
            [("company_id", "=", self.company.id)],
            ["name", "platform", "url_key", "state", "partner_id"],
        )
        self._key_of = shops._get_url_key
        self._by_url, self._by_name, self._rejected = {}, defaultdict(set), {}
        for shop in shops:
            name = shop.platform, normalise_name(shop.name)
            owner = shop.partner_id.id
            if shop.state == "rejected":
                self._rejected[shop.url_key] = self._rejected[name] = owner
                continue
            place = Place(shop.id, 0, owner, f"shop/{shop.id}")
            self._by_url[shop.url_key] = place
            self._by_name[name].add(place)
        stores = self.env["distributor.store"].search_fetch(
            [("company_id", "=", self.company.id)], ["slug", "partner_id"]
        )
        self._stores = {
            store.slug: Place(0, store.id, store.partner_id.id, f"store/{store.id}")
            for store in stores
        }
        websites = self.env["website"].search([("company_id", "=", self.company.id)])
        urls = [self.env["distributor.store"].get_base_url()]
        urls += [website.get_base_url() for website in websites]
        self._hosts = {self._key_of(url) or url.split("//")[-1] for url in urls}

    def find_place(self, *, shop_url="", url="", platform="", shop_name="", partner=0):
        """Return whose shop it is.

        The address of the shop counts first, then the page, which lies in a shop if its
        address begins with the shop's; then the name on its platform. A shop that nobody
        declared, or that was rejected, is an undeclared one of the distributor if he is
        known otherwise.

        :param partner: id of the distributor, if what was seen says so
        """
        for address in filter(None, (shop_url, url)):
            if address not in self._pages:
                if len(self._pages) > MAX_CODES:
                    self._pages.clear()
                self._pages[address] = self._find_by_url(address)
            if place := self._pages[address]:
                return place
        name = platform, normalise_name(shop_name)
        if shop_name and len(self._by_name.get(name, ())) == 1:
            return next(iter(self._by_name[name]))
        key = self._key_of(shop_url) if shop_url else ""
        partner = partner or self._rejected.get(key) or self._rejected.get(name) or 0
        if key:
            where = f"url/{key}"
        elif shop_name:
            where = f"name/{platform or ''}/{name[1]}"
        else:
            where = f"partner/{partner}" if partner else None
        is_undeclared = bool(partner and (key or shop_name) and platform != "premises")
        return Place(0, 0, partner, where and where[:200], is_undeclared)

    def _find_by_url(self, address):
        key = self._key_of(address)
        if not key:
            return None
        if key in self._by_url:
            return self._by_url[key]
        path = key.split("?")[0]
        host, _slash, rest = path.partition("/")
        if host in self._hosts:
            kind, _slash, slug = rest.partition("/")
            if kind in ("store", "s"):
                return self._stores.get(slug.split("/")[0])
            return None
        while path:
            if path in self._by_url:
                return self._by_url[path]
            path = path.rpartition("/")[0]
        return None

    # -- distributors ----------------------------------------------------------------

    def learn_partners(self, codes):
        """Look up references or names of distributors that are not known yet."""
        unknown = [code for code in set(codes) if code and code not in self._partners]
        if not unknown:
            return
        self.env["res.partner"].flush_model()
        found = defaultdict(set)
        for ref, name, partner in self.env.execute_query(
            SQL(
                """
                SELECT ref, name, COALESCE(commercial_partner_id, id)
                  FROM res_partner
                 WHERE active AND is_distributor
                   AND COALESCE(company_id, %(company)s) = %(company)s
                   AND (ref = ANY(%(codes)s) OR name = ANY(%(codes)s))
                """,
                company=self.company.id,
                codes=unknown,
            )
        ):
            for code in {ref, name} & set(unknown):
                found[code].add(partner)
        for code in unknown:
            hits = found[code]
            self._partners[code] = hits.pop() if len(hits) == 1 else 0

    def find_partner(self, code):
        """Return the id of a distributor whose code was learnt, 0 for none."""
        return self._partners.get(code, 0)
