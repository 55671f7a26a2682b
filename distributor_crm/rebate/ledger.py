# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The SQL that reads the ledger for a program and keeps its evidence.

Each function returns one statement. Reading all periods and distributors of a
program at once is what keeps the number of queries independent of their number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from odoo.tools import SQL

from .period import Period

TRUE = SQL("TRUE")
NOTHING = SQL()
BUYER = SQL("move.commercial_partner_id")
NUMBER = SQL("move.number")


@dataclass(frozen=True)
class Scope:
    """Which invoice lines count for one version of a program.

    :ivar spans: the periods, by their number; a negative number is a period to
        compare with
    :ivar partners: sub-select of the distributors in scope
    :ivar products: condition on `line.product_id`
    :ivar touched: only these distributors; None for all
    :ivar payees: who stands in whose statements, where that is somebody else
    :ivar kept: distributor, period and payee, where he was another than today when
        something of it was settled
    :ivar uom_id: the program's unit of measure; None where quantities do not count
    :ivar cascade: programs whose rebates are taken off first, all or settled ones
    :ivar exclusive: programs whose sales count there only
    :ivar claims_of: the program whose approved claims count, in place of invoice lines
    """

    company_id: int
    spans: Mapping[int, Period]
    partners: SQL
    products: SQL = TRUE
    touched: Sequence[int] | None = None
    payees: Mapping[int, int] = field(default_factory=dict)
    kept: Sequence[tuple[int, int, int]] = ()
    uom_id: int | None = None
    cascade: Sequence[int] = ()
    cascade_settled: bool = False
    exclusive: Sequence[int] = ()
    claims_of: int | None = None

    def only(self, numbers) -> "Scope":
        """Return the same for some of the spans."""
        return replace(self, spans={number: self.spans[number] for number in numbers})


def values(rows, names: str, *casts: str) -> SQL:
    """Return a table of constants, `(VALUES ...) AS names`.

    :param rows: at least one
    """
    pattern = f"({', '.join('%s::' + cast for cast in casts)})"
    table = SQL(", ").join(SQL(pattern, *row) for row in rows)  # pylint: disable=E8103
    return SQL("(VALUES %s) AS %s", table, SQL(names))


def _spans(scope) -> SQL:
    rows = [(number, *span) for number, span in scope.spans.items()]
    names = "span (number, first_day, last_day)"
    return values(rows, names, "int", "date", "date")


def _layers(scope) -> list[list[tuple[int, Period]]]:
    """The spans, in as few lists as possible in which none overlaps another."""
    layers = []
    for item in sorted(scope.spans.items(), key=lambda item: item[1].start):
        for layer in layers:
            if layer[-1][1].end < item[1].start:
                layer.append(item)
                break
        else:
            layers.append([item])
    return layers


def _number(layer) -> SQL:
    """The number of the span that holds `move.day`, or nothing, by binary search.

    A join would compare each line with each span, and the planner could not tell how
    many lines are left.
    """
    numbers, cuts = [], []
    for number, span in layer:
        if cuts and cuts[-1] == span.start:
            cuts.pop()
        elif cuts:
            numbers.append(None)
        numbers.append(number)
        cuts += span.cuts
    return SQL("(%s::int[])[width_bucket(move.day, %s::date[])]", numbers, cuts)


# A credit note belongs to the day of the invoice that it takes back; and what takes
# the credit note back again, too.
DAY = SQL(
    """
    CASE WHEN move.reversed_entry_id IS NULL THEN move.invoice_date
         ELSE COALESCE(
              (SELECT COALESCE(first.invoice_date, origin.invoice_date)
                 FROM account_move origin
                 LEFT JOIN account_move first
                   ON first.id = origin.reversed_entry_id
                  AND first.state = 'posted' AND first.invoice_date IS NOT NULL
                WHERE origin.id = move.reversed_entry_id
                  AND origin.state = 'posted'),
              move.invoice_date)
     END
    """
)


def _moves(scope) -> SQL:
    """Posted customer invoices and credit notes of distributors in scope.

    OFFSET keeps the day from being worked out again for each line, and its cost, which
    the planner takes for high, from deciding how lines are found.
    """
    touched = NOTHING
    if scope.touched is not None:
        touched = SQL("AND move.commercial_partner_id = ANY(%s)", list(scope.touched))
    return SQL(
        """
        SELECT move.id, move.name, move.move_type, move.commercial_partner_id,
               move.amount_total, %(day)s AS day
          FROM account_move move
         WHERE move.company_id = %(company)s
           AND move.state = 'posted'
           AND move.move_type IN ('out_invoice', 'out_refund')
           AND move.is_distributor_rebate IS NOT TRUE
           AND move.commercial_partner_id IN %(partners)s
           %(touched)s
        OFFSET 0
        """,
        day=DAY,
        company=scope.company_id,
        partners=scope.partners,
        touched=touched,
    )


def _payee(scope, buyer=BUYER, number=NUMBER) -> tuple[SQL, SQL]:
    """The partner whose statement a sale belongs to, and the join that finds him."""
    found, joins = [], []
    if scope.kept:
        table = values(scope.kept, "kept (member, number, id)", "int", "int", "int")
        found.append(SQL("kept.id"))
        joins.append(
            SQL(
                "LEFT JOIN %s ON kept.member = %s AND kept.number = %s",
                table,
                buyer,
                number,
            )
        )
    if scope.payees:
        table = values(scope.payees.items(), "payee (member, id)", "int", "int")
        found.append(SQL("payee.id"))
        joins.append(SQL("LEFT JOIN %s ON payee.member = %s", table, buyer))
    if not found:
        return buyer, NOTHING
    return SQL("COALESCE(%s)", SQL(", ").join([*found, buyer])), SQL(" ").join(joins)


def _taken_before(scope) -> tuple[SQL, SQL]:
    """What earlier programs take off a line, and the join that finds it."""
    if not scope.cascade:
        return NOTHING, NOTHING
    settled = (
        SQL("AND state IN ('posted', 'paid')") if scope.cascade_settled else NOTHING
    )
    join = SQL(
        """
        LEFT JOIN (
            SELECT evidence.move_line_key,
                   SUM(evidence.amount * latest.earned / latest.window_basis) AS amount
              FROM distributor_rebate_line evidence
              JOIN distributor_rebate_statement own ON own.id = evidence.statement_id
              JOIN (SELECT DISTINCT ON (program_id, partner_id, window_from)
                           program_id, partner_id, window_from, earned, window_basis
                      FROM distributor_rebate_statement
                     WHERE program_id = ANY(%(programs)s) %(settled)s
                     ORDER BY program_id, partner_id, window_from,
                              date_from DESC, number DESC
                   ) latest
                ON latest.program_id = own.program_id
               AND latest.partner_id = own.partner_id
               AND latest.window_from = own.window_from
             WHERE latest.window_basis <> 0
             GROUP BY 1
        ) earlier ON earlier.move_line_key = line.id
        """,
        programs=list(scope.cascade),
        settled=settled,
    )
    return SQL("- COALESCE(earlier.amount, 0)"), join


def _exclusive(scope) -> SQL:
    """Leave out what earns in an earlier, exclusive program."""
    if not scope.exclusive:
        return NOTHING
    return SQL(
        """
        AND NOT EXISTS (
            SELECT FROM distributor_rebate_line evidence
              JOIN distributor_rebate_statement own ON own.id = evidence.statement_id
             WHERE evidence.move_line_key = line.id
               AND own.program_id = ANY(%s) AND own.earned > 0)
        """,
        list(scope.exclusive),
    )


def _quantity(scope) -> tuple[SQL, SQL]:
    """The quantity in the program's unit, and the join and filter that it needs."""
    if not scope.uom_id:
        return SQL("NULL::numeric"), NOTHING
    quantity = SQL(
        """
        (CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END
         * line.quantity * unit.factor / measured.factor)
        """
    )
    # Only units of one family convert; a program refuses the others beforehand.
    join = SQL(
        """
        JOIN uom_uom measured ON measured.id = %s
        JOIN uom_uom unit ON unit.id = line.product_uom_id
         AND split_part(unit.parent_path, '/', 1)
           = split_part(measured.parent_path, '/', 1)
        """,
        scope.uom_id,
    )
    return quantity, join


def _claims(scope) -> SQL:
    """The approved claims of a program, as if each were an invoice line.

    Their keys are below zero, so that none ever meets an invoice line.
    """
    partner, payee_join = _payee(scope, SQL("line.partner_id"), SQL("span.number"))
    touched = NOTHING
    if scope.touched is not None:
        touched = SQL("AND line.partner_id = ANY(%s)", list(scope.touched))
    return SQL(
        """
        SELECT -line.id AS key, span.number, span.first_day, %(partner)s AS partner_id,
               line.date AS day, line.name, 'claim'::varchar AS move_type,
               NULL::int AS move_id, NULL::numeric AS amount_total, line.product_id,
               line.amount, line.quantity::numeric AS quantity
          FROM distributor_rebate_claim line
          JOIN %(spans)s ON line.date BETWEEN span.first_day AND span.last_day
          %(payee_join)s
         WHERE line.program_id = %(program)s
           AND line.state = 'approved'
           AND line.partner_id IN %(partners)s
           AND %(products)s
           %(touched)s
        """,
        partner=partner,
        spans=_spans(scope),
        payee_join=payee_join,
        program=scope.claims_of,
        partners=scope.partners,
        products=scope.products,
        touched=touched,
    )


def lines(scope: Scope, more: SQL = NOTHING) -> SQL:
    """The invoice lines that count, or the claims: one row a line and period.

    :param more: further columns of the invoice line, with a comma before each
    """
    if scope.claims_of:
        return _claims(scope)
    return SQL(" UNION ALL ").join(
        SQL("(%s)", _invoiced(scope, layer, more)) for layer in _layers(scope)
    )


def _invoiced(scope, layer, more=NOTHING) -> SQL:
    partner, payee_join = _payee(scope)
    taken, cascade_join = _taken_before(scope)
    quantity, unit_join = _quantity(scope)
    return SQL(
        """
        SELECT line.id AS key, move.number, %(partner)s AS partner_id,
               move.day, move.name, move.move_type, move.id AS move_id, move.amount_total,
               line.product_id,
               -line.balance %(taken)s AS amount, %(quantity)s AS quantity %(more)s
          FROM (SELECT move.*, %(number)s AS number FROM (%(moves)s) move) move
          JOIN account_move_line line ON line.move_id = move.id
          %(unit_join)s %(payee_join)s %(cascade_join)s
         WHERE move.number IS NOT NULL
           AND line.display_type = 'product'
           AND (line.rebate_exclusion IS NULL OR line.rebate_exclusion = '')
           AND %(products)s
           %(exclusive)s
        """,
        partner=partner,
        taken=taken,
        quantity=quantity,
        more=more,
        number=_number(layer),
        moves=_moves(scope),
        unit_join=unit_join,
        payee_join=payee_join,
        cascade_join=cascade_join,
        products=scope.products,
        exclusive=_exclusive(scope),
    )


def aggregate(scope: Scope) -> SQL:
    """Sums per period and distributor.

    Rows: number of the span, distributor's id, amount without tax in company
    currency (credit notes subtract), quantity, number of lines. Numbers come as text:
    Odoo's cursor would turn them into floats.
    """
    return SQL(
        """
        SELECT number, partner_id, SUM(amount)::text,
               COALESCE(SUM(quantity), 0)::text, COUNT(*)
          FROM (%s) AS line
         GROUP BY 1, 2
        """,
        lines(scope),
    )


def bought(scope: Scope) -> SQL:
    """What distributors bought of each product, less returns, in the product's unit.

    A return counts on the day of the invoice that it takes back.

    Rows: distributor's id, product's id, quantity as text.
    """
    return SQL(
        """
        SELECT move.commercial_partner_id, line.product_id,
               SUM(CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END
                   * line.quantity * unit.factor / own.factor)::text
          FROM (%(moves)s) move
          JOIN account_move_line line ON line.move_id = move.id
          JOIN product_product product ON product.id = line.product_id
          JOIN product_template template ON template.id = product.product_tmpl_id
          JOIN uom_uom own ON own.id = template.uom_id
          JOIN uom_uom unit ON unit.id = COALESCE(line.product_uom_id, own.id)
          JOIN %(spans)s ON move.day BETWEEN span.first_day AND span.last_day
         WHERE line.display_type = 'product' AND %(products)s
         GROUP BY 1, 2
        """,
        moves=_moves(scope),
        spans=_spans(scope),
        products=scope.products,
    )


def money(company_id: int, cut_offs: Sequence) -> SQL:
    """What was paid of each invoice, and by which cut-off.

    A payment is what a bank, cash or credit-card journal holds, or a rebate that was
    set off. An ordinary credit note is not a payment: it lowers the sale itself.
    """
    limits = values(enumerate(cut_offs), "cut_off (number, day)", "int", "date")
    return SQL(
        """
        SELECT term.move_id, MIN(cut_off.number) AS paid, part.id,
               MIN(part.amount) AS amount
          FROM (
              SELECT id, debit_move_id AS term_id, credit_move_id AS other_id,
                     debit_amount_currency AS amount, max_date
                FROM account_partial_reconcile WHERE company_id = %(company)s
              UNION ALL
              SELECT id, credit_move_id, debit_move_id, -credit_amount_currency, max_date
                FROM account_partial_reconcile WHERE company_id = %(company)s
          ) part
          JOIN account_move_line term ON term.id = part.term_id
          JOIN account_move_line other ON other.id = part.other_id
          JOIN account_move paying ON paying.id = other.move_id
          JOIN account_journal journal ON journal.id = paying.journal_id
          JOIN %(limits)s ON part.max_date <= cut_off.day
         WHERE term.display_type = 'payment_term'
           -- A payment that was set to draft keeps its reconciliation in Odoo.
           AND paying.state = 'posted'
           AND (journal.type IN ('bank', 'cash', 'credit')
                OR paying.is_distributor_rebate)
         GROUP BY term.move_id, part.id
        """,
        company=company_id,
        limits=limits,
    )


def collected(scope: Scope, cut_offs: Sequence) -> SQL:
    """Collected amounts per period, cut-off and distributor.

    :param cut_offs: a day for each period, ascending
    Rows: number of the span, number of the first cut-off that the payment meets,
    distributor's id, amount as text.
    """
    return SQL(
        """
        SELECT line.number, money.paid, line.partner_id,
               SUM(line.amount * %(part)s)::text
          FROM (%(lines)s) AS line
          JOIN (%(money)s) money ON money.move_id = line.move_id
         WHERE line.amount_total <> 0
         GROUP BY 1, 2, 3
        """,
        part=part_of_total(),
        lines=lines(scope),
        money=money(scope.company_id, cut_offs),
    )


def part_of_total() -> SQL:
    """The part of a document that a payment covers: of a credit note, money that went
    back to the customer."""
    return SQL(
        """
        (CASE line.move_type WHEN 'out_refund' THEN -1 ELSE 1 END
         * money.amount / NULLIF(line.amount_total, 0))
        """
    )


def not_convertible(scope: Scope, limit: int = 5) -> SQL:
    """Products that were sold in a unit which does not convert to the program's."""
    everything = replace(scope, uom_id=None, cascade=(), exclusive=())
    return SQL(
        """
        SELECT DISTINCT found.product_id
          FROM (%s) AS found
          JOIN account_move_line line ON line.id = found.key
          JOIN uom_uom measured ON measured.id = %s
          JOIN uom_uom unit ON unit.id = line.product_uom_id
         WHERE found.number >= 0 AND found.product_id IS NOT NULL
           AND split_part(unit.parent_path, '/', 1)
            <> split_part(measured.parent_path, '/', 1)
         LIMIT %s
        """,
        lines(everything),
        scope.uom_id,
        limit,
    )
