# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import SUPERUSER_ID, Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .earning_common import EarningCommon
from .store_common import draw_signature
from .test_service_return import ReturnCommon


class ExitCommon(ReturnCommon):
    """A distributor with a failed plan, an agreement, an order and stock at his place."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.north.email = "north@exit.example"
        cls.today = fields.Date.context_today(cls.order)
        cls.invoice_of_order = cls.order._create_invoices()
        cls.invoice_of_order.action_post()
        cls.agreement = cls._make_agreement(cls.north)
        cls.plan = cls.env["distributor.improvement"].create(
            {
                "partner_id": cls.north.id,
                "company_id": cls.company.id,
                "deadline": cls.today,
                "result": "No better",
            }
        )
        cls.report = cls.env["distributor.stock.report"].create(
            {
                "partner_id": cls.north.id,
                "company_id": cls.company.id,
                "line_ids": [
                    Command.create({"product_id": cls.goods.id, "quantity": 4})
                ],
            }
        )

    @classmethod
    def _make_agreement(cls, partner):
        template = cls.env["distributor.agreement.template"].create(
            {"name": "One year", "body": "<p>Sells.</p>", "notice_days": 30}
        )
        agreement = cls.env["distributor.agreement"].create(
            {"partner_id": partner.id, "template_id": template.id}
        )
        agreement.action_send()
        # Nobody of the company signs: the portal does.
        agreement = agreement.with_user(SUPERUSER_ID)
        agreement._acknowledge(set(agreement.acknowledgement_ids.ids), "10.0.0.1")
        agreement._sign("Wang", draw_signature(), "10.0.0.1", partner)
        return agreement.with_env(cls.env)

    def draft(self, user=None, **values):
        return (
            self.env["distributor.exit"]
            .with_user(user or self.account_manager)
            .create(
                {"partner_id": self.north.id, "company_id": self.company.id, **values}
            )
        )

    def confirm(self, record):
        record.with_user(self.sales_manager).action_confirm()
        return record

    def pay(self, moves):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=moves.ids
        ).create({})._create_payments()


@tagged("post_install", "-at_install")
class TestExit(ExitCommon):
    def test_from_the_failed_plan_to_the_end(self):
        """R127: the plan failed, what is open is settled, and then the agreement ends."""
        plan = self.plan.with_user(self.account_manager)
        with self._refused(UserError, "did not fail"):
            plan.action_end_relation()
        plan.action_failed()
        action = plan.action_end_relation()
        record = plan.exit_ids
        self.assertEqual(action["res_id"], record.id)
        self.assertEqual(plan.action_end_relation()["res_id"], record.id, "not twice")
        self.assertEqual((record.reason, record.explanation), ("plan", "No better"))
        self.assertEqual(record.agreement_ids, self.agreement)
        self.assertEqual(record.stock_report_id, self.report)
        asked = record.activity_ids.user_id
        self.assertTrue(asked.has_group("distributor_crm.group_sales_manager"))
        self.assertNotIn(self.account_manager, asked)
        self.assertEqual(record.planned_date, self.today + timedelta(days=37))
        record.planned_date = self.today
        with self._refused(UserError, "30 days of notice"):
            self.confirm(record)
        record.planned_date = self.today + timedelta(days=31)
        self.confirm(record)
        self.assertIn(self.account_manager, record.activity_ids.user_id)
        self.assertIn("end our co-operation", record.message_ids.mapped("body")[0:3][0])
        manager = record.with_user(self.sales_manager)
        finance = record.with_user(self.finance)
        for act in (manager.action_done, finance.action_settle):
            with self._refused(UserError, f"{self.invoice_of_order.name}.*Pay"):
                act()
        request = record.return_ids
        request.with_user(self.account_manager).action_receive()
        request.with_user(self.finance).action_credit()
        request.sudo().move_ids.action_post()  # it is set against the invoice
        self.pay(self.invoice_of_order)
        with self._refused(UserError, "finance marks"):
            manager.action_done()
        finance.action_settle()
        manager.action_done()
        self.assertEqual(record.state, "done")
        self.assertEqual(self.agreement.end_on, record.planned_date)
        self.assertEqual(self.agreement.end_reason, "No better")

    def test_a_breach_ends_at_once_and_closes_stores(self):
        self.report.unlink()
        self.pay(self.invoice_of_order)
        store = self._store(self.north, "exit", agreement_id=self.agreement.id)
        record = self.confirm(self.draft(reason="breach"))
        record.with_user(self.finance).action_settle()
        record.with_user(self.sales_manager).action_done()
        self.assertEqual((self.agreement.state, store.state), ("ended", "closed"))
        self.assertIn("Breach", self.agreement.end_reason)

    def test_the_list_adds_up_what_is_open(self):
        """Invoices, credit notes, rebates and cases, in the company's money."""
        # 9 cups at 18 and 5 boxes at 100 less 10 %
        credit = self._sell(self.north, -50)
        self._sell(self.south, 999)
        case = self.env["distributor.case"].create(
            {"partner_id": self.north.id, "subject": "Broken"}
        )
        record = self.draft()
        lines = {line.kind: line for line in record.line_ids}
        self.assertEqual(len(record.line_ids), 3)
        self.assertEqual(lines["invoice"].amount, 612)
        self.assertEqual(lines["refund"].amount, -50)
        self.assertEqual(lines["case"].amount, 0)
        self.assertTrue(all(record.line_ids.mapped("is_open")))
        # 4 boxes of the last report, at what he paid last
        self.assertEqual((record.total, record.buy_back, record.net), (562, 360, 202))
        self.assertEqual(lines["refund"].action_open()["res_id"], credit.id)
        self.assertEqual(lines["case"].action_open()["res_id"], case.id)

    def test_rebates_count(self):
        program = self._create_program()
        self._sell(self.north, 2000)
        program._compute_statements()
        statement = self.env["distributor.rebate.statement"].search(
            [("program_id", "=", program.id), ("partner_id", "=", self.north.id)]
        )
        self.assertEqual(statement.settled, 40)
        line = self.draft().line_ids.filtered(lambda li: li.kind == "rebate")
        self.assertEqual((line.amount, line.res_id), (-40, statement.id))

    def test_confirmed_figures_are_frozen(self):
        record = self.draft()
        self._sell(self.north, 100)
        self.assertEqual(record.total, 612)
        record.action_refresh()
        self.assertEqual(record.total, 712)
        self.confirm(record)
        self._sell(self.north, 1000)
        self.pay(self.invoice_of_order)
        self.assertEqual(record.total, 712, "as it was confirmed")
        for values in (
            {"planned_date": "2030-01-01"},
            {"stock_ids": [Command.clear()]},
            {"reason": "breach"},
        ):
            with self._refused(UserError, "only in status Draft"):
                record.with_user(self.sales_manager).write(values)
        for act in (
            lambda: record.action_refresh(),
            lambda: record.stock_ids.write({"deduction": 5}),
            lambda: record.stock_ids.unlink(),
        ):
            with self._refused(UserError, "only in status Draft"):
                act()
        with self._refused(UserError, "stays on record"):
            record.unlink()
        with self._refused(AccessError, "follows from the ledger"):
            record.line_ids.with_user(self.finance).write({"amount": 1})
        # What came up since is to be settled all the same.
        with self._refused(UserError, "still open"):
            record.with_user(self.finance).action_settle()

    def test_finance_notes_what_needs_no_settling(self):
        self.report.unlink()
        record = self.confirm(self.draft())
        line = record.line_ids
        with self.assertRaises(AccessError):
            line.with_user(self.sales_manager).write({"is_waived": True, "note": "x"})
        line = line.with_user(self.finance)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            line.is_waived = True
            line.flush_recordset()
        line.invalidate_recordset()
        line.write({"is_waived": True, "note": "Written off"})
        record.with_user(self.finance).action_settle()
        self.assertEqual(record.state, "settled")
        with self._refused(UserError, "while the exit is confirmed"):
            line.note = "Later"


@tagged("post_install", "-at_install")
class TestExitStock(ExitCommon):
    def test_back_by_a_return_at_the_agreed_price(self):
        """What came on an order goes back by a return; he paid 90, less 20 % is 72."""
        record = self.draft()
        stock = record.stock_ids
        self.assertEqual((stock.reported, stock.last_price), (4, 90))
        stock.write({"quantity": 3, "deduction": 20})
        self.assertEqual(record.buy_back, 216)
        self.confirm(record)
        request = record.return_ids
        self.assertEqual((request.state, request.line_ids.quantity), ("approved", 3))
        self.assertFalse(record.sudo().move_ids)
        request.with_user(self.account_manager).action_receive()
        request.with_user(self.finance).action_credit()
        move = request.sudo().move_ids
        self.assertEqual(move.state, "draft")
        self.assertAlmostEqual(move.amount_untaxed, 216)
        with self._refused(UserError, "only in status Draft"):
            self.confirm(record)
        self.assertEqual(len(record.return_ids), 1)
        with self._refused(UserError, "taken back already"):
            record.with_user(self.sales_manager).action_cancel()

    def test_more_than_came_on_orders_is_a_draft_credit_note(self):
        """5 came on the order, 4 more on an invoice alone."""
        self._sell(self.north, 400, self.today, self.goods)
        record = self.draft()
        record.stock_ids.quantity = 9
        self.assertEqual(record.stock_ids.last_price, 400)
        record.stock_ids.deduction = 50
        self.confirm(record)
        self.assertEqual(record.return_ids.line_ids.quantity, 5)
        move = record.sudo().move_ids
        self.assertEqual((move.state, move.move_type), ("draft", "out_refund"))
        self.assertEqual(move.partner_id, self.north)
        self.assertEqual(
            (move.invoice_line_ids.quantity, move.amount_untaxed), (4, 800)
        )
        self.assertEqual(record.move_count, 1)
        # Both may be called off while no goods are back.
        record.with_user(self.sales_manager).action_cancel()
        self.assertEqual((move.state, record.return_ids.state), ("cancel", "cancelled"))
        self.assertIn("goes on", record.message_ids.mapped("body")[0])

    def test_another_currency_and_unit(self):
        """Bought by the dozen in foreign money: the price is of one, in ours."""
        currency = self.setup_other_currency(
            "CAD", rounding=0.01, rates=[("2020-01-01", 2.0)]
        )
        self.report.line_ids.unlink()
        self.report.line_ids = [
            Command.create({"product_id": self.cups.id, "quantity": 24})
        ]
        self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.north.id,
                "invoice_date": self.today,
                "currency_id": currency.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.cups.id,
                            "product_uom_id": self.env.ref("uom.product_uom_dozen").id,
                            "quantity": 3,
                            "price_unit": 480,
                            "discount": 10,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        ).action_post()
        record = self.draft()
        stock = record.stock_ids
        # 480 less 10 % the dozen is 36 each, and 18 of ours
        self.assertAlmostEqual(stock.last_price, 18)
        stock.deduction = 25
        self.assertAlmostEqual(record.buy_back, 24 * 13.5)
        self.confirm(record)
        move = record.sudo().move_ids
        self.assertEqual(move.currency_id, currency)
        self.assertEqual(sum(record.return_ids.line_ids.mapped("quantity")), 9)
        self.assertAlmostEqual(move.amount_untaxed, 15 * 13.5 * 2)
        self.assertAlmostEqual(-move.amount_untaxed_signed, 15 * 13.5)

    def test_what_he_never_bought_has_no_price(self):
        other = self.env["product.product"].create({"name": "Never Bought"})
        record = self.draft(
            stock_ids=[Command.create({"product_id": other.id, "quantity": 1})]
        )
        with self._refused(UserError, "Enter 0 under"):
            self.confirm(record)
        record.stock_ids.filtered(lambda s: s.product_id == other).quantity = 0
        self.confirm(record)

    def test_nobody_says_the_price_by_himself(self):
        record = self.draft(
            net=1, stock_ids=[Command.create({"product_id": self.cups.id, "price": 99})]
        )
        cups = record.stock_ids.filtered(lambda s: s.product_id == self.cups)
        self.assertEqual((cups.price, record.net), (18, 612 - 4 * 90))
        for values in ({"price": 99}, {"amount": 99}, {"last_price": 99}):
            with self._refused(UserError, "follow from what he paid"):
                cups.write(values)
        with self._refused(UserError, "buttons"):
            record.net = 1
        request = self.ask(1).with_user(self.account_manager)
        line = request.line_ids
        line.write({"exit_stock_id": cups.id})
        self.assertFalse(line.exit_stock_id)
        with self._refused(UserError, "buttons"):
            request.exit_id = record


@tagged("post_install", "-at_install")
class TestExitEarning(EarningCommon):
    def test_earnings_and_withdrawals(self):
        """What is free, what is frozen, and what is asked for, none of them twice."""
        self._earn()
        self._pay(self._invoice(self._order(400)))
        self._follow()
        withdrawal = self._ask(4)
        record = (
            self.env["distributor.exit"]
            .with_user(self.account_manager)
            .create({"partner_id": self.north.id, "company_id": self.company.id})
        )
        amounts = {line.kind: line.amount for line in record.line_ids}
        self.assertEqual(amounts, {"earning": -6, "frozen": -20, "withdrawal": -4})
        self.assertEqual(record.net, -30)
        record.with_user(self.sales_manager).action_confirm()
        withdrawal.with_user(self.sales_manager).action_approve()
        withdrawal.with_user(self.finance).action_pay()
        record.line_ids.invalidate_recordset()
        still = record.line_ids.filtered("is_open").mapped("kind")
        self.assertEqual(still, ["earning", "frozen"])
        with self._refused(UserError, "still open"):
            record.with_user(self.finance).action_settle()


@tagged("post_install", "-at_install")
class TestExitSecurity(ExitCommon):
    def test_who_does_what(self):
        record = self.draft()
        other = self._new_user("exit_other", "distributor_crm.group_account_manager")
        rep = record.with_user(self.sales_rep)
        self.assertEqual(rep.read(["net"])[0]["net"], record.net)
        for user in (self.sales_rep, self.finance):
            with self.assertRaises(AccessError):
                record.with_user(user).write({"reason": "breach"})
            with self.assertRaises(AccessError):
                self.draft(user)
        with self.assertRaises(AccessError):
            record.with_user(other).read(["net"])
        with self._refused(UserError, "Only sales managers"):
            record.action_confirm()
        with self._refused(UserError, "buttons"):
            record.write({"state": "done"})
        self.confirm(record)
        with self._refused(AccessError, "Only distributor finance"):
            record.with_user(self.sales_manager).action_settle()
        with self._refused(UserError, "Only sales managers"):
            record.action_cancel()

    def test_nobody_confirms_what_he_drafted(self):
        record = self.draft(self.sales_manager)
        with self._refused(AccessError, "another sales manager"):
            self.confirm(record)
        record.with_user(self.channel_admin).action_confirm()

    def test_finance_opens_form_and_list(self):
        record = self.draft()
        for user in (self.sales_rep, self.account_manager, self.finance):
            own = record.with_user(user)
            views = own.get_views([(False, "list"), (False, "form")])
            for name in views["models"]["distributor.exit"]["fields"]:
                own.read([name])
            own.line_ids.read()
            own.stock_ids.read()
        pages, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "distributor_crm.report_exit", record.ids
        )
        self.assertIn(self.invoice_of_order.name, pages.decode())

    def test_another_company(self):
        """Lists tell of one company only, and join nothing of another."""
        other = self._create_company(name="Elsewhere")
        record = self.draft()
        elsewhere = self.env["distributor.exit"].create(
            {"partner_id": self.north.id, "company_id": other.id}
        )
        self.assertFalse(elsewhere.line_ids)
        self.assertFalse(elsewhere.agreement_ids)
        self.assertFalse(elsewhere.stock_ids)
        with self.assertRaises(AccessError):
            elsewhere.with_user(self.account_manager).read(["net"])
        with self._refused(UserError, "company"):
            elsewhere.agreement_ids = self.agreement
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            record.copy()
