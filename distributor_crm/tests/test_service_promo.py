# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .service_common import ServiceCommon, ServicePortalCase, picture


class PromoCommon(ServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.context_today(cls.env.user)
        cls.goods.default_code = "TB-1"

    def ask(self, quantity=10, **values):
        return self.env["distributor.promo.request"].create(
            {
                "partner_id": self.north.id,
                "company_id": self.company.id,
                "activity_name": "Spring fair",
                "platform": "Bargain Hall",
                "proof_url": "https://fair.example/1",
                "date_from": self.today,
                "date_to": self.today + timedelta(days=3),
                "line_ids": [
                    Command.create(
                        {
                            "product_id": self.goods.id,
                            "activity_price": 90,
                            "quantity": quantity,
                        }
                    )
                ],
                **values,
            }
        )

    def grant(self, quantity=10, price=55, **values):
        request = self.ask(**values)
        request.is_verified = True
        request.line_ids.write({"approved_quantity": quantity, "supply_price": price})
        request.with_user(self.sales_manager).action_approve()
        return request


@tagged("post_install", "-at_install")
class TestServicePromo(PromoCommon):
    def price(self, partner, quantity=2, **values):
        return self._order(
            partner, quantity, confirm=False, **values
        ).order_line.price_unit

    def test_price_is_for_whom_it_is_granted(self):
        """In its days, and for nobody else (R190, R205)."""
        self.grant()
        self.assertEqual(self.price(self.contacts[0]), 55)
        self.assertEqual(self.price(self.south), 100)
        self.assertEqual(self.price(self.shopper), 100)
        for days, price in ((-1, 100), (3, 55), (4, 100)):
            day = fields.Datetime.now() + timedelta(days=days)
            self.assertEqual(self.price(self.north, date_order=day), price, days)

    def test_no_discount_comes_on_top(self):
        self.env.user.group_ids += self.env.ref("product.group_product_pricelist")
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Gold",
                "company_id": self.company.id,
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 20})
                ],
            }
        )
        self.grant()
        line = self._order(
            self.north, confirm=False, pricelist_id=pricelist.id
        ).order_line
        self.assertEqual((line.price_unit, line.discount), (55, 0))
        line = self._order(
            self.south, confirm=False, pricelist_id=pricelist.id
        ).order_line
        self.assertAlmostEqual(line.price_subtotal, 160)

    def test_granted_quantity_is_used_up(self):
        promo = self.grant(10).line_ids
        self._order(self.north, 7)
        self.assertEqual(promo.ordered_quantity, 7)
        self.assertEqual(self.price(self.north, 4), 100)
        order = self._order(self.north, 3, confirm=False)
        self.assertEqual(order.order_line.price_unit, 55)
        order.order_line.product_uom_qty = 4
        self.assertEqual(order.order_line.price_unit, 100)
        order.order_line.product_uom_qty = 3
        other = self._order(self.north, 2, confirm=False)
        other.action_confirm()
        with self._refused(UserError, "1"):
            order.action_confirm()
        self.assertEqual(order.state, "draft")
        # Another unit is counted in that of the product.
        self.assertEqual(promo._get_left(), 1)

    def test_orders_of_customers_stand(self):
        """What a customer accepted and paid is confirmed; the manager hears of it."""
        request = self.grant(3)
        first = self._order(self.north, 3, confirm=False)
        second = self._order(self.north, 3, confirm=False)
        first.action_confirm()
        second.with_user(self.north_user).sudo().action_confirm()
        self.assertEqual(second.state, "sale")
        self.assertEqual(request.activity_ids.user_id, self.account_manager)

    def test_free_goods_use_nothing_up(self):
        promo = self.grant(10).line_ids
        self.env["sale.order"].create(
            {
                "partner_id": self.north.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.goods.id,
                            "price_unit": 0,
                            "rebate_exclusion": "Gift",
                        }
                    )
                ],
            }
        ).action_confirm()
        self.assertEqual(promo.ordered_quantity, 0)

    def test_ended_request_has_no_price(self):
        request = self.grant()
        order = self._order(self.north, confirm=False)
        request.with_user(self.sales_manager).action_cancel()
        self.assertEqual(self.price(self.north), 100)
        order._recompute_prices()
        self.assertEqual(order.order_line.price_unit, 100)

    def test_a_query_for_all_lines(self):
        """However many lines an order has, its campaigns are found at once."""
        self.grant()
        order = self._order(self.north, confirm=False)
        order.order_line = [
            Command.create(
                {"product_id": self.goods.id, "name": "x", "product_uom_qty": n}
            )
            for n in range(1, 9)
        ]
        self.env.flush_all()
        order.order_line[0].promo_line_id.mapped("ordered_quantity")
        with self.assertQueryCount(6):
            order.order_line._compute_promo_line_id()
            self.env.flush_all()

    def test_decision_needs_proof_and_price(self):
        request = self.ask()
        as_manager = request.with_user(self.sales_manager)
        with self._refused(UserError, "proof"):
            as_manager.action_approve()
        request.is_verified = True
        with self._refused(UserError, "Nothing is granted"):
            as_manager.action_approve()
        request.line_ids.approved_quantity = 5
        with self._refused(UserError, "supply price"):
            as_manager.action_approve()
        with self._refused(UserError, "reason"):
            as_manager.action_refuse()
        with self.assertRaises(UserError):
            request.with_user(self.account_manager).action_approve()
        request.line_ids.supply_price = 50
        as_manager.action_approve()
        for write in (
            lambda: request.line_ids.with_user(self.sales_manager).write(
                {"supply_price": 1}
            ),
            lambda: as_manager.write({"date_to": self.today + timedelta(days=99)}),
            lambda: as_manager.write({"state": "submitted"}),
        ):
            with self.assertRaises(UserError):
                write()

    def test_one_to_five_products(self):
        """The number is a setting of the company (R188)."""
        with self.assertRaises(ValidationError):
            self.ask(line_ids=False)
        self.company.promo_max_products = 1
        other = self.env["product.product"].create({"name": "Cups"})
        lines = [
            Command.create({"product_id": p.id, "activity_price": 9, "quantity": 1})
            for p in self.goods | other
        ]
        with self.assertRaises(ValidationError):
            self.ask(line_ids=lines)
        self.company.promo_max_products = 2
        self.ask(line_ids=lines)

    def test_portal_users_have_no_right(self):
        request = self.grant()
        for record in (request, request.line_ids):
            with self.assertRaises(AccessError):
                record.with_user(self.north_user).read(["state"])


@tagged("post_install", "-at_install")
class TestServicePromoPortal(PromoCommon, ServicePortalCase):
    def send(self, files=None, **values):
        data = {
            "activity_name": "Spring fair",
            "platform": "Bargain Hall",
            "proof_url": "https://fair.example/1",
            "date_from": str(self.today),
            "date_to": str(self.today),
            "product_1": "TB-1",
            "price_1": "90",
            "quantity_1": "20",
            **values,
        }
        return self._post("/my/campaigns/new", files=files, **data)

    def requests(self):
        return self.env["distributor.promo.request"].search(
            [("partner_id", "in", (self.north + self.south).ids)]
        )

    def test_apply_and_report(self):
        self._login()
        self.send(files=[("files", ("a.png", picture(), "image/png"))])
        request = self.requests()
        self.assertEqual(request.line_ids.product_id, self.goods)
        self.assertEqual(request.activity_ids.user_id, self.account_manager)
        url = f"/my/campaigns/{request.id}"
        sold = {f"sold_{request.line_ids.id}": "12"}
        self.assertIn("alert-danger", self._post(f"{url}/report", **sold).text)
        request.is_verified = True
        request.line_ids.write({"approved_quantity": 15, "supply_price": 50})
        request.with_user(self.sales_manager).action_approve()
        self.assertIn("50.00", self.url_open(url).text)
        self._post(f"{url}/report", **sold)
        self.assertEqual(request.line_ids.reported_quantity, 12)
        self.assertEqual(request.state, "reported")

    def test_bad_input(self):
        self._login()
        for values in (
            {"activity_name": ""},
            {"proof_url": "javascript:alert(1)"},
            {"date_from": "yesterday"},
            {"date_to": "2020-01-01"},
            {"product_1": "Nothing"},
            {"product_1": ""},
            {"price_1": "-5"},
            {"quantity_1": "1e99"},
        ):
            self.assertIn("alert-danger", self.send(**values).text, values)
        self.assertFalse(self.requests())

    def test_own_alone(self):
        request = self.grant()
        self._check_own_only(f"/my/campaigns/{request.id}")
        self._login("south_owner")
        self.assertTrue(self._is_home(self._post(f"/my/campaigns/{request.id}/report")))
        self.assertEqual(request.state, "approved")
