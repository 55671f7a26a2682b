# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .rebate_accounting_common import RebateAccountingCommon


@tagged("post_install", "-at_install")
class TestRebateReconciliation(RebateAccountingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._sell(cls.north, 1000)
        cls._sell(cls.south, 3000)
        cls.program = cls._create_accruing((0, 2))
        cls.program.action_compute()

    def _rows(self, domain=()):
        self.env.flush_all()
        Report = self.env["distributor.rebate.reconciliation"]
        Report.invalidate_model()
        return Report.with_user(self.finance).search(list(domain))

    def _row(self, partner):
        row = self._rows([("partner_id", "=", partner.id)])
        names = "accrued", "reversed", "balance", "settled", "open_amount", "difference"
        return tuple(row[name] for name in names)

    def test_accrued_less_settled_is_the_balance(self):
        self.assertEqual(self._row(self.north), (0, 0, 0, 0, 20, -20))
        self._accrue("2024-12-31")
        self.assertEqual(self._row(self.north), (20, 0, 20, 0, 20, 0))
        self._settle(self._statement(self.program))
        self.assertEqual(self._row(self.north), (20, 20, 0, 20, 0, 0))
        self.assertEqual(self._row(self.south), (60, 0, 60, 0, 60, 0))

    def test_a_difference_shows_until_the_next_run(self):
        self._accrue("2024-12-31")
        move = self._settle(self._statement(self.program)).move_id
        move.button_draft()
        move.button_cancel()
        self.assertEqual(self._row(self.north), (20, 20, 0, 0, 20, -20))
        self._accrue("2099-12-31")
        self.assertEqual(self._row(self.north), (40, 20, 20, 0, 20, 0))

    def test_entries_of_others_have_rows_of_their_own(self):
        """The balances of an account add up to the general ledger's."""
        self._accrue("2024-12-31")
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": "2024-12-31",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "balance": balance,
                            "partner_id": self.north.id,
                        }
                    )
                    for account, balance in (
                        (self.liability, -7),
                        (self.rebate_account, 7),
                    )
                ],
            }
        )
        entry.action_post()
        rows = self._rows([("account_id", "=", self.liability.id)])
        self.assertEqual(sum(rows.mapped("balance")), self._accrued())
        other = rows.filtered(lambda row: not row.program_id)
        self.assertEqual((other.balance, other.partner_id), (7, self.north))
        action = other.action_view_items()
        lines = self.env["account.move.line"].search(action["domain"])
        self.assertEqual(lines.move_id, entry)

    def test_drill_down_adds_up(self):
        self._accrue("2024-12-31")
        self._settle(self.program.statement_ids)
        for row in self._rows([("program_id", "=", self.program.id)]):
            action = row.action_view_items()
            lines = self.env["account.move.line"].search(action["domain"])
            self.assertEqual(len(lines), 2)
            self.assertEqual(-sum(lines.mapped("balance")), row.balance)

    def test_waiting_for_payment_is_open(self):
        program = self._create_accruing((0, 1), name="Cash", release="collected")
        program.action_compute()
        self._accrue("2024-12-31")
        row = self._rows(
            [("program_id", "=", program.id), ("partner_id", "=", self.north.id)]
        )
        self.assertEqual((row.balance, row.open_amount, row.difference), (10, 10, 0))

    def test_partly_settled_within_a_year(self):
        """S1's program, one month settled."""
        program = self._create_accruing(
            (1000, 2),
            (4000, 4),
            name="Months",
            period_type="month",
            window_type="year",
        )
        self._sell(self.north, 4000, "2024-04-10")
        program.action_compute()
        self._settle(self._statement(program, period="2024-03"), day="2024-04-30")
        self._accrue("2024-12-31")
        row = self._rows(
            [("program_id", "=", program.id), ("partner_id", "=", self.north.id)]
        )
        self.assertEqual((row.settled, row.balance, row.open_amount), (20, 180, 180))

    def test_finance_of_the_company_only(self):
        self._accrue("2024-12-31")
        Report = self.env["distributor.rebate.reconciliation"]
        for user in (self.sales_manager, self.channel_admin, self.sales_rep):
            with self.assertRaises(AccessError):
                Report.with_user(user).search([])
        other = self.setup_other_company()["company"]
        self.finance.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        env = self.env(user=self.finance, context={"allowed_company_ids": other.ids})
        self.assertFalse(env["distributor.rebate.reconciliation"].search([]))

    def test_buttons(self):
        action = self.program.action_view_reconciliation()
        rows = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(rows.program_id, self.program)
        move = self._accrue("2024-12-31").move_ids
        self.assertEqual(move.action_view_rebate_program()["res_id"], self.program.id)

    def test_groups_and_sums(self):
        """The list groups and the pivot adds up as users do."""
        self._accrue("2024-12-31")
        groups = (
            self.env["distributor.rebate.reconciliation"]
            .with_user(self.finance)
            ._read_group([], ["program_id"], ["balance:sum", "difference:sum"])
        )
        self.assertEqual(groups, [(self.program, 80, 0)])
