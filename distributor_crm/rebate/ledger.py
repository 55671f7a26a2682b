# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The SQL that reads the ledger for a program and keeps its evidence.

Each function returns one statement. Reading all periods and distributors of a
program at once is what keeps the number of queries independent of their number.
"""

from collections.abc import Sequence

from odoo.tools import SQL

from .period import Period

_NOTHING = SQL()  # no further join
_STATEMENT = SQL(
    """
    JOIN distributor_rebate_statement statement
      ON statement.partner_id = move.commercial_partner_id
     AND statement.date_from = span.first_day
    """
)


def _source(
    company_id: int,
    spans: Sequence[Period],
    partners: SQL,
    products: SQL,
    join: SQL = _NOTHING,
) -> SQL:
    """FROM and WHERE of the invoice lines that count.

    :param partners: sub-select of the distributors in scope
    :param products: condition on the line's product
    :param join: a further join, on `move` and `span`
    """
    rows = SQL(", ").join(
        SQL("(%s, %s::date, %s::date)", number, span.start, span.end)
        for number, span in enumerate(spans)
    )
    return SQL(
        """
        FROM account_move_line line
        JOIN account_move move ON move.id = line.move_id
        JOIN (VALUES %(rows)s) AS span (number, first_day, last_day)
          ON move.invoice_date BETWEEN span.first_day AND span.last_day
        %(join)s
       WHERE line.company_id = %(company)s
         AND line.parent_state = 'posted'
         AND line.display_type = 'product'
         AND move.move_type IN ('out_invoice', 'out_refund')
         AND move.is_distributor_rebate IS NOT TRUE
         AND move.commercial_partner_id IN %(partners)s
         AND %(products)s
        """,
        rows=rows,
        join=join,
        company=company_id,
        partners=partners,
        products=products,
    )


def aggregate(*scope) -> SQL:
    """Basis per period and distributor.

    :param scope: company, periods, distributors, products, as for `_source`

    Rows: position in `spans`, distributor's id, amount without tax in company
    currency (credit notes subtract), number of lines. The amount comes as text:
    Odoo's cursor would turn a number into a float.
    """
    return SQL(
        """
        SELECT span.number, move.commercial_partner_id, (-SUM(line.balance))::text,
               COUNT(*)
        %s
        GROUP BY 1, 2
        """,
        _source(*scope),
    )


def _evidence(program_id: int, *scope) -> SQL:
    """The evidence rows that the open statements of a program should have."""
    return SQL(
        """
        SELECT statement.id AS statement_id, line.id AS move_line_id, line.move_id,
               line.product_id, move.invoice_date AS date, move.name AS move_name,
               -line.balance AS amount
        %(source)s
           AND statement.program_id = %(program)s
           AND statement.approval_state = 'draft'
        """,
        source=_source(*scope, join=_STATEMENT),
        program=program_id,
    )


def drop_stale_evidence(program_id: int, *scope) -> SQL:
    """Delete the evidence of open statements that the ledger no longer supports."""
    return SQL(
        """
        DELETE FROM distributor_rebate_line old
         USING distributor_rebate_statement statement
         WHERE old.statement_id = statement.id
           AND statement.program_id = %(program)s
           AND statement.approval_state = 'draft'
           AND NOT EXISTS (
             SELECT 1 FROM (%(evidence)s) new
              WHERE new.statement_id = old.statement_id
                AND new.move_line_id = old.move_line_id
                AND new.amount = old.amount
                AND new.date = old.date
                AND new.move_name = old.move_name
           )
        """,
        program=program_id,
        evidence=_evidence(program_id, *scope),
    )


def add_evidence(program_id: int, *scope) -> SQL:
    """Insert the evidence that open statements lack."""
    return SQL(
        """
        INSERT INTO distributor_rebate_line
               (statement_id, move_line_id, move_id, product_id, date, move_name,
                amount)
        %s
            ON CONFLICT (statement_id, move_line_id) DO NOTHING
        """,
        _evidence(program_id, *scope),
    )
