# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The SQL that keeps with whom distributors were measured when something was settled."""

from collections.abc import Sequence

from odoo.tools import SQL

from .writing import groups


def moved(program_id: int) -> SQL:
    """Who was measured with another head office than he has today.

    Rows: distributor's id, first day of the window, id of the head office then.
    """
    return SQL(
        """
        SELECT own.partner_id, own.window_from, own.head_id
          FROM distributor_rebate_membership own
          LEFT JOIN (%s) today ON today.member = own.partner_id
         WHERE own.program_id = %s
           AND own.head_id <> COALESCE(today.node, own.partner_id)
        """,
        groups(),
        program_id,
    )


def remember(statement_ids: Sequence[int], uid: int) -> SQL:
    """Keep the groups of statements; what is kept already stands."""
    return SQL(
        """
        WITH today (member, head) AS MATERIALIZED (%(groups)s),
        head AS (
            SELECT DISTINCT statement.program_id, statement.window_from,
                   COALESCE(own.head_id, today.head, statement.partner_id) AS id
              FROM distributor_rebate_statement statement
              JOIN distributor_rebate_program program
                ON program.id = statement.program_id AND program.group_policy <> 'own'
              LEFT JOIN distributor_rebate_membership own
                ON own.program_id = statement.program_id
               AND own.window_from = statement.window_from
               AND own.partner_id = statement.partner_id
              LEFT JOIN today ON today.member = statement.partner_id
             WHERE statement.id = ANY(%(ids)s) AND statement.window_from IS NOT NULL
        )
        INSERT INTO distributor_rebate_membership
               (program_id, window_from, partner_id, head_id,
                create_uid, create_date, write_uid, write_date)
        SELECT program_id, window_from, member, id,
               %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
          FROM (SELECT head.*, head.id AS member FROM head
                 UNION
                SELECT head.*, today.member FROM head
                  JOIN today ON today.head = head.id) everybody
            ON CONFLICT (program_id, window_from, partner_id) DO NOTHING
        """,
        groups=groups(),
        ids=list(statement_ids),
        uid=uid,
    )


def forget(program_ids: Sequence[int]) -> SQL:
    """Drop groups of which no statement is closed any more."""
    return SQL(
        """
        DELETE FROM distributor_rebate_membership old
         WHERE old.program_id = ANY(%s)
           AND NOT EXISTS (
               SELECT FROM distributor_rebate_statement statement
                 JOIN distributor_rebate_membership own
                   ON own.program_id = statement.program_id
                  AND own.window_from = statement.window_from
                  AND own.partner_id = statement.partner_id
                WHERE statement.approval_state <> 'draft'
                  AND statement.program_id = old.program_id
                  AND statement.window_from = old.window_from
                  AND own.head_id = old.head_id)
        """,
        list(program_ids),
    )
