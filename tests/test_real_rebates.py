# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The main job on real-shaped sales: a year's rebates, to the cent."""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

from real_sales import RealSalesCommon, by_category, needs_real_sales

from odoo import Command
from odoo.tests import tagged

TIERS = ((50000, 1), (100000, 2), (200000, 3.5))


@tagged("post_install", "-at_install")
@needs_real_sales
class TestRealRebates(RealSalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Rebates ask for amounts; the lines as they are is what the import's tests ask for.
        cls._import_sales("2019", by_category)

    def _compute(self, method, **values):
        program = self.env["distributor.rebate.program"].create(
            {
                "name": f"2019 {method}",
                "date_from": "2019-01-01",
                "date_to": "2019-12-31",
                "method": method,
                "account_id": self.company_data["default_account_expense"].id,
                "tier_ids": [
                    Command.create({"threshold": threshold, "rate": rate})
                    for threshold, rate in TIERS
                ],
                **values,
            }
        )
        program.action_start()
        program.action_compute()
        return program

    def _earned(self, program, *codes):
        by_code = {s.partner_id.ref: s.earned for s in program.statement_ids}
        return [by_code[code] for code in codes]

    def test_retroactive_year(self):
        program = self._compute("retroactive")
        self.assertEqual(program.statement_count, 555)
        self.assertEqual(program.earning_count, 208)
        self.assertEqual(round(program.basis_total, 2), 32500005.58)
        self.assertEqual(round(program.earned_total, 2), 697618.27)
        best = program.statement_ids.sorted("earned", reverse=True)[:5]
        self.assertEqual(
            [(s.partner_id.ref, s.earned) for s in best],
            [
                ("546", 12968.91),
                ("697", 12751.74),
                ("72", 12710.16),
                ("599", 11991.27),
                ("328", 11501.49),
            ],
        )
        self._check_evidence(program)
        program.action_compute()
        self.assertEqual(round(program.earned_total, 2), 697618.27)

    def test_incremental_year(self):
        program = self._compute("incremental")
        self.assertEqual(round(program.earned_total, 2), 341618.27)
        self.assertEqual(self._earned(program, "546"), [8468.91])

    def test_quarters_of_one_category_against_another_calculation(self):
        """Each statement equals what a plain loop over the invoices gives."""
        bikes = self.env["product.category"].search([("name", "=", "Bikes")])
        program = self._compute(
            "retroactive",
            period_type="quarter",
            product_categ_ids=[Command.set(bikes.ids)],
        )
        expected = defaultdict(Decimal)
        lines = self.env["account.move.line"].search(
            [("company_id", "=", self.env.company.id), ("product_id", "!=", False)]
        )
        for line in lines:
            category = line.product_id.categ_id
            if bikes in (category, category.parent_id):
                quarter = (line.move_id.invoice_date.month + 2) // 3
                expected[line.partner_id.ref, f"2019-Q{quarter}"] += Decimal(
                    f"{line.price_subtotal:.2f}"
                )
        found = {
            (s.partner_id.ref, s.period): (
                Decimal(f"{s.basis:.2f}"),
                Decimal(f"{s.earned:.2f}"),
            )
            for s in program.statement_ids
        }
        self.assertEqual(
            found,
            {key: (amount, self._rebate(amount)) for key, amount in expected.items()},
        )
        self._check_evidence(program)

    def test_targets_against_another_calculation(self):
        """What was sold of each target, and how next year's is split, equal what a plain
        loop over the invoices gives, to the cent."""
        bikes = self.env["product.category"].search([("name", "=", "Bikes")])
        sold, of_bikes = defaultdict(lambda: [Decimal(0)] * 12), [Decimal(0)] * 12
        lines = self.env["account.move.line"].search(
            [("company_id", "=", self.env.company.id), ("product_id", "!=", False)]
        )
        for line in lines:
            month = line.move_id.invoice_date.month - 1
            amount = Decimal(f"{line.price_subtotal:.2f}")
            sold[line.partner_id][month] += amount
            category = line.product_id.categ_id
            if bikes in (category, category.parent_id):
                of_bikes[month] += amount
        buyers = sorted(sold, key=lambda partner: partner.id)
        vals = [{"year": 2019, "amount": 1000, "partner_id": p.id} for p in buyers]
        vals += [
            {"year": 2020, "amount": 98765.43, "partner_id": p.id} for p in buyers[:40]
        ]
        vals += [
            {"year": 2019, "amount": 5, "scope": "category", "categ_id": bikes.id},
            {"year": 2019, "amount": 5, "scope": "company"},
        ]
        targets = self.env["distributor.target"].create(vals)
        found = targets.month_ids.sorted(lambda m: (m.target_id.id, m.month))
        actual = [Decimal(f"{amount:.2f}") for amount in found.mapped("actual")]
        rows = [tuple(actual[at : at + 12]) for at in range(0, len(actual), 12)]
        count = len(buyers)
        self.assertEqual(rows[:count], [tuple(sold[partner]) for partner in buyers])
        self.assertEqual(rows[-2], tuple(of_bikes))
        self.assertEqual(sum(rows[-1]), sum(map(sum, sold.values())))
        for target, partner in zip(targets[count : count + 40], buyers, strict=False):
            months = [f"{m.amount:.2f}" for m in target.month_ids.sorted("month")]
            self.assertEqual(months, self._shares(9876543, sold[partner]))

    def _shares(self, cents, weights):
        """Hand out cents one by one, each to the month that is furthest behind."""
        total = sum(weights)
        parts = [int(cents * weight / total) for weight in weights]
        while sum(parts) < cents:
            behind = [
                cents * w / total - part for w, part in zip(weights, parts, strict=True)
            ]
            parts[behind.index(max(behind))] += 1
        return [f"{Decimal(part) / 100:.2f}" for part in parts]

    def _rebate(self, amount):
        rate = max((rate for start, rate in TIERS if amount >= start), default=0)
        exact = amount * Decimal(str(rate)) / 100
        return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)

    def _check_evidence(self, program):
        """The invoice lines behind each statement add up to it, to the cent."""
        sums = self.env["distributor.rebate.line"]._read_group(
            [("statement_id", "in", program.statement_ids.ids)],
            ["statement_id"],
            ["amount:sum", "__count"],
        )
        self.assertEqual(len(sums), len(program.statement_ids))
        for statement, amount, count in sums:
            self.assertEqual(round(amount, 2), statement.basis)
            self.assertEqual(count, statement.line_count)
