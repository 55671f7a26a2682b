# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .price_common import PriceCommon


@tagged("post_install", "-at_install")
class TestPriceRule(PriceCommon):
    """Price rules: what they may say, who may write them, when they may change."""

    def floor_of(self, product, channel="shop", seller=None, day=None):
        return self.Rule._get_floor_as_listed(
            product,
            company=self.company,
            day=day or self.today,
            channel=channel,
            seller=seller or self.env["res.partner"],
        )

    def test_most_specific_counts(self):
        """Product before category before brand before all; tier and channel (R170)."""
        brand = self.env["distributor.brand"].create({"name": "Old Cellar"})
        self.plum.distributor_brand_id = brand
        self.assertEqual(self.floor_of(self.plum), 0)
        self.make_rule(floor_price=10)
        self.assertEqual(self.floor_of(self.plum), 10)
        self.make_rule(brand, floor_price=20)
        self.assertEqual(self.floor_of(self.plum), 20)
        self.make_rule(self.spirits, floor_price=30)
        self.assertEqual(self.floor_of(self.plum), 30)
        self.make_rule(self.spirits, floor_price=35, grade_id=self.tier.id)
        self.assertEqual(self.floor_of(self.plum), 30)
        self.assertEqual(self.floor_of(self.plum, seller=self.north), 35)
        self.make_rule(self.plum, floor_price=40)
        self.assertEqual(self.floor_of(self.plum, seller=self.north), 40)
        self.make_rule(self.plum, floor_price=45, channel="platform")
        self.assertEqual(self.floor_of(self.plum), 40)
        self.assertEqual(self.floor_of(self.plum, channel="platform"), 45)
        self.make_rule(self.plum, kind="free", channel="shop", floor_price=0)
        self.assertEqual(self.floor_of(self.plum), 0)
        # what distributors pay is ruled by rules that say so alone
        self.assertEqual(self.floor_of(self.plum, channel="wholesale"), 0)
        self.make_rule(floor_price=5, channel="wholesale")
        self.assertEqual(self.floor_of(self.plum, channel="wholesale"), 5)

    def test_days(self):
        self.make_rule(self.plum, date_from=self._day(-3), date_to=self._day(3))
        for days, floor in ((-4, 0), (-3, 100), (3, 100), (4, 0)):
            self.assertEqual(self.floor_of(self.plum, day=self._day(days)), floor)

    def test_nearest_category_even_when_it_moves(self):
        child = self.env["product.category"].create(
            {"name": "Plums", "parent_id": self.spirits.id}
        )
        self.plum.categ_id = child
        self.make_rule(self.spirits, floor_price=30)
        self.make_rule(child, floor_price=31)
        self.assertEqual(self.floor_of(self.plum), 31)
        child.parent_id = self.barware
        self.make_rule(self.barware, floor_price=99)
        self.assertEqual(self.floor_of(self.plum), 31)
        self.plum.categ_id = self.barware
        self.assertEqual(self.floor_of(self.plum), 99)

    def test_tax_as_the_product_has_it(self):
        tax = self.env["account.tax"].create(
            {"name": "13%", "amount": 13, "price_include_override": "tax_excluded"}
        )
        self.plum.taxes_id = tax
        self.make_rule(self.plum, floor_price=113, tax_included=True)
        self.assertAlmostEqual(self.floor_of(self.plum), 100)
        tax.price_include_override = "tax_included"
        self.assertAlmostEqual(self.floor_of(self.plum), 113)

    def test_no_two_for_the_same(self):
        """Rules for just the same do not overlap; what differs may."""
        self.make_rule(self.plum, date_to=self._day(10))
        with mute_logger("odoo.sql_db"), self._refused(IntegrityError, "once"):
            self.make_rule(self.plum, date_from=self._day(10))
        self.make_rule(self.plum, date_from=self._day(11))
        self.make_rule(self.plum, channel="shop")
        self.make_rule(self.plum, channel="platform")
        self.make_rule(self.plum, currency_id=self.foreign.id)
        self.make_rule(self.plum, country_id=self.env.ref("base.cn").id)
        self.make_rule(self.rye)
        with mute_logger("odoo.sql_db"), self._refused(IntegrityError, "once"):
            self.make_rule(self.plum, channel="platform", date_from=self._day(5))

    def test_what_cannot_be_said(self):
        for values, text in (
            ({"floor_price": 0}, "amounts"),
            ({"kind": "band", "ceiling_price": 99}, "band"),
            ({"legal_note": " "}, "basis"),
            ({"legal_basis": False}, "basis"),
            ({"tolerance": 100}, "tolerance"),
            ({"date_to": self._day(-31)}, "dates|date"),
        ):
            with mute_logger("odoo.sql_db"), self._refused(IntegrityError, text):
                self.make_rule(self.plum, **values)
                self.env.flush_all()
        with self._refused(ValidationError, "name only"):
            self.make_rule(self.plum, categ_id=self.spirits.id)
        state = self.env.ref("base.state_us_5")
        with self._refused(ValidationError, "not in this country"):
            self.make_rule(
                self.plum, state_id=state.id, country_id=self.env.ref("base.cn").id
            )

    def test_what_was_used_is_replaced(self):
        """A fact keeps the rule it was judged by: a used rule is not edited."""
        rule = self.make_rule(self.plum)
        rule.floor_price = 90
        self.compare(self.see(95))
        with self._refused(UserError, "judged by"):
            rule.floor_price = 80
        with self._refused(UserError, "judged by"):
            rule.unlink()
        action = rule.with_user(self.channel_admin).action_replace()
        copy = self.Rule.browse(action["res_id"])
        self.assertEqual(
            (rule.date_to, copy.date_from, copy.floor_price),
            (self._day(-1), self.today, 90),
        )
        copy.floor_price = 80
        self.assertEqual(self.floor_of(self.plum), 80)
        self.assertFalse(copy.legal_approved_on)

    def test_legal_approval(self):
        """Resellers are held to a rule that a named lawyer approved alone (flag A)."""
        rule = self.make_rule(self.plum, approved=False)
        mine = rule.with_user(self.channel_admin)
        with self._refused(UserError, "Name the lawyer"):
            mine.action_record_legal_approval()
        with self._refused(UserError, "button"):
            mine.legal_approved_on = self.today
        mine.legal_approver = "Dr. Lex, Lex & Partners"
        mine.action_record_legal_approval()
        self.assertEqual(rule.legal_approved_on, self.today)
        self.assertEqual(rule.legal_recorded_by_id, self.channel_admin)
        mine.action_withdraw_legal_approval()
        self.assertFalse(rule.legal_approved_on)

    def test_who_may(self):
        rule = self.make_rule(self.plum)
        for user in (self.sales_rep, self.account_manager, self.finance):
            self.assertTrue(rule.with_user(user).name)
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                rule.with_user(user).tolerance = 5
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                rule.with_user(user).action_record_legal_approval()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            rule.with_user(self.portal_user("rule_reader", self.north)).read(["name"])
        rule.with_user(self.channel_admin).tolerance = 5

    def test_another_company_is_free(self):
        other = self.env["res.company"].create({"name": "Free"})
        self.make_rule(self.plum)
        self.assertFalse(self.Rule._get_book(other.id))

    def test_store_prices(self):
        """A store's own price is never below the floor of the shop (R170, R178)."""
        line = self.line(self.store, self.plum)
        line.price = 60
        self.make_rule(self.plum, floor_price=110, channel="shop")
        self.assertEqual(self.store._get_own_prices(self.plum)[self.plum.id], 110)
        with self._refused(ValidationError, "The lowest price is"):
            line.price = 109.99
        line.price = 110
