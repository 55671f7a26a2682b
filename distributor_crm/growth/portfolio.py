# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The SQL that reckons the portfolio of a company: one statement for everybody."""

from dataclasses import dataclass
from datetime import date

from odoo.tools import SQL

from ..rebate import ledger
from ..rebate.ledger import Scope
from .rhythm import LEAST_ORDERS, Policy

# The numbers of the spans: the last 12 months, the 12 months before, everything earlier.
LAST, BEFORE, EARLIER = 0, 1, 2
UNITS = SQL(", line.quantity AS units, line.product_uom_id AS uom_id")
NOTHING = SQL("SELECT NULL::int AS partner_id, NULL::numeric AS amount WHERE FALSE")


@dataclass(frozen=True)
class Terms:
    """What the figures are judged by.

    :ivar decline: percent below the year before that warn
    :ivar key_orders: asked of a key account, zero for none; the others too
    """

    rhythm: Policy
    cut_a: float
    cut_b: float
    decline: float
    key_orders: int
    key_sales: float
    key_margin: float


def any_cost(company_id: int) -> SQL:
    """Whether any product has a cost."""
    return SQL(
        """
        SELECT EXISTS (SELECT FROM product_product
                        WHERE (standard_price->>%s)::numeric <> 0)
        """,
        str(company_id),
    )


def _documents(scope: Scope, with_costs: bool) -> SQL:
    """Sales by document, with the costs of what was sold where products have one.

    One key to group by: what all lines of a document share is taken from any of them.
    """
    known, cost, join = SQL("NULL::numeric"), SQL("NULL::numeric"), SQL()
    if with_costs:
        known = SQL("SUM(line.amount) FILTER (WHERE item.cost IS NOT NULL)")
        cost = SQL(
            """
            SUM(CASE line.move_type WHEN 'out_refund' THEN -1 ELSE 1 END
                * CASE WHEN line.uom_id IS NULL OR line.uom_id = item.uom_id
                       THEN line.units
                       ELSE line.units * COALESCE(
                           (SELECT unit.factor FROM uom_uom unit
                             WHERE unit.id = line.uom_id) / item.factor, 1) END
                * item.cost)
            """
        )
        join = SQL(
            """
            LEFT JOIN (
                SELECT product.id, template.uom_id, base.factor,
                       NULLIF((product.standard_price->>%s)::numeric, 0) AS cost
                  FROM product_product product
                  JOIN product_template template ON template.id = product.product_tmpl_id
                  JOIN uom_uom base ON base.id = template.uom_id
            ) item ON item.id = line.product_id
            """,
            str(scope.company_id),
        )
    return SQL(
        """
        SELECT MIN(line.partner_id) AS partner_id, MIN(line.number) AS number,
               MIN(line.day) AS day, BOOL_OR(line.move_type = 'out_invoice') AS is_sale,
               SUM(line.amount) AS amount, %(known)s AS known, %(cost)s AS cost
          FROM (%(lines)s) AS line
          %(join)s
         GROUP BY line.move_id
        """,
        known=known,
        cost=cost,
        lines=ledger.lines(scope, UNITS),
        join=join,
    )


FIGURES = SQL(
    """
    figure AS (
        SELECT partner_id,
               COALESCE(SUM(amount) FILTER (WHERE number = 0), 0) AS sales,
               COALESCE(SUM(amount) FILTER (WHERE number = 1), 0) AS sales_before,
               COUNT(*) FILTER (WHERE number = 0 AND is_sale) AS orders,
               COUNT(*) FILTER (WHERE number = 1 AND is_sale) AS orders_before,
               SUM(amount) AS sales_total,
               COALESCE(-SUM(amount) FILTER (WHERE NOT is_sale), 0)
                   AS returns,
               MIN(day) FILTER (WHERE is_sale) AS first_order,
               MAX(day) FILTER (WHERE is_sale) AS last_order,
               SUM(known) FILTER (WHERE number = 0) AS known,
               SUM(known - cost) FILTER (WHERE number = 0) AS margin,
               SUM(known - cost) AS margin_total
          FROM doc GROUP BY 1
    ),
    rhythm AS (
        SELECT partner_id, COUNT(*) AS gaps,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY gap) AS days
          FROM (SELECT partner_id,
                       day - LAG(day) OVER (PARTITION BY partner_id ORDER BY day) AS gap
                  FROM (SELECT DISTINCT partner_id, day FROM doc
                         WHERE is_sale) ordered
               ) spaced
         WHERE gap IS NOT NULL
         GROUP BY 1
    )
    """
)


def _people(scope: Scope, terms: Terms, today: date, fees: SQL) -> SQL:
    """All distributors, with everything that is known of each."""
    return SQL(
        """
        SELECT partner.id AS partner_id, partner.active AS partner_active,
               partner.account_manager_id, partner.user_id, partner.grade_id,
               partner.state_id, partner.country_id, partner.has_reduced_access,
               COALESCE(figure.sales, 0) AS sales,
               COALESCE(figure.sales_before, 0) AS sales_before,
               COALESCE(figure.orders, 0) AS orders,
               COALESCE(figure.orders_before, 0) AS orders_before,
               COALESCE(figure.sales_total, 0) AS sales_total,
               COALESCE(figure.returns, 0) AS returns,
               figure.first_order, figure.last_order, figure.margin,
               figure.known, figure.margin_total,
               COALESCE(rebate.amount, 0) AS rebates, COALESCE(fee.amount, 0) AS fees,
               COALESCE(due.open_balance, 0) AS open_balance,
               COALESCE(due.overdue, 0) AS overdue,
               COALESCE(cases.complaints, 0) AS complaints,
               COALESCE(cases.open_cases, 0) AS open_cases,
               %(today)s - figure.last_order AS silence,
               %(today)s - figure.first_order AS age,
               CASE WHEN rhythm.gaps >= %(gaps)s THEN rhythm.days END AS rhythm,
               (CASE WHEN rhythm.gaps >= %(gaps)s THEN rhythm.days
                     ELSE %(rhythm_days)s END) AS usual,
               (manager.active IS NOT TRUE) AS is_orphan
          FROM res_partner partner
          LEFT JOIN figure ON figure.partner_id = partner.id
          LEFT JOIN rhythm ON rhythm.partner_id = partner.id
          LEFT JOIN (%(fees)s) fee ON fee.partner_id = partner.id
          LEFT JOIN res_users manager ON manager.id = partner.account_manager_id
          LEFT JOIN (
              SELECT move.commercial_partner_id AS partner_id, SUM(line.balance) AS amount
                FROM account_move move
                JOIN account_move_line line ON line.move_id = move.id
               WHERE move.is_distributor_rebate AND move.state = 'posted'
                 AND move.company_id = %(company)s AND line.display_type = 'product'
               GROUP BY 1
          ) rebate ON rebate.partner_id = partner.id
          LEFT JOIN (
              SELECT line.partner_id, SUM(line.amount_residual) AS open_balance,
                     SUM(line.amount_residual) FILTER (
                         WHERE line.date_maturity < %(today)s
                           AND line.amount_residual > 0) AS overdue
                FROM account_move_line line
                JOIN account_account account ON account.id = line.account_id
               WHERE account.account_type = 'asset_receivable'
                 AND line.parent_state = 'posted' AND line.reconciled IS NOT TRUE
                 AND line.company_id = %(company)s
               GROUP BY 1
          ) due ON due.partner_id = partner.id
          LEFT JOIN (
              SELECT partner_id, COUNT(*) AS open_cases,
                     COUNT(*) FILTER (WHERE kind = 'complaint') AS complaints
                FROM distributor_case
               WHERE company_id = %(company)s
                 AND state IN ('new', 'in_progress', 'waiting')
               GROUP BY 1
          ) cases ON cases.partner_id = partner.id
         WHERE partner.id IN %(partners)s
        """,
        today=today,
        gaps=LEAST_ORDERS - 1,
        rhythm_days=terms.rhythm.rhythm_days,
        fees=fees,
        company=scope.company_id,
        partners=scope.partners,
    )


RANKED = SQL(
    """
    SELECT person.*,
           margin_total IS NOT NULL AS is_margin_known,
           COALESCE(margin_total, sales_total) - rebates - fees AS lifetime_value,
           100 * margin / NULLIF(known, 0) AS margin_rate,
           ROW_NUMBER() OVER biggest AS place,
           100 * GREATEST(sales, 0) / NULLIF(SUM(GREATEST(sales, 0)) OVER (), 0) AS share,
           100 * SUM(GREATEST(sales, 0)) OVER biggest
               / NULLIF(SUM(GREATEST(sales, 0)) OVER (), 0) AS cumulative,
           100 * GREATEST(sales_before, 0)
               / NULLIF(SUM(GREATEST(sales_before, 0)) OVER (), 0) AS share_before,
           100 * SUM(GREATEST(sales_before, 0)) OVER biggest_before
               / NULLIF(SUM(GREATEST(sales_before, 0)) OVER (), 0) AS cumulative_before,
           COUNT(last_order) OVER () AS buyers,
           RANK() OVER (ORDER BY last_order NULLS FIRST) AS r,
           RANK() OVER (PARTITION BY last_order IS NULL ORDER BY orders) AS f,
           RANK() OVER (PARTITION BY last_order IS NULL ORDER BY sales) AS m,
           RANK() OVER (PARTITION BY last_order IS NULL
                        ORDER BY COALESCE(margin_total, sales_total) - rebates - fees)
               AS v,
           COUNT(*) FILTER (WHERE last_order IS NULL) OVER () AS never
      FROM person
    WINDOW biggest AS (ORDER BY sales DESC, partner_id
                       ROWS UNBOUNDED PRECEDING),
           biggest_before AS (ORDER BY sales_before DESC, partner_id
                              ROWS UNBOUNDED PRECEDING)
    """
)

SCORED = SQL(
    """
    SELECT ranked.*,
           CASE WHEN last_order IS NULL THEN 0
                ELSE 1 + 5 * (r - 1 - never) / buyers END AS recency,
           CASE WHEN last_order IS NULL THEN 0 ELSE 1 + 5 * (f - 1) / buyers END
               AS frequency,
           CASE WHEN last_order IS NULL THEN 0 ELSE 1 + 5 * (m - 1) / buyers END AS money,
           CASE WHEN last_order IS NULL THEN 0 ELSE 1 + 5 * (v - 1) / buyers END
               AS value_score
      FROM ranked
    """
)

SEGMENT = SQL(
    """
    CASE WHEN last_order IS NULL THEN NULL
         WHEN recency >= 4 AND frequency >= 4 AND money >= 4 THEN 'champion'
         WHEN recency >= 3 AND frequency >= 4 THEN 'loyal'
         WHEN recency >= 3 AND money >= 4 THEN 'big'
         WHEN recency >= 4 THEN 'promising'
         WHEN recency <= 2 AND (frequency >= 4 OR money >= 4) THEN 'slipping'
         WHEN recency <= 2 AND frequency <= 2 THEN 'hibernating'
         ELSE 'regular' END
    """
)


def _class(amount: str, cumulative: str, share: str, terms: Terms) -> SQL:
    return SQL(
        """
        CASE WHEN %(amount)s <= 0 THEN NULL
             WHEN %(cumulative)s - %(share)s < %(a)s THEN 'a'
             WHEN %(cumulative)s - %(share)s < %(b)s THEN 'b' ELSE 'c' END
        """,
        amount=SQL.identifier(amount),
        cumulative=SQL.identifier(cumulative),
        share=SQL.identifier(share),
        a=terms.cut_a,
        b=terms.cut_b,
    )


def _lifecycle(policy: Policy) -> SQL:
    return SQL(
        """
        CASE WHEN has_reduced_access OR NOT partner_active THEN
                  CASE WHEN open_balance <> 0 OR open_cases > 0 THEN 'ending'
                       ELSE 'ended' END
             WHEN last_order IS NULL THEN 'prospect'
             WHEN silence > %(lost)s * usual THEN 'lost'
             WHEN silence > %(sleep)s * usual THEN 'sleeping'
             WHEN silence > %(risk)s * usual THEN 'at_risk'
             WHEN age <= %(new)s THEN 'new'
             ELSE 'active' END
        """,
        lost=policy.lost_factor,
        sleep=policy.sleep_factor,
        risk=policy.risk_factor,
        new=policy.new_days,
    )


def _is_key(terms: Terms) -> SQL:
    """Frequency, volume and profit rate (关键客户, R227); zero asks for none."""
    asked = [
        SQL("%s >= %s", SQL.identifier(name), value)
        for name, value in (
            ("orders", terms.key_orders),
            ("sales", terms.key_sales),
            ("margin_rate", terms.key_margin),
        )
        if value
    ]
    if not asked:
        return SQL("FALSE")
    return SQL("COALESCE(%s, FALSE)", SQL(" AND ").join(asked))


# Columns of the table, and where each comes from.
PLAIN = (
    "partner_id",
    "partner_active",
    "account_manager_id",
    "user_id",
    "grade_id",
    "state_id",
    "country_id",
    "sales",
    "sales_before",
    "orders",
    "orders_before",
    "sales_total",
    "returns",
    "first_order",
    "last_order",
    "silence",
    "rhythm",
    "margin",
    "margin_rate",
    "margin_total",
    "is_margin_known",
    "rebates",
    "fees",
    "lifetime_value",
    "open_balance",
    "overdue",
    "complaints",
    "open_cases",
    "place",
    "share",
    "share_before",
    "cumulative",
    "recency",
    "frequency",
    "money",
    "value_score",
    "is_orphan",
)


def _columns(scope: Scope, terms: Terms, user_id: int) -> dict[str, SQL]:
    risk = terms.rhythm.risk_factor
    return {
        "company_id": SQL("%s", scope.company_id),
        **{name: SQL.identifier(name) for name in PLAIN},
        "rfm_segment": SEGMENT,
        "abc_class": _class("sales", "cumulative", "share", terms),
        "abc_before": _class(
            "sales_before", "cumulative_before", "share_before", terms
        ),
        "trend": SQL(
            "100 * (sales - sales_before) / NULLIF(GREATEST(sales_before, 0), 0)"
        ),
        "lifecycle": _lifecycle(terms.rhythm),
        "is_late": SQL("COALESCE(silence > %s * usual, FALSE)", risk),
        "is_declining": SQL(
            "sales_before > 0 AND sales < sales_before * (1 - %s / 100.0)",
            terms.decline,
        ),
        "is_key_account": _is_key(terms),
        "repurchased": SQL("CASE WHEN orders > 0 THEN 100 * (orders > 1)::int END"),
        "retained": SQL("CASE WHEN orders_before > 0 THEN 100 * (orders > 0)::int END"),
        "create_uid": SQL("%s", user_id),
        "write_uid": SQL("%s", user_id),
        "create_date": SQL("now() AT TIME ZONE 'UTC'"),
        "write_date": SQL("now() AT TIME ZONE 'UTC'"),
    }


def refresh(
    scope: Scope,
    terms: Terms,
    today: date,
    user_id: int,
    with_costs: bool,
    fees=NOTHING,
) -> SQL:
    """Reckon everybody of a company, and write a row for each.

    :param scope: with the spans that this module numbers
    :param fees: a sub-select of distributor and amount, what else was spent on him
    """
    columns = _columns(scope, terms, user_id)
    kept = {"company_id", "partner_id", "create_uid", "create_date"}
    return SQL(
        """
        WITH doc AS MATERIALIZED (%(documents)s),
             %(figures)s,
             person AS (%(people)s),
             ranked AS (%(ranked)s),
             scored AS (%(scored)s)
        INSERT INTO distributor_portfolio (%(names)s)
        SELECT %(values)s FROM scored
            ON CONFLICT (company_id, partner_id) DO UPDATE SET %(updates)s
        """,
        documents=_documents(scope, with_costs),
        figures=FIGURES,
        people=_people(scope, terms, today, fees),
        ranked=RANKED,
        scored=SCORED,
        names=SQL(", ").join(SQL.identifier(name) for name in columns),
        values=SQL(", ").join(columns.values()),
        updates=SQL(", ").join(
            SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name))
            for name in columns
            if name not in kept
        ),
    )


def forget(scope: Scope) -> SQL:
    """Drop the rows of who is no distributor any more."""
    return SQL(
        """
        DELETE FROM distributor_portfolio
         WHERE company_id = %s AND partner_id NOT IN %s
        """,
        scope.company_id,
        scope.partners,
    )
