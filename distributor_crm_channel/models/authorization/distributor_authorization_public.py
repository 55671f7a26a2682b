# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re

from odoo import api, fields, models
from odoo.tools import SQL

from ...similarity import normalize_name, ratio
from .distributor_authorization import IN_FORCE

MAX_KEY = 64
MIN_NAME, MAX_NAME = 2, 60
# How many names of the same beginning or end are compared at most.
CANDIDATES = 200
KEY = re.compile(r"[\w./-]+")


class DistributorAuthorization(models.Model):
    """What everybody may know of an authorization: whether it holds, and nothing else.

    Visitors hold no right on authorizations. What they learn is one of three words.
    """

    _inherit = "distributor.authorization"

    search_key = fields.Char(
        compute="_compute_search_key",
        store=True,
        copy=False,
        help="The name of the shop without what people write differently.",
    )

    _search_key_idx = models.Index(
        "(company_id, search_key text_pattern_ops) WHERE search_key IS NOT NULL"
    )
    _search_key_end_idx = models.Index(
        "(company_id, reverse(search_key) text_pattern_ops) WHERE search_key IS NOT NULL"
    )

    @api.depends("shop_id.name", "store_id.name")
    def _compute_search_key(self):
        for record in self:
            record.search_key = normalize_name(record.shop_name)[:MAX_NAME] or False

    def _get_public_state(self):
        """Return `valid`, `expired` or `withdrawn`; None for what was never shown.

        What hangs on a suspended store, a rejected shop or a blacklisted distributor is
        not valid, whatever its own record says.
        """
        self.ensure_one()
        record = self.sudo()  # visitors learn the returned word alone
        if record.decision == "withdrawn" and record.name:
            return "withdrawn"
        if record.decision != "granted" or not record.name:
            return None
        if record.state == "expired":
            return "expired"
        if record.state not in IN_FORCE:
            return None
        shop, store = record.shop_id, record.store_id
        stands = (
            not record.partner_id._get_authorization_obstacle(record.company_id)
            and (not shop or shop.state == "verified")
            and (not store or store.state == "open")
        )
        return "valid" if stands else "withdrawn"

    @api.model
    def _find_public(self, key, company):
        """Return what the code of a certificate or a number leads to, with full rights.

        :param key: untrusted
        """
        if not isinstance(key, str) or not 4 <= len(key) <= MAX_KEY:
            return self.browse()
        if not KEY.fullmatch(key):
            return self.browse()
        records = self.sudo()  # visitors learn one word of what is found
        return records.search([("access_key", "=", key)], limit=1) or records.search(
            [("company_id", "=", company.id), ("name", "=", key.upper())], limit=1
        )

    @api.model
    def _search_public(self, name, company):
        """Return whether a shop of this name is authorized (R180-R182).

        :param name: as typed, untrusted
        :return: the states of shops of just this name, and whether there is a similar
            name that is authorized; never a name
        """
        key = normalize_name(name if isinstance(name, str) else "")
        if not MIN_NAME <= len(key) <= MAX_NAME:
            return [], False
        records = self.sudo()  # visitors learn one word of what is found
        same = records.search(
            [("company_id", "=", company.id), ("search_key", "=", key)],
            limit=20,
            order="date_to desc NULLS FIRST, id desc",
        )
        states = [state for r in same if (state := r._get_public_state())]
        if states:
            return [s for s in ("valid", "expired", "withdrawn") if s in states], False
        return [], self._has_similar(key, company)

    @api.model
    def _has_similar(self, key, company):
        self.flush_model(["search_key", "company_id", "decision"])
        escaped = key.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, search_key FROM distributor_authorization
                 WHERE company_id = %(company)s AND decision = 'granted'
                   AND (search_key LIKE %(head)s
                        OR reverse(search_key) LIKE %(tail)s)
                   AND length(search_key) BETWEEN %(low)s AND %(high)s
                 ORDER BY abs(length(search_key) - %(length)s), id DESC
                 LIMIT %(limit)s
                """,
                company=company.id,
                head=escaped[:2] + "%",
                tail=key[::-1][:2] + "%",
                low=len(key) * 0.6,
                high=len(key) * 1.6,
                length=len(key),
                limit=CANDIDATES,
            )
        )
        least = self.env["distributor.authorization.policy"]._find(company).near_ratio
        alike = [row_id for row_id, other in rows if ratio(key, other) >= least]
        return any(r._get_public_state() == "valid" for r in self.browse(alike))
