# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DistributorCommon


@tagged("post_install", "-at_install")
class TestRebateSettlement(DistributorCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._sell(cls.north, 1500)
        cls._sell(cls.south, 3000)
        cls.program = cls._create_program()
        cls.program.action_compute()
        cls.statement = cls.program.statement_ids.filtered(
            lambda s: s.partner_id == cls.north
        )

    def _settle(self, statements=None):
        statements = statements or self.statement
        statements.with_user(self.sales_manager).action_approve()
        return statements.with_user(self.finance).action_settle()

    def test_credit_note_on_the_account_the_program_names(self):
        self._settle()
        move = self.statement.move_id
        self.assertRecordValues(
            move,
            [
                {
                    "move_type": "out_refund",
                    "state": "posted",
                    "partner_id": self.north.id,
                    "amount_total": 15,
                    "is_distributor_rebate": True,
                }
            ],
        )
        self.assertEqual(move.rebate_settlement_ids.statement_id, self.statement)
        line = move.invoice_line_ids
        self.assertEqual(line.account_id, self.rebate_account)
        self.assertEqual(line.balance, 15)
        self.assertFalse(line.tax_ids)
        self.assertIn("2024", line.name)
        self.assertEqual(self.statement.state, "posted")

    def test_paid_follows_the_ledger(self):
        self._settle()
        note = self.statement.move_id
        invoice = self._sell(self.north, 15, "2024-07-01")
        receivable = (note + invoice).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        receivable.reconcile()
        self.assertEqual(self.statement.state, "paid")
        receivable.remove_move_reconcile()
        self.assertEqual(self.statement.state, "posted")

    def test_nothing_is_posted_twice(self):
        self._settle()
        with self.assertRaisesRegex(UserError, "cannot be settled"):
            self.statement.with_user(self.finance).action_settle()

    @mute_logger("odoo.sql_db")
    def test_database_holds_one_credit_note_a_statement(self):
        self._settle()
        copy = self.statement.move_id.copy()
        self.assertFalse(copy.rebate_settlement_ids)
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.statement.settlement_ids.sudo().create(
                {
                    "statement_id": self.statement.id,
                    "move_id": copy.id,
                    "amount": 15,
                }
            )

    def test_rebate_documents_never_enter_a_basis(self):
        """R15: neither credit note, nor its copy, nor its reversal."""
        self._settle()
        move = self.statement.move_id
        copy = move.copy({"invoice_date": "2024-06-01"})
        copy.action_post()
        copy._reverse_moves([{"invoice_date": "2024-06-02"}], cancel=True)
        self.assertEqual(copy.reversal_move_ids.state, "posted")
        again = self._create_program((0, 1), date_to="2099-12-31", period_type="whole")
        again.action_compute()
        self.assertEqual(
            again.statement_ids.filtered(lambda s: s.partner_id == self.north).basis,
            1500,
        )

    def test_reversed_credit_note_may_be_posted_again(self):
        self._settle()
        first = self.statement.move_id
        first._reverse_moves(cancel=True)
        self.assertEqual(self.statement.state, "approved")
        self.assertTrue(self.statement.is_payable)
        self.statement.with_user(self.finance).action_settle()
        self.assertNotEqual(self.statement.move_id, first)
        self.assertEqual(self.statement.state, "posted")

    def test_draft_credit_note_blocks_a_second(self):
        self._settle()
        self.statement.move_id.button_draft()
        self.assertFalse(self.statement.is_payable)
        with self.assertRaisesRegex(UserError, "cannot be settled"):
            self.statement.with_user(self.finance).action_settle()
        # Back in draft, its figures could change under the waiting credit note.
        with self.assertRaisesRegex(UserError, "not taken back"):
            self.statement.with_user(self.sales_manager).action_reject()

    def test_zero_is_passed_over(self):
        self._sell(self.partner_a, 1)
        self.partner_a.is_distributor = True
        self.program.action_compute()
        self._settle(self.program.statement_ids)
        zero = self.program.statement_ids.filtered(lambda s: not s.earned)
        self.assertEqual(zero.partner_id, self.partner_a)
        self.assertFalse(zero.move_id)
        self.assertEqual(len(self.program.statement_ids.move_id), 2)

    def test_account_is_asked_for_before_anything_is_written(self):
        self.program.account_id = False
        with self.assertRaisesRegex(UserError, "names no rebate account"):
            self._settle()
        self.assertFalse(self.statement.move_id)

    def test_approval_chain_is_data(self):
        """An administrator adds a step: finance signs after the manager."""
        self.env["tier.definition"].create(
            {
                "name": "Finance signs too",
                "model_id": self.env["ir.model"]._get_id(
                    "distributor.rebate.statement"
                ),
                "review_type": "group",
                "reviewer_group_id": self.env.ref("distributor_crm.group_finance").id,
                "sequence": 10,
                "approve_sequence": True,
            }
        )
        mine = self.statement.with_user(self.sales_manager)
        mine.action_approve()
        self.assertEqual(mine.state, "submitted")
        with self.assertRaisesRegex(UserError, "Waiting for"):
            mine.action_approve()
        self.statement.with_user(self.finance).action_approve()
        self.assertEqual(mine.state, "approved")
        self.assertEqual(
            self.statement.review_ids.done_by, self.sales_manager + self.finance
        )

    def test_back_to_draft_follows_the_ledger_again(self):
        self.statement.with_user(self.sales_manager).action_approve()
        self._sell(self.north, 500)
        self.statement.with_user(self.sales_manager).action_reject()
        self.assertFalse(self.statement.review_ids)
        self.program.action_compute()
        self.assertEqual((self.statement.basis, self.statement.earned), (2000, 40))
        self._settle()
        with self.assertRaisesRegex(UserError, "not taken back"):
            self.statement.with_user(self.sales_manager).action_reject()

    def test_frozen_evidence_outlives_its_invoice(self):
        self._settle()
        invoice = self.statement.line_ids.move_id
        name = invoice.name
        invoice.button_draft()
        invoice.invoice_line_ids.unlink()
        self.program.action_compute()
        self.env.invalidate_all()
        self.assertRecordValues(
            self.statement.line_ids, [{"amount": 1500, "move_name": name}]
        )

    def test_only_finance_posts(self):
        self.statement.with_user(self.sales_manager).action_approve()
        for user in (self.sales_manager, self.channel_admin, self.account_manager):
            with self.assertRaises(AccessError):
                self.statement.with_user(user).action_settle()

    def test_many_at_once(self):
        self._settle(self.program.statement_ids)
        self.assertEqual(
            sorted(self.program.statement_ids.move_id.mapped("amount_total")), [15, 60]
        )
        self.assertEqual(
            self.program.statement_ids.move_id.invoice_line_ids.account_id,
            self.rebate_account,
        )

    def test_messages_name_a_few_of_many(self):
        statements = self.program.statement_ids
        self.assertIn(" and ", statements._describe(limit=1))
        self.assertTrue(statements._describe(limit=1).endswith("1 more"))
        self.assertNotIn("more", statements._describe())

    def test_buttons_lead_both_ways(self):
        self._settle()
        move = self.statement.move_id
        self.assertEqual(self.statement.action_view_move()["res_id"], move.id)
        self.assertEqual(
            move.action_view_rebate_statements()["res_id"], self.statement.id
        )
        domain = self.statement.action_view_lines()["domain"]
        lines = self.env["distributor.rebate.line"].search(domain)
        self.assertEqual(sum(lines.mapped("amount")), self.statement.basis)
        self.assertEqual(lines.action_view_invoice()["res_id"], lines.move_id.id)

    def test_unlink_guard(self):
        self.statement.action_submit()
        with self.assertRaisesRegex(UserError, "Only draft"):
            self.statement.sudo().unlink()
