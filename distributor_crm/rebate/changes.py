# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The SQL that finds what the ledger wrote since the last run."""

from datetime import datetime

from odoo.tools import SQL


def oldest_transaction() -> SQL:
    """When the oldest transaction at work began: whatever is still to be committed
    bears this date or a later one.
    """
    return SQL(
        """
        SELECT date_trunc('second', MIN(xact_start) AT TIME ZONE 'UTC')
          FROM pg_stat_activity WHERE datname = current_database()
        """
    )


def touched(since: datetime) -> SQL:
    """Distributors whose sales may have changed.

    Posting, resetting, cancelling and paying all write on the invoice. The evidence
    tells whose sale it was before, where an invoice went to somebody else.

    Rows: distributor's id, moment of the last change.
    """
    return SQL(
        """
        WITH changed AS (
            SELECT id, commercial_partner_id AS partner_id, write_date
              FROM account_move
             WHERE write_date >= %(since)s
               AND move_type IN ('out_invoice', 'out_refund')
        )
        SELECT partner_id, MAX(write_date) FROM (
            SELECT partner_id, write_date FROM changed
             UNION ALL
            SELECT statement.partner_id, changed.write_date
              FROM changed
              JOIN account_move_line line ON line.move_id = changed.id
              JOIN distributor_rebate_line evidence ON evidence.move_line_key = line.id
              JOIN distributor_rebate_statement statement
                ON statement.id = evidence.statement_id
             UNION ALL
            SELECT partner_id, create_date FROM distributor_rebate_change
             WHERE create_date >= %(since)s
        ) AS found
         WHERE partner_id IS NOT NULL
         GROUP BY 1
        """,
        since=since,
    )
