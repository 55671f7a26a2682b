# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The SQL that keeps the evidence of statements: one row an invoice line.

The evidence of all statements of a distributor under a program adds up, line by line,
to what the ledger says. An open statement of a period holds its lines. What changed in
periods that are closed stands, as the difference, in the first open statement after
them, with its reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from odoo.tools import SQL

from .ledger import NOTHING, Scope, lines, money, part_of_total, values


@dataclass(frozen=True)
class Target:
    """Where the changes behind a distributor's closed statements go.

    :ivar closed_until: number of the last closed period
    :ivar statement_id: the open statement that takes them
    :ivar period: number of its period: its cut-off for payments counts
    """

    partner_id: int
    closed_until: int
    statement_id: int
    period: int


@dataclass(frozen=True)
class Evidence:
    """What a program's evidence is made of.

    :ivar scopes: one a version
    :ivar opened: open statements of their period: id, distributor, number of the period
    :ivar cut_offs: where payments count, the last day of each period's payments
    """

    program_id: int
    scopes: Sequence[Scope]
    opened: Sequence[tuple[int, int, int]] = ()
    cut_offs: Sequence = ()
    targets: Sequence[Target] = ()

    def _all_lines(self) -> SQL:
        return SQL(" UNION ALL ").join(
            SQL("(%s)", lines(scope)) for scope in self.scopes
        )

    def _touched(self, column) -> SQL:
        touched = self.scopes[0].touched
        if touched is None:
            return NOTHING
        members = set(touched)
        members.update(self.scopes[0].payees.get(one, one) for one in touched)
        members.update(payee for _one, _number, payee in self.scopes[0].kept)
        return SQL("AND %s = ANY(%s)", column, list(members))

    def _with_money(self, found: SQL, upto: SQL) -> SQL:
        """Add what was collected of each line until the cut-off of its statement.

        :param found: a select of lines with `statement_id`
        :param upto: the number of that cut-off
        """
        if not self.cut_offs:
            return SQL(
                "SELECT line.*, NULL::numeric AS collected FROM (%s) line", found
            )
        return SQL(
            """
            SELECT line.*, COALESCE(SUM(line.amount * %(part)s), 0) AS collected
              FROM (%(found)s) line
              LEFT JOIN money ON money.move_id = line.move_id AND money.paid <= %(upto)s
             GROUP BY line.statement_id, line.key, line.number,
                      line.partner_id, line.day, line.name, line.move_type,
                      line.move_id, line.amount_total, line.product_id, line.amount,
                      line.quantity, line.upto
            """,
            part=part_of_total(),
            found=found,
            upto=upto,
        )

    def _ordinary(self) -> SQL:
        """The lines of open statements, in the periods that they are of."""
        found = SQL(
            """
            SELECT found.*, opened.statement_id, found.number AS upto
              FROM found
              JOIN opened ON opened.partner_id = found.partner_id
               AND opened.number = found.number
            """
        )
        return SQL(
            """
            SELECT statement_id, key, name, day, product_id, amount, quantity, collected,
                   NULL AS reason
              FROM (%s) ordinary
            """,
            self._with_money(found, SQL("line.upto")),
        )

    def _corrections(self) -> SQL:
        """What the ledger now says otherwise than the closed statements do."""
        found = SQL(
            """
            SELECT found.*, target.statement_id, target.period AS upto
              FROM found JOIN target ON target.partner_id = found.partner_id
               AND found.number <= target.closed_until
            """
        )
        return SQL(
            """
            SELECT target.statement_id, COALESCE(now.key, booked.key),
                   COALESCE(now.name, booked.name), COALESCE(now.day, booked.day),
                   COALESCE(now.product_id, booked.product_id),
                   COALESCE(now.amount, 0) - COALESCE(booked.amount, 0),
                   COALESCE(now.quantity, 0) - COALESCE(booked.quantity, 0),
                   COALESCE(now.collected, 0) - COALESCE(booked.collected, 0),
                   CASE WHEN now.key IS NULL THEN 'removed'
                        WHEN booked.key IS NULL AND now.move_type = 'out_refund'
                        THEN 'credit'
                        WHEN booked.key IS NULL THEN 'late'
                        WHEN now.amount = booked.amount
                         AND now.quantity IS NOT DISTINCT FROM booked.quantity
                        THEN 'payment'
                        ELSE 'changed' END
              FROM (%(now)s) now
              FULL JOIN booked ON booked.partner_id = now.partner_id
               AND booked.key = now.key AND booked.day = now.day
              JOIN target ON target.partner_id
                 = COALESCE(now.partner_id, booked.partner_id)
             WHERE COALESCE(now.amount, 0) <> COALESCE(booked.amount, 0)
                OR COALESCE(now.quantity, 0) <> COALESCE(booked.quantity, 0)
                OR COALESCE(now.collected, 0) <> COALESCE(booked.collected, 0)
            """,
            now=self._with_money(found, SQL("line.upto")),
        )

    def _later_payments(self) -> SQL:
        """What is paid after the cut-off of a line's statement, in later open ones."""
        since, join = SQL("found.number"), NOTHING
        if self.targets:
            since = SQL(
                """
                CASE WHEN found.number <= target.closed_until THEN target.period
                     ELSE found.number END
                """
            )
            join = SQL("LEFT JOIN target ON target.partner_id = found.partner_id")
        return SQL(
            """
            SELECT opened.statement_id, line.key, line.name, line.day, line.product_id, 0,
                   NULL::numeric, SUM(line.amount * %(part)s), 'payment'
              FROM (SELECT found.*, %(since)s AS since FROM found %(join)s) line
              JOIN money ON money.move_id = line.move_id AND money.paid > line.since
              JOIN opened ON opened.partner_id = line.partner_id
               AND opened.number = money.paid
             GROUP BY 1, 2, 3, 4, 5
            HAVING SUM(line.amount * %(part)s) <> 0
            """,
            part=part_of_total(),
            since=since,
            join=join,
        )

    def _booked(self) -> SQL:
        """What closed statements hold, line by line."""
        return SQL(
            """
            SELECT own.partner_id, old.move_line_key AS key, old.date AS day,
                   SUM(old.amount) AS amount, SUM(old.quantity) AS quantity,
                   SUM(old.collected) AS collected, MAX(old.move_name) AS name,
                   MAX(old.product_id) AS product_id
              FROM distributor_rebate_line old
              JOIN distributor_rebate_statement own ON own.id = old.statement_id
              JOIN target ON target.partner_id = own.partner_id
             WHERE own.program_id = %s AND own.approval_state <> 'draft'
             GROUP BY 1, 2, 3
            """,
            self.program_id,
        )

    def _tables(self) -> SQL:
        """The tables that the wanted rows come from."""
        # Arrays tell the planner how many they are; the table's statistics are from
        # before this run wrote to it.
        ids, partners, numbers = (
            zip(*self.opened, strict=True) if self.opened else ((),) * 3
        )
        tables = [
            SQL(
                """
                opened (statement_id, partner_id, number) AS (
                    SELECT * FROM unnest(%s::int[], %s::int[], %s::int[]))
                """,
                list(ids),
                list(partners),
                list(numbers),
            ),
            # Found first, and then set against what is open: the planner takes that
            # for so few lines that it would look for each of them in a loop.
            SQL("found AS (%s OFFSET 0)", self._all_lines()),
        ]
        if self.cut_offs:
            payments = money(self.scopes[0].company_id, self.cut_offs)
            tables.append(SQL("money AS (%s)", payments))
        if self.targets:
            rows = [
                (t.partner_id, t.closed_until, t.statement_id, t.period)
                for t in self.targets
            ]
            names = "target (partner_id, closed_until, statement_id, period)"
            target = values(rows, names, "int", "int", "int", "int")
            tables.append(SQL("target AS (SELECT * FROM %s)", target))
            tables.append(SQL("booked AS (%s)", self._booked()))
        return SQL(", ").join(tables)

    def _wanted(self) -> SQL:
        """The rows that open statements should have."""
        parts = [self._ordinary()]
        if self.cut_offs:
            parts.append(self._later_payments())
        if self.targets:
            parts.append(self._corrections())
        return SQL(" UNION ALL ").join(SQL("(%s)", part) for part in parts)

    def _missing(self) -> SQL:
        """What to insert where there is evidence already, after deleting what is stale.

        Both are found at once: what was written and what is wanted, grouped, leaves over
        what only one of them has. Grouping takes the same time whatever the planner knows
        of the tables; of a join it may think that a loop will do.
        """
        return SQL(
            """
            , wanted (statement_id, key, name, day, product_id, amount, quantity,
                      collected, reason) AS (%(wanted)s),
            difference AS MATERIALIZED (
                SELECT MAX(id) AS id, statement_id, key, name, day,
                       MAX(product_id) AS product_id, amount, quantity, collected, reason
                  FROM (SELECT old.id, old.statement_id, old.move_line_key AS key,
                               old.move_name AS name, old.date AS day, old.product_id,
                               old.amount, old.quantity, old.collected, old.reason
                          FROM distributor_rebate_line old
                          JOIN distributor_rebate_statement statement
                            ON statement.id = old.statement_id
                         WHERE statement.program_id = %(program)s
                           AND statement.approval_state = 'draft'
                           %(touched)s
                         UNION ALL
                        SELECT NULL, statement_id, key, name, day, product_id, amount,
                               quantity, collected, reason
                          FROM wanted
                       ) either
                 GROUP BY statement_id, key, name, day, amount, quantity, collected,
                          reason
                HAVING COUNT(id) = 0 OR COUNT(*) = COUNT(id)),
            gone AS (
                DELETE FROM distributor_rebate_line
                 WHERE id IN (SELECT id FROM difference WHERE id IS NOT NULL)
             RETURNING id)
            """,
            wanted=self._wanted(),
            program=self.program_id,
            touched=self._touched(SQL("statement.partner_id")),
        )

    def refresh(self, is_new=False) -> SQL:
        """Make the evidence of open statements what the ledger supports.

        :param is_new: there is none yet, and no row needs to be looked for
        """
        return SQL(
            """
            WITH %(tables)s %(stale)s
            INSERT INTO distributor_rebate_line
                   (statement_id, move_line_key, move_name, date, product_id, amount,
                    quantity, collected, reason)
            %(missing)s
            """,
            tables=self._tables(),
            stale=NOTHING if is_new else self._missing(),
            # A line that changed is deleted and written anew: counting what is gone
            # makes the deletion come first.
            missing=self._wanted()
            if is_new
            else SQL(
                """
                SELECT statement_id, key, name, day, product_id, amount, quantity,
                       collected, reason
                  FROM difference
                 WHERE id IS NULL AND (SELECT COUNT(*) FROM gone) >= 0
                """
            ),
        )
