# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import random
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import float_round

from odoo.addons.distributor_crm_channel.price.choice import CHANNELS, Case, judge
from odoo.addons.distributor_crm_channel.price.normal import (
    effective_price,
    unit_price,
)

from .price_common import PriceCommon
from .store_common import picture


@tagged("post_install", "-at_install")
class TestPriceObservation(PriceCommon):
    """What is seen outside is matched, held against the floor of its day, reported."""

    def setUp(self):
        super().setUp()
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 60)

    # -- comparison ------------------------------------------------------------------

    def test_sql_says_what_the_arithmetic_says(self):
        """The one statement chooses and judges as the pure functions do (R170, R171)."""
        dice = random.Random(20260301)
        child = self.env["product.category"].create(
            {"name": "Plums", "parent_id": self.spirits.id}
        )
        self.plum.categ_id = child
        brands = self.env["distributor.brand"].create(
            [{"name": "Old Cellar"}, {"name": "New Cellar"}]
        )
        products = self.plum | self.rye | self.cup | self.gin
        for product in products:
            product.distributor_brand_id = dice.choice([*brands, brands.browse()])
        tax = self.env["account.tax"].create({"name": "13%", "amount": 13})
        (self.plum | self.cup).taxes_id = tax
        country = self.env.ref("base.us")
        states = country.state_ids[:2]
        self.north.write({"country_id": country.id, "state_id": states[0].id})
        grade = self.env["res.partner.grade"].create({"name": "Other"})
        self.south.grade_id = grade
        promotions = self.env["distributor.price.promotion"].search([])
        self.env["res.currency.rate"].search(
            [("currency_id", "=", self.foreign.id)]
        ).unlink()
        for days, rate in ((-8, 2), (-3, 2.5)):
            self.env["res.currency.rate"].create(
                {"currency_id": self.foreign.id, "name": self._day(days), "rate": rate}
            )
        currencies = self.company.currency_id | self.foreign
        targets = [
            *products,
            *products.product_variant_id,
            *(self.spirits, self.barware, child),
            *brands,
            None,
        ]
        made = 0
        while made < 60:
            values = {
                "channel": dice.choice([False, False, *CHANNELS]),
                "grade_id": dice.choice([False, False, self.tier.id, grade.id]),
                "state_id": dice.choice([False, False, *states.ids]),
                "country_id": False,
                "currency_id": dice.choice(currencies).id,
                "date_from": self._day(-dice.randint(0, 12)),
                "kind": dice.choice(["floor", "floor", "band", "free"]),
                "floor_price": dice.randint(50, 120),
                "ceiling_price": dice.randint(120, 150),
                "tolerance": dice.choice([0, 0, 5]),
                "tax_included": dice.choice([True, False]),
                "promotion_ids": dice.sample(promotions.ids, 3),
            }
            if values["state_id"]:
                values["country_id"] = country.id
            values["date_to"] = dice.choice(
                [False, values["date_from"] + timedelta(dice.randint(0, 9))]
            )
            target = dice.choice(targets)
            same = self.Rule.search(
                [
                    *((n, "=", values[n]) for n in ("channel", "grade_id", "state_id")),
                    ("currency_id", "=", values["currency_id"]),
                ]
            ).filtered(lambda r, t=target: r._get_target() == t)
            if not same:
                self.make_rule(target, **values)
                made += 1
        book = self.Rule._get_book(self.company.id)
        seen = self.Seen.create(
            [
                {
                    "product_id": dice.choice(products).product_variant_id.id,
                    "observed_at": fields.Datetime.now()
                    - timedelta(days=dice.randint(0, 12), minutes=1),
                    "partner_id": dice.choice([self.north.id, self.south.id, False]),
                    "channel": dice.choice(CHANNELS[:-1]),
                    "state_id": (state := dice.choice([False, False, *states.ids])),
                    "country_id": state and country.id,
                    "marked_price": (price := dice.randint(60, 400)),
                    "paid_price": dice.choice([0, 0, price - dice.randint(0, 50)]),
                    "promotion_id": dice.choice([False, *promotions.ids]),
                    "currency_id": dice.choice(currencies).id,
                    "tax_included": dice.choice([True, False]),
                    "shipping": dice.choice([0, 0, 7]),
                    "pieces": dice.choice([1, 1, 2, 3]),
                }
                for _number in range(300)
            ]
        )
        self.compare(seen)
        states_found = set()
        for one in seen:
            expected = self.expect(book, one)
            states_found.add(expected[0])
            found = (
                one.state,
                one.rule_id.id or None,
                round(one.unit_price, 2) if one.rule_id.kind != "free" else 0,
                round(one.percent_below, 2),
            )
            self.assertEqual(found, expected, one.read())
        self.assertGreaterEqual(
            states_found, {"ok", "below", "free", "above", "unknown_shop", "old"}
        )

    def expect(self, book, one):
        product = one.product_id
        place = one if one.country_id else one.partner_id
        case = Case(
            day=one.day,
            variant=product.id,
            product=product.product_tmpl_id.id,
            categories=tuple(
                int(part) for part in product.categ_id.parent_path.split("/") if part
            ),
            brand=product.distributor_brand_id.id,
            grade=one.partner_id.grade_id.id,
            channel=one.channel,
            country=place.country_id.id,
            state=place.state_id.id,
            currency=one.currency_id.id,
        )
        rule = book.choose(case)
        if rule is None:
            later = [
                r
                for r in book.candidates(case)
                if r.first > one.day and r.kind != "free" and r.brand in (0, case.brand)
            ]
            return ("old" if later else "free", None, 0, 0)
        if rule.kind == "free":
            return ("free", rule.id, 0, 0)
        # Products have the taxes of all companies that there are.
        own = product.taxes_id._filter_taxes_by_company(self.company)
        tax = sum(own.mapped("amount"))
        price = unit_price(
            effective_price(
                one.marked_price, one.paid_price, one.promotion_id.id in rule.promotions
            ),
            shipping=one.shipping,
            pieces=one.pieces,
            has_tax=one.tax_included,
            wants_tax=rule.with_tax,
            tax=tax,
        )
        currency = self.env["res.currency"].browse(rule.currency)
        if currency != one.currency_id:
            before = self.env["res.currency.rate"].search_count(
                [("currency_id", "=", self.foreign.id), ("name", "<=", one.day)]
            )
            if not before:
                return ("no_rate", rule.id, 0, 0)
            price = one.currency_id._convert(
                price, currency, self.company, one.day, round=False
            )
        verdict = judge(rule, price)
        price = float_round(price, precision_digits=2)
        percent = float_round((1 - price / rule.floor) * 100, precision_digits=2)
        state = verdict.state if one.partner_id else "unknown_shop"
        return (state, rule.id, price, max(0, percent))

    def test_one_statement_whatever_their_number(self):
        self.make_rule(self.plum)
        seen = self.Seen.browse()
        for number in range(30):
            seen |= self.see(90 + number)
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.compare(seen)
        self.assertEqual(self.env.cr.sql_log_count - before, 1)
        self.assertEqual(len(seen.filtered(lambda s: s.state == "below")), 10)
        # compared once: nothing is new any more
        self.assertEqual(self.Seen._compare(self.company), 0)

    def test_another_company_and_other_states_are_left_alone(self):
        self.make_rule(self.plum)
        gone = self.see(50)
        gone.action_dismiss()
        self.compare(gone)
        self.assertEqual(gone.state, "dismissed")
        gone.action_restore()
        self.assertIn(gone.state, ("below", "reported"))

    # -- matching --------------------------------------------------------------------

    def test_products(self):
        """By barcode, reference, or what a platform calls them."""
        Code = self.env["distributor.price.code"]
        Code.create(
            [
                {"code": "TB-1", "product_id": self.gin.product_variant_id.id},
                {
                    "code": "TB-1",
                    "source_id": self.source.id,
                    "product_id": self.rye.product_variant_id.id,
                    "pieces": 6,
                },
            ]
        )
        for code, source, product, pieces in (
            ("6900000000017", False, self.plum, 1),
            ("PLUM", False, self.plum, 1),
            ("TB-1", False, self.gin, 1),
            ("TB-1", self.source.id, self.rye, 6),
            ("nothing", False, self.plum.browse(), 1),
        ):
            seen = self.Seen.create(
                {"product_code": code, "source_id": source, "marked_price": 9}
            )
            self.assertEqual(seen.product_id.product_tmpl_id, product)
            self.assertEqual(seen.pieces, pieces)
        self.assertEqual(seen.state, "unknown_product")
        self.cup.product_variant_id.default_code = "PLUM"
        twice = self.Seen.create({"product_code": "PLUM", "marked_price": 9})
        self.assertEqual(twice.state, "unknown_product")

    def test_shops(self):
        """By address, by page, by name on the platform; ours by their slug (R180)."""
        self.env["ir.config_parameter"].set_param(
            "web.base.url", "https://brand.example"
        )
        for values, shop, partner in (
            (
                {"shop_url": "http://www.north.taobao.example/shop/"},
                self.shop,
                self.north,
            ),
            (
                {"url": "https://north.taobao.example/shop/i/7?x=1"},
                self.shop,
                self.north,
            ),
            (
                {"shop_name": " north SPIRITS", "platform": "taobao"},
                self.shop,
                self.north,
            ),
            ({"shop_name": "North Spirits", "platform": "jd"}, None, None),
            ({"shop_url": "https://other.example"}, None, None),
            ({"url": "https://taobao.example/shop"}, None, None),
            ({"url": "https://brand.example/store/north-store"}, None, self.north),
        ):
            seen = self.see(99, **{"shop_url": False, **values})
            self.assertEqual(seen.shop_id, shop or self.shop.browse(), values)
            self.assertEqual(seen.partner_id, partner or self.north.browse(), values)
        self.assertEqual(seen.store_id, self.store)

    def test_undeclared_shop_of_a_known_distributor(self):
        """A shop that was not reported opens a case of its own (R181)."""
        self.make_rule(self.plum)
        seen = self.see(
            150, shop_url="https://secret.example", partner_id=self.north.id
        )
        self.assertTrue(seen.is_undeclared)
        seen.action_compare()
        self.assertEqual(seen.state, "ok")
        case = seen.undeclared_case_id
        self.assertEqual(
            (case.policy_code, case.partner_id), ("undeclared_shop", self.north)
        )
        again = self.see(
            150, shop_url="https://secret.example", partner_id=self.north.id
        )
        again.action_compare()
        self.assertEqual(again.undeclared_case_id, case)

    def test_unknown_shop_is_named_or_declared_later(self):
        self.make_rule(self.plum)
        first, second = (
            self.see(price, shop_url="https://who.example") for price in (80, 85)
        )
        (first | second).action_compare()
        self.assertEqual(first.state, "unknown_shop")
        self.assertEqual(first.percent_below, 20)
        self.assertFalse(first.violation_id)
        # The account manager of another distributor may tell whose shop it is.
        wizards = self.env["distributor.price.owner"].with_user(self.account_manager)
        wizard = wizards.create(
            {"observation_ids": first.ids, "partner_id": self.south.id}
        )
        wizard.action_name()
        self.assertEqual((first | second).mapped("state"), ["reported", "reported"])
        self.assertEqual(second.undeclared_case_id.partner_id, self.south)
        third = self.see(80, shop_url="https://later.example")
        third.action_compare()
        self.env["distributor.declared.shop"].create(
            {
                "name": "Later",
                "partner_id": self.north.id,
                "url": "later.example",
            }
        )
        self.Seen._compare(self.company)
        self.assertEqual((third.state, third.partner_id), ("below", self.north))
        self.assertFalse(third.is_undeclared)

    def test_older_than_the_rule(self):
        self.make_rule(self.plum, date_from=self._day(-2))
        seen = self.see(50, observed_at=fields.Datetime.now() - timedelta(days=5))
        self.compare(seen)
        self.assertEqual(seen.state, "old")
        self.assertFalse(seen.rule_id)

    # -- reports ---------------------------------------------------------------------

    def test_reported_once_a_shop_a_product_a_day(self):
        self.make_rule(self.plum)
        seen = self.see(95) | self.see(80) | self.see(90)
        self.compare(seen)
        seen._report_below()
        case = seen.violation_id
        self.assertEqual(len(case), 1)
        self.assertEqual(case.policy_code, "price_below_floor")
        self.assertEqual(case.partner_id, self.north)
        self.assertEqual(case.severity, 20)
        self.assertEqual(seen.mapped("is_lead"), [False, True, False])
        self.assertEqual(set(seen.mapped("state")), {"reported"})
        late = self.see(70)
        self.compare(late)
        late._report_below()
        self.assertEqual(late.violation_id, case)
        self.Seen._cron_compare()
        cases = self.env["distributor.violation"].search(
            [("partner_id", "=", self.north.id)]
        )
        self.assertEqual(cases, case)

    def test_share_of_the_shops_products(self):
        """How many of the controlled products of a shop are below (R172)."""
        for product in (self.plum, self.rye, self.cup, self.gin):
            self.make_rule(product)
        ok = self.see(100, self.rye) | self.see(100, self.cup) | self.see(100, self.gin)
        low = self.see(95)
        self.compare(ok | low)
        low._report_below()
        self.assertEqual(low.share_below, 25)

    def test_resellers_are_not_reported_without_a_lawyer(self):
        """Cautious where nobody approved: seen, not punished (flag A, AML art. 18)."""
        rule = self.make_rule(self.plum, approved=False)
        seen = self.see(80)
        seen.action_compare()
        self.assertEqual((seen.state, seen.hold_reason), ("below", "legal"))
        self.assertFalse(seen.violation_id)
        rule.legal_approver = "Dr. Lex"
        rule.with_user(self.channel_admin).action_record_legal_approval()
        older = self.see(80, observed_at=fields.Datetime.now() - timedelta(days=2))
        older.action_compare()
        self.assertFalse(older.violation_id)
        self.Seen._cron_compare()
        self.assertFalse(seen.violation_id)
        new = self.see(80)
        new.action_compare()
        self.assertTrue(new.violation_id)

    def test_evidence_comes_later(self):
        self.make_rule(self.plum)
        seen = self.see(80)
        seen.action_compare()
        kept = seen._keep_evidence([("screen.png", picture(), "image/png")])
        self.assertEqual(seen.evidence_ids, kept)
        self.assertEqual(seen.evidence_count, 1)

    # -- rights ----------------------------------------------------------------------

    def test_what_was_compared_stays(self):
        self.make_rule(self.plum)
        seen = self.see(99.5)
        mine = seen.with_user(self.sales_manager)
        mine.marked_price = 101
        seen.action_compare()
        self.assertEqual(seen.state, "ok")
        with self._refused(UserError, "stays as it is"):
            mine.marked_price = 90
        for name, value in (("state", "reported"), ("percent_below", 0)):
            with self._refused(UserError, "alone set this"):
                mine.write({name: value})
        made = self.Seen.with_user(self.sales_rep).create(
            {"product_code": "PLUM", "marked_price": 9, "state": "ok", "is_lead": True}
        )
        self.assertFalse(made.is_lead)
        self.assertEqual(made.state, "new")

    def test_who_sees_what(self):
        """Reps their own, account managers their portfolio and unknown shops."""
        mine = self.see(99)
        other = self.see(99, partner_id=self.south.id, shop_url=False)
        unknown = self.see(99, shop_url="https://who.example")
        everything = mine | other | unknown
        for user, visible in (
            (self.sales_rep, mine),
            (self.account_manager, mine | unknown),
            (self.sales_manager, everything),
            (self.finance, everything),
        ):
            found = self.Seen.with_user(user).search([("id", "in", everything.ids)])
            self.assertEqual(found.sudo(), everything & visible, user.login)
        portal = self.portal_user("price_reader", self.north)
        with self.assertRaises(AccessError):
            self.Seen.with_user(portal).search([])
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            mine.with_user(self.finance).action_dismiss()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            other.with_user(self.sales_rep).action_compare()

    def test_counts_on_the_way(self):
        self.make_rule(self.plum)
        self.compare(self.see(99))
        self.assertEqual(self.north.price_observation_count, 1)
        self.assertEqual(self.plum.price_observation_count, 1)
        self.assertEqual(self.plum.price_rule_count, 1)
        self.assertEqual(self.shop.price_observation_count, 1)
        self.assertEqual(
            self.plum.action_view_price_rules()["res_model"], self.Rule._name
        )
