# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class DistributorRebateReconciliation(models.Model):
    """What was accrued less what was settled is the balance in the ledger.

    All of it is read from journal items when it is looked at. Items on the accounts
    that belong to no program stand in rows of their own, so that the balances of an
    account add up to what the general ledger says.
    """

    _name = "distributor.rebate.reconciliation"
    _description = "Rebate Reconciliation"
    _auto = False
    _rec_name = "program_id"
    _order = "program_id, partner_id, account_id"
    _depends = {
        "account.move": ["state", "rebate_program_id", "rebate_entry"],
        "account.move.line": ["balance", "account_id", "partner_id", "parent_state"],
        "distributor.rebate.program": ["accrual_account_id", "accrual_basis"],
        "distributor.rebate.settlement": ["amount", "is_standing"],
        "distributor.rebate.statement": ["due", "settled", "earned", "released"],
    }

    program_id = fields.Many2one("distributor.rebate.program", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Distributor", readonly=True)
    account_id = fields.Many2one("account.account", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    accrued = fields.Monetary(readonly=True, help="By all accrual entries.")
    reversed = fields.Monetary(
        string="Reversed at Settlement",
        readonly=True,
        help="What settlements took back of it.",
    )
    balance = fields.Monetary(
        string="Balance in the Ledger", readonly=True, help="Accrued less reversed."
    )
    settled = fields.Monetary(
        readonly=True, help="By posted documents, whether it was accrued or not."
    )
    open_amount = fields.Monetary(
        string="Open in Statements",
        readonly=True,
        help="Earned by the last statement, less what was settled.",
    )
    difference = fields.Monetary(
        readonly=True,
        help="Balance less what is open: what the next accrual books, or what another "
        "basis than the reached tier expects.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            WITH ledger AS (%(ledger)s), open AS (%(open)s)
            SELECT row_number() OVER () AS id,
                   COALESCE(ledger.program_id, open.program_id) AS program_id,
                   COALESCE(ledger.partner_id, open.partner_id) AS partner_id,
                   COALESCE(ledger.account_id, open.account_id) AS account_id,
                   COALESCE(ledger.company_id, open.company_id) AS company_id,
                   COALESCE(ledger.accrued, 0) AS accrued,
                   COALESCE(ledger.reversed, 0) AS reversed,
                   COALESCE(ledger.balance, 0) AS balance,
                   COALESCE(open.settled, 0) AS settled,
                   COALESCE(open.amount, 0) AS open_amount,
                   COALESCE(ledger.balance, 0) - COALESCE(open.amount, 0) AS difference
              FROM ledger
              FULL JOIN open ON open.program_id = ledger.program_id
               AND open.partner_id = ledger.partner_id
               AND open.account_id = ledger.account_id
             WHERE COALESCE(ledger.accrued, 0) <> 0
                OR COALESCE(ledger.reversed, 0) <> 0
                OR COALESCE(open.amount, 0) <> 0
                OR COALESCE(open.settled, 0) <> 0
            """,
            ledger=self._get_ledger_sql(),
            open=self._get_open_sql(),
        )

    def _get_ledger_sql(self) -> SQL:
        """Journal items on the accounts of accrued rebates."""
        return SQL(
            """
            SELECT move.rebate_program_id AS program_id, line.partner_id,
                   line.account_id, line.company_id,
                   SUM(CASE WHEN move.rebate_entry = 'release' THEN 0
                            ELSE -line.balance END) AS accrued,
                   SUM(CASE WHEN move.rebate_entry = 'release' THEN line.balance
                            ELSE 0 END) AS reversed,
                   -SUM(line.balance) AS balance
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN account_account account ON account.id = line.account_id
             WHERE line.parent_state = 'posted'
               AND account.account_type = 'liability_current'
               AND line.account_id IN (
                   SELECT accrual_account_id FROM distributor_rebate_program
                    WHERE accrual_account_id IS NOT NULL
                    UNION
                   SELECT own.account_id FROM account_move_line own
                     JOIN account_move entry ON entry.id = own.move_id
                    WHERE entry.rebate_program_id IS NOT NULL)
             GROUP BY 1, 2, 3, 4
            """
        )

    def _get_open_sql(self) -> SQL:
        """What statements say is open: all that was settled by decision, and what the
        last one is due or waits for payment, less what documents have settled."""
        return SQL(
            """
            SELECT last.program_id, last.partner_id, program.accrual_account_id
                   AS account_id, program.company_id,
                   COALESCE(posted.amount, 0) AS settled,
                   COALESCE(decided.amount, 0) - COALESCE(last.settled, 0)
                   + COALESCE(last.due, 0)
                   + COALESCE(last.earned, 0) - COALESCE(last.released, 0)
                   - COALESCE(posted.amount, 0) AS amount
              FROM (
                  SELECT DISTINCT ON (program_id, partner_id) *
                    FROM distributor_rebate_statement
                   ORDER BY program_id, partner_id, date_from DESC, number DESC
              ) last
              JOIN distributor_rebate_program program ON program.id = last.program_id
              JOIN (
                  SELECT program_id, partner_id, SUM(settled) AS amount
                    FROM distributor_rebate_statement GROUP BY 1, 2
              ) decided ON decided.program_id = last.program_id
               AND decided.partner_id = last.partner_id
              LEFT JOIN (
                  SELECT statement.program_id, statement.partner_id,
                         SUM(settlement.amount) AS amount
                    FROM distributor_rebate_settlement settlement
                    JOIN distributor_rebate_statement statement
                      ON statement.id = settlement.statement_id
                    LEFT JOIN account_move move ON move.id = settlement.move_id
                    LEFT JOIN sale_order orders ON orders.id = settlement.order_id
                   WHERE settlement.is_standing
                     AND (move.state = 'posted' OR orders.state = 'sale')
                   GROUP BY 1, 2
              ) posted ON posted.program_id = last.program_id
               AND posted.partner_id = last.partner_id
             WHERE program.accrual_basis <> 'none'
               AND program.accrual_account_id IS NOT NULL
            """
        )

    def action_view_items(self):
        """Open the journal items behind these rows."""
        rows = Domain.OR(
            Domain("account_id", "=", row.account_id.id)
            & Domain("partner_id", "=", row.partner_id.id)
            & Domain("move_id.rebate_program_id", "=", row.program_id.id)
            for row in self
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_account_moves_all"
        )
        return {
            **action,
            "domain": list(rows & Domain("parent_state", "=", "posted")),
            "context": {},
        }


class DistributorRebateProgram(models.Model):
    _inherit = "distributor.rebate.program"

    def action_view_reconciliation(self):
        """Open what is accrued of these programs, beside what statements say."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distributor_crm.distributor_rebate_reconciliation_action"
        )
        return {**action, "domain": [("program_id", "in", self.ids)], "context": {}}
