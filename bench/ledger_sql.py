# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The columns in which a document of the ledger differs from its pattern."""

# Documents and payments with their ids and names, and the items of both in one order:
# the items of a document lie together, as they do in a ledger that grew.
NUMBERED = """
    CREATE TEMP TABLE bench_move ON COMMIT DROP AS
    WITH last AS (
        SELECT (SELECT coalesce(max(id), 0) FROM account_move) AS move,
               (SELECT coalesce(max(id), 0) FROM account_partial_reconcile) AS partial,
               (SELECT coalesce(max(id), 0) FROM account_full_reconcile) AS whole
    ), counted AS (
        SELECT *, untaxed + tax AS total, untaxed + tax - paid AS residual,
               count(*) OVER () AS documents,
               count(*) FILTER (WHERE paid > 0) OVER so_far AS payment,
               count(*) FILTER (WHERE paid = untaxed + tax) OVER so_far AS whole
          FROM bench_document
        WINDOW so_far AS (ORDER BY document ROWS UNBOUNDED PRECEDING)
    )
    SELECT d.*, x.prefix, format('%%s%%s', x.prefix, lpad(number::text, greatest(5, length(number::text)), '0')) AS name,
           last.move + document AS id,
           CASE WHEN paid > 0 THEN last.move + documents + payment END AS payment_id,
           CASE WHEN paid > 0 THEN last.partial + payment END AS partial_id,
           CASE WHEN residual = 0 THEN last.whole + d.whole END AS full_id,
           CASE WHEN paid = 0 THEN 'not_paid' WHEN residual = 0 THEN 'paid'
                ELSE 'partial' END AS payment_state,
           CASE WHEN residual = 0 THEN (last.whole + d.whole)::text
                WHEN paid > 0 THEN format('P%%s', last.partial + payment) END AS matching
      FROM last CROSS JOIN counted d JOIN pattern_account_move p USING (move_type)
           CROSS JOIN LATERAL (
             SELECT replace(p.sequence_prefix, %(year)s, date_part('year', day)::text)
                    AS prefix) x;

    CREATE TEMP TABLE bench_payment ON COMMIT DROP AS
    SELECT m.payment_id AS id, m.id AS invoice_id, m.commercial_id, m.paid,
           m.paid_day AS day, m.partial_id, m.full_id, m.matching, x.prefix, x.number,
           format('%%s%%s', x.prefix, lpad(x.number::text, greatest(5, length(x.number::text)), '0')) AS name
      FROM bench_move m JOIN pattern_account_move p ON p.move_type = 'entry'
           CROSS JOIN LATERAL (
             SELECT replace(p.sequence_prefix, %(year)s, date_part('year', paid_day)::text)
                    AS prefix) y
           JOIN (SELECT document, row_number() OVER (
                          PARTITION BY date_part('year', paid_day) ORDER BY document)
                   AS number FROM bench_move WHERE paid > 0) n USING (document)
           CROSS JOIN LATERAL (SELECT y.prefix, n.number) x;

    CREATE TEMP TABLE bench_item ON COMMIT DROP AS
    SELECT (SELECT coalesce(max(id), 0) FROM account_move_line)
           + row_number() OVER (ORDER BY move_id, n) AS id, item.*
      FROM (
        SELECT m.id AS move_id, m.name AS move_name, m.commercial_id, m.day, n,
               move_type || '_product' AS kind, -sign * quantity * price AS balance,
               label, product_id, uom_id, quantity, price, quantity * price AS subtotal,
               round(quantity * price * 1.15, 2) AS with_tax, 0 AS tax_base, 0 AS residual,
               NULL::bigint AS full_id, NULL AS matching
          FROM bench_line JOIN bench_move m USING (document)
     UNION ALL
        SELECT id, name, commercial_id, day, 2000000000, move_type || '_tax', -sign * tax,
               NULL, NULL, NULL, NULL, NULL, NULL, NULL, -sign * untaxed, 0, NULL, NULL
          FROM bench_move
     UNION ALL
        SELECT id, name, commercial_id, day, 2000000001, move_type || '_payment_term',
               sign * total, CASE WHEN NOT refund THEN name END, NULL, NULL, NULL, NULL,
               NULL, NULL, 0, sign * residual, full_id, matching
          FROM bench_move
     UNION ALL
        SELECT id, name, commercial_id, day, 1, 'bank', paid, NULL, NULL, NULL, NULL, NULL,
               paid, paid, 0, paid, NULL, NULL
          FROM bench_payment
     UNION ALL
        SELECT id, name, commercial_id, day, 2, 'entry_product', -paid, NULL, NULL, NULL,
               NULL, NULL, -paid, -paid, 0, 0, full_id, matching
          FROM bench_payment
      ) item
     ORDER BY id;
    ANALYZE bench_move; ANALYZE bench_payment; ANALYZE bench_item;
"""

MOVE = {
    "id": "s.id",
    "name": "s.name",
    "sequence_prefix": "s.prefix",
    "sequence_number": "s.number",
    "payment_reference": "CASE WHEN NOT s.refund THEN s.name END",
    "payment_state": "s.payment_state",
    "partner_id": "s.partner_id",
    "partner_shipping_id": "s.partner_id",
    "commercial_partner_id": "s.commercial_id",
    "invoice_partner_display_name": "s.partner_name",
    "date": "s.day",
    "invoice_date": "s.day",
    "invoice_date_due": "s.day",
    "amount_untaxed": "s.untaxed",
    "amount_tax": "s.tax",
    "amount_total": "s.total",
    "amount_residual": "s.residual",
    "amount_untaxed_signed": "s.sign * s.untaxed",
    "amount_untaxed_in_currency_signed": "s.sign * s.untaxed",
    "amount_tax_signed": "s.sign * s.tax",
    "amount_total_signed": "s.sign * s.total",
    "amount_total_in_currency_signed": "s.sign * s.total",
    "amount_residual_signed": "s.sign * s.residual",
}
PAYMENT = {
    "id": "s.id",
    "name": "s.name",
    "sequence_prefix": "s.prefix",
    "sequence_number": "s.number",
    "date": "s.day",
    "amount_total": "s.paid",
    "amount_total_signed": "s.paid",
    "amount_total_in_currency_signed": "s.paid",
}
INVOICED = "CASE WHEN pattern.invoice_date IS NOT NULL THEN s.day END"
LINE = {
    "id": "s.id",
    "move_id": "s.move_id",
    "move_name": "s.move_name",
    "partner_id": "s.commercial_id",
    "name": "coalesce(s.label, CASE WHEN s.kind NOT LIKE '%_payment_term' THEN pattern.name END)",
    "date": "s.day",
    "invoice_date": INVOICED,
    "date_maturity": "CASE WHEN pattern.date_maturity IS NOT NULL THEN s.day END",
    "product_id": "s.product_id",
    "product_uom_id": "s.uom_id",
    "quantity": "coalesce(s.quantity, pattern.quantity)",
    "price_unit": "coalesce(s.price, pattern.price_unit)",
    "price_subtotal": "coalesce(s.subtotal, pattern.price_subtotal)",
    "price_total": "coalesce(s.with_tax, pattern.price_total)",
    "balance": "s.balance",
    "debit": "greatest(s.balance, 0)",
    "credit": "greatest(-s.balance, 0)",
    "amount_currency": "s.balance",
    "tax_base_amount": "s.tax_base",
    "amount_residual": "s.residual",
    "amount_residual_currency": "s.residual",
    "reconciled": "s.matching IS NOT NULL AND s.residual = 0",
    "full_reconcile_id": "s.full_id",
    "matching_number": "s.matching",
}
RECONCILED = """
    (SELECT p.*, due.id AS due_id, paying.id AS paying_id
       FROM bench_payment p
       JOIN bench_item due ON due.move_id = p.invoice_id
        AND due.kind = 'out_invoice_payment_term'
       JOIN bench_item paying ON paying.move_id = p.id AND paying.kind = 'entry_product') s
"""
PARTIAL = {
    "id": "s.partial_id",
    "debit_move_id": "s.due_id",
    "credit_move_id": "s.paying_id",
    "full_reconcile_id": "s.full_id",
    "amount": "s.paid",
    "debit_amount_currency": "s.paid",
    "credit_amount_currency": "s.paid",
    "max_date": "s.day",
}
