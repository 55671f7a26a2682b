# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The SQL of settlements: what is owed for which visit, by the rates of its day."""

from odoo.tools import SQL

from ..visit_work.figures import local_day

# What a visit has to be at all; the signed form is the only basis (R055, R070).
STANDS = SQL(
    """(visit.state = 'signed' AND visit.form_attachment_id IS NOT NULL
        AND visit.verdict = 'valid' AND visit.found_false IS NOT TRUE)"""
)


def _bought(end) -> SQL:
    """Whether the customer bought before a moment, and the order stands."""
    return SQL(
        """(visit.deal_at IS NOT NULL AND visit.deal_at < %s
            AND COALESCE(deal.state, 'sale') = 'sale')""",
        end,
    )


def _rate(zone: str) -> SQL:
    """Join the rate card of a visit: that of its day, the agency's own before others."""
    return SQL(
        """
        JOIN LATERAL (
            SELECT card.id, card.trigger, card.amount, card.commission_rate,
                   card.commission_max, card.payee
              FROM distributor_visit_rate card
             WHERE card.company_id = visit.company_id AND card.active
               AND card.kind = visit.kind
               AND (card.agency_id IS NULL OR card.agency_id = visit.agency_id)
               AND card.date_from <= %(day)s
               AND (card.date_to IS NULL OR card.date_to >= %(day)s)
             ORDER BY card.agency_id IS NULL, card.date_from DESC, card.id DESC
             LIMIT 1) rate ON TRUE
        """,
        day=local_day(SQL("visit.arrived_at"), zone),
    )


def due(company_id: int, zone: str, month, end, agency_ids=None) -> SQL:
    """Return what is due for visits and never stood on another settlement (R073).

    Drafts of this month and of later ones do not count: this one goes before them.

    Two parts of one visit, each once: what is paid per group, and the commission on the
    sale. Columns: kind ("visit" or "commission"), visit_id, agency_id, payee_id, rate_id,
    base, rate, amount (not rounded).

    :param month: its first day
    :param end: what happened from this moment on waits for the next month
    :param agency_ids: only these agencies
    """
    own = (
        SQL("AND visit.agency_id = ANY(%s)", sorted(agency_ids))
        if agency_ids
        else SQL()
    )
    return SQL(
        """
        WITH owed AS (
            SELECT visit.id AS visit_id, visit.agency_id, rate.id AS rate_id,
                   CASE WHEN rate.payee = 'person'
                        THEN COALESCE(visit.agent_id, visit.agency_id)
                        ELSE visit.agency_id END AS payee_id,
                   rate.amount AS per_group,
                   rate.trigger = 'valid' OR %(bought)s AS is_earned,
                   rate.commission_rate, rate.commission_max,
                   CASE WHEN %(bought)s THEN visit.deal_amount ELSE 0 END AS sold
              FROM distributor_visit visit
              LEFT JOIN sale_order deal ON deal.id = visit.deal_order_id
              %(rate)s
             WHERE visit.company_id = %(company)s AND visit.kind IN ('promoter', 'external')
               AND visit.agency_id IS NOT NULL AND visit.arrived_at < %(end)s
               AND %(stands)s %(own)s)
        SELECT part.* FROM (
            SELECT 'visit' AS kind, visit_id, agency_id, payee_id, rate_id,
                   1::numeric AS base, per_group AS rate, per_group AS amount
              FROM owed WHERE is_earned AND per_group > 0
            UNION ALL
            SELECT 'commission', visit_id, agency_id, payee_id, rate_id, sold,
                   commission_rate,
                   CASE WHEN commission_max > 0
                        THEN LEAST(sold * commission_rate / 100, commission_max)
                        ELSE sold * commission_rate / 100 END
              FROM owed WHERE sold > 0 AND commission_rate > 0) part
         WHERE NOT EXISTS (
               SELECT FROM distributor_visit_settlement_line line
                 JOIN distributor_visit_settlement own
                   ON own.id = line.settlement_id
                  AND (own.state <> 'draft' OR own.month < %(month)s)
                WHERE line.visit_id = part.visit_id AND line.kind = part.kind
                  AND line.is_void IS NOT TRUE)
        """,
        company=company_id,
        month=month,
        end=end,
        bought=_bought(end),
        rate=_rate(zone),
        stands=STANDS,
        own=own,
    )


def turned(company_id: int, month, end, agency_ids=None) -> SQL:
    """Return what was settled and no longer holds, or holds again.

    Each line may be reversed once, by a line that may be reversed in turn: paid,
    recovered, paid again. What counts is the last of such a chain. A visit that was
    found false, lost its verdict or its form is recovered with its commission; a sale
    that was cancelled takes back what was paid for it. Columns: kind ("recovery" or
    "restored"), visit_id, agency_id, payee_id, rate_id, reversed_line_id, amount.
    """
    own = (
        SQL("AND line.agency_id = ANY(%s)", sorted(agency_ids)) if agency_ids else SQL()
    )
    return SQL(
        """
        SELECT CASE WHEN line.amount > 0 THEN 'recovery' ELSE 'restored' END AS kind,
               line.visit_id, line.agency_id, settled.partner_id AS payee_id,
               line.rate_id, line.id AS reversed_line_id, - line.amount AS amount
          FROM distributor_visit_settlement_line line
          JOIN distributor_visit_settlement settled
            ON settled.id = line.settlement_id
           AND settled.state IN ('approved', 'billed', 'carried')
          JOIN distributor_visit visit ON visit.id = line.visit_id
          JOIN distributor_visit_rate rate ON rate.id = line.rate_id
          LEFT JOIN sale_order deal ON deal.id = visit.deal_order_id
         WHERE line.company_id = %(company)s AND line.is_void IS NOT TRUE
           AND line.kind IN ('visit', 'commission', 'recovery', 'restored')
           %(own)s
           AND NOT EXISTS (
               SELECT FROM distributor_visit_settlement_line later
                 JOIN distributor_visit_settlement other
                   ON other.id = later.settlement_id
                  AND (other.state <> 'draft' OR other.month < %(month)s)
                WHERE later.reversed_line_id = line.id AND later.is_void IS NOT TRUE)
           AND (line.amount > 0) <> (
               %(stands)s AND (
                   (line.part = 'visit' AND rate.trigger = 'valid') OR %(bought)s))
        """,
        company=company_id,
        month=month,
        own=own,
        stands=STANDS,
        bought=_bought(end),
    )
