# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How the amount of a settlement is cut by the taxes and analytic of the sales behind it.

What is settled in a window adds up; so do the sales. Cutting the sums, and taking off
what the statements before have cut, gives each tax its part of the whole: a statement
that pays for earlier months too is taxed as those were.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from odoo.tools import SQL

from .arithmetic import ZERO, share


class Sold(NamedTuple):
    """Sales of one kind behind a statement, in its window.

    :ivar tax_ids: the taxes of the invoice lines
    :ivar analytic: their analytic distribution, None for none
    :ivar amount: up to the statement
    :ivar before: of the statements before it
    """

    tax_ids: tuple[int, ...]
    analytic: Mapping[str, float] | None
    amount: Decimal
    before: Decimal


def sold(statement_ids: Sequence[int]) -> SQL:
    """The evidence of statements and of those before them in the same window.

    One query for all statements. Lines that are gone from the ledger count for nothing.

    Rows: statement's id, what the statements before it settle, ids of taxes or None,
    analytic distribution or None, amount, amount of the statements before it.
    """
    return SQL(
        """
        WITH due AS (
            SELECT id, program_id, partner_id, window_from, date_from, number
              FROM distributor_rebate_statement WHERE id = ANY(%s)
        ), chain AS (
            SELECT due.id AS due_id, own.id, own.id <> due.id AS is_before, own.settled
              FROM due JOIN distributor_rebate_statement own
                ON own.program_id = due.program_id
               AND own.partner_id = due.partner_id
               AND own.window_from IS NOT DISTINCT FROM due.window_from
               AND (own.date_from, own.number) <= (due.date_from, due.number)
        ), settled AS (
            SELECT due_id, SUM(settled) AS amount FROM chain WHERE is_before GROUP BY 1
        )
        SELECT chain.due_id, COALESCE(MAX(settled.amount), 0)::text, tax.ids,
               line.analytic_distribution, SUM(evidence.amount)::text,
               COALESCE(SUM(evidence.amount) FILTER (WHERE chain.is_before), 0)::text
          FROM chain
          JOIN distributor_rebate_line evidence ON evidence.statement_id = chain.id
          JOIN account_move_line line ON line.id = evidence.move_line_key
          LEFT JOIN settled ON settled.due_id = chain.due_id
          LEFT JOIN LATERAL (
              SELECT array_agg(account_tax_id ORDER BY account_tax_id) AS ids
                FROM account_move_line_account_tax_rel
               WHERE account_move_line_id = line.id
          ) tax ON TRUE
         GROUP BY chain.due_id, tax.ids, line.analytic_distribution
         ORDER BY chain.due_id, tax.ids, line.analytic_distribution
        """,
        list(statement_ids),
    )


def cut(
    settled: Decimal, before: Decimal, found: Sequence[Sold], unit: Decimal
) -> list[tuple[tuple[int, ...], Mapping | None, Decimal]]:
    """Cut what is settled in proportion to the sales; the parts add up to it.

    :param before: what earlier statements of the window settled
    :param found: what was sold; empty where nothing is known
    :return: taxes, analytic distribution and amount of each part, none of them zero
    """
    if not found:
        return [((), None, settled)] if settled else []
    now = _weights([one.amount for one in found])
    earlier = _weights([one.before for one in found])
    # What was settled without a sale, by an adjustment, was not cut either.
    paid = before if any(earlier) else ZERO
    parts = (
        after - prior
        for after, prior in zip(
            share(paid + settled, now, unit), share(paid, earlier, unit), strict=True
        )
    )
    return [
        (one.tax_ids, one.analytic, part)
        for one, part in zip(found, parts, strict=True)
        if part
    ]


def _weights(amounts):
    """Only what has the sign of the sum: returns of one kind of goods beyond what was
    sold of it must not blow up the others' part."""
    positive = sum(amounts, ZERO) >= 0
    return [amount if (amount > 0) == positive else ZERO for amount in amounts]


def as_key(analytic: Mapping | None) -> tuple:
    """Return an analytic distribution as something to group by."""
    return tuple(sorted((analytic or {}).items()))


def mix(found: Sequence[tuple[Mapping | None, Decimal]]) -> dict[str, float] | None:
    """Return one analytic distribution for sales of several, in proportion.

    :param found: distribution and amount of each kind of sales
    """
    weights = _weights([amount for _analytic, amount in found])
    whole = sum(weights, ZERO)
    if not whole:
        return None
    parts = {}
    for (analytic, _amount), weight in zip(found, weights, strict=True):
        for key, percentage in (analytic or {}).items():
            part = Decimal(str(percentage)) * weight / whole
            parts[key] = parts.get(key, ZERO) + part
    names = list(parts)
    # Rounded on the running total, so that 100% stays 100%.
    amounts = share(sum(parts.values(), ZERO), list(parts.values()), Decimal("0.01"))
    mixed = zip(names, amounts, strict=True)
    return {name: float(amount) for name, amount in mixed if amount} or None
