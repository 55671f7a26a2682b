# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .price_common import PriceCommon


@tagged("post_install", "-at_install")
class TestPriceOrder(PriceCommon):
    """Floors bind quotations and orders: an approval, or a refusal (R170)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls.env["res.partner"].create({"name": "Buyer"})

    def test_confirming_needs_an_approval(self):
        self.make_rule(self.plum)
        order = self.order_of(self.buyer, 99.99)
        self.assertIn("99.99", order.price_breach_note)
        for act in (order.action_confirm, order.action_quotation_send):
            with self._refused(UserError, "ask a sales manager"):
                act()
        with self._refused(UserError, "ask a sales manager"):
            order.action_quotation_sent()
        order.order_line.price_unit = 100
        self.assertFalse(order.price_breach_note)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_manager_allows_these_prices_and_no_lower_ones(self):
        self.make_rule(self.plum)
        order = self.order_of(self.buyer, 80)
        order.user_id = self.account_manager
        self.assertTrue(order.can_allow_prices)
        with self._refused(AccessError, "managers alone"):
            order.with_user(self.account_manager)._allow_prices("No")
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.env["distributor.price.allow"].with_user(self.account_manager).create(
                {"order_id": order.id, "reason": "No"}
            )
        action = order.with_user(self.sales_manager).action_allow_prices()
        wizard = (
            self.env["distributor.price.allow"]
            .with_user(self.sales_manager)
            .with_context(**action["context"])
            .create({"reason": "Old label"})
        )
        wizard.action_allow()
        self.assertEqual(order.prices_allowed_by_id, self.sales_manager)
        self.assertIn("Old label", order.message_ids[0].body)
        order.order_line.price_unit = 79
        with self._refused(UserError, "ask a sales manager"):
            order.action_confirm()
        order.order_line.price_unit = 85
        order.action_confirm()

    def test_nobody_allows_himself(self):
        self.make_rule(self.plum)
        order = self.order_of(self.buyer, 80)
        with self._refused(UserError, "button"):
            order.order_line.with_user(self.sales_manager).price_allowed = 1
        line = self.env["sale.order.line"].with_user(self.sales_manager)
        made = line.create(
            {
                "order_id": order.id,
                "product_id": self.rye.product_variant_id.id,
                "price_allowed": 1,
            }
        )
        self.assertFalse(made.price_allowed)

    def test_refused_by_the_rule(self):
        self.make_rule(self.plum, on_breach="refuse")
        order = self.order_of(self.buyer, 80)
        self.assertFalse(order.can_allow_prices)
        with self._refused(UserError, "take the discount back"):
            order.with_user(self.sales_manager)._allow_prices("Please")
        with self._refused(UserError, "take the discount back"):
            order.action_confirm()

    def test_distributors_orders_have_their_own_rules(self):
        """A retail floor leaves what distributors pay alone."""
        self.make_rule(self.plum)
        self.order_of(self.north, 60).action_confirm()
        self.make_rule(self.plum, floor_price=55, channel="wholesale")
        self.order_of(self.north, 60).action_confirm()
        with self._refused(UserError, "lowest price"):
            self.order_of(self.north, 54).action_confirm()

    def test_place_and_currency(self):
        china = self.env.ref("base.cn")
        self.make_rule(self.plum, country_id=china.id)
        self.order_of(self.buyer, 60).action_confirm()
        self.buyer.country_id = china
        with self._refused(UserError, "lowest price"):
            self.order_of(self.buyer, 60).action_confirm()
        self.env["res.currency.rate"].search(
            [("currency_id", "=", self.foreign.id)]
        ).unlink()
        self.env["res.currency.rate"].create(
            {"currency_id": self.foreign.id, "name": self._day(-10), "rate": 2}
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": self.foreign.id}
        )
        with self._refused(UserError, "lowest price"):
            self.order_of(self.buyer, 199, pricelist_id=pricelist.id).action_confirm()
        self.order_of(self.buyer, 201, pricelist_id=pricelist.id).action_confirm()

    def test_units_and_line_discounts(self):
        self.make_rule(self.plum)
        dozen = self.env.ref("uom.product_uom_dozen")
        self.order_of(
            self.buyer, 1200, line={"product_uom_id": dozen.id}
        ).action_confirm()
        with self._refused(UserError, "lowest price"):
            self.order_of(
                self.buyer, 1199, line={"product_uom_id": dozen.id}
            ).action_confirm()
        with self._refused(UserError, "lowest price"):
            self.order_of(self.buyer, 110, line={"discount": 10}).action_confirm()

    def test_tax(self):
        tax = self.env["account.tax"].create(
            {"name": "10%", "amount": 10, "price_include_override": "tax_excluded"}
        )
        self.plum.taxes_id = tax
        self.make_rule(self.plum, floor_price=110, tax_included=True)
        self.order_of(self.buyer, 100).action_confirm()
        with self._refused(UserError, "lowest price"):
            self.order_of(self.buyer, 99).action_confirm()

    # -- coupons ---------------------------------------------------------------------

    def program(self, **reward):
        return self.env["loyalty.program"].create(
            {
                "name": "Reward",
                "program_type": "promotion",
                "trigger": "auto",
                "rule_ids": [Command.clear(), Command.create({"minimum_qty": 1})],
                "reward_ids": [Command.clear(), Command.create(reward)],
            }
        )

    def rewarded(self, price=105, **reward):
        self.env["loyalty.program"].search([]).active = False
        program = self.program(**reward)
        order = self.order_of(self.buyer, price)
        order._update_programs_and_rewards()
        for coupon, rewards in order._get_claimable_rewards().items():
            order._apply_program_reward(rewards[:1], coupon)
        self.assertTrue(order.order_line.filtered("reward_id"), program.name)
        return order

    def test_coupon_counts(self):
        """The price after coupons and discounts counts (R171)."""
        self.make_rule(self.plum)
        order = self.rewarded(reward_type="discount", discount=10)
        with self._refused(UserError, "lowest price"):
            order.action_confirm()
        self.rewarded(price=112, reward_type="discount", discount=10).action_confirm()

    def test_gift_does_not_count_where_allowed(self):
        """Spend and get, free shipping and points leave the price alone (R171)."""
        rule = self.make_rule(self.plum)
        gift = self.cup.product_variant_id
        values = {"reward_type": "product", "reward_product_id": gift.id}
        self.rewarded(**values).action_confirm()
        rule.promotion_ids = False
        with self._refused(UserError, "lowest price"):
            self.rewarded(**values).action_confirm()

    def test_coupon_that_the_rule_allows(self):
        rule = self.make_rule(self.plum)
        rule.promotion_ids |= self.env.ref(
            "distributor_crm_channel.price_promotion_coupon"
        )
        self.rewarded(reward_type="discount", discount=10).action_confirm()

    # -- cost ------------------------------------------------------------------------

    def test_costs_nothing_without_rules(self):
        """No rule of the company: not one query of the room, whatever the order."""
        order = self.order_of(self.buyer, 50)
        order._find_breaches()
        self.env.invalidate_all()
        order.read(["company_id"])  # what every reader of an order asks for
        with self.assertQueryCount(0):
            self.assertEqual(order._find_breaches(), [])

    def test_costs_no_more_for_more_lines(self):
        self.make_rule(self.plum)

        def count(lines):
            order = self.order_of(self.buyer, 80)
            order.order_line = [
                Command.create(
                    {"product_id": self.plum.product_variant_id.id, "price_unit": 90}
                )
                for _number in range(lines)
            ]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(order._find_breaches()), lines + 1)
            return self.env.cr.sql_log_count - before

        count(1)
        self.assertLessEqual(count(40), count(5) + 1)

    def test_a_cart_being_paid_is_left_alone(self):
        """Money that came is not refused: the breach is noted on the order."""
        self.make_rule(self.plum)
        order = self.order_of(self.buyer, 80)
        provider = self.env["payment.provider"].search([], limit=1)
        self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": self.env["payment.method"].search([], limit=1).id,
                "amount": 80,
                "currency_id": order.currency_id.id,
                "partner_id": self.buyer.id,
                "reference": "price-1",
                "state": "pending",
                "sale_order_ids": [Command.set(order.ids)],
            }
        )
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertIn("lowest price", order.message_ids[0].body)

    def test_cart_is_not_paid_below_the_floor(self):
        self.make_rule(self.plum)
        order = self.order_of(self.buyer, 80, website_id=self.website.id)
        with self._refused(ValidationError, "cannot be sold as cheaply"):
            order._check_cart_is_ready_to_be_paid()
