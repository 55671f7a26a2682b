# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_service_shipping import ShippingCommon


@tagged("post_install", "-at_install")
class TestServiceShippingReport(ShippingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now()

    def ordered(self, hours, partner=None, ship=True, **values):
        """An order confirmed so many hours ago, shipped now or not."""
        order = self._order(partner or self.north, 1, **values)
        order.date_order = self.now - timedelta(hours=hours)
        if ship:
            self._ship(order)
        return order

    def rows(self, orders):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["distributor.shipping.report"].search(
            [("order_id", "in", orders.ids)]
        )

    def test_on_time_late_and_still_to_come(self):
        """Within 24 hours of its confirmation; what still has time is not judged."""
        good, late = self.ordered(23), self.ordered(25)
        missing, coming = self.ordered(30, ship=False), self.ordered(2, ship=False)
        rows = self.rows(good | late | missing | coming)
        self.assertEqual(
            {row.order_id: row.is_on_time for row in rows},
            {good: True, late: False, missing: False},
        )
        self.assertFalse(rows.filtered(lambda r: r.order_id == missing).shipped_at)
        groups = self.env["distributor.shipping.report"].formatted_read_group(
            [("id", "in", rows.ids)], ["partner_id"], ["on_time:avg"]
        )
        self.assertAlmostEqual(groups[0]["on_time:avg"], 100 / 3)
        self.company.shipping_sla_hours = 26
        self.assertEqual(sum(self.rows(good | late).mapped("is_on_time")), 2)

    def test_presale_promises_nothing(self):
        order = self.ordered(99)
        self.assertTrue(self.rows(order))
        self.goods.is_presale = True
        self.assertFalse(self.rows(order))

    def test_orders_of_a_store_count_for_its_owner(self):
        store = self._store(self.south, "sla")
        through = self.ordered(1, self.shopper, store_id=store.id)
        other = self.ordered(1, self.shopper)
        self.assertEqual(self.rows(through | other).partner_id, self.south)

    def test_who_sees_which(self):
        rows = self.rows(self.ordered(1))
        self.north.user_id = self.north.account_manager_id = False
        self.env.flush_all()
        self.env.invalidate_all()
        for user, sees in (
            (self.sales_rep, 0),
            (self.account_manager, 0),
            (self.sales_manager, 1),
            (self.finance, 1),
        ):
            found = rows.with_user(user).search_count([("id", "in", rows.ids)])
            self.assertEqual(found, sees, user.login)
        with self.assertRaises(AccessError):
            rows.with_user(self.north_user).read(["hours"])

    def test_kits_hold_what_one_is_authorized_for(self):
        """Files of other categories are not offered (R168)."""
        spirits, barware = self.env["product.category"].create(
            [{"name": "Kit spirits"}, {"name": "Kit barware"}]
        )
        kit = self.env["distributor.kit"].create(
            {
                "name": "All",
                "company_id": self.company.id,
                "categ_ids": [fields.Command.set((spirits | barware).ids)],
            }
        )
        kit.action_publish()
        self.env["distributor.authorization"].search([]).unlink()
        self.assertEqual(len(kit._get_files(self.north)), 2)
        territory = self.env["distributor.territory"].create(
            {
                "name": "Kit land",
                "company_id": self.company.id,
                "area_ids": [
                    fields.Command.create({"country_id": self.env.ref("base.de").id})
                ],
            }
        )
        self.env["distributor.authorization"].create(
            {
                "partner_id": self.north.id,
                "territory_id": territory.id,
                "categ_id": spirits.id,
            }
        )
        self.assertEqual(kit._get_files(self.north).categ_id, spirits)
        self.assertFalse(kit._get_files(self.south))
