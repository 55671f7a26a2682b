# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2.extras import execute_values

from odoo import api, models

from .matcher import Matcher

# What a batch of observations is written with, in this order.
COLUMNS = (
    *("company_id", "source_id", "source_ref", "import_id", "observed_at", "day"),
    *("product_id", "product_code", "platform", "shop_name", "shop_url", "url"),
    *("channel", "country_id", "state_id", "marked_price", "paid_price"),
    *("currency_id", "tax_included", "shipping", "pieces", "promotion_id"),
    *("partner_id", "shop_id", "store_id", "shop_key", "is_undeclared", "state"),
    *("create_uid", "write_uid", "create_date", "write_date"),
)


class DistributorPriceObservation(models.Model):
    # One model, a file for each of its tasks.
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "distributor.price.observation"

    @api.model
    def _make_matcher(self, company, source):
        """Return what looks up shops and products for a company's observations."""
        # Who sends prices does not see whose shops and products they are.
        return Matcher(self.sudo().env, company, source.sudo())

    def _match(self):
        """Find product, shop and distributor of these, as far as they are missing."""
        # The comparison alone sets what is found; who may was checked by the caller.
        for (company, source), group in (
            self.sudo().grouped(lambda seen: (seen.company_id, seen.source_id)).items()
        ):
            matcher = self._make_matcher(company, source)
            matcher.learn(group.mapped("product_code"))
            for seen in group:
                seen.write(seen._find_match(matcher))

    def _find_match(self, matcher):
        self.ensure_one()
        values = {}
        product = self.product_id.id
        if not product:
            product, pieces = matcher.find_product(self.product_code)
            values["product_id"] = product or False
            if pieces > 1 and self.pieces == 1:
                values["pieces"] = pieces
        place = matcher.find_place(
            shop_url=self.shop_url or "",
            url=self.url or "",
            platform=self.platform or "",
            shop_name=self.shop_name or "",
            partner=self.partner_id.id,
        )
        shop = self.shop_id
        if shop and shop.state != "rejected":
            values |= {
                "partner_id": shop.partner_id.id,
                "shop_key": f"shop/{shop.id}",
                "is_undeclared": False,
            }
        else:
            values |= {
                "shop_id": place.shop or False,
                "store_id": place.store or False,
                "partner_id": place.partner or False,
                "shop_key": place.key,
                "is_undeclared": place.undeclared,
            }
        values["state"] = "new" if product else "unknown_product"
        return values

    @api.model
    def _insert(self, rows):
        """Write observations that were read and matched, past the ORM: a million of them
        come in at once, and nothing listens to their creation.

        :param rows: tuples of ``COLUMNS``
        :return: how many were new; those that came before are left alone
        """
        self.flush_model()
        # The columns are ours; the values go as parameters.
        names = ", ".join(f'"{name}"' for name in COLUMNS)
        found = execute_values(
            self.env.cr._obj,
            f"INSERT INTO distributor_price_observation ({names}) VALUES %s"  # noqa: S608
            " ON CONFLICT (source_id, source_ref) WHERE source_ref IS NOT NULL"
            " DO NOTHING RETURNING id",
            rows,
            page_size=2000,
            fetch=True,
        )
        return len(found)
