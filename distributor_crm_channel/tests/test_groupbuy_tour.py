# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.distributor_crm.tests.evidence_common import photo

from .groupbuy_common import GroupbuyCommon


@tagged("post_install", "-at_install")
class TestGroupbuyTour(GroupbuyCommon, HttpCase):
    def test_from_the_filing_to_the_verdict(self):
        """A distributor files on the portal, his account manager verifies."""
        order = self._order(self.north, 30)
        self.start_tour(
            "/my/service", "distributor_groupbuy_portal_tour", login="north_owner"
        )
        groupbuy = order.groupbuy_id
        self.assertEqual(groupbuy.state, "filed")
        self.assertEqual(sorted(groupbuy.use_ids.mapped("quantity")), [10, 20])

    def test_verify(self):
        groupbuy = self._file_and_ship()
        use = groupbuy.use_ids
        use.write(
            {
                "held_on": self.today,
                "tables": 10,
                "goods_ids": [
                    Command.create({"product_id": self.goods.id, "quantity": 30})
                ],
            }
        )
        use._keep_evidence([(f"{n}.jpg", photo(n)) for n in range(2)])
        self.start_tour(
            "/odoo/distributor-groupbuys",
            "distributor_groupbuy_verify_tour",
            login=self.account_manager.login,
        )
        self.assertEqual((groupbuy.result, use.guests), ("consistent", 100))
        self.assertEqual(use.performer, "staff")
