# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""To whom a lot was delivered: the SQL over stock moves, and what follows from it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from odoo.tools import SQL

# Quantities are sums of floats.
NOTHING = 1e-6


class Delivery(NamedTuple):
    """What one partner got of one lot until a moment, and gave back."""

    key: int
    lot_id: int
    partner_id: int
    is_distributor: bool
    out: float
    back: float
    first: datetime
    last: datetime
    picking_id: int


class Holders(NamedTuple):
    """Who has a lot: ``stock`` nobody, ``one`` a distributor, ``several`` of them, or
    ``direct`` somebody who is no distributor."""

    kind: str
    deliveries: tuple


def _moved(keys, lots, moments) -> SQL:
    """What left for a customer, or came back from one, as FROM of both below."""
    return SQL(
        """
          FROM unnest(%(keys)s::int[], %(lots)s::int[], %(moments)s::timestamp[])
               AS seen(key, lot_id, moment)
          JOIN stock_move_line line
            ON line.lot_id = seen.lot_id AND line.state = 'done'
           AND line.date <= seen.moment
          JOIN stock_location source ON source.id = line.location_id
          JOIN stock_location target ON target.id = line.location_dest_id
           AND (target.usage = 'customer') <> (source.usage = 'customer')
          JOIN stock_move move ON move.id = line.move_id
          LEFT JOIN sale_order_line sale ON sale.id = move.sale_line_id
        """,
        keys=list(keys),
        lots=list(lots),
        moments=list(moments),
    )


def deliveries(keys: Sequence[int], lots: Sequence[int], moments: Sequence) -> SQL:
    """What partners got of lots, and gave back, each until its moment.

    One statement for any number of codes; goods that left for a customer and goods that
    came back from one count, by the partner's company. What a distributor ordered for a
    shopper of his, to whom we shipped it, is the distributor's. Rows are `Delivery`.

    :param keys: by which the caller knows each lot again
    """
    return SQL(
        """
        SELECT seen.key, line.lot_id, holder.id, holder.is_distributor IS TRUE,
               COALESCE(SUM(line.quantity_product_uom)
                        FILTER (WHERE target.usage = 'customer'), 0),
               COALESCE(SUM(line.quantity_product_uom)
                        FILTER (WHERE source.usage = 'customer'), 0),
               MIN(line.date) FILTER (WHERE target.usage = 'customer'),
               MAX(line.date) FILTER (WHERE target.usage = 'customer'),
               (array_agg(picking.id ORDER BY line.date DESC, line.id DESC)
                    FILTER (WHERE target.usage = 'customer'))[1]
          %(moved)s
          LEFT JOIN stock_picking picking
            ON picking.id = COALESCE(line.picking_id, move.picking_id)
          JOIN res_partner receiver
            ON receiver.id = COALESCE(picking.partner_id, move.partner_id)
          JOIN res_partner arrived ON arrived.id = receiver.commercial_partner_id
          LEFT JOIN sale_order ordered ON ordered.id = sale.order_id
          LEFT JOIN res_partner buyer ON buyer.id = ordered.partner_id
          LEFT JOIN res_partner dealer
            ON dealer.id = buyer.commercial_partner_id AND dealer.is_distributor
           AND arrived.is_distributor IS NOT TRUE
          JOIN res_partner holder ON holder.id = COALESCE(dealer.id, arrived.id)
         GROUP BY seen.key, line.lot_id, holder.id
         ORDER BY seen.key, MAX(line.date) DESC
        """,
        moved=_moved(keys, lots, moments),
    )


def groupbuys(
    company_id: int, keys: Sequence[int], lots: Sequence[int], moments: Sequence
) -> SQL:
    """Of which group-buy the goods of lots are, each as it was at its moment (R043).

    One statement for any number of codes. Only where all that is still outside of a lot
    went with one order: of a batch that several orders have a part of, nobody can tell.
    Rows are (key, group-buy).

    :param keys: by which the caller knows each lot again
    """
    return SQL(
        """
        WITH outside AS (
            SELECT seen.key, sale.order_id
              %(moved)s
             GROUP BY seen.key, sale.order_id
            HAVING SUM(CASE WHEN target.usage = 'customer' THEN 1 ELSE -1 END
                       * line.quantity_product_uom) > %(nothing)s),
        single AS (
            SELECT key, MIN(order_id) AS order_id
              FROM outside GROUP BY key HAVING COUNT(*) = 1)
        SELECT single.key, groupbuy.id
          FROM single
          JOIN distributor_groupbuy groupbuy
            ON groupbuy.order_id = single.order_id
           AND groupbuy.company_id = %(company)s
           AND groupbuy.state NOT IN ('draft', 'cancelled')
        """,
        company=company_id,
        moved=_moved(keys, lots, moments),
        nothing=NOTHING,
    )


def find_holders(rows: Sequence[Delivery]) -> Holders:
    """Return who has what was delivered of one code.

    What a partner gave back is taken off what he got, so that a lot that was delivered
    twice and returned once is with the other. What somebody else brought back is taken
    off the whole: where nothing is left outside, nobody has it.
    """
    rows = tuple(row for row in rows if row.out or row.back)
    left = sum(row.out - row.back for row in rows)
    holding = tuple(row for row in rows if row.out - row.back > NOTHING)
    if left <= NOTHING or not holding:
        return Holders("stock", rows)
    dealers = {row.partner_id for row in holding if row.is_distributor}
    if not dealers:
        return Holders("direct", holding)
    is_one = len(dealers) == 1 and len(holding) == len(
        [row for row in holding if row.is_distributor]
    )
    return Holders("one" if is_one else "several", holding)
