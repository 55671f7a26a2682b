# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The SQL that reads what was sold and paid of orders.

Amounts are read as texts: the database driver would make floats of them.
"""

from odoo.tools import SQL

# Invoice lines of the orders, each once, in the company's currency. The tax is that of
# the line, at the rate of the document.
_LINKED = """
    linked AS (
        SELECT DISTINCT ON (line.id) line.id, order_line.id AS order_line_id,
               order_line.order_id, line.move_id, -line.balance AS untaxed,
               CASE WHEN line.price_subtotal <> 0
                    THEN -line.balance * line.price_total / line.price_subtotal
                    ELSE 0 END AS taxed,
               CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END
               * line.quantity * COALESCE(unit.factor / own.factor, 1) AS quantity,
               move.move_type = 'out_refund' AS is_refund
          FROM sale_order_line order_line
          JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = order_line.id
          JOIN account_move_line line ON line.id = rel.invoice_line_id
          JOIN account_move move ON move.id = line.move_id
          LEFT JOIN product_product product ON product.id = line.product_id
          LEFT JOIN product_template template ON template.id = product.product_tmpl_id
          LEFT JOIN uom_uom unit ON unit.id = line.product_uom_id
          LEFT JOIN uom_uom own ON own.id = template.uom_id
         WHERE order_line.order_id = ANY(%(orders)s)
           AND move.state = 'posted'
           AND move.move_type IN ('out_invoice', 'out_refund')
           AND line.display_type = 'product'
         ORDER BY line.id, order_line.id
    )
"""


def sold(orders: list[int]) -> SQL:
    """What was invoiced of each order line, less what was credited.

    Rows: order, order line, amount without and with tax, quantity in the product's own
    unit, whether there is a credit note.
    """
    return SQL(
        """
        WITH %(linked)s
        SELECT order_id, order_line_id, SUM(untaxed)::text, SUM(taxed)::text,
               SUM(quantity)::text, BOOL_OR(is_refund)
          FROM linked GROUP BY 1, 2
        """,
        linked=SQL(_LINKED, orders=orders),
    )


def collected(orders: list[int]) -> SQL:
    """What the orders cost, and what the customers paid for them, with tax.

    Money is what came by a payment or a bank statement, less a write-off in it, and what
    was paid for another order and credited there. A write-off or a credit that nobody
    paid for is none. Credit notes count against their own order: what was paid back, or
    moved to another invoice, is not paid any more.

    Rows, one a document: order, its part of the document in the company's currency; what
    was paid of the whole document, and its total, in the document's own.
    """
    return SQL(
        """
        WITH %(linked)s,
        part AS (
            SELECT order_id, move_id, SUM(taxed) AS amount FROM linked GROUP BY 1, 2
        ),
        side AS (
            SELECT line.move_id, partial.credit_move_id AS other_id,
                   partial.debit_amount_currency AS amount
              FROM account_move_line line
              JOIN account_partial_reconcile partial ON partial.debit_move_id = line.id
             WHERE line.move_id IN (SELECT move_id FROM part)
               AND line.display_type = 'payment_term'
             UNION ALL
            SELECT line.move_id, partial.debit_move_id, partial.credit_amount_currency
              FROM account_move_line line
              JOIN account_partial_reconcile partial ON partial.credit_move_id = line.id
             WHERE line.move_id IN (SELECT move_id FROM part)
               AND line.display_type = 'payment_term'
        ),
        flow AS (
            SELECT side.move_id, entry.id AS entry_id,
                   side.amount * CASE
                       WHEN payment.id IS NULL OR other.amount_currency = 0 THEN 1
                       ELSE LEAST(1, payment.amount / ABS(other.amount_currency))
                   END AS amount
              FROM side
              JOIN account_move_line other ON other.id = side.other_id
              JOIN account_move entry ON entry.id = other.move_id
              JOIN account_journal journal ON journal.id = entry.journal_id
              LEFT JOIN account_payment payment ON payment.id = entry.origin_payment_id
             WHERE journal.type IN ('bank', 'cash', 'credit')
                OR payment.id IS NOT NULL
                OR entry.move_type = 'out_invoice'
                OR (entry.move_type = 'out_refund'
                    AND entry.reversed_entry_id IS NOT NULL
                    AND entry.is_distributor_rebate IS NOT TRUE)
        ),
        money AS (
            SELECT part.order_id, part.move_id, SUM(flow.amount) AS amount
              FROM part
              JOIN flow ON flow.move_id = part.move_id
             WHERE NOT EXISTS (
                   SELECT FROM part own
                    WHERE own.order_id = part.order_id AND own.move_id = flow.entry_id)
             GROUP BY 1, 2
        )
        SELECT part.order_id, part.amount::text, COALESCE(money.amount, 0)::text,
               ABS(move.amount_total)::text
          FROM part
          JOIN account_move move ON move.id = part.move_id
          LEFT JOIN money ON money.order_id = part.order_id
           AND money.move_id = part.move_id
        """,
        linked=SQL(_LINKED, orders=orders),
    )
