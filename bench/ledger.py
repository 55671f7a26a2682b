# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A posted ledger of any size, by SQL: invoices, credit notes and their payments.

One document of each kind is made by Odoo, its rows are kept and it is taken back. All
others are copies of those rows with their own numbers, days, partners and amounts, so
that each column holds what Odoo writes there, whatever addons are installed.

Nothing is random: a hash of a row's number decides. Prices are multiples of 0.20 and
quantities whole, so that a tax of 15% is exact on each line and no rounding is in doubt.
"""

import json
from datetime import date

from ledger_sql import LINE, MOVE, NUMBERED, PARTIAL, PAYMENT, RECONCILED

from odoo import Command

FIRST_DAY, LAST_DAY = date(2023, 1, 1), date(2024, 12, 31)
# Ten documents of 27 lines: 2.7 lines a document on average.
SIZES = (1, 2, 3, 4, 5, 1, 2, 3, 4, 2)
WITH_ID = (
    "account_move",
    "account_move_line",
    "account_partial_reconcile",
    "account_full_reconcile",
)
TAXES = "account_move_line_account_tax_rel"


class Undo(Exception):
    """Takes a savepoint back."""


def fill(env, lines):
    """Write a ledger with this many invoice lines.

    :return: the average turnover of a distributor in a year
    """
    patterns = take_patterns(env)
    cr = env.cr
    cr.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if cr.fetchone()[0]:
        # Foreign keys hold by construction, and checking each row takes minutes.
        cr.execute("SET LOCAL session_replication_role = replica")
    cr.execute("SET LOCAL maintenance_work_mem = '512MB'; SET LOCAL work_mem = '256MB'")
    load_patterns(cr, patterns)
    plan(cr, lines)
    indexes = drop_indexes(cr)
    write(cr)
    for query in indexes:
        cr.execute(query)
    for name in WITH_ID:
        cr.execute(f"SELECT setval('{name}_id_seq', (SELECT max(id) FROM {name}))")
    env.invalidate_all()
    cr.execute(
        """SELECT sum(untaxed * sign) / count(DISTINCT commercial_id) / %s
             FROM bench_document""",
        [LAST_DAY.year - FIRST_DAY.year + 1],
    )
    return float(cr.fetchone()[0])


def take_patterns(env):
    """Let Odoo post an invoice, a credit note and a payment; return their rows."""
    partner = env["res.partner"].search([("ref", "=", "BENCH0000")])
    product = env["product.product"].search([("default_code", "=", "BENCH000")])
    rows = {}
    try:
        with env.cr.savepoint():
            invoice, refund = env["account.move"].create(
                [_document(kind, partner, product) for kind in ("invoice", "refund")]
            )
            (invoice + refund).action_post()
            payment = _pay(env, invoice)
            env.flush_all()
            moves = invoice + refund + payment
            chosen = {
                "account_move": moves,
                "account_move_line": moves.line_ids,
                "account_partial_reconcile": payment.line_ids.matched_debit_ids,
                "account_full_reconcile": payment.line_ids.full_reconcile_id,
            }
            for name, records in chosen.items():
                rows[name] = _read(env.cr, name, "id", records)
            rows[TAXES] = _read(
                env.cr, TAXES, "account_move_line_id", invoice.invoice_line_ids
            )
            raise Undo
    except Undo:
        env.invalidate_all()
    return rows


def _read(cr, table, column, records):
    cr.execute(
        f"SELECT jsonb_agg(to_jsonb(t)) FROM {table} t WHERE {column} IN %s",
        [tuple(records.ids)],
    )
    return cr.fetchone()[0]


def _document(kind, partner, product):
    line = {"product_id": product.id, "quantity": 1, "price_unit": 100}
    return {
        "move_type": f"out_{kind}",
        "partner_id": partner.id,
        "invoice_date": FIRST_DAY,
        "invoice_line_ids": [Command.create(line)],
    }


def _pay(env, invoice):
    """Book an incoming payment in full at the bank, and reconcile it."""
    bank = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", invoice.company_id.id)], limit=1
    )
    due = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
    shared = {"partner_id": due.partner_id.id, "name": "Payment"}
    lines = [
        {**shared, "account_id": bank.default_account_id.id, "debit": due.balance},
        {**shared, "account_id": due.account_id.id, "credit": due.balance},
    ]
    payment = env["account.move"].create(
        {
            "move_type": "entry",
            "journal_id": bank.id,
            "date": FIRST_DAY,
            "line_ids": [Command.create(line) for line in lines],
        }
    )
    payment.action_post()
    (due + payment.line_ids[1]).reconcile()
    return payment


def load_patterns(cr, patterns):
    """Make the kept rows tables: pattern_account_move and so on."""
    for name, rows in patterns.items():
        cr.execute(
            f"""CREATE TEMP TABLE pattern_{name} ON COMMIT DROP AS
                SELECT * FROM jsonb_populate_recordset(NULL::{name}, %s)""",
            [json.dumps(rows)],
        )
    cr.execute(
        """ALTER TABLE pattern_account_move_line ADD kind text;
           UPDATE pattern_account_move_line line
              SET kind = CASE WHEN line.debit > 0 AND move_type = 'entry' THEN 'bank'
                              ELSE format('%s_%s', move_type, display_type) END
             FROM pattern_account_move move WHERE move.id = line.move_id"""
    )


def plan(cr, lines):
    """Decide on each line and document: bench_line and bench_document."""
    spots = [spot for spot, size in enumerate(SIZES) for _line in range(size)]
    cr.execute(
        """CREATE FUNCTION pg_temp.pick(key bigint, salt bigint, choices bigint)
           RETURNS bigint IMMUTABLE LANGUAGE sql
           AS 'SELECT (hashint8extended(key, salt) & 2147483647) % choices'"""
    )
    cr.execute(
        """
        CREATE TEMP TABLE bench_line ON COMMIT DROP AS
        WITH product AS MATERIALIZED (
            SELECT p.id, t.uom_id, t.list_price AS price,
                   format('[%%s] %%s', p.default_code, t.name->>'en_US') AS label,
                   row_number() OVER (ORDER BY p.default_code) - 1 AS number,
                   count(*) OVER () AS choices
              FROM product_product p JOIN product_template t ON t.id = p.product_tmpl_id
             WHERE p.default_code LIKE 'BENCH%%'
        ), row AS (
            SELECT n, (n - 1) / %(length)s * %(documents)s + (%(spots)s)[(n - 1) %% %(length)s + 1]
                   + 1 AS document
              FROM generate_series(1, %(lines)s) n
        )
        SELECT row.n, row.document, product.id AS product_id, product.uom_id,
               product.label, 1 + pg_temp.pick(n, 1, 40) AS quantity,
               round(round(product.price::numeric * (80 + pg_temp.pick(n, 2, 21)) / 20) / 5, 2)
               AS price
          FROM row JOIN product
            ON product.number = pg_temp.pick(n, 3, (SELECT max(choices) FROM product))
        """,
        {
            "lines": lines,
            "spots": spots,
            "length": len(spots),
            "documents": len(SIZES),
        },
    )
    cr.execute(
        """
        CREATE TEMP TABLE bench_document ON COMMIT DROP AS
        WITH distributor AS MATERIALIZED (
            SELECT id, row_number() OVER (ORDER BY ref) - 1 AS number,
                   count(*) OVER () AS choices,
                   (SELECT array_agg(c.id ORDER BY c.id) FROM res_partner c
                     WHERE c.parent_id = p.id) AS branches
              FROM res_partner p WHERE ref LIKE 'BENCH%%'
        ), total AS (
            SELECT document, sum(quantity * price) AS untaxed FROM bench_line GROUP BY 1
        ), row AS (
            SELECT total.*, round(untaxed * 0.15, 2) AS tax,
                   %(first)s::date + ((document - 1) * %(days)s / count(*) OVER ())::int
                   AS day,
                   pg_temp.pick(document, 4, 100) < 4 AS refund,
                   -- Few buy much, and many little.
                   floor((SELECT max(choices) FROM distributor)
                         * power(pg_temp.pick(document, 5, 1000000) / 1e6, 1.6)) AS buyer,
                   pg_temp.pick(document, 6, 100) AS payer
              FROM total
        )
        SELECT row.*, distributor.id AS commercial_id,
               partner.id AS partner_id, partner.complete_name AS partner_name,
               CASE WHEN refund THEN -1 ELSE 1 END AS sign,
               CASE WHEN refund THEN 'out_refund' ELSE 'out_invoice' END AS move_type,
               CASE WHEN refund OR payer >= 68 THEN 0 WHEN payer < 60 THEN untaxed + tax
                    ELSE round((untaxed + tax) * (1 + payer %% 8) / 10, 2) END AS paid,
               day + pg_temp.pick(document, 7, 60)::int AS paid_day,
               row_number() OVER (PARTITION BY refund, date_part('year', day)
                                  ORDER BY document) AS number
          FROM row JOIN distributor ON distributor.number = row.buyer
               JOIN res_partner partner
                 ON partner.id = coalesce(branches[payer %% 3], distributor.id)
         ORDER BY document
        """,
        {"first": FIRST_DAY, "days": (LAST_DAY - FIRST_DAY).days + 1},
    )
    cr.execute("ANALYZE bench_line; ANALYZE bench_document")


def drop_indexes(cr):
    """Drop what is no constraint; return the statements that make it again."""
    cr.execute(
        """SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid),
                  obj_description(i.indexrelid, 'pg_class')
             FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid
            WHERE i.indrelid = ANY(%s::regclass[]) AND c.oid IS NULL""",
        [[*WITH_ID, TAXES]],
    )
    again = []
    for name, definition, comment in cr.fetchall():
        cr.execute(f"DROP INDEX {name}")
        again.append(definition)
        if comment:
            # Odoo compares it with what the addon says.
            again.append(cr.mogrify(f"COMMENT ON INDEX {name} IS %s", [comment]))
    return again


def copy(cr, table, source, pattern, values):
    """Insert a row for each of `source`, joined to its `pattern`.

    :param values: SQL by column; all other columns are as in the pattern
    """
    cr.execute(
        """SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass
              AND attnum > 0 AND NOT attisdropped AND attgenerated = ''""",
        [table],
    )
    columns = [name for (name,) in cr.fetchall()]
    chosen = ", ".join(values.get(name, f"pattern.{name}") for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    cr.execute(
        f"""INSERT INTO {table} ({names})
            SELECT {chosen} FROM {source} JOIN pattern_{table} pattern ON {pattern}"""
    )


def write(cr):
    """Write documents and payments, their items, taxes and reconciliations."""
    cr.execute(NUMBERED, {"year": str(FIRST_DAY.year)})
    copy(
        cr,
        "account_full_reconcile",
        "bench_move s",
        "s.full_id > 0",
        {"id": "s.full_id"},
    )
    copy(cr, "account_move", "bench_move s", "pattern.move_type = s.move_type", MOVE)
    copy(cr, "account_move", "bench_payment s", "pattern.move_type = 'entry'", PAYMENT)
    copy(cr, "account_move_line", "bench_item s", "pattern.kind = s.kind", LINE)
    copy(
        cr,
        TAXES,
        "bench_item s",
        "s.kind IN ('out_invoice_product', 'out_refund_product')",
        {"account_move_line_id": "s.id"},
    )
    copy(cr, "account_partial_reconcile", RECONCILED, "TRUE", PARTIAL)
