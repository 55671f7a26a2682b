# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The SQL of the weekly report: visits, sales, penalties and checks, day by day."""

from odoo.tools import SQL

from ..visit_work.figures import local_day, windows

# The kinds of breaches that visits can be about.
CODES = ("false_customer", "empty_post", "visit_shortfall", "collusion")
MEASURES = (
    "due",
    "valid",
    "invalid",
    "disputed",
    "failed_judgement",
    "failed_duration",
    "failed_known",
    "failed_other",
    "deals",
    "deal_amount",
    "penalties",
    "penalty_amount",
    "checks",
    "absent",
)


def _columns(**given) -> SQL:
    """Return all measures in their order, zero where none is given."""
    return SQL(", ").join(
        SQL("%s AS %s", given.get(name, SQL("0::numeric")), SQL.identifier(name))
        for name in MEASURES
    )


def days(company_id: int, zone: str, today) -> SQL:
    """Return one row a day, agency and agent, with all measures (R065).

    Visits stand on the day of arrival, sales on the day they were made, penalties on the
    day of the breach, targets on the last day of their window.
    """
    failed = SQL(
        """
        LEFT JOIN LATERAL (
            SELECT BOOL_OR(result.kind = 'judgement') AS judgement,
                   BOOL_OR(result.kind = 'duration') AS duration,
                   BOOL_OR(result.kind = 'new_customer') AS known,
                   BOOL_OR(result.kind NOT IN ('judgement', 'duration', 'new_customer'))
                       AS other
              FROM distributor_visit_result result
             WHERE result.visit_id = visit.id AND result.outcome = 'failed'
               AND visit.verdict = 'invalid') failed ON TRUE
        """
    )
    visits = SQL(
        """
        SELECT %(day)s AS date, visit.agency_id, visit.agent_id, %(columns)s
          FROM distributor_visit visit %(failed)s
         WHERE visit.company_id = %(company)s AND visit.kind IN ('promoter', 'external')
           AND visit.arrived_at IS NOT NULL AND visit.state <> 'cancelled'
        """,
        day=local_day(SQL("visit.arrived_at"), zone),
        company=company_id,
        failed=failed,
        columns=_columns(
            valid=SQL(
                "(visit.verdict = 'valid' AND visit.found_false IS NOT TRUE)"
                "::int::numeric"
            ),
            invalid=SQL(
                "(visit.verdict = 'invalid' OR visit.found_false IS TRUE)::int::numeric"
            ),
            disputed=SQL("(visit.verdict = 'disputed')::int::numeric"),
            failed_judgement=SQL("COALESCE(failed.judgement, FALSE)::int::numeric"),
            failed_duration=SQL("COALESCE(failed.duration, FALSE)::int::numeric"),
            failed_known=SQL("COALESCE(failed.known, FALSE)::int::numeric"),
            failed_other=SQL("COALESCE(failed.other, FALSE)::int::numeric"),
        ),
    )
    sales = SQL(
        """
        SELECT %(day)s AS date, visit.agency_id, visit.agent_id, %(columns)s
          FROM distributor_visit visit
         WHERE visit.company_id = %(company)s AND visit.deal_at IS NOT NULL
           AND visit.kind IN ('promoter', 'external')
           AND visit.verdict = 'valid' AND visit.found_false IS NOT TRUE
        """,
        day=local_day(SQL("visit.deal_at"), zone),
        company=company_id,
        columns=_columns(deals=SQL("1::numeric"), deal_amount=SQL("visit.deal_amount")),
    )
    penalties = SQL(
        """
        SELECT %(day)s AS date, breach.partner_id, breach.person_id, %(columns)s
          FROM distributor_violation breach
         WHERE breach.company_id = %(company)s AND breach.policy_code IN %(codes)s
           AND breach.state NOT IN ('lifted', 'dismissed')
        """,
        day=local_day(SQL("breach.occurred_at"), zone),
        company=company_id,
        codes=CODES,
        columns=_columns(
            penalties=SQL("1::numeric"), penalty_amount=SQL("breach.amount")
        ),
    )
    checks = SQL(
        """
        SELECT line.date, line.agency_id, line.agent_id, %(columns)s
          FROM distributor_visit_spot_line line
         WHERE line.company_id = %(company)s AND line.agency_id IS NOT NULL
           AND line.result IN ('present', 'late', 'excused', 'absent')
        """,
        company=company_id,
        columns=_columns(
            checks=SQL("1::numeric"),
            absent=SQL("(line.result = 'absent')::int::numeric"),
        ),
    )
    targets = SQL(
        """
        SELECT own.date_to AS date, own.agency_id, own.agent_id, %(columns)s
          FROM (%(windows)s) own
          JOIN distributor_visit_target target
            ON target.id = own.target_id AND target.windowing = 'fixed'
         WHERE own.is_complete
        """,
        windows=windows(company_id, zone, today),
        columns=_columns(due=SQL("own.due")),
    )
    return SQL(
        """
        SELECT %(company)s AS company_id, date, agency_id, agent_id, %(sums)s
          FROM (%(parts)s) part
         GROUP BY date, agency_id, agent_id
        """,
        company=company_id,
        sums=SQL(", ").join(
            SQL("SUM(%s) AS %s", SQL.identifier(name), SQL.identifier(name))
            for name in MEASURES
        ),
        parts=SQL(" UNION ALL ").join([visits, sales, penalties, checks, targets]),
    )


def week(company_id: int, zone: str, today, first, last) -> SQL:
    """Return one row an agency and agent with all measures of some days."""
    return SQL(
        """
        SELECT agency_id, agent_id, %(sums)s
          FROM (%(days)s) day
         WHERE date BETWEEN %(first)s AND %(last)s
         GROUP BY agency_id, agent_id
        """,
        sums=SQL(", ").join(
            SQL("SUM(%s) AS %s", SQL.identifier(name), SQL.identifier(name))
            for name in MEASURES
        ),
        days=days(company_id, zone, today),
        first=first,
        last=last,
    )


def criteria(company_id: int, start, end) -> SQL:
    """Return how many visits failed which criterion, by agency and agent.

    :param start: of the first day, in UTC
    :param end: of the last day, in UTC
    """
    return SQL(
        """
        SELECT visit.agency_id, visit.agent_id, criterion.id AS criterion_id,
               COUNT(DISTINCT visit.id) AS count
          FROM distributor_visit visit
          JOIN distributor_visit_result result
            ON result.visit_id = visit.id AND result.outcome = 'failed'
          JOIN distributor_visit_criterion criterion
            ON criterion.id = result.criterion_id
         WHERE visit.company_id = %(company)s AND visit.verdict = 'invalid'
           AND visit.kind IN ('promoter', 'external')
           AND visit.arrived_at >= %(start)s AND visit.arrived_at < %(end)s
         GROUP BY 1, 2, 3
         ORDER BY 1, 2, 4 DESC
        """,
        company=company_id,
        start=start,
        end=end,
    )
