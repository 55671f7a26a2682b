# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

BUDGET_READERS = "distributor_crm.group_sales_manager,distributor_crm.group_finance"


class DistributorRebateProgram(models.Model):
    """What a program may cost, and what it does."""

    _inherit = "distributor.rebate.program"

    budget = fields.Monetary(
        tracking=True,
        help="What the program may cost in all. Statements beyond it are not submitted. "
        "Zero for no limit.",
    )
    budget_used = fields.Monetary(
        compute="_compute_budget_used",
        groups=BUDGET_READERS,
        help="Earned by all distributors so far, with approved adjustments.",
    )
    budget_progress = fields.Float(
        string="Budget Used (%)",
        compute="_compute_budget_used",
        groups=BUDGET_READERS,
    )
    is_over_budget = fields.Boolean(
        compute="_compute_budget_used", groups=BUDGET_READERS
    )

    _budget_not_negative = models.Constraint(
        "CHECK(COALESCE(budget, 0) >= 0)",
        "A budget cannot be negative. Enter zero for no limit.",
    )

    @api.depends("budget", "statement_ids.earned", "statement_ids.adjustment")
    def _compute_budget_used(self):
        # The budget is the program's, whatever part of it one may see.
        used = self.sudo()._get_earned()
        for program in self:
            amount = used.get(program._origin.id, 0)
            program.budget_used = amount
            program.budget_progress = (
                amount / program.budget * 100 if program.budget else 0
            )
            program.is_over_budget = bool(program.budget) and (
                program.currency_id.compare_amounts(amount, program.budget) > 0
            )

    def _get_earned(self) -> dict[int, Decimal]:
        """Return what is earned under each program on the statements one may see.

        What is earned adds up over a window: its last statement says it all.
        """
        Statement = self.env["distributor.rebate.statement"]
        Statement.flush_model()
        seen = Statement._search([("program_id", "in", self._origin.ids)])
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    WITH seen AS (
                        SELECT * FROM distributor_rebate_statement WHERE id IN %(seen)s)
                    SELECT program_id, SUM(amount) FROM (
                        SELECT program_id, adjustment AS amount FROM seen
                         UNION ALL
                        (SELECT DISTINCT ON (program_id, partner_id, window_from)
                               program_id, earned
                          FROM seen
                         ORDER BY program_id, partner_id, window_from,
                                  date_from DESC, number DESC)
                    ) part GROUP BY 1
                    """,
                    seen=seen.subselect(),
                )
            )
        )


class DistributorRebateStatement(models.Model):
    _inherit = "distributor.rebate.statement"

    def _check_closable(self):
        result = super()._check_closable()
        self._check_budget()
        return result

    def _check_budget(self):
        """Refuse what a program's budget does not cover any more.

        :raises UserError: says what is left
        """
        limited = self.filtered("program_id.budget")
        if not limited:
            return
        # The budget is the program's, whatever part of it one may see.
        closed = dict(
            self.sudo()._read_group(
                [
                    ("program_id", "in", limited.program_id.ids),
                    ("approval_state", "!=", "draft"),
                ],
                ["program_id"],
                ["settled:sum"],
            )
        )
        for program, statements in limited.grouped("program_id").items():
            left = program.budget - closed.get(program.sudo(), 0)
            asked = sum(statements.mapped("settled"))
            if asked > 0 and program.currency_id.compare_amounts(asked, left) > 0:
                raise UserError(
                    self.env._(
                        "%(program)s has %(left)s left of its budget of %(budget)s, and "
                        "these statements settle %(asked)s. Submit fewer of them, or "
                        "have the budget raised.",
                        program=program.name,
                        left=program.currency_id.format(left),
                        budget=program.currency_id.format(program.budget),
                        asked=program.currency_id.format(asked),
                    )
                )
