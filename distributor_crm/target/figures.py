# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The SQL of targets: one statement measures all of them, month by month.

Months are numbered as `forecast.month_number` does. Sales are read as rebates,
evaluations and tiers read them: posted invoices of distributors less credit notes,
without tax, in company currency; a rebate is no sale.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from dateutil.relativedelta import relativedelta

from odoo.tools import SQL

from ..rebate import ledger
from ..rebate.ledger import NOTHING, Scope
from ..rebate.period import ONE_DAY, Period
from .forecast import elapsed_part, month_number
from .split import MONTHS

# Whose sales a target is about: a condition on `fact` and `target` for each scope.
# Whoever is no distributor any more counts for his own targets only.
OWN = SQL("fact.partner_id = target.partner_id")
IN_CATEGORY = SQL(
    """
    EXISTS (SELECT FROM product_category category
             WHERE category.id = target.categ_id
               AND fact.categ_path LIKE category.parent_path || '%%')
    """
)
SCOPES = {
    "company": SQL("fact.is_distributor"),
    "partner": OWN,
    "manager": SQL("fact.is_distributor AND fact.manager_id = target.user_id"),
    "country": SQL("fact.is_distributor AND fact.country_id = target.country_id"),
    "state": SQL("fact.is_distributor AND fact.state_id = target.state_id"),
    "category": SQL("fact.is_distributor AND %s", IN_CATEGORY),
    "partner_category": SQL("%s AND %s", OWN, IN_CATEGORY),
}
EVERYBODY = SQL("(SELECT id FROM res_partner WHERE is_distributor)")
BY_CATEGORY = {"category", "partner_category"}


def spans(years: Collection[int]) -> dict[int, Period]:
    """Return the months of these years and of the years before them, by number."""
    found = {}
    for year in sorted({*years, *(asked - 1 for asked in years)}):
        for month in range(1, MONTHS + 1):
            first = date(year, month, 1)
            last = first + relativedelta(months=1) - ONE_DAY
            found[month_number(first)] = Period(first, last)
    return found


def _facts(scope: Scope, by_category: bool) -> SQL:
    """Net sales by month, distributor and, where that is asked for, category."""
    path, join = SQL("NULL::varchar"), NOTHING
    if by_category:
        path = SQL("category.parent_path")
        join = SQL(
            """
            LEFT JOIN product_product product ON product.id = line.product_id
            LEFT JOIN product_template template
              ON template.id = product.product_tmpl_id
            LEFT JOIN product_category category ON category.id = template.categ_id
            """
        )
    return SQL(
        """
        SELECT sold.*, partner.account_manager_id AS manager_id, partner.country_id,
               partner.state_id, COALESCE(partner.is_distributor, FALSE)
                   AS is_distributor
          FROM (SELECT line.number, line.partner_id, %(path)s AS categ_path,
                       SUM(line.amount) AS amount
                  FROM (%(lines)s) line %(join)s
                 GROUP BY 1, 2, 3) sold
          JOIN res_partner partner ON partner.id = sold.partner_id
        """,
        path=path,
        lines=ledger.lines(scope),
        join=join,
    )


def _sold(conditions: Mapping[str, SQL]) -> SQL:
    """Net sales of this year and the last, by target and month of the year."""
    return SQL(" UNION ALL ").join(
        SQL(
            """
            SELECT target.id AS target_id, fact.number %% 12 + 1 AS month,
                   SUM(fact.amount) FILTER (WHERE fact.number / 12 = target.year)
                       AS actual,
                   SUM(fact.amount) FILTER (WHERE fact.number / 12 = target.year - 1)
                       AS last_year
              FROM target
              JOIN fact ON fact.number / 12 IN (target.year, target.year - 1)
                       AND %s
             WHERE target.scope = %s
             GROUP BY 1, 2
            """,
            condition,
            scope,
        )
        for scope, condition in conditions.items()
    )


def partners(company_id: int) -> SQL:
    """Sub-select of whoever counts for a target of a company."""
    return SQL(
        """
        (SELECT id FROM res_partner WHERE is_distributor
          UNION SELECT partner_id FROM distributor_target
                 WHERE partner_id IS NOT NULL AND company_id = %s)
        """,
        company_id,
    )


def months(
    company_id: int,
    chosen: SQL,
    years: Sequence[int],
    conditions: Mapping[str, SQL],
    today: date,
    touched: Sequence[int] | None = None,
) -> SQL:
    """Each month of targets beside what was sold.

    Rows: target's columns are in `target`, the month's in `month`; `actual`,
    `last_year`, and `due`, the part of the target that is due by `today`.

    :param chosen: condition on `target`, the targets of this company to measure
    :param years: of these targets, one at least
    :param conditions: of `SCOPES`, those that these targets have, one at least
    :param touched: only sales to these distributors, where no other can count
    """
    scope = Scope(company_id, spans(years), partners(company_id), touched=touched)
    by_category = not BY_CATEGORY.isdisjoint(conditions)
    return SQL(
        """
        WITH target AS (
                 SELECT * FROM distributor_target target
                  WHERE target.company_id = %(company)s AND %(chosen)s),
             fact AS MATERIALIZED (%(facts)s),
             sold AS (%(sold)s)
        SELECT month.id, month.month, month.amount, month.is_fixed, target.id AS target_id,
               make_date(target.year, month.month, 1) AS date,
               COALESCE(sold.actual, 0) AS actual,
               COALESCE(sold.last_year, 0) AS last_year,
               month.amount * %(part)s AS due,
               target.year * 12 + month.month - 1 <= %(now)s AS is_begun
          FROM target
          JOIN distributor_target_month month ON month.target_id = target.id
          LEFT JOIN sold ON sold.target_id = target.id AND sold.month = month.month
        """,
        company=company_id,
        chosen=chosen,
        facts=_facts(scope, by_category),
        sold=_sold(conditions),
        now=month_number(today),
        part=due_part(SQL("target.year * 12 + month.month - 1"), today),
    )


def due_part(number: SQL, today: date) -> SQL:
    """The part of a month's target that is due: all, none, or the days that are over.

    :param number: the month, as `forecast.month_number` numbers it
    """
    part = elapsed_part(today)
    return SQL(
        """
        (CASE WHEN %(number)s < %(now)s THEN 1
              WHEN %(number)s = %(now)s THEN %(over)s::numeric / %(days)s
              ELSE 0 END)
        """,
        number=number,
        now=month_number(today),
        over=part.numerator,
        days=part.denominator,
    )


def company_season(company_id: int, year: int) -> SQL:
    """What all distributors bought in each month of the year before a year.

    Rows: month from 1 to 12, amount as text.
    """
    numbers = {
        number: span
        for number, span in spans([year]).items()
        if number // MONTHS == year - 1
    }
    scope = Scope(company_id, numbers, EVERYBODY)
    return SQL(
        """
        SELECT line.number %% 12 + 1, SUM(line.amount)::text
          FROM (%s) line GROUP BY 1
        """,
        ledger.lines(scope),
    )
