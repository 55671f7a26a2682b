# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal as D

from odoo.tests import BaseCase, tagged

from ..rebate.accrual import Accrual, Basis
from ..rebate.documents import Sold, cut, mix
from ..rebate.statements import Closed, Member, Plan, Sums
from .test_rebate_statements import sold, terms

CENT = D("0.01")


def accrued(plan, members, kind="expected", **basis):
    if not isinstance(members, dict):
        members = {"x": members}
    found = Accrual(plan, members, Basis(kind, **basis)).amounts()
    return {name: float(amount) for name, amount in found.items()}


@tagged("post_install", "-at_install")
class TestRebateAccrualArithmetic(BaseCase):
    # D365's idea b46bc401: forecast above 3 million, a million sold.
    ladder = terms((0, 1), (1_000_000, 2), (2_500_000, 3))

    def test_expected_tier(self):
        """Reached 1%, but the year will reach 3%: that much is accrued."""
        plan = Plan([self.ladder], [0])
        member = Member(sold(900_000))
        self.assertEqual(accrued(plan, member, "reached"), {"x": 9000})
        self.assertEqual(accrued(plan, member, growth=D(4)), {"x": 27000})
        self.assertEqual(accrued(plan, member, growth=D(2)), {"x": 18000})

    def test_expected_incremental(self):
        """The effective rate that is expected: 3,600,000 pay 10,000 + 30,000 + 33,000."""
        ladder = terms((0, 1), (1_000_000, 2), (2_500_000, 3), method="incremental")
        member = Member(sold(900_000))
        self.assertEqual(
            accrued(Plan([ladder], [0]), member, growth=D(4)), {"x": 18250}
        )

    def test_a_window_that_is_over_accrues_what_it_earned(self):
        plan = Plan([self.ladder], [0, 1])
        member = Member(sold(900_000, 500_000))
        for kind in ("expected", "fixed"):
            self.assertEqual(
                accrued(plan, member, kind, is_over=True, growth=D(4), rate=D(9)),
                {"x": 14000},
            )
        self.assertEqual(accrued(plan, member, growth=D(2)), {"x": 9000 + 10000})

    def test_fixed_rate(self):
        """S2: 4% of 50,000, of 250,000; then what was earned."""
        plan = Plan([terms((100_000, 2), (200_000, 3))], [0])
        for amount, expected in ((50_000, 2000), (250_000, 10_000)):
            self.assertEqual(
                accrued(plan, Member(sold(amount)), "fixed", rate=D(4)),
                {"x": expected},
            )
        self.assertEqual(
            accrued(plan, Member(sold(250_000)), "fixed", rate=D(4), is_over=True),
            {"x": 7500},
        )

    def test_target_is_expected(self):
        """Half of the target so far: the rate of its attainment on that half."""
        plan = Plan([terms((80, 1), (100, 2), (120, 5))], [0], relative=True)
        member = Member(sold(50_000), baseline={0: D(100_000)})
        self.assertEqual(accrued(plan, member, "reached"), {"x": 0})
        self.assertEqual(accrued(plan, member, is_target=True), {"x": 1000})
        beyond = Member(sold(125_000), baseline={0: D(100_000)})
        self.assertEqual(accrued(plan, beyond, is_target=True), {"x": 6250})

    def test_growth_compares_whole_windows(self):
        """G1 half-way: 1,175,000 in half a year against 2,000,000 in a year."""
        plan = Plan([terms((110, 2), (115, 3), (120, 4))], [0], relative=True)
        member = Member(sold(1_175_000), baseline={0: D(2_000_000)})
        self.assertEqual(accrued(plan, member, growth=D(2)), {"x": 35250})
        halves = Member(sold(1_175_000), baseline={0: D(1_000_000)})
        self.assertEqual(accrued(plan, halves, growth=D(2), ahead=D(2)), {"x": 35250})

    def test_shared_group_is_cut_to_the_cent(self):
        plan = Plan([terms((0, 1))], [0])
        members = {n: Member(sold(33.33)) for n in "abc"}
        found = accrued(plan, members, growth=D(3))
        self.assertEqual(round(sum(found.values()), 2), 1.0)

    def test_adjustments_count(self):
        plan = Plan([terms((0, 1))], [0, 1])
        member = Member(
            sold(1000, 1000),
            closed=[Closed(0, 0, D(15), D(15), D(5))],
            adjustments={(1, 0): D(-3)},
        )
        self.assertEqual(accrued(plan, member, "reached"), {"x": 22})

    def test_nothing_sold_nothing_accrued(self):
        plan = Plan([self.ladder], [0])
        for kind in ("reached", "expected", "fixed"):
            member = Member({0: {0: Sums()}})
            self.assertEqual(accrued(plan, member, kind, rate=D(4)), {"x": 0})


@tagged("post_install", "-at_install")
class TestRebateCut(BaseCase):
    def test_parts_of_the_whole_less_those_before(self):
        """S1: October untaxed by nothing settled, November pays for both."""
        found = [Sold((1,), None, D(3000), D(3000)), Sold((2,), None, D(4000), D(0))]
        self.assertEqual(
            cut(D(140), D(0), found, CENT),
            [((1,), None, D(60)), ((2,), None, D(80))],
        )

    def test_what_was_settled_before_stays_where_it_was(self):
        """60 on the first tax before; the second gets its own 60, not half of it."""
        found = [Sold((1,), None, D(100), D(100)), Sold((2,), None, D(100), D(0))]
        self.assertEqual(cut(D(60), D(60), found, CENT), [((2,), None, D(60))])

    def test_a_return_takes_back_its_own(self):
        """P5: 500 on 2,000; of 800, 80."""
        found = [Sold((1,), None, D(800), D(2000))]
        self.assertEqual(cut(D(-420), D(500), found, CENT), [((1,), None, D(-420))])

    def test_returns_beyond_the_sales_blow_nothing_up(self):
        found = [Sold((1,), None, D(1000), D(0)), Sold((2,), None, D(-999), D(0))]
        self.assertEqual(cut(D(20), D(0), found, CENT), [((1,), None, D(20))])

    def test_adjustment_before_the_first_sale(self):
        found = [Sold((1,), None, D(100), D(0)), Sold((2,), None, D(300), D(0))]
        self.assertEqual(
            [part for *_key, part in cut(D(40), D(7), found, CENT)], [10, 30]
        )

    def test_nothing_known(self):
        self.assertEqual(cut(D(5), D(0), [], CENT), [((), None, D(5))])
        self.assertEqual(cut(D(0), D(0), [], CENT), [])

    def test_mixed_analytic_stays_whole(self):
        parts = [({str(n): 100}, D(1)) for n in range(3)]
        self.assertEqual(round(sum(mix(parts).values()), 2), 100)
        self.assertEqual(mix([({"7": 100}, D(1)), (None, D(1))]), {"7": 50})
        self.assertIsNone(mix([(None, D(1))]))
