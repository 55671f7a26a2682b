# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.tests import tagged

from odoo.addons.website.tests.test_performance import UtilPerf

from .store_common import StoreHttpCommon


@tagged("post_install", "-at_install")
class TestStoreQueries(UtilPerf, StoreHttpCommon):
    """What a page asks of the database, warm."""

    def queries(self, path):
        return self._get_url_hot_query(path, query_list=True)[1]

    def test_shop_asks_nothing_of_stores(self):
        """Who never came to a store costs nothing more than without the addon."""
        self.browse_anew()
        for path in ("/shop", f"/shop/plum-spirit-{self.plum.id}", "/shop/cart"):
            asked = [q for q in self.queries(path) if "distributor_store" in q]
            self.assertFalse(asked, path)

    def test_store_page_asks_little_and_no_more_for_more(self):
        shop = len(self.queries("/shop"))
        path = "/store/north-store"
        few = self.queries(path)
        self.assertLessEqual(len(few), shop + 4, len(few))
        products = self.env["product.template"].create(
            [
                {
                    "name": f"More {n}",
                    "is_published": True,
                    "list_price": n,
                    "taxes_id": [Command.clear()],
                }
                for n in range(15)
            ]
        )
        self.env["distributor.store.product"].create(
            [
                {"store_id": self.store.id, "product_tmpl_id": p.id, "price": 5}
                for p in products
            ]
        )
        for number in range(20):
            self.open_store(self.south, f"more-{number}", {self.plum: 80 + number})
        many = self.queries(path)
        self.assertLessEqual(len(many), len(few) + 1, len(many))
