# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import DistributorCommon


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestRebateQuotation(DistributorCommon):
    """What an order does to the tier, and what it leaves of the margin."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wine = cls._create_product(
            name="Wine",
            lst_price=100,
            standard_price=60,
            taxes_id=False,
            invoice_policy="delivery",
        )
        cls._sell(cls.north, 1500)
        cls.program = cls._create_program()

    def _order(self, *lines, partner=None, **values):
        return (
            self.env["sale.order"]
            .with_user(self.sales_manager)
            .create(
                {
                    "partner_id": (partner or self.north).id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.wine.id,
                                "product_uom_qty": quantity,
                                "price_unit": 100,
                                **more,
                            }
                        )
                        for quantity, more in lines
                    ],
                    **values,
                }
            )
        )

    def _outlook(self, order, program=None):
        (found,) = (
            outlook
            for outlook in order._get_rebate_outlooks()
            if outlook.program == (program or self.program)
        )
        return found

    def assertOutlook(self, order, now, then, program=None):
        found = self._outlook(order, program)
        self.assertEqual((found.now, found.then), (now, then))

    def _invoice(self, order):
        order.action_confirm()
        for line in order.order_line:
            line.qty_delivered = line.product_uom_qty
        # Invoicing is somebody else's right.
        move = order.sudo()._create_invoices()
        move.invoice_date = "2024-06-15"
        move.action_post()
        return move

    def test_order_reaches_the_next_tier(self):
        """1,500 at 1%, 600 more: 2,100 at 2%; it costs 27 and leaves 213."""
        order = self._order((6, {}))
        self.assertOutlook(order, 15, 42)
        found = self._outlook(order)
        self.assertEqual(found.tier_now, self.program.tier_ids[0].display_name)
        self.assertEqual(found.tier_then, self.program.tier_ids[1].display_name)
        self.assertFalse(found.missing)
        self.assertEqual(order.rebate_expected, 27)
        self.assertEqual(order.rebate_margin, 600 - 360 - 27)
        self.assertAlmostEqual(order.rebate_margin_percent, 0.355)
        html = str(order.rebate_outlook)
        for text in ("Volume 2024", "1% from", "2% from", "42.00"):
            self.assertIn(text, html)

    def test_what_is_missing(self):
        found = self._outlook(self._order((3, {})))
        self.assertEqual((found.tier_now, found.tier_then), (found.tier_then,) * 2)
        self.assertIn("200.00", found.missing)
        self.assertIn("2%", found.missing)
        small = self._outlook(self._order((1, {}), partner=self.south))
        self.assertEqual((small.tier_now, small.then), ("", 0))

    def test_it_says_what_the_statement_then_says(self):
        """One arithmetic: invoiced today, the program says the same."""
        dozen = self.env.ref("uom.product_uom_dozen")
        branch = self.env["res.partner"].create(
            {
                "name": "Branch",
                "is_company": True,
                "is_distributor": True,
                "parent_id": self.north.id,
            }
        )
        self._sell(self.north, 400, "2023-06-02")
        self._sell(branch, 777)
        programs = self.program
        for steps, values in (
            ([(0, 1), (2000, 3)], {"method": "incremental", "period_type": "quarter"}),
            ([(110, 2)], {"scale": "growth"}),
            ([(0, 5)], {"product_ids": [Command.link(self.wine.id)]}),
            ([(0, 5)], {"excluded_product_ids": [Command.link(self.wine.id)]}),
            ([(0, 2)], {"group_policy": "head"}),
            ([(0, 2)], {"group_policy": "own", "period_type": "month"}),
            ([(12, 7)], {"measure": "quantity", "basis": "quantity", "reward": "unit"}),
            ([(2500, 99)], {"reward": "lump"}),
            ([(0, 10)], {"maximum": 30, "window_type": "year", "period_type": "month"}),
        ):
            programs += self._create_program(*steps, **values)
        order = self._order(
            (2, {}),
            (1, {"product_uom_id": dozen.id, "price_unit": 1200, "discount": 10}),
            (3, {"rebate_exclusion": "Agreed net price"}),
            partner=branch,
        )
        before = {o.program: o for o in order._get_rebate_outlooks()}
        self.assertEqual(len(before), len(programs))
        # Where sales add up over more than a period, not everybody has a statement in
        # the last one to compare with.
        plain = programs.filtered(lambda p: p.period_type == p.window_type)
        expected = float(sum(before[program].cost for program in plain))
        programs.action_compute()
        earned = self._earned_today(programs)
        for program, outlook in before.items():
            payee = self.north if program.group_policy == "head" else branch
            key = program, payee
            self.assertAlmostEqual(earned.get(key, 0), outlook.now, 2, program.name)
        self._invoice(order)
        programs.action_compute()
        then = self._earned_today(programs)
        for program, outlook in before.items():
            payee = self.north if program.group_policy == "head" else branch
            self.assertAlmostEqual(then.get((program, payee), 0), outlook.then, 2)
        difference = sum(
            then[key] - earned.get(key, 0) for key in then if key[0] in plain
        )
        self.assertAlmostEqual(expected, difference, 2)
        self.assertTrue(expected)

    def _earned_today(self, programs):
        """What the last statements of the time say that adds up today."""
        windows = {p: p._get_windows(p._get_periods())[-1].start for p in programs}
        return {
            (s.program_id, s.partner_id): s.earned
            for s in programs.statement_ids.sorted("date_from")
            if s.window_from == windows[s.program_id]
        }

    def test_invoiced_lines_count_once(self):
        """What is invoiced is in the ledger; the rest of the order is still to come."""
        order = self._order((6, {}), (1, {}))
        order.action_confirm()
        order.order_line[0].qty_delivered = 6
        move = order.sudo()._create_invoices()
        move.invoice_date = "2024-06-15"
        move.action_post()
        self.env.flush_all()
        order.invalidate_recordset()
        self.assertOutlook(order, 42, 44)
        self.assertEqual(order.rebate_expected, 2)
        self.assertEqual(order.rebate_margin, 100 - 60 - 2)

    def test_nothing_to_say_when_all_is_invoiced(self):
        order = self._order((6, {}))
        self._invoice(order)
        self.env.flush_all()
        order.invalidate_recordset()
        self.assertFalse(order.rebate_outlook or order.rebate_expected)
        self.assertFalse(order.is_rebate_margin_known)

    def test_currency_of_the_order(self):
        currency = self.setup_other_currency("EUR", rates=[("2024-01-01", 2.0)])
        pricelist = self.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": currency.id}
        )
        order = self._order((12, {}), pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, currency)
        self.assertOutlook(order, 15, 42)
        self.assertEqual(order.rebate_expected, 54)
        self.assertEqual(order.rebate_margin, 1200 - 12 * 60 * 2 - 54)

    def test_later_programs_look_at_what_remains(self):
        """10% of 600, then 10% of the remaining 540."""
        self.program.action_reset_to_draft()
        first = self._create_program((0, 10), sequence=1)
        second = self._create_program((0, 10), sequence=2, stacking="cascade")
        (first + second).action_compute()
        order = self._order((6, {}))
        self.assertOutlook(order, 150, 210, first)
        self.assertOutlook(order, 135, 189, second)

    def test_exclusive_program_keeps_its_sales(self):
        first = self._create_program(
            (0, 1), name="First", sequence=1, is_exclusive=True
        )
        order = self._order((6, {}))
        self.assertOutlook(order, 15, 21, first)
        self.assertEqual(self._outlook(order).cost, 0)
        self.assertIn("Does not count", str(order.rebate_outlook))

    def test_margin_needs_a_cost(self):
        bare = self._create_product(name="Bare", standard_price=0, taxes_id=False)
        order = self._order((6, {}), (1, {"product_id": bare.id}))
        self.assertFalse(order.is_rebate_margin_known)
        self.assertEqual(order.rebate_margin, 0)

    def test_only_distributors(self):
        order = self._order((6, {}), partner=self.partner_a)
        self.assertFalse(order.rebate_outlook or order.rebate_expected)
        self.assertFalse(order.is_rebate_margin_known)
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.north.id}
        )
        self.assertOutlook(self._order((6, {}), partner=contact), 15, 42)

    def test_who_sees_what(self):
        order = self._order((6, {}), user_id=self.sales_rep.id)
        seen = order.with_user(self.sales_rep)
        self.assertTrue(seen.rebate_outlook)
        with self.assertRaises(AccessError):
            seen.read(["rebate_margin"])
        self.account_manager.group_ids |= self.env.ref(
            "sales_team.group_sale_salesman_all_leads"
        )
        manager = order.with_user(self.account_manager)
        self.assertEqual(manager.read(["rebate_margin"])[0]["rebate_margin"], 213)

    def test_while_the_order_is_typed(self):
        Order = self.env["sale.order"].with_user(self.sales_manager)
        with Form(Order) as form:
            form.partner_id = self.north
            with form.order_line.new() as line:
                line.product_id = self.wine
                line.product_uom_qty = 6
            self.assertEqual(form.rebate_expected, 27)
            with form.order_line.edit(0) as line:
                line.product_uom_qty = 1
            self.assertEqual(form.rebate_expected, 1)

    def test_queries_do_not_grow_with_lines(self):
        def count(order):
            self.env.flush_all()
            self.env.invalidate_all()
            order.order_line.mapped("product_id.product_tmpl_id.name")
            before = self.env.cr.sql_log_count
            order.read(["rebate_expected", "rebate_outlook"])
            return self.env.cr.sql_log_count - before

        few = count(self._order((1, {})))
        products = [self._create_product(name=f"P{n}") for n in range(15)]
        many = self._order(*((1, {"product_id": p.id}) for p in products))
        self.assertLessEqual(count(many), few)


@tagged("post_install", "-at_install")
class TestRebateExclusion(DistributorCommon):
    """R118: a sale line is kept out by hand, with a reason."""

    def test_excluded_lines_do_not_count(self):
        move = self._sell(self.north, 2500)
        self._sell(self.north, 1500)
        program = self._create_program()
        program.action_compute()
        self.assertEqual(program.statement_ids.earned, 80)
        line = move.invoice_line_ids
        for reason, expected in (("Agreed net price", 15), (False, 80), ("", 80)):
            line.rebate_exclusion = reason
            self.env.flush_all()
            program._follow_ledger()
            self.assertEqual(program.statement_ids.earned, expected)
        self.assertEqual(len(program.statement_ids.line_ids), 2)

    def test_change_after_settlement_is_a_true_up(self):
        move = self._sell(self.north, 2500)
        program = self._create_program()
        program.action_compute()
        program.statement_ids.with_user(self.sales_manager).action_approve()
        move.invoice_line_ids.rebate_exclusion = "Agreed net price"
        self.env.flush_all()
        program._follow_ledger()
        supplement = program.statement_ids.filtered("number")
        self.assertEqual(supplement.due, -50)
        self.assertRecordValues(
            supplement.line_ids, [{"amount": -2500, "reason": "removed"}]
        )

    def test_reason_goes_from_order_to_invoice(self):
        product = self._create_product(taxes_id=False, invoice_policy="order")
        order = self.env["sale.order"].create(
            {
                "partner_id": self.north.id,
                "order_line": [
                    Command.create(
                        {"product_id": product.id, "rebate_exclusion": "Net price"}
                    )
                ],
            }
        )
        order.action_confirm()
        move = order._create_invoices()
        self.assertEqual(move.invoice_line_ids.rebate_exclusion, "Net price")

    def test_posted_lines_are_excluded_from_a_list(self):
        move = self._sell(self.north, 2500)
        self.assertTrue(move.has_rebate_lines)
        self.assertFalse(self._sell(self.partner_a, 10).has_rebate_lines)
        action = move.action_exclude_from_rebates()
        lines = self.env["account.move.line"].search(action["domain"])
        self.assertEqual(lines, move.invoice_line_ids)
        lines.with_user(self.finance).rebate_exclusion = "Agreed net price"
