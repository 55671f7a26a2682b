# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The SQL of regions: one statement for all regions of a company and some years.

A region is a province, or a country as a whole. A country is one region in a year in
which it has a profile of its own; else each of its provinces is one, and what lies in
none of them is another. So no sale stands in two regions.
"""

from collections.abc import Sequence
from datetime import date

from dateutil.relativedelta import relativedelta

from odoo.tools import SQL

from ..rebate import ledger
from ..rebate.ledger import Scope
from ..rebate.period import Period
from .figures import EVERYBODY, due_part


def _until(year: int, today: date) -> date:
    """Return up to which day the year before is compared."""
    last = date(year, 12, 31)
    return min(last, today) - relativedelta(years=1)


def regions(company_id: int, years: Sequence[int], today: date) -> SQL:
    """Each region and year: potential, sales, target and who is there.

    Rows: year, country_id, state_id, profile_id, potential, sales, before, full_before,
    target, due, distributors, buyers, stores.

    :param years: one at least
    """
    spans = {
        year: Period(date(year, 1, 1), date(year, 12, 31))
        for year in sorted({*years, *(asked - 1 for asked in years)})
    }
    rows = [(year, _until(year, today)) for year in years]
    return SQL(
        """
        WITH asked AS (SELECT * FROM %(asked)s),
             profile AS (
                 SELECT * FROM distributor_region_profile
                  WHERE company_id = %(company)s AND year = ANY(%(years)s)),
             sold AS MATERIALIZED (
                 SELECT line.number, line.partner_id, line.day, SUM(line.amount) AS amount
                   FROM (%(lines)s) line GROUP BY 1, 2, 3),
             figure AS (
                 SELECT asked.year, sold.partner_id,
                        SUM(sold.amount) FILTER (WHERE sold.number = asked.year) AS sales,
                        SUM(sold.amount) FILTER (
                            WHERE sold.number = asked.year - 1
                              AND sold.day <= asked.until) AS before,
                        SUM(sold.amount) FILTER (WHERE sold.number = asked.year - 1)
                            AS full_before
                   FROM asked JOIN sold ON sold.number IN (asked.year, asked.year - 1)
                  GROUP BY 1, 2),
             store AS (
                 SELECT partner_id, COUNT(*) AS count FROM distributor_store
                  WHERE company_id = %(company)s AND state = 'open' AND active
                  GROUP BY 1),
             place AS (
                 SELECT asked.year, partner.country_id,
                        CASE WHEN whole.id IS NULL THEN partner.state_id END AS state_id,
                        COUNT(*) FILTER (WHERE partner.active) AS distributors,
                        COUNT(*) FILTER (WHERE partner.active AND figure.sales > 0)
                            AS buyers,
                        COALESCE(SUM(store.count), 0) AS stores,
                        COALESCE(SUM(figure.sales), 0) AS sales,
                        COALESCE(SUM(figure.before), 0) AS before,
                        COALESCE(SUM(figure.full_before), 0) AS full_before
                   FROM asked
                   JOIN res_partner partner
                     ON partner.is_distributor AND partner.parent_id IS NULL
                    AND (partner.company_id IS NULL OR partner.company_id = %(company)s)
                   LEFT JOIN profile whole
                     ON whole.year = asked.year AND whole.state_id IS NULL
                    AND whole.country_id = partner.country_id
                   LEFT JOIN figure
                     ON figure.year = asked.year AND figure.partner_id = partner.id
                   LEFT JOIN store ON store.partner_id = partner.id
                  WHERE partner.active OR figure.partner_id IS NOT NULL
                  GROUP BY 1, 2, 3),
             divided AS (
                 SELECT DISTINCT profile.year, profile.country_id FROM profile
                  WHERE profile.state_id IS NOT NULL),
             known AS (
                 SELECT year, country_id, state_id FROM place
                  UNION SELECT year, country_id, state_id FROM profile
                  UNION SELECT divided.year, divided.country_id, province.id
                          FROM divided
                          JOIN res_country_state province
                            ON province.country_id = divided.country_id),
             goal AS (
                 SELECT own.year, COALESCE(own.country_id, province.country_id)
                            AS country_id, own.state_id, SUM(month.amount) AS target,
                        SUM(month.amount * %(part)s) AS due
                   FROM distributor_target own
                   JOIN distributor_target_month month ON month.target_id = own.id
                   LEFT JOIN res_country_state province ON province.id = own.state_id
                  WHERE own.company_id = %(company)s AND own.state = 'approved'
                    AND own.scope IN ('country', 'state') AND own.year = ANY(%(years)s)
                  GROUP BY 1, 2, 3)
        SELECT known.year, known.country_id, known.state_id, profile.id AS profile_id,
               COALESCE(profile.potential, 0) AS potential,
               COALESCE(place.sales, 0) AS sales, COALESCE(place.before, 0) AS before,
               COALESCE(place.full_before, 0) AS full_before,
               COALESCE(goal.target, 0) AS target, COALESCE(goal.due, 0) AS due,
               COALESCE(place.distributors, 0) AS distributors,
               COALESCE(place.buyers, 0) AS buyers, COALESCE(place.stores, 0) AS stores
          FROM known
          LEFT JOIN place ON place.year = known.year
           AND place.country_id IS NOT DISTINCT FROM known.country_id
           AND place.state_id IS NOT DISTINCT FROM known.state_id
          LEFT JOIN profile ON profile.year = known.year
           AND profile.country_id = known.country_id
           AND profile.state_id IS NOT DISTINCT FROM known.state_id
          LEFT JOIN goal ON goal.year = known.year
           AND goal.country_id = known.country_id
           AND goal.state_id IS NOT DISTINCT FROM known.state_id
           -- A country's target is about all of it, so is its profile.
           AND (goal.state_id IS NOT NULL OR profile.id IS NOT NULL)
        """,
        asked=ledger.values(rows, "asked (year, until)", "int", "date"),
        company=company_id,
        years=list(years),
        lines=ledger.lines(Scope(company_id, spans, EVERYBODY)),
        part=due_part(SQL("own.year * 12 + month.month - 1"), today),
    )


def missing_cities(cities: Sequence[str], covered: Sequence[str]) -> list[str]:
    """Return the cities in which nobody is, as they are written.

    :param covered: the cities where somebody is
    """
    there = {_plain(city) for city in covered}
    return [
        city.strip() for city in cities if _plain(city) and _plain(city) not in there
    ]


def _plain(city: str) -> str:
    return " ".join((city or "").casefold().split())
