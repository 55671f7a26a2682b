# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.tests import tagged

from .common import FeeStandardCommon


@tagged("post_install", "-at_install")
class TestFeeStandardLookup(FeeStandardCommon):
    def _find(self, day=0, product=None, grade=None, company=None, **kwargs):
        request = (
            product or self.product,
            grade or self.env["res.partner.grade"],
            self._day(day),
            company or self.company,
        )
        model = self.env["distributor.fee.standard"].with_user(self.fee_admin)
        return model._get_in_force([request], **kwargs)[request]

    def test_closest_scope_first(self):
        """Product before category, near before far, then tier before all tiers."""
        ladder = [
            {"categ_id": self.spirits.id},
            {"categ_id": self.spirits.id, "grade_id": self.gold.id},
            {"categ_id": self.banquet.id},
            {"categ_id": self.banquet.id, "grade_id": self.gold.id},
            {},
            {"grade_id": self.gold.id},
        ]
        self.assertFalse(self._find(grade=self.gold))
        for scope in ladder:
            standard = self._create_standard(**scope)
            self.assertEqual(self._find(grade=self.gold), standard, scope)
        for_all = self.env["distributor.fee.standard"].search(
            [
                ("product_tmpl_id", "=", self.product.product_tmpl_id.id),
                ("grade_id", "=", False),
            ]
        )
        self.assertEqual(self._find(grade=self.silver), for_all)
        self.assertEqual(self._find(), for_all)

    def test_one_standard_for_each_purpose(self):
        """Each purpose has its own ladder; what it finds adds up (R078-R083)."""
        buyer, purchasing = (
            self.env.ref(f"distributor_crm_expense.fee_purpose_{name}")
            for name in ("buyer", "purchasing")
        )
        general = self._create_standard(categ_id=self.banquet.id)
        far = self._create_standard(categ_id=self.banquet.id, purpose_id=buyer.id)
        other = self._create_standard(purpose_id=purchasing.id)
        self.assertEqual(self._find(), general + far + other)
        near = self._create_standard(purpose_id=buyer.id, rate=3)
        self.assertEqual(self._find(), general + near + other)
        later = self._create_standard(
            purpose_id=buyer.id, rate=4, date_from=self._day(5)
        )
        self.assertEqual(near.date_to, self._day(4))
        self.assertEqual(self._find(5), general + later + other)

    def test_undecided(self):
        """R089: a product without a standard gets nothing."""
        self._create_standard()
        self._create_standard(
            product_tmpl_id=self.cups.product_tmpl_id.id, confirm=False
        )
        self.assertFalse(self._find(product=self.cups))

    def test_nothing_is_a_decision(self):
        self._create_standard(categ_id=self.banquet.id)
        nothing = self._create_standard(basis="none")
        self.assertEqual(self._find(), nothing)
        self.assertEqual(nothing._get_fee(10, 1000), 0)

    def test_days_are_inclusive(self):
        first = self._create_standard(date_from=self._day(-10), date_to=self._day(-5))
        second = self._create_standard(date_from=self._day(-4))
        for day, expected in (
            (-11, first.browse()),
            (-10, first),
            (-5, first),
            (-4, second),
            (9999, second),
        ):
            self.assertEqual(self._find(day=day), expected, day)

    def test_recipients_apart(self):
        self._create_standard()
        person = self._create_standard(
            confirm=False, recipient="person", cap=10, legal_basis="Tasting course"
        )
        self.assertFalse(self._find(recipient="person"))
        person.with_user(self.compliance).action_compliance_approve()
        person.action_confirm()
        self.assertEqual(self._find(recipient="person"), person)
        self.assertEqual(self._find().recipient, "entity")

    def test_companies_apart(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.fee_admin.company_ids = [Command.link(other.id)]
        here = self._create_standard()
        there = self._create_standard(company_id=other.id, rate=9)
        both = (self.company + other).ids
        model = here.with_context(allowed_company_ids=both).browse()
        requests = [
            (self.product, self.gold, self.today, company)
            for company in self.company + other
        ]
        self.assertEqual(
            model._get_in_force(requests),
            dict(zip(requests, here + there, strict=True)),
        )

    def test_fee_arithmetic(self):
        percent = self._create_standard(confirm=False, rate=2.5, cap=100)
        unit = self._create_standard(confirm=False, basis="unit", amount=1.25)
        for standard, quantity, sales, fee in (
            (percent, 0, 1000, 25),
            (percent, 0, 4000, 100),
            (percent, 0, 4000.4, 100),
            (percent, 0, 33.33, 0.83),
            (percent, 0, -1000, -25),
            (unit, 1000, 0, 1250),
            (unit, -2, 0, -2.5),
        ):
            self.assertAlmostEqual(standard._get_fee(quantity, sales), fee, 6)

    def test_queries_do_not_grow(self):
        """The same number of queries for 10 products as for 100."""
        categories = self.env["product.category"].create(
            [{"name": f"C{i}", "parent_id": self.banquet.id} for i in range(110)]
        )
        products = self.env["product.product"].create(
            [{"name": f"P{c.id}", "categ_id": c.id} for c in categories]
        )
        standards = self.env["distributor.fee.standard"].with_user(self.fee_admin)
        standards.create(
            [
                {"product_tmpl_id": p.product_tmpl_id.id, "rate": 1}
                if i % 2
                else {"categ_id": p.categ_id.id, "rate": 1}
                for i, p in enumerate(products)
            ]
        ).action_confirm()
        counts = []
        # The first round fills the caches that outlive a request.
        for batch in (products[:10], products[:10], products[10:]):
            self.env.flush_all()
            self.env.invalidate_all()
            requests = [
                (p, grade, self.today, self.company)
                for p in batch.with_prefetch()
                for grade in self.gold + self.silver
            ]
            start = self.env.cr.sql_log_count
            found = standards._get_in_force(requests)
            counts.append(self.env.cr.sql_log_count - start)
            self.assertEqual(len(found), 2 * len(batch))
            self.assertTrue(all(found.values()))
        self.assertEqual(counts[1], counts[2])
        self.assertLessEqual(counts[2], 6)

    def test_undecided_products_listed(self):
        """R089: the list follows products, categories, days and companies."""
        templates = (self.product + self.cups).product_tmpl_id
        cups = self.cups.product_tmpl_id

        def undecided():
            templates.invalidate_recordset()
            listed = templates.search(
                [("id", "in", templates.ids), ("has_fee_standard", "=", False)]
            )
            self.assertEqual(
                listed, templates.filtered(lambda t: not t.has_fee_standard).sorted()
            )
            return listed

        self.assertEqual(undecided(), templates.sorted())
        self._create_standard(categ_id=self.spirits.id)
        self.assertEqual(undecided(), cups)
        self._create_standard(product_tmpl_id=cups.id, date_from=self._day(1))
        self.assertEqual(undecided(), cups)
        self._create_standard(
            product_tmpl_id=cups.id, date_from=self._day(-5), date_to=self.today
        )
        self.assertFalse(undecided())
        self.assertEqual(cups.fee_standard_count, 2)
