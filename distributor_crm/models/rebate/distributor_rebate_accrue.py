# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from odoo import Command, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...rebate import documents
from ...rebate.accrual import Accrual, Basis
from ...rebate.arithmetic import ZERO
from ...rebate.period import Period
from ...rebate.statements import forecast


class DistributorRebateProgram(models.Model):
    """What is accrued of a program, and the entries that make the ledger say so.

    No balance is stored: it is the sum of the journal items on current liabilities in
    the entries that bear the program.
    """

    _inherit = "distributor.rebate.program"

    accrued_at = fields.Datetime(
        string="Last Accrued",
        readonly=True,
        copy=False,
        help="Also what makes two runs at once notice each other.",
    )

    def _get_cut_offs(self, spans):
        cut_offs = super()._get_cut_offs(spans)
        day = self.env.context.get("rebate_as_of")
        return [min(one, day) for one in cut_offs] if day else cut_offs

    def _check_accrual_setup(self):
        """Check that programs name what an accrual needs.

        :raises UserError: says what is missing
        """
        for program in self:
            if not (
                program.account_id
                and program.accrual_account_id
                and program.accrual_journal_id
            ):
                raise UserError(
                    self.env._(
                        "Program %(program)s names no rebate account, no account for "
                        "accrued rebates or no journal for them. Fill them in on its "
                        "Accounting tab, then accrue again.",
                        program=program.name,
                    )
                )
        self._check_accrual_account_id()

    # -- what should be accrued --------------------------------------------------------

    def _get_liabilities(self, day) -> dict[int, Decimal]:
        """Return what is owed to each distributor on a day: by the accrual basis, less
        what posted documents have settled until then."""
        self.ensure_one()
        amounts = defaultdict(Decimal, self._get_accrued_amounts(day))
        # Free goods that were given leave at what they cost now, as they came.
        amount = SQL("settlement.amount")
        if self.reward == "goods":
            amount = SQL("statement.due_quantity * %s", self._get_worth())
        settled = SQL(
            """
            SELECT statement.partner_id, SUM(%(amount)s)::text
              FROM distributor_rebate_settlement settlement
              JOIN distributor_rebate_statement statement
                ON statement.id = settlement.statement_id
              LEFT JOIN account_move move ON move.id = settlement.move_id
              LEFT JOIN sale_order orders ON orders.id = settlement.order_id
             WHERE statement.program_id = %(program)s AND settlement.is_standing
               AND (move.state = 'posted' OR orders.state = 'sale')
               AND COALESCE(move.date, settlement.date) <= %(day)s
             GROUP BY 1
            """,
            amount=amount,
            program=self.id,
            day=day,
        )
        for partner, amount in self.env.execute_query(settled):
            amounts[partner] -= Decimal(amount)
        return amounts

    def _get_accrued_amounts(self, day) -> dict[int, Decimal]:
        """Return what each distributor's rebates come to on a day, as the ledger was
        then: sales and payments after it do not count."""
        spans = [span for span in self._cut(self.period_type) if span.start <= day]
        if not spans:
            return {}
        program = self.with_context(rebate_as_of=day)
        heads, moved = program._get_heads(), program._get_moved()
        settled, left = program._get_settled(heads, moved)
        scopes = [
            replace(scope, spans=_until(scope.spans, day))
            for scope in program._get_scopes(spans, None, heads, settled, moved)
        ]
        program._check_units(scopes)
        members, _ids = program._read_members(spans, scopes, None)
        program._forget_outsiders(members, left)
        plan, basis = self._get_plan(spans), self._get_basis(spans, day)
        # What is guaranteed is expected; it is reached when the time is over.
        is_over = basis.is_over or basis.kind == "expected"
        plan = replace(plan, is_over=is_over)
        groups = self._get_groups(plan, heads, members, moved, spans)
        worth = self._get_worth()
        return {
            partner: amount * worth
            for group in groups
            for partner, amount in Accrual(plan, group.members, basis).amounts().items()
        }

    def _get_basis(self, spans, day) -> Basis:
        """Return how the window that runs on a day accrues."""
        windows = self._get_windows(spans)
        window = windows[-1]
        whole = (window.end - window.start).days + 1
        started = sum(
            (span.end - span.start).days + 1
            for span, own in zip(spans, windows, strict=True)
            if own == window
        )
        return Basis(
            kind=self.accrual_basis,
            is_over=window.end <= day,
            rate=self._exact(self.accrual_rate, 4),
            growth=forecast(Decimal(1), (day - window.start).days + 1, whole),
            ahead=Decimal(whole) / started,
            is_target=self.scale == "target",
        )

    # -- what the ledger says ----------------------------------------------------------

    def _get_accrued_balances(self, day=None, partners=None) -> dict:
        """Return what the ledger holds as accrued, by program, distributor and account.

        :param day: until when, to the end when left out
        """
        self.env["account.move.line"].flush_model()
        self.env["account.move"].flush_model(["rebate_program_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT move.rebate_program_id, line.partner_id, line.account_id,
                       (-SUM(line.balance))::text
                  FROM account_move move
                  JOIN account_move_line line ON line.move_id = move.id
                  JOIN account_account account ON account.id = line.account_id
                 WHERE move.rebate_program_id = ANY(%(programs)s)
                   AND move.state = 'posted'
                   AND account.account_type = 'liability_current'
                   %(until)s %(some)s
                 GROUP BY 1, 2, 3
                HAVING SUM(line.balance) <> 0
                """,
                programs=self.ids,
                until=SQL("AND line.date <= %s", day) if day else SQL(),
                some=SQL("AND line.partner_id = ANY(%s)", partners.ids)
                if partners is not None
                else SQL(),
            )
        )
        balances = defaultdict(dict)
        for program, partner, account, amount in rows:
            balances[program, partner][account] = Decimal(amount)
        return balances

    # -- entries -----------------------------------------------------------------------

    def _prepare_accrual(self, day) -> dict | None:
        """Return the entry that makes the ledger hold what is owed; None where it does.

        What stands on another account than the program's moves to it.
        """
        self.ensure_one()
        changes = defaultdict(Decimal)
        for partner, amount in self._get_liabilities(day).items():
            changes[partner, self.accrual_account_id.id] += amount
        for (_program, partner), by_account in self._get_accrued_balances(day).items():
            for account, amount in by_account.items():
                changes[partner, account] -= amount
        changes = {key: amount for key, amount in changes.items() if amount}
        return self._prepare_entry("accrual", day, changes) if changes else None

    def _prepare_entry(self, kind, day, changes) -> dict:
        """Return an entry that changes what is accrued, against the rebate account.

        :param changes: by distributor and liability account, positive for more of it
        """
        names = {
            "accrual": self.env._("Accrued rebates: %s", self.name),
            "release": self.env._("Accrued rebates, settled: %s", self.name),
        }
        analytic = self._get_sold_analytic({partner for partner, _account in changes})
        costs = defaultdict(Decimal)
        for (partner, _account), amount in changes.items():
            costs[partner] += amount
        lines = [
            self._prepare_item(names[kind], partner, account, -amount)
            for (partner, account), amount in changes.items()
        ]
        lines += [
            self._prepare_item(names[kind], partner, self.account_id.id, amount)
            | {"analytic_distribution": analytic.get(partner)}
            for partner, amount in costs.items()
            if amount
        ]
        return {
            "move_type": "entry",
            "company_id": self.company_id.id,
            "journal_id": self.accrual_journal_id.id,
            "date": day,
            "ref": names[kind],
            "rebate_program_id": self.id,
            "rebate_entry": kind,
            "line_ids": [Command.create(line) for line in lines],
        }

    def _prepare_item(self, name, partner, account, balance) -> dict:
        return {
            "name": name,
            "partner_id": partner,
            "account_id": account,
            "currency_id": self.currency_id.id,
            "balance": float(balance),
            "tax_ids": [Command.clear()],
        }

    def _get_sold_analytic(self, partners) -> dict:
        """Return one analytic distribution for each distributor: that of what he bought
        under the program, in proportion."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT statement.partner_id, line.analytic_distribution,
                       SUM(evidence.amount)::text
                  FROM distributor_rebate_statement statement
                  JOIN distributor_rebate_line evidence
                    ON evidence.statement_id = statement.id
                  JOIN account_move_line line ON line.id = evidence.move_line_key
                 WHERE statement.program_id = %s AND statement.partner_id = ANY(%s)
                 GROUP BY 1, 2
                 ORDER BY 1, 2
                """,
                self.id,
                list(partners),
            )
        )
        found = defaultdict(list)
        for partner, analytic, amount in rows:
            found[partner].append((analytic, Decimal(amount)))
        return {partner: documents.mix(parts) for partner, parts in found.items()}


class DistributorRebateSettlement(models.Model):
    _inherit = "distributor.rebate.settlement"

    def _release_accruals(self):
        """Take back what was accrued of these settlements: exactly the settled part, or
        what there is of it. One entry a program."""
        programs = self.statement_id.program_id
        balances = programs._get_accrued_balances(partners=self.partner_id)
        if not balances:
            return
        touched = programs.filtered(
            lambda program: any(program.id == key[0] for key in balances)
        )
        touched._lock_for_accrual()
        balances = touched._get_accrued_balances(partners=self.partner_id)
        vals_list, released = [], []
        for program in touched:
            own = self.filtered(lambda s, p=program: s.statement_id.program_id == p)
            changes = own._get_released(program, balances)
            if changes:
                program._check_accrual_setup()
                vals = program._prepare_entry("release", own[0].date, changes)
                vals_list.append(vals)
                released.append(own)
        # Who settles was checked; entries of accruals are the engine's.
        moves = self.env["account.move"].sudo().create(vals_list)
        moves.action_post()
        for settlements, move in zip(released, moves, strict=True):
            settlements.sudo().release_move_id = move

    def _get_released(self, program, balances) -> dict:
        """Return the change of what is accrued, by distributor and account."""
        changes = {}
        for partner, settlements in self.grouped("partner_id").items():
            left = program._exact(sum(settlements.mapped("amount")))
            accounts = balances.get((program.id, partner.id), {})
            first = program.accrual_account_id.id
            for account in sorted(accounts, key=lambda number: number != first):
                part = _within(left, accounts[account])
                if part:
                    changes[partner.id, account] = -part
                    left -= part
        return changes


def _within(settled, balance):
    """What of a settled amount stands in a balance of the same sign."""
    if settled > 0:
        return min(settled, max(balance, ZERO))
    return max(settled, min(balance, ZERO))


def _until(spans, day):
    """Cut periods at a day; the periods to compare with stay whole."""
    return {
        number: Period(span.start, min(span.end, day)) if number >= 0 else span
        for number, span in spans.items()
    }
