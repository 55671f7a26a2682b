# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The SQL of the figures: one statement measures all distributors of a run.

Rows: distributor's id, figure as text. Distributors without a row are not known, or have
none of what is counted; whoever asks says which.
"""

from odoo.tools import SQL

from ..rebate import ledger
from ..rebate.ledger import Scope


def sold(scope: Scope) -> SQL:
    """Sales without tax of the first span, credit notes subtracted."""
    return SQL(
        "SELECT partner_id, SUM(amount)::text FROM (%s) line GROUP BY 1",
        ledger.lines(scope),
    )


def growth(scope: Scope) -> SQL:
    """Growth of span 0 over span 1, in percent; none where nothing was sold before."""
    return SQL(
        """
        SELECT partner_id,
               ((COALESCE(SUM(amount) FILTER (WHERE number = 0), 0)
                 / SUM(amount) FILTER (WHERE number = 1) - 1) * 100)::text
          FROM (%s) line
         GROUP BY 1
        HAVING SUM(amount) FILTER (WHERE number = 1) > 0
        """,
        ledger.lines(scope),
    )


def collected(scope: Scope, until) -> SQL:
    """How much of the sales is paid on a day, in percent; none where nothing was sold."""
    return SQL(
        """
        SELECT sold.partner_id,
               (COALESCE(paid.amount, 0) / sold.amount * 100)::text
          FROM (SELECT partner_id, SUM(amount) AS amount
                  FROM (%(lines)s) line GROUP BY 1 HAVING SUM(amount) > 0) sold
          LEFT JOIN (SELECT partner_id, SUM(amount::numeric) AS amount
                       FROM (%(paid)s) found (number, paid, partner_id, amount)
                      GROUP BY 1) paid
            ON paid.partner_id = sold.partner_id
        """,
        lines=ledger.lines(scope),
        paid=ledger.collected(scope, [until]),
    )


def range_sold(scope: Scope, by_category: bool) -> SQL:
    """How many different products, or categories of them, were bought and kept."""
    what = SQL("template.categ_id") if by_category else SQL("line.product_id")
    return SQL(
        """
        SELECT partner_id, COUNT(*)::text
          FROM (SELECT line.partner_id, %(what)s
                  FROM (%(lines)s) line
                  JOIN product_product product ON product.id = line.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                 GROUP BY 1, 2
                HAVING SUM(line.amount) > 0) found
         GROUP BY 1
        """,
        what=what,
        lines=ledger.lines(scope),
    )


def returned(scope: Scope) -> SQL:
    """Credit notes as a part of what was invoiced, in percent."""
    return SQL(
        """
        SELECT partner_id,
               (COALESCE(-SUM(amount) FILTER (WHERE move_type = 'out_refund'), 0)
                / SUM(amount) FILTER (WHERE move_type = 'out_invoice') * 100)::text
          FROM (%s) line
         GROUP BY 1
        HAVING SUM(amount) FILTER (WHERE move_type = 'out_invoice') > 0
        """,
        ledger.lines(scope),
    )


def orders_changed(company_id, partners, first, after, field_id) -> SQL:
    """Orders cancelled, or whose amount changed after they were confirmed, in percent.

    :param first: moment from which orders count, by the time of their confirmation
    :param after: moment before which they count
    :param field_id: the field whose tracked changes tell
    """
    return SQL(
        """
        SELECT buyer.commercial_partner_id,
               (100.0 * COUNT(*) FILTER (
                   WHERE sale.state = 'cancel' OR EXISTS (
                       SELECT FROM mail_message message
                         JOIN mail_tracking_value change
                           ON change.mail_message_id = message.id
                        WHERE message.model = 'sale.order'
                          AND message.res_id = sale.id
                          AND change.field_id = %(field)s
                          AND message.date > sale.date_order + interval '1 minute'))
                / COUNT(*))::text
          FROM sale_order sale
          JOIN res_partner buyer ON buyer.id = sale.partner_id
         WHERE sale.company_id = %(company)s
           AND sale.state IN ('sale', 'cancel')
           AND sale.date_order >= %(first)s AND sale.date_order < %(after)s
           AND buyer.commercial_partner_id = ANY(%(partners)s)
         GROUP BY 1
        """,
        field=field_id,
        company=company_id,
        first=first,
        after=after,
        partners=partners,
    )


def trained(company_id, partners, first, last, care_type_id) -> SQL:
    """Trainings done of those due, in percent; none where none was due.

    Topics of new stores count, and the trainings that care plans promise.
    """
    return SQL(
        """
        SELECT COALESCE(store.partner_id, activity.res_id),
               (100.0 * COUNT(*) FILTER (WHERE NOT activity.active) / COUNT(*))::text
          FROM mail_activity activity
          JOIN mail_activity_type kind ON kind.id = activity.activity_type_id
          LEFT JOIN distributor_store store
            ON activity.res_model = 'distributor.store' AND store.id = activity.res_id
           AND kind.is_distributor_onboarding AND store.company_id = %(company)s
         WHERE activity.date_deadline BETWEEN %(first)s AND %(last)s
           AND (store.partner_id = ANY(%(partners)s)
                OR activity.res_model = 'res.partner' AND kind.id = %(kind)s
                   AND activity.res_id = ANY(%(partners)s))
         GROUP BY 1
        """,
        company=company_id,
        first=first,
        last=last,
        partners=partners,
        kind=care_type_id,
    )


def targets(company_id, partners, kind, first) -> SQL:
    """What running programs ask distributors to sell in a period, the largest of them.

    A target for this period goes before one for every period.
    """
    return SQL(
        """
        SELECT partner_id, MAX(amount)::text
          FROM (SELECT DISTINCT ON (target.program_id, target.partner_id)
                       target.partner_id, target.amount
                  FROM distributor_rebate_target target
                  JOIN distributor_rebate_program program
                    ON program.id = target.program_id
                 WHERE program.company_id = %(company)s
                   AND program.state IN ('running', 'closed')
                   AND program.measure = 'amount'
                   AND program.period_type = %(kind)s
                   AND %(first)s BETWEEN program.date_from AND program.date_to
                   AND target.partner_id = ANY(%(partners)s)
                   AND COALESCE(target.date_from, %(first)s) = %(first)s
                 ORDER BY target.program_id, target.partner_id,
                          target.date_from NULLS LAST) found
         GROUP BY 1
        """,
        company=company_id,
        kind=kind,
        first=first,
        partners=partners,
    )


def latest(scope: Scope) -> SQL:
    """The score of the last published evaluation that ends within each span.

    Rows: number of the span, distributor's id, score as text.
    """
    rows = [(number, *days) for number, days in scope.spans.items()]
    return SQL(
        """
        SELECT DISTINCT ON (span.number, own.partner_id)
               span.number, own.partner_id, own.total::text
          FROM distributor_evaluation own
          JOIN %(spans)s ON own.date_to BETWEEN span.first_day AND span.last_day
         WHERE own.company_id = %(company)s
           AND own.state IN ('published', 'closed')
           AND own.partner_id IN %(partners)s
         ORDER BY span.number, own.partner_id, own.date_to DESC, own.id DESC
        """,
        spans=ledger.values(
            rows, "span (number, first_day, last_day)", "int", "date", "date"
        ),
        company=scope.company_id,
        partners=scope.partners,
    )


def rank(template_id, date_from) -> SQL:
    """Rank the evaluations of a period among each other, whatever their status: a rank
    says how others did, and is no part of what is frozen."""
    return SQL(
        """
        UPDATE distributor_evaluation own
           SET rank = found.rank, rank_count = found.count
          FROM (SELECT id, RANK() OVER (ORDER BY total DESC) AS rank,
                       COUNT(*) OVER () AS count
                  FROM distributor_evaluation
                 WHERE template_id = %(template)s AND date_from = %(first)s
                   AND is_scored) found
         WHERE found.id = own.id
           AND (own.rank, own.rank_count) IS DISTINCT FROM (found.rank, found.count)
        """,
        template=template_id,
        first=date_from,
    )
