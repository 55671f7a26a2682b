# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The SQL that reads from the ledger what representatives sold and collected."""

from collections.abc import Sequence
from datetime import date

from odoo.tools import SQL

from odoo.addons.distributor_crm.rebate.ledger import DAY, money, part_of_total


def sold(company_id: int, cut_off: date, cuts: Sequence[date], users=None) -> SQL:
    """Sales, returns and collections by representative, customer, product and span.

    A sale belongs to the representative of its invoice; where the invoice names none,
    the first column is empty. A credit note counts on the day of the invoice that it
    takes back, and for its representative. Only what was posted and paid with a date
    up to the cut-off counts.

    Rows: user's id, customer's id, product's id, number of the span from 1, quantity
    in the product's unit, net sales without tax and what is collected of them, both in
    company currency, as text: Odoo's cursor would turn them into floats.

    :param cuts: the first days of the spans, ascending; sales before are left out
    :param users: ids of representatives; None for all of them
    """
    chosen = SQL("")
    if users is not None:
        chosen = SQL(
            "AND (move.user_id IS NULL OR move.user_id = ANY(%s))", list(users)
        )
    return SQL(
        """
        SELECT line.user_id, line.partner_id, line.product_id, line.number,
               SUM(line.quantity)::text, SUM(line.amount)::text,
               COALESCE(SUM(line.amount * %(part)s), 0)::text
          FROM (
              SELECT move.id AS move_id, move.move_type, move.amount_total,
                     move.user_id, move.partner_id, line.product_id,
                     width_bucket(move.day, %(cuts)s::date[]) AS number,
                     -line.balance AS amount,
                     CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END
                     * line.quantity * unit.factor / own.factor AS quantity
                FROM (
                    SELECT move.id, move.move_type, move.amount_total,
                           move.commercial_partner_id AS partner_id,
                           COALESCE(origin.invoice_user_id, move.invoice_user_id)
                           AS user_id,
                           %(day)s AS day
                      FROM account_move move
                      LEFT JOIN account_move origin
                        ON origin.id = move.reversed_entry_id
                     WHERE move.company_id = %(company)s
                       AND move.state = 'posted'
                       AND move.move_type IN ('out_invoice', 'out_refund')
                       AND move.is_distributor_rebate IS NOT TRUE
                       AND move.invoice_date <= %(cut_off)s
                    OFFSET 0
                ) move
                JOIN account_move_line line ON line.move_id = move.id
                JOIN product_product product ON product.id = line.product_id
                JOIN product_template template
                  ON template.id = product.product_tmpl_id
                JOIN uom_uom own ON own.id = template.uom_id
                JOIN uom_uom unit ON unit.id = COALESCE(line.product_uom_id, own.id)
               WHERE line.display_type = 'product'
                 AND move.day BETWEEN %(first)s AND %(cut_off)s
                 %(chosen)s
          ) line
          LEFT JOIN (
              SELECT move_id, SUM(amount) AS amount
                FROM (%(money)s) payment GROUP BY move_id
          ) money ON money.move_id = line.move_id
         GROUP BY 1, 2, 3, 4
         ORDER BY 1, 2, 3, 4
        """,
        part=part_of_total(),
        cuts=list(cuts),
        day=DAY,
        company=company_id,
        cut_off=cut_off,
        first=cuts[0],
        chosen=chosen,
        money=money(company_id, [cut_off]),
    )
