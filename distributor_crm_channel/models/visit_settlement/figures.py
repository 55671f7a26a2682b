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
    """Whether the customer bought before a moment, and kept something of it."""
    return SQL(
        """(visit.deal_at IS NOT NULL AND visit.deal_at < %s AND visit.deal_amount > 0
            AND COALESCE(deal.state, 'sale') = 'sale')""",
        end,
    )


def _ripe(company_id: int, end) -> SQL:
    """Whether a visit of a company, before a moment, is one that agencies are paid for."""
    return SQL(
        """(visit.company_id = %(company)s AND visit.kind IN ('promoter', 'external')
            AND visit.agency_id IS NOT NULL AND visit.arrived_at < %(end)s
            AND %(stands)s)""",
        company=company_id,
        end=end,
        stands=STANDS,
    )


def _fits(zone: str) -> SQL:
    """Whether a rate card is for a visit's company, kind, agency and day."""
    return SQL(
        """(card.company_id = visit.company_id AND card.active
            AND card.kind = visit.kind
            AND (card.agency_id IS NULL OR card.agency_id = visit.agency_id)
            AND card.date_from <= %(day)s
            AND (card.date_to IS NULL OR card.date_to >= %(day)s))""",
        day=local_day(SQL("visit.arrived_at"), zone),
    )


def _rate(zone: str) -> SQL:
    """Join the rate card of a visit: that of its day, the agency's own before others."""
    return SQL(
        """
        JOIN LATERAL (
            SELECT card.id, card.trigger, card.amount, card.commission_rate,
                   card.commission_max, card.payee
              FROM distributor_visit_rate card
             WHERE %(fits)s
             ORDER BY card.agency_id IS NULL, card.date_from DESC, card.id DESC
             LIMIT 1) rate ON TRUE
        """,
        fits=_fits(zone),
    )


def _commission(sold, rate, most) -> SQL:
    """What a sale is worth to the agency."""
    return SQL(
        "LEAST(%(sold)s * %(rate)s / 100, CASE WHEN %(most)s > 0 THEN %(most)s END)",
        sold=sold,
        rate=rate,
        most=most,
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
             WHERE %(ripe)s %(own)s)
        SELECT part.* FROM (
            SELECT 'visit' AS kind, visit_id, agency_id, payee_id, rate_id,
                   1::numeric AS base, per_group AS rate, per_group AS amount
              FROM owed WHERE is_earned AND per_group > 0
            UNION ALL
            SELECT 'commission', visit_id, agency_id, payee_id, rate_id, sold,
                   commission_rate,
                   %(commission)s
              FROM owed WHERE sold > 0 AND commission_rate > 0) part
         WHERE NOT EXISTS (
               SELECT FROM distributor_visit_settlement_line line
                 JOIN distributor_visit_settlement own
                   ON own.id = line.settlement_id
                  AND (own.state <> 'draft' OR own.month < %(month)s)
                WHERE line.visit_id = part.visit_id AND line.kind = part.kind
                  AND line.is_void IS NOT TRUE)
        """,
        month=month,
        ripe=_ripe(company_id, end),
        bought=_bought(end),
        commission=_commission(
            SQL("sold"), SQL("commission_rate"), SQL("commission_max")
        ),
        rate=_rate(zone),
        own=own,
    )


def unrated(company_id: int, zone: str, end) -> SQL:
    """Return the ids of visits that would be settled had their day a rate card (R073).

    :param end: before which they took place
    """
    return SQL(
        """
        SELECT visit.id
          FROM distributor_visit visit
         WHERE %(ripe)s AND NOT EXISTS (
               SELECT FROM distributor_visit_rate card
                WHERE %(fits)s)
        """,
        ripe=_ripe(company_id, end),
        fits=_fits(zone),
    )


def turned(company_id: int, month, end, agency_ids=None) -> SQL:
    """Return what was settled for another amount than it is worth now (R072, R073).

    What a visit was paid for is set against all that its lines add up to. A visit that
    was found false, lost its verdict or its form is recovered with its commission; a sale
    that was cancelled or given back takes back what was paid for it; one that became
    smaller or larger changes its commission by the difference. Each line is changed once,
    by a line that may be changed in turn. Columns: kind ("recovery", "restored" or
    "adjusted"), visit_id, agency_id, payee_id, rate_id, reversed_line_id, base, rate,
    amount (what it is worth, not rounded), already (what was settled).
    """
    own = (
        SQL("AND line.agency_id = ANY(%s)", sorted(agency_ids)) if agency_ids else SQL()
    )
    return SQL(
        """
        WITH settled AS (
            SELECT line.visit_id, line.part, MAX(line.id) AS reversed_line_id,
                   SUM(line.amount) AS already, MAX(line.rate_id) AS rate_id,
                   (array_agg(line.agency_id ORDER BY line.id DESC))[1] AS agency_id,
                   (array_agg(own.partner_id ORDER BY line.id DESC))[1] AS payee_id,
                   MAX(line.amount) FILTER (WHERE line.kind = 'visit') AS per_group,
                   MAX(line.rate) FILTER (WHERE line.kind = 'commission') AS rate,
                   (array_agg(line.base ORDER BY line.id DESC)
                        FILTER (WHERE line.base > 0))[1] AS base
              FROM distributor_visit_settlement_line line
              JOIN distributor_visit_settlement own
                ON own.id = line.settlement_id
               AND (own.state <> 'draft' OR own.month < %(month)s)
             WHERE line.company_id = %(company)s AND line.visit_id IS NOT NULL
               AND line.is_void IS NOT TRUE %(own)s
             GROUP BY line.visit_id, line.part
            HAVING bool_and(own.state IN ('approved', 'billed', 'carried'))),
        worth AS (
            SELECT settled.*, visit.deal_amount AS sold,
                   CASE WHEN NOT (%(stands)s AND (
                                (settled.part = 'visit' AND card.trigger = 'valid')
                                OR %(bought)s)) THEN 0
                        WHEN settled.part = 'visit' THEN settled.per_group
                        ELSE %(commission)s END AS amount
              FROM settled
              JOIN distributor_visit visit ON visit.id = settled.visit_id
              JOIN distributor_visit_rate card ON card.id = settled.rate_id
              LEFT JOIN sale_order deal ON deal.id = visit.deal_order_id)
        SELECT CASE WHEN amount = 0 THEN 'recovery' WHEN already = 0 THEN 'restored'
                    ELSE 'adjusted' END AS kind,
               visit_id, agency_id, payee_id, rate_id, reversed_line_id,
               CASE WHEN amount > 0 AND part = 'commission' THEN sold END AS base,
               CASE WHEN amount > 0 AND part = 'commission' THEN rate END AS rate,
               amount, already
          FROM worth
         WHERE (already > 0) <> (amount > 0)
            OR (part = 'commission' AND already > 0 AND sold <> base)
        """,
        company=company_id,
        month=month,
        own=own,
        stands=STANDS,
        bought=_bought(end),
        commission=_commission(
            SQL("visit.deal_amount"), SQL("settled.rate"), SQL("card.commission_max")
        ),
    )
