# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal as D

from odoo.tests import BaseCase, tagged

from ..rebate.arithmetic import Terms, Tier
from ..rebate.statements import Closed, Group, Member, Plan, Sums


def terms(*steps, method="retroactive", **kw):
    return Terms(method, [Tier(D(str(t)), D(str(r))) for t, r in steps], **kw)


def sold(*amounts, version=0):
    """Sales of periods 0, 1, 2, ...; None for none."""
    return {
        period: {version: Sums(D(str(a)), D(str(a)), 1)}
        for period, a in enumerate(amounts)
        if a is not None
    }


def dues(group, name="x"):
    return [float(f.due) for _p, f in sorted(group.statements(name).items())]


@tagged("post_install", "-at_install")
class TestRebateStatements(BaseCase):
    def test_partial_settlement_in_a_year(self):
        """October 0, November 140, the year's rest 940."""
        plan = Plan([terms((5000, 2), (10000, 4))], [0, 0, 0])
        group = Group(plan, {"x": Member(sold(3000, 4000, 20000))})
        self.assertEqual(dues(group), [0, 140, 940])
        last = group.statements("x")[2]
        self.assertEqual((last.earned, last.settled_before), (1080, 140))
        self.assertEqual((last.basis, last.window_basis), (20000, 27000))

    def test_claw_back_after_settlement(self):
        """Settled at 500, then 1,200 come back: 420 too much was paid."""
        plan = Plan([terms((0, 10), (1000, 25))], [0], carry=False)
        closed = [Closed(0, 0, D(500), D(500))]
        group = Group(plan, {"x": Member(sold(800), closed=closed)})
        (found,) = group.statements("x").values()
        self.assertEqual((found.due, found.settled, found.number), (-420, -420, 1))
        self.assertEqual(group.recomputed("x"), [80])

    def test_negative_is_carried(self):
        plan = Plan([terms((0, 10))], [0, 1, 2])
        closed = [Closed(0, 0, D(500), D(500))]
        member = Member(sold(800, 1000, 9000), closed=closed)
        first, second = Group(plan, {"x": member}).statements("x").values()
        self.assertEqual((first.due, first.true_up, first.settled), (-320, -420, 0))
        self.assertEqual((second.due, second.true_up), (580, -320))

    def test_nothing_changed_opens_nothing(self):
        plan = Plan([terms((0, 10))], [0])
        closed = [Closed(0, 0, D(80), D(80))]
        group = Group(plan, {"x": Member(sold(800), closed=closed)})
        self.assertEqual(group.statements("x"), {})
        self.assertEqual(group.recomputed("x"), [80])

    def test_guaranteed_minimum(self):
        """12,000 and 5,000 earned, 10,000 a quarter guaranteed."""
        for cumulated, expected in ((True, 8000), (False, 10000)):
            plan = Plan(
                [terms((0, 10))], [0, 1], guarantee=D(10000), cumulated=cumulated
            )
            group = Group(plan, {"x": Member(sold(120000, 50000))})
            self.assertEqual(dues(group), [12000, expected])

    def test_version_of_the_day_of_sale(self):
        """The sale of 6 March follows the 10% version, whatever came later."""
        plan = Plan([terms((0, 10)), terms((0, 15))], [0])
        group = Group(plan, {"x": Member({0: {0: Sums(D(300), D(3), 1)}})})
        self.assertEqual(dues(group), [30])
        latest = Plan([terms((0, 15))], [0])
        self.assertEqual(dues(Group(latest, {"x": Member(sold(300))})), [45])

    def test_versions_share_one_measure(self):
        """The tier is looked up with all sales of the window, in each version."""
        plan = Plan([terms((1000, 1)), terms((1000, 2))], [0])
        sales = {0: {0: Sums(D(600), D(6), 1), 1: Sums(D(500), D(5), 1)}}
        self.assertEqual(dues(Group(plan, {"x": Member(sales)})), [16])

    def test_growth(self):
        """Three modes of growth: on everything, on the growth, in bands."""
        steps = ((110, 2), (115, 3), (120, 4))
        base = {0: D(2000000)}
        for basis, method, expected in (
            ("amount", "retroactive", 70500),
            ("growth", "retroactive", 10500),
            # 5% of 2,000,000 at 2%, and 2.5% of it at 3%
            ("amount", "incremental", 3500),
        ):
            plan = Plan([terms(*steps, method=method)], [0], basis=basis, relative=True)
            member = Member(sold(2350000), baseline=base)
            self.assertEqual(dues(Group(plan, {"x": member})), [expected])
        (found,) = Group(plan, {"x": member}).statements("x").values()
        self.assertEqual((found.measure, found.missing), (D("117.5"), 50000))
        new = Member(sold(2350000))
        self.assertEqual(dues(Group(plan, {"x": new})), [0])

    def test_group_is_measured_together(self):
        """Head office and branches reach the tier together, each has his share."""
        plan = Plan([terms((100000, 4))], [0])
        members = {name: Member(sold(40000)) for name in "abc"}
        group = Group(plan, members)
        self.assertEqual([dues(group, name) for name in "abc"], [[1600]] * 3)
        self.assertEqual(dues(Group(plan, {"a": members["a"]}), "a"), [0])

    def test_released_as_collected(self):
        """4,000 earned, half is paid: 2,000, then 2,000."""
        plan = Plan([terms((0, 20))], [0, 1], on_collection=True)
        half = {0: {0: {0: D(10000)}}}
        member = Member(sold(20000), collected=half)
        (found,) = Group(plan, {"x": member}).statements("x").values()
        self.assertEqual((found.earned, found.due), (4000, 2000))
        member.closed = [Closed(0, 0, D(2000), D(2000))]
        self.assertEqual(dues(Group(plan, {"x": member})), [])
        member.collected = {0: {0: {0: D(10000), 1: D(10000)}}}
        (found,) = Group(plan, {"x": member}).statements("x").values()
        self.assertEqual((found.due, found.true_up, found.lines), (2000, 2000, 0))

    def test_payments_count_up_to_the_cut_off(self):
        plan = Plan([terms((0, 10))], [0, 1], measure="collected", basis="collected")
        paid = {0: {0: {0: D(400), 1: D(600)}}}
        member = Member(sold(1000, 0), collected=paid)
        self.assertEqual(dues(Group(plan, {"x": member})), [40, 60])

    def test_adjustments_come_on_top(self):
        """An adjustment is paid once and never taken back by the next statement."""
        plan = Plan([terms((0, 10))], [0, 1])
        member = Member(sold(1000, 1000), adjustments={(0, 0): D(7)})
        self.assertEqual(dues(Group(plan, {"x": member})), [107, 100])
        member.closed = [Closed(0, 0, D(107), D(107), D(7))]
        self.assertEqual(dues(Group(plan, {"x": member})), [100])

    def test_minimum_and_maximum(self):
        plan = Plan([terms((0, 10))], [0, 1, 2], minimum=D(50), maximum=D(100))
        self.assertEqual(
            dues(Group(plan, {"x": Member(sold(499, 600, 5000))})), [0, 60, 100]
        )

    def test_free_goods_by_the_unit(self):
        plan = Plan(
            [terms((0, 1), reward="goods", multiple=D(12))],
            [0, 0],
            unit=D(1),
            measure="quantity",
            basis="quantity",
        )
        self.assertEqual(dues(Group(plan, {"x": Member(sold(20, 20))})), [1, 2])

    def test_promised_statements_need_no_sales(self):
        plan = Plan([terms((0, 10))], [0, 1], guarantee=D(100))
        self.assertEqual(dues(Group(plan, {"x": Member(promised=True)})), [100, 100])
