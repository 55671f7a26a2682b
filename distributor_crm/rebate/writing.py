# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The SQL that reads and writes the statements of a program, all at once."""

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from odoo.tools import SQL

# Columns that a run decides on, with their types.
FIGURES = {
    "period": "varchar",
    "date_to": "date",
    "window_from": "date",
    "version_id": "int",
    "tier_id": "int",
    "line_count": "int",
    "basis": "numeric",
    "quantity": "numeric",
    "window_basis": "numeric",
    "collected": "numeric",
    "measure": "numeric",
    "baseline": "numeric",
    "missing": "numeric",
    "progress": "numeric",
    "earned": "numeric",
    "earned_quantity": "numeric",
    "released": "numeric",
    "settled_before": "numeric",
    "true_up": "numeric",
    "due": "numeric",
    "due_quantity": "numeric",
    "settled": "numeric",
    "effective_rate": "numeric",
}
KEY = {"partner_id": "int", "date_from": "date", "number": "int"}


def read(program_id: int, touched: Sequence[int] | None, in_units: bool) -> SQL:
    """The statements of a program, and the approved adjustments of open ones.

    :param in_units: free goods are settled in units, and not adjusted in money

    Rows: id, distributor, first day, number, whether it is closed, due, settled and
    adjustment as text.
    """
    amounts = SQL(
        "COALESCE(s.due, 0)::text, COALESCE(s.settled, 0)::text, "
        "COALESCE(extra.amount, 0)::text"
    )
    if in_units:
        amounts = SQL(
            "COALESCE(s.due_quantity, 0)::text, "
            # What is too much of them is invoiced or carried, as the money says.
            "CASE WHEN s.due_quantity < 0 AND COALESCE(s.settled, 0) = 0 THEN '0' "
            "ELSE COALESCE(s.due_quantity, 0)::text END, '0'"
        )
    some = (
        SQL() if touched is None else SQL("AND s.partner_id = ANY(%s)", list(touched))
    )
    return SQL(
        """
        SELECT s.id, s.partner_id, s.date_from, s.number, s.approval_state <> 'draft',
               %(amounts)s, extra.amount IS NOT NULL
          FROM distributor_rebate_statement s
          LEFT JOIN (
              SELECT statement_id,
                     SUM(CASE WHEN state = 'approved' THEN amount ELSE 0 END) AS amount
                FROM distributor_rebate_adjustment GROUP BY 1
          ) extra ON extra.statement_id = s.id
         WHERE s.program_id = %(program)s %(some)s
         ORDER BY s.partner_id, s.date_from, s.number
        """,
        program=program_id,
        amounts=amounts,
        some=some,
    )


def _columns(names) -> SQL:
    return SQL(", ").join(SQL.identifier(name) for name in names)


def upsert(program_id: int, uid: int, rows: Iterable[Mapping]) -> SQL:
    """Insert the open statements that are new, update those that say otherwise.

    :param rows: values of `KEY` and `FIGURES`; decimals as text
    Rows: id of each statement that was written.
    """
    types = KEY | FIGURES
    declared = ", ".join(f'"{name}" {kind}' for name, kind in types.items())
    figures = list(FIGURES)
    return SQL(
        """
        INSERT INTO distributor_rebate_statement AS old
               (program_id, company_id, currency_id, account_manager_id, grade_id,
                country_id, approval_state, state, partner_state, validation_status,
                create_uid, create_date, write_uid, write_date, %(names)s)
        SELECT program.id, program.company_id, company.currency_id,
               partner.account_manager_id, partner.grade_id, partner.country_id,
               'draft', 'draft', 'open', 'no',
               %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC',
               %(new_names)s
          FROM jsonb_to_recordset(%(rows)s::jsonb) AS new (%(declared)s)
          JOIN distributor_rebate_program program ON program.id = %(program)s
          JOIN res_company company ON company.id = program.company_id
          JOIN res_partner partner ON partner.id = new.partner_id
            ON CONFLICT (program_id, partner_id, date_from, number) DO UPDATE
           SET (%(figures)s) = ROW (%(excluded)s),
               write_uid = excluded.write_uid, write_date = excluded.write_date
         WHERE old.approval_state = 'draft'
           AND (%(old)s) IS DISTINCT FROM (%(excluded)s)
        RETURNING id
        """,
        names=_columns(types),
        new_names=SQL(", ").join(SQL.identifier("new", name) for name in types),
        uid=uid,
        rows=json.dumps(list(rows), default=str),
        declared=SQL(declared),  # pylint: disable=sql-injection
        program=program_id,
        figures=_columns(figures),
        excluded=SQL(", ").join(SQL.identifier("excluded", name) for name in figures),
        old=SQL(", ").join(SQL.identifier("old", name) for name in figures),
    )


def tell_recomputed(rows: Iterable[tuple[int, Decimal | None]]) -> SQL:
    """Note on closed statements what they would be due today, where that changed.

    :param rows: statement's id, and amount; None for the one that it has
    """
    return SQL(
        """
        UPDATE distributor_rebate_statement old
           SET recomputed = COALESCE(new.amount, old.due),
               is_outdated = new.amount IS NOT NULL
                             AND new.amount <> COALESCE(old.due, 0)
          FROM jsonb_to_recordset(%s::jsonb) AS new (id int, amount numeric)
         WHERE old.id = new.id
           AND old.recomputed IS DISTINCT FROM COALESCE(new.amount, old.due)
        RETURNING old.id
        """,
        json.dumps(
            [{"id": number, "amount": amount} for number, amount in rows], default=str
        ),
    )


def groups() -> SQL:
    """The topmost company above each distributor that has one.

    Rows: distributor's id, id of the head office.
    """
    return SQL(
        """
        WITH RECURSIVE up (member, node, parent) AS (
            SELECT id, parent_id, parent_id FROM res_partner
             WHERE is_distributor AND parent_id IS NOT NULL
             UNION ALL
            SELECT up.member, above.parent_id, above.parent_id
              FROM up JOIN res_partner above ON above.id = up.node
             WHERE above.parent_id IS NOT NULL
        )
        SELECT DISTINCT ON (up.member) up.member, up.node
          FROM up JOIN res_partner top ON top.id = up.node AND top.parent_id IS NULL
        """
    )
