# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The SQL of what people at posts did: windows of targets, weeks of residents."""

from odoo.tools import SQL


def local_day(column: SQL, zone: str) -> SQL:
    """Return the day on which a moment (UTC, as Odoo stores it) falls in a time zone."""
    return SQL("((%s AT TIME ZONE 'UTC') AT TIME ZONE %s)::date", column, zone)


def windows(company_id: int, zone: str, today, agent_ids=None) -> SQL:
    """Return the windows of all targets of a company, one row a window and agent (R045).

    A target says: so many valid customers in so many days. The days are those of the
    calendar, or those on which the person has a shift that he did not announce to miss.
    Fixed windows follow each other from the target's first day; rolling ones end on each
    day. Whoever joined or left in the middle of a fixed window owes his share of it. On
    each day the most particular target counts: the person's, the agency's, everybody's.

    Columns: company_id, target_id, kind, agency_id, agent_id, number, date_from,
    date_to, counted (days), due, valid, is_complete, is_short, streak (windows short in
    a row until this one).

    :param today: days from today on are not over
    :param agent_ids: only these people
    """
    people = SQL("AND agent.id = ANY(%s)", agent_ids) if agent_ids else SQL()
    return SQL(
        """
        WITH scope AS (
            SELECT target.id AS target_id, target.company_id, target.kind,
                   target.quantity, target.days, target.basis, target.windowing,
                   target.date_from AS origin, target.date_to AS finish,
                   (target.agent_id IS NOT NULL)::int * 2
                       + (target.agency_id IS NOT NULL)::int AS rank,
                   agent.id AS agent_id, agent.visit_agency_id AS agency_id,
                   agent.visit_left_on AS left_on,
                   GREATEST(target.date_from, agent.visit_joined_on) AS first,
                   LEAST(target.date_to, agent.visit_left_on, agent.visit_barred_on - 1,
                         %(today)s) AS last
              FROM distributor_visit_target target
              JOIN res_partner agent
                ON agent.visit_agency_id IS NOT NULL
               AND (agent.is_field_agent OR agent.visit_left_on IS NOT NULL)
               AND agent.agent_kind = target.kind
               AND (target.agency_id IS NULL
                    OR target.agency_id = agent.visit_agency_id)
               AND (target.agent_id IS NULL OR target.agent_id = agent.id)
               AND (agent.company_id IS NULL OR agent.company_id = target.company_id)
             WHERE target.company_id = %(company)s AND target.active %(people)s),
        shift AS (
            SELECT DISTINCT roster.agent_id, roster.date
              FROM distributor_visit_roster roster
             WHERE roster.company_id = %(company)s
               AND NOT EXISTS (
                   SELECT FROM distributor_visit_absence absence
                    WHERE absence.agent_id = roster.agent_id
                      AND absence.state = 'announced' AND NOT absence.is_late
                      AND absence.date_from <= roster.start_at
                      AND absence.date_to >= roster.end_at)),
        counted AS (
            SELECT scope.*, day::date AS day
              FROM scope, generate_series(first, last, INTERVAL '1 day') day
             WHERE basis = 'calendar'
            UNION ALL
            SELECT scope.*, shift.date
              FROM scope
              JOIN shift ON shift.agent_id = scope.agent_id
               AND shift.date BETWEEN scope.first AND scope.last
             WHERE basis = 'rostered'),
        chosen AS (
            SELECT DISTINCT ON (agent_id, kind, day) *
              FROM counted
             ORDER BY agent_id, kind, day, rank DESC, target_id),
        placed AS (
            SELECT *,
                   ROW_NUMBER() OVER own - 1 AS position,
                   CASE WHEN basis = 'calendar' THEN (day - origin)
                        ELSE ROW_NUMBER() OVER own - 1 END AS place,
                   COALESCE(LEAD(day) OVER own,
                            CASE WHEN basis = 'calendar' THEN day ELSE %(today)s END + 1
                   ) AS next_day
              FROM chosen
            WINDOW own AS (PARTITION BY target_id, agent_id ORDER BY day)),
        brought AS (
            SELECT visit.agent_id, visit.kind, %(day)s AS day, COUNT(*) AS groups
              FROM distributor_visit visit
             WHERE visit.company_id = %(company)s AND visit.verdict = 'valid'
               AND visit.found_false IS NOT TRUE AND visit.state <> 'cancelled'
               AND visit.agent_id IN (SELECT agent_id FROM scope)
             GROUP BY 1, 2, 3),
        filled AS (
            SELECT placed.*, COALESCE(SUM(brought.groups), 0) AS groups
              FROM placed
              LEFT JOIN brought
                ON brought.agent_id = placed.agent_id AND brought.kind = placed.kind
               AND brought.day >= placed.day AND brought.day < placed.next_day
             GROUP BY placed.target_id, placed.company_id, placed.kind, placed.quantity,
                      placed.days, placed.basis, placed.windowing, placed.origin,
                      placed.finish, placed.rank, placed.agent_id, placed.agency_id,
                      placed.left_on, placed.first, placed.last, placed.day,
                      placed.position, placed.place, placed.next_day),
        fixed AS (
            SELECT company_id, target_id, kind, agency_id, agent_id,
                   (place / days) AS number, MIN(day) AS date_from,
                   CASE WHEN basis = 'calendar'
                        THEN LEAST(origin + ((place / days + 1) * days - 1)::int,
                                   finish, left_on)
                        ELSE MAX(day) END AS date_to,
                   COUNT(*) AS counted, days, quantity,
                   basis = 'calendar' OR COUNT(*) = days AS is_full,
                   SUM(groups) AS valid
              FROM filled WHERE windowing = 'fixed'
             GROUP BY 1, 2, 3, 4, 5, 6, basis, origin, days, quantity, finish, left_on),
        summed AS (
            SELECT filled.*, SUM(groups) OVER own AS sum
              FROM filled WHERE windowing = 'rolling'
            WINDOW own AS (PARTITION BY target_id, agent_id ORDER BY day)),
        rolling AS (
            SELECT company_id, target_id, kind, agency_id, agent_id,
                   position AS number, LAG(day, days - 1) OVER own AS date_from,
                   day AS date_to, days::bigint AS counted, days, quantity,
                   TRUE AS is_full,
                   sum - COALESCE(LAG(sum, days) OVER own, 0) AS valid, position
              FROM summed
            WINDOW own AS (PARTITION BY target_id, agent_id ORDER BY day)),
        found AS (
            SELECT company_id, target_id, kind, agency_id, agent_id, number, date_from,
                   date_to, counted, quantity * counted::numeric / days AS due, valid,
                   is_full AND date_to < %(today)s AS is_complete
              FROM fixed
            UNION ALL
            SELECT company_id, target_id, kind, agency_id, agent_id, number, date_from,
                   date_to, counted, quantity::numeric, valid, date_to < %(today)s
              FROM rolling WHERE position >= days - 1),
        judged AS (
            SELECT found.*, is_complete AND valid < FLOOR(due + 0.000001) AS is_short
              FROM found),
        islands AS (
            SELECT judged.*,
                   SUM((NOT is_short)::int) OVER (
                       PARTITION BY target_id, agent_id ORDER BY number) AS island
              FROM judged)
        SELECT company_id, target_id, kind, agency_id, agent_id, number, date_from,
               date_to, counted, due, valid, is_complete, is_short,
               CASE WHEN is_short THEN ROW_NUMBER() OVER (
                   PARTITION BY target_id, agent_id, island, is_short ORDER BY number)
                    ELSE 0 END AS streak
          FROM islands
        """,
        company=company_id,
        today=today,
        people=people,
        day=local_day(SQL("visit.arrived_at"), zone),
    )


def resident_week(company_id: int, first, last) -> SQL:
    """Return what resident representatives did at their posts from a day to another (R129).

    A day counts as present where a check found the person, or he received somebody
    during his shift; a visit counts at the post of the shift in which it began. Posts
    that nobody was put on are there too, without a person.

    Columns: post_id, agent_id, shift_days, present_days, absence_days, empty_posts,
    visits, valid (customers).
    """
    return SQL(
        """
        WITH shift AS (
            SELECT roster.post_id, roster.agent_id, roster.date,
                   found.is_present OR received.visits > 0 AS is_present,
                   found.empty, received.visits, received.valid,
                   EXISTS (
                       SELECT FROM distributor_visit_absence absence
                        WHERE absence.agent_id = roster.agent_id
                          AND absence.state = 'announced' AND NOT absence.is_late
                          AND absence.date_from < roster.end_at
                          AND absence.date_to > roster.start_at) AS is_announced
              FROM distributor_visit_roster roster
              JOIN distributor_visit_post post
                ON post.id = roster.post_id AND post.kind = 'resident'
             CROSS JOIN LATERAL (
                   SELECT COALESCE(bool_or(line.result IN ('present', 'late')), FALSE)
                              AS is_present,
                          COUNT(*) FILTER (WHERE line.result = 'absent') AS empty
                     FROM distributor_visit_spot_line line
                    WHERE line.roster_id = roster.id) found
             CROSS JOIN LATERAL (
                   SELECT COUNT(*) AS visits,
                          COUNT(*) FILTER (WHERE visit.verdict = 'valid'
                              AND visit.found_false IS NOT TRUE) AS valid
                     FROM distributor_visit visit
                     LEFT JOIN res_users receiver ON receiver.id = visit.user_id
                    WHERE visit.company_id = roster.company_id
                      AND visit.state <> 'cancelled'
                      AND visit.arrived_at >= roster.start_at
                      AND visit.arrived_at < roster.end_at
                      AND roster.agent_id IN (visit.agent_id, receiver.partner_id)
                   ) received
             WHERE roster.company_id = %(company)s
               AND roster.date BETWEEN %(first)s AND %(last)s)
        SELECT post.id, shift.agent_id,
               COUNT(DISTINCT shift.date),
               COUNT(DISTINCT shift.date) FILTER (WHERE shift.is_present),
               COUNT(DISTINCT shift.date) FILTER (WHERE shift.is_announced),
               COALESCE(SUM(shift.empty), 0)::int,
               COALESCE(SUM(shift.visits), 0)::int,
               COALESCE(SUM(shift.valid), 0)::int
          FROM distributor_visit_post post
          LEFT JOIN shift ON shift.post_id = post.id
         WHERE post.company_id = %(company)s AND post.kind = 'resident'
           AND (shift.post_id IS NOT NULL
                OR post.active
                   AND COALESCE(post.date_from, %(last)s) <= %(last)s
                   AND COALESCE(post.date_to, %(first)s) >= %(first)s)
         GROUP BY post.id, shift.agent_id
         ORDER BY post.sequence, post.name, post.id, shift.agent_id
        """,
        company=company_id,
        first=first,
        last=last,
    )
