# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL

from ..document.distributor_fee_document import GRANTED


class DistributorFeeAccount(models.Model):
    """One account per representative, customer and product (R084, R085, R091).

    What was granted comes from signed statements and approved applications; what was
    paid, recovered and lent is what the ledger says. A view: nothing is kept twice.
    """

    _name = "distributor.fee.account"
    _description = "Fee Account"
    _auto = False
    _order = "user_id, partner_id, product_id"
    _rec_name = "partner_id"

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        comodel_name="res.users", string="Representative", readonly=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    product_id = fields.Many2one(comodel_name="product.product", readonly=True)
    due = fields.Monetary(
        string="Whole Fee",
        readonly=True,
        help="The standard on all that was sold, whether collected or not.",
    )
    payable = fields.Monetary(
        readonly=True,
        help="What was signed to be paid, less what returns and bad debts took back.",
    )
    paid = fields.Monetary(readonly=True, help="What the ledger says was paid.")
    recovered = fields.Monetary(
        readonly=True,
        help="What the customer denied, and was put on the account of the "
        "representative.",
    )
    open = fields.Monetary(
        readonly=True,
        string="To Be Paid",
        help="Less than 0: will be kept from the next payout.",
    )
    advance = fields.Monetary(
        string="Advance Outstanding",
        readonly=True,
        help="What the representative holds, by the ledger: of no one customer.",
    )

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT ('x' || substr(md5(concat_ws('/', company_id, user_id,
                       COALESCE(partner_id, 0), COALESCE(product_id, 0))), 1, 13)
                   )::bit(52)::bigint AS id,
                   company_id, user_id, partner_id, product_id,
                   SUM(due) AS due, SUM(payable) AS payable,
                   SUM(paid) AS paid, SUM(recovered) AS recovered,
                   SUM(payable) - SUM(paid) AS open,
                   SUM(advance) AS advance
              FROM (%s) AS movement
             GROUP BY company_id, user_id, partner_id, product_id
            -- What was sold without any fee is no account.
            HAVING bool_or(due <> 0 OR payable <> 0 OR paid <> 0 OR recovered <> 0
                           OR advance <> 0)
            """,
            SQL(" UNION ALL ").join(self._get_movements()),
        )

    def _get_movements(self):
        """Return the queries of what moves an account, with the same columns each."""
        return [
            self._select_statements(),
            self._select_applications(),
            self._select_ledger(),
            self._select_advances(),
        ]

    def _select_statements(self) -> SQL:
        return SQL(
            """
            SELECT statement.company_id, statement.user_id, line.partner_id,
                   line.product_id,
                   CASE WHEN line.kind = 'month' AND statement.state <> 'void'
                        THEN line.fee_full ELSE 0 END AS due,
                   line.payable - COALESCE(line.forfeited, 0) AS payable,
                   0 AS paid, 0 AS recovered, 0 AS advance
              FROM distributor_fee_statement_line line
              JOIN distributor_fee_statement statement
                ON statement.id = line.statement_id
             WHERE statement.state IN %s
                -- A void one grants nothing; what it takes back is still owed.
                OR (statement.state = 'void' AND line.payable < 0)
            """,
            GRANTED,
        )

    def _select_applications(self) -> SQL:
        return SQL(
            """
            SELECT company_id, user_id, partner_id, NULL::int, amount, amount, 0, 0, 0
              FROM distributor_fee_application
             WHERE state IN %s
            """,
            GRANTED,
        )

    def _select_ledger(self) -> SQL:
        return SQL(
            """
            SELECT line.company_id, item.user_id, item.partner_id, item.product_id,
                   0, 0,
                   CASE WHEN recovery.id IS NULL THEN line.balance ELSE 0 END,
                   CASE WHEN recovery.id IS NULL THEN 0 ELSE -line.balance END,
                   0
              FROM account_move_line line
              JOIN distributor_fee_payout_item item ON item.id = line.fee_item_id
              LEFT JOIN distributor_fee_recovery recovery
                ON recovery.move_id = line.move_id
             WHERE line.parent_state = 'posted'
            """
        )

    def _select_advances(self) -> SQL:
        return SQL(
            """
            SELECT line.company_id, employee.user_id, NULL::int, NULL::int,
                   0, 0, 0, 0, line.balance
              FROM account_move_line line
              JOIN res_company company
                ON company.id = line.company_id
               AND company.fee_advance_account_id = line.account_id
              JOIN hr_employee employee
                ON employee.work_contact_id = line.partner_id
               AND employee.company_id = line.company_id
             WHERE line.parent_state = 'posted'
            """
        )

    # -- from the account to what moved it -------------------------------------------

    def action_view_statement_lines(self):
        """Open the statement lines of this account."""
        self.ensure_one()
        lines = self.env["distributor.fee.statement.line"].search(
            self._get_item_domain()
        )
        return lines._get_records_action(name=self.env._("Statement Lines"))

    def action_view_payments(self):
        """Open the payments of this account."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Payments"),
            "res_model": "distributor.fee.payout.item",
            "view_mode": "list",
            "domain": self._get_item_domain(),
        }

    def action_view_journal_items(self):
        """Open the journal items of this account."""
        self.ensure_one()
        if self.partner_id:
            items = self.env["distributor.fee.payout.item"].search(
                self._get_item_domain()
            )
            domain = [("fee_item_id", "in", items.ids)]
        else:
            employee = self.user_id._get_fee_employee(self.company_id)
            domain = [
                ("account_id", "=", self.company_id.fee_advance_account_id.id),
                ("partner_id", "=", employee.work_contact_id.id),
            ]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Journal Items"),
            "res_model": "account.move.line",
            "view_mode": "list,form",
            "domain": [
                *domain,
                ("parent_state", "=", "posted"),
                ("company_id", "=", self.company_id.id),
            ],
            "context": {"search_default_group_by_move": 0},
        }

    def _get_item_domain(self):
        return [
            ("user_id", "=", self.user_id.id),
            ("company_id", "=", self.company_id.id),
            ("partner_id", "=", self.partner_id.id),
            ("product_id", "=", self.product_id.id),
        ]
