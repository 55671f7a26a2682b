# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Worked examples with known answers, from the invoice to the statement.

A letter and a number name each example: makers' published ones, recomputed by hand.
"""

from odoo import Command
from odoo.tests import tagged

from .test_rebate_engine import EngineCommon

LADDER = ((0, 10), (100, 20), (300, 30))


@tagged("post_install", "-at_install")
class TestRebateCases(EngineCommon):
    def assertEarns(self, sales, expected, steps, **values):
        """Invoices of these amounts are due this rebate, and settled as that."""
        partner = self.north.copy({"name": self.id(), "is_distributor": True})
        for amount in sales:
            self._sell(partner, amount)
        program = self._create_program(
            *steps, partner_ids=[Command.set(partner.ids)], **values
        )
        program._compute_now()
        (statement,) = program.statement_ids
        self.assertRecordValues(
            statement, [{"earned": expected, "due": expected, "settled": expected}]
        )
        self._approve(statement)
        self.assertEqual(statement.line_ids.mapped("amount"), list(sales))

    def test_t1_incremental(self):
        """T1: D365's "stepped"."""
        self.assertEarns([2000], 350, [(0, 10), (1000, 25)], method="incremental")

    def test_t2_retroactive(self):
        """T2: D365's "cumulative"."""
        self.assertEarns([1500, 500], 500, [(0, 10), (1000, 25)])

    def test_t3_rolling(self):
        """T3: D365's "rolling"."""
        self.assertEarns([2000], 600, [(0, 10), (1000, 25)], method="rolling")

    def test_t4_total(self):
        """T4: D365's "total"."""
        self.assertEarns([2000], 700, [(0, 10), (1000, 25)], method="total")

    def test_x1_incremental_in_three_tiers(self):
        """X1 and R01: no cent is lost or paid twice between two tiers."""
        self.assertEarns([3000, 800], 1100, LADDER, method="incremental")

    def test_x2_incremental(self):
        """X2: 10 + 40 + 210."""
        self.assertEarns([1000], 260, LADDER, method="incremental")

    def test_x3_retroactive(self):
        """X3: 30% of 3,800."""
        self.assertEarns([3800], 1140, LADDER)

    def test_x4_top_tier_is_open(self):
        """X4 and R05: no turnover is too high for the ladder."""
        self.assertEarns([7000], 2100, LADDER)

    def test_s2_what_is_earned_beside_a_fixed_accrual(self):
        """S2: nothing at 50,000, 7,500 at 250,000; accruals have a test of their own."""
        program = self._create_program((100000, 2), (200000, 3))
        for amount, expected in ((50000, 0), (100000, 3000), (100000, 7500)):
            self._sell(self.north, amount)
            program._compute_now()
            self.assertEqual(self._dues(program), [expected])

    def test_g1_growth_over_last_year(self):
        """G1: 2,350,000 after 2,000,000 are 117.5%: 3% on everything."""
        self._sell(self.north, 2000000, "2023-06-01")
        self._sell(self.north, 2350000, "2024-06-01")
        self._sell(self.south, 2350000, "2024-06-01")
        program = self._create_program(
            (110, 2), (115, 3), (120, 4), scale="growth", kind="growth"
        )
        program._compute_now()
        north = self._of(program)
        self.assertEqual(
            (north.measure, north.due, north.missing), (117.5, 70500, 50000)
        )
        self.assertEqual(north.line_ids.mapped("amount"), [2350000])
        self.assertEqual(self._dues(program, self.south), [0])
        program.action_reset_to_draft()
        program.basis = "growth"
        program.target_ids = [
            Command.create({"partner_id": self.south.id, "amount": 1000000})
        ]
        program.action_start()
        program._compute_now()
        self.assertEqual(self._dues(program), [10500])
        # An agreed baseline takes the place of what was sold.
        self.assertEqual(self._dues(program, self.south), [54000])

    def test_s1_months_within_a_year(self):
        """S1: October 0, November 140, the year's rest 940, each settled in between."""
        program = self._create_program(
            (5000, 2), (10000, 4), period_type="month", window_type="year"
        )
        for day, amount, expected in (
            ("2024-10-10", 3000, 0),
            ("2024-11-10", 4000, 140),
            ("2024-12-10", 20000, 940),
        ):
            self._sell(self.north, amount, day)
            program._compute_now()
            last = self._of(program)[-1]
            self.assertEqual(last.due, expected)
            self.assertEqual(last.basis, amount)
            self._approve(last)
        self.assertEqual(sum(self._dues(program)), 1080)
        self.assertEqual(program.earned_total, 1080)
        self._check_evidence(program)

    def test_n3_versions_follow_the_day_of_sale(self):
        """N3: the sale of 6 March is paid by the version of that day."""
        program = self._create_program((0, 10), date_from="2024-03-01")
        sale = self._sell(self.north, 100, "2024-03-06")
        version = self.env["distributor.rebate.program"].browse(
            program.action_new_version()["res_id"]
        )
        self.assertEqual((version.version, version.origin_id), (2, program))
        version.valid_from = "2024-03-10"
        version.tier_ids.rate = 15
        version.action_start()
        sale.button_draft()
        sale.invoice_line_ids.quantity = 3
        sale.action_post()
        self._sell(self.south, 1000, "2024-03-10")
        program._compute_now()
        self.assertEqual(self._dues(program), [30])
        self.assertEqual(self._dues(program, self.south), [150])
        program.action_reset_to_draft()
        program.version_rule = "latest"
        program.action_start()
        program._compute_now()
        self.assertEqual(self._dues(program), [45])

    def test_k1_several_programs_on_one_sale(self):
        """K1: the order decides what each of the four looks at."""
        self._sell(self.north, 1000)
        deals = {
            1: {"rate": 10, "stacking": "parallel", "is_deductible": True},
            2: {"rate": 15, "stacking": "settled", "is_deductible": False},
            3: {"rate": 20, "stacking": "cascade", "is_deductible": True},
            4: {"rate": 25, "stacking": "cascade", "is_deductible": True},
        }
        for order, expected in (
            ("1234", [100, 150, 180, 180]),
            ("4321", [250, 150, 150, 100]),
            ("3214", [200, 150, 100, 175]),
            ("2413", [150, 250, 100, 130]),
        ):
            programs = self.env["distributor.rebate.program"]
            for place, number in enumerate(order):
                values = dict(deals[int(number)], sequence=place)
                programs += self._create_program((0, values.pop("rate")), **values)
            programs._compute_now()
            found = [self._dues(program)[0] for program in programs]
            self.assertEqual(found, expected, order)
            programs.statement_ids.sudo().unlink()
            programs.action_reset_to_draft()

    def test_k3_guaranteed_minimum(self):
        """K3: 12,000 earned, then 5,000; 10,000 a quarter guaranteed and added up."""
        self._sell(self.north, 120000, "2024-02-01")
        self._sell(self.north, 50000, "2024-05-01")
        for cumulated, second in ((True, 8000), (False, 10000)):
            program = self._create_program(
                (0, 10),
                period_type="quarter",
                date_to="2024-06-30",
                guarantee=10000,
                is_guarantee_cumulated=cumulated,
                partner_ids=[Command.set((self.north + self.south).ids)],
            )
            program._compute_now()
            self.assertEqual(self._dues(program), [12000, second])
            self.assertEqual(self._dues(program, self.south), [10000, 10000])

    def test_p1_released_as_customers_pay(self):
        """P1 and C03: in proportion to what was paid, then the rest, then taken back
        when the payment bounces (C04)."""
        invoice = self._sell(self.north, 20000)
        program = self._create_program((0, 20), release="collected")
        program._compute_now()
        (first,) = program.statement_ids
        self.assertEqual((first.earned, first.due), (4000, 0))
        self._pay(invoice, 10000)
        program._compute_now()
        self.assertEqual((first.released, first.due), (2000, 2000))
        self._approve(first)
        payment = self._pay(invoice, 10000, "2025-02-01")
        program._compute_now()
        second = self._of(program)[-1]
        self.assertEqual(
            (second.due, second.line_ids.mapped("reason")), (2000, ["payment"])
        )
        self._approve(second)
        payment.move_id.line_ids.remove_move_reconcile()
        program._compute_now()
        third = self._of(program)[-1]
        self.assertEqual((third.due, third.settled), (-2000, 0))

    def test_p2_rounded_on_the_cumulative_figure(self):
        """P2: 3.33, 3.34, 3.33."""
        invoice = self._sell(self.north, 300)
        program = self._create_program((0, "3.3333"), release="collected")
        for _part in range(3):
            self._pay(invoice, 100)
            program._compute_now()
            self._approve(self._of(program)[-1])
        self.assertEqual(self._dues(program), [3.33, 3.34, 3.33])

    def test_p3_reversed_before_and_after_settlement(self):
        """P3: nothing remains, and never a minus alone."""
        for settle in (False, True):
            partner = self.north.copy({"name": str(settle), "is_distributor": True})
            invoice = self._sell(partner, 3000)
            program = self._create_program(
                (0, 10), partner_ids=[Command.set(partner.ids)], release="collected"
            )
            program._compute_now()
            if settle:
                self._approve(program.statement_ids)
            invoice._reverse_moves([{"invoice_date": "2024-05-01"}], cancel=True)
            self.assertEqual(invoice.payment_state, "reversed")
            program._compute_now()
            self.assertEqual(sum(self._dues(program, partner)), 0)

    def test_p5_claw_back_carried_or_invoiced(self):
        """P5: settled at 500, then 1,200 come back: -420."""
        for policy, settled in (("carry", 0), ("invoice", -420)):
            partner = self.north.copy({"name": policy, "is_distributor": True})
            invoice = self._sell(partner, 2000)
            program = self._create_program(
                (0, 10),
                (1000, 25),
                negative_policy=policy,
                partner_ids=[Command.set(partner.ids)],
            )
            program._compute_now()
            self._approve(program.statement_ids)
            self.assertEqual(program.statement_ids.due, 500)
            refund = invoice._reverse_moves([{"invoice_date": "2024-06-01"}])
            refund.invoice_line_ids.price_unit = 1200
            refund.action_post()
            program._compute_now()
            first, second = self._of(program, partner)
            self.assertEqual((second.due, second.settled), (-420, settled))
            self.assertEqual(second.line_ids.mapped("reason"), ["credit"])
            self.assertEqual((first.recomputed, first.is_outdated), (80, True))
