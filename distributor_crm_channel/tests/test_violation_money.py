# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .violation_common import ViolationCommon


@tagged("post_install", "-at_install")
class TestViolationMoney(ViolationCommon):
    """Money is due once a case is final, collected once, and given back when lifted."""

    def _policy(self, collect_by):
        policy = self.env["distributor.violation.policy"].create(
            {
                "name": f"Fine by {collect_by}",
                "code": f"fine_{collect_by}",
                "date_from": "2020-01-01",
                "collect_by": collect_by,
                "step_ids": [Command.create({"kind": "money"})],
            }
        )
        policy.account_id = self.company_data["default_account_revenue"]
        return policy

    def _fined(self, collect_by="settlement", amount=50, final=True):
        code = self._policy(collect_by).code
        case = self._confirmed(code, amount=amount)
        return self._make_final(case) if final else case

    def test_money_waits_for_the_end_of_the_appeal(self):
        case = self._fined(final=False)
        self.assertEqual(case.penalty_ids.state, "waiting")
        self.assertFalse(self.Violation._collect_unsettled(self.north, self.company))
        with self._refused(UserError, "before the case is final"):
            case._mark_settled(self.goods)
        self._deliver(case)
        case._appeal("No.")
        self.assertFalse(self.Violation._collect_unsettled(self.north, self.company))
        case.with_user(self.third_manager)._decide_appeal("Yes.", False)
        found = self.Violation._collect_unsettled(self.contacts[0], self.company)
        self.assertEqual(found, case)

    def test_a_settlement_collects_once(self):
        case = self._fined()
        self.assertEqual(
            self.Violation._collect_unsettled(self.north, self.company), case
        )
        case._mark_settled(self.goods)
        self.assertEqual((case.settled_amount, case.penalty_ids.state), (50, "done"))
        self.assertFalse(self.Violation._collect_unsettled(self.north, self.company))
        with self._refused(UserError, "nothing is collected twice"):
            case._mark_settled(self.goods)

    def test_what_a_settlement_took_is_given_back_by_the_next(self):
        case = self._fined()
        case._mark_settled(self.goods)
        case.with_user(self.third_manager)._lift("It was another's visit.")
        self.assertEqual(
            self.Violation._collect_refunds(self.north, self.company), case
        )
        case._mark_refunded(self.goods)
        self.assertFalse(self.Violation._collect_refunds(self.north, self.company))
        with self._refused(UserError, "Nothing is to be given back"):
            case._mark_refunded(self.goods)

    def test_lawful_defaults_take_no_money(self):
        """Rules with legal weight take no money until somebody says so."""
        for code in (
            "price_below_floor",
            "diversion",
            "undeclared_shop",
            "listing_duty",
        ):
            policy = self.env.ref(f"distributor_crm_channel.policy_{code}")
            self.assertEqual(policy.collect_by, "none")
            self.assertNotIn("money", policy.step_ids.mapped("kind"))
        case = self._confirmed("diversion", amount=500)
        self.assertFalse(case.amount)

    def test_only_finance_collects(self):
        case = self._fined("debit_note")
        with self._refused(AccessError, "finance collects"):
            case.with_user(self.sales_manager).action_collect()

    def test_a_debit_note_is_posted_once_and_reversed_when_lifted(self):
        case = self._fined("debit_note")
        case.with_user(self.finance).action_collect()
        note = case.move_ids
        self.assertRecordValues(
            note,
            [{"move_type": "out_invoice", "state": "posted", "amount_total": 50}],
        )
        self.assertEqual(
            (case.settled_model, case.settled_id), ("account.move", note.id)
        )
        with self._refused(UserError, "collected before"):
            case.with_user(self.finance).action_collect()
        with self._refused(UserError, "Lift the case"):
            note.with_user(self.finance).button_draft()
        case.with_user(self.third_manager)._lift("Forged.")
        credit = case.move_ids - note
        self.assertRecordValues(
            credit, [{"move_type": "out_refund", "state": "posted", "amount_total": 50}]
        )

    def test_earnings_pay_what_they_can(self):
        case = self._fined("earning")
        with self._refused(UserError, "released earnings"):
            case.with_user(self.finance).action_collect()
        account = self.company_data["default_account_payable"].copy()
        account.reconcile = True
        policy = self.env["distributor.earning.policy"].create(
            {
                "name": "Earnings",
                "date_from": "2020-01-01",
                "expense_account_id": self.company_data["default_account_expense"].id,
                "payable_account_id": account.id,
                "journal_id": self.company_data["default_journal_misc"].id,
                "own_rate": 10,
            }
        )
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": policy.journal_id.id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": policy.expense_account_id.id,
                            "partner_id": self.north.id,
                            "debit": 120,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": self.north.id,
                            "credit": 120,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        case.with_user(self.finance).action_collect()
        figures = self.north._get_earning_figures(self.company)[self.north.id]
        self.assertEqual(figures["balance"], 70)
        case.with_user(self.third_manager)._lift("Forged.")
        figures = self.north._get_earning_figures(self.company)[self.north.id]
        self.assertEqual(figures["balance"], 120)

    def _statement(self):
        program = self._create_program((1000, 10))
        self._sell(self.north, 2000)
        program._compute_statements()
        return program.statement_ids.filtered(lambda s: s.partner_id == self.north)

    def test_a_rebate_is_adjusted_with_the_approval_of_another(self):
        case = self._fined("rebate")
        with self._refused(UserError, "no draft rebate statement"):
            case.with_user(self.finance).action_collect()
        statement = self._statement()
        before = statement.due
        case.with_user(self.finance).action_collect()
        adjustment = case.adjustment_ids
        self.assertRecordValues(adjustment, [{"amount": -50, "state": "draft"}])
        adjustment.with_user(self.sales_manager).action_approve()
        self.assertEqual(statement.due, before - 50)
        case.with_user(self.third_manager)._lift("Forged.")
        back = case.adjustment_ids - adjustment
        self.assertRecordValues(back, [{"amount": 50, "state": "draft"}])

    def test_a_refused_adjustment_is_still_to_be_collected(self):
        case = self._fined("rebate")
        self._statement()
        case.with_user(self.finance).action_collect()
        case.adjustment_ids.with_user(self.sales_manager).action_refuse()
        self.assertFalse(case.settled_id)
        self.assertEqual(case.penalty_ids.state, "waiting")

    def test_rebates_of_the_suspended_are_not_settled(self):
        statement = self._statement()
        statement.with_user(self.sales_manager).action_approve()
        self._confirmed("diversion")
        self._confirmed("diversion")
        with self._refused(UserError, "not possible now"):
            statement.with_user(self.finance).action_settle()

    def test_withdrawals_of_the_suspended_are_refused(self):
        self.env["distributor.earning.policy"].create(
            {
                "name": "Earnings",
                "date_from": "2020-01-01",
                "expense_account_id": self.company_data["default_account_expense"].id,
                "payable_account_id": self.company_data["default_account_payable"]
                .copy({"reconcile": True})
                .id,
                "journal_id": self.company_data["default_journal_misc"].id,
                "own_rate": 10,
            }
        )
        self._confirmed("diversion")
        self._confirmed("diversion")
        with self._refused(UserError, "not possible now"):
            self.env["distributor.withdrawal"]._request(
                self.company, self.north, self.env["res.partner.bank"], "10"
            )

    def test_closing_waits_for_the_money(self):
        case = self._fined()
        with freeze_time(fields.Datetime.now() + timedelta(days=1)):
            self.Violation.sudo()._follow_closing(fields.Datetime.now())
            self.assertEqual(case.state, "confirmed")
            case._mark_settled(self.goods)
