# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The SQL that measures all distributors at once: one statement a figure."""

from collections.abc import Mapping

from odoo.tools import SQL

from ..rebate import ledger
from ..rebate.ledger import Scope
from ..rebate.period import Period


def sold(scope: Scope) -> SQL:
    """Sales without tax, credit notes subtracted, in company currency.

    Rows: number of the window, distributor's id, amount as text.
    """
    return SQL(
        "SELECT number, partner_id, amount FROM (%s) found (number, partner_id, amount,"
        " quantity, lines)",
        ledger.aggregate(scope),
    )


def collected(scope: Scope, today) -> SQL:
    """What customers have paid of these sales until today, without tax.

    Rows: number of the window, distributor's id, amount as text.
    """
    return SQL(
        "SELECT number, partner_id, amount FROM (%s) found (number, paid, partner_id,"
        " amount)",
        ledger.collected(scope, [today]),
    )


def invoices(company_id: int, spans: Mapping[int, Period], partners: SQL) -> SQL:
    """How many invoices were posted.

    Rows: number of the window, distributor's id, count as text.
    """
    rows = [(number, *span) for number, span in spans.items()]
    names = "span (number, first_day, last_day)"
    return SQL(
        """
        SELECT span.number, move.commercial_partner_id, COUNT(*)::text
          FROM account_move move
          JOIN %(spans)s
            ON move.invoice_date BETWEEN span.first_day AND span.last_day
         WHERE move.company_id = %(company)s
           AND move.state = 'posted'
           AND move.move_type = 'out_invoice'
           AND move.commercial_partner_id IN %(partners)s
         GROUP BY 1, 2
        """,
        spans=ledger.values(rows, names, "int", "date", "date"),
        company=company_id,
        partners=partners,
    )
