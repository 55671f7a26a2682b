# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The nightly judgement of tiers, and the same figures in plain SQL."""

from decimal import Decimal

from freezegun import freeze_time
from measure import Meter

from odoo import Command

# Sales and invoices of a year, as one would write it by hand.
PLAIN_FIGURES = """
    SELECT partner.id, partner.grade_id, COALESCE(sales.amount, 0)::text,
           COALESCE(invoices.count, 0)
      FROM res_partner partner
      LEFT JOIN (
          SELECT move.commercial_partner_id AS id, SUM(-line.balance) AS amount
            FROM account_move_line line
            JOIN account_move move ON move.id = line.move_id
            -- A credit note counts on the day of the invoice that it takes back.
            LEFT JOIN account_move origin
              ON origin.id = move.reversed_entry_id AND origin.state = 'posted'
            LEFT JOIN account_move first
              ON first.id = origin.reversed_entry_id AND first.state = 'posted'
           WHERE line.display_type = 'product' AND move.state = 'posted'
             AND COALESCE(line.rebate_exclusion, '') = ''
             AND move.move_type IN ('out_invoice', 'out_refund')
             AND move.is_distributor_rebate IS NOT TRUE
             AND move.company_id = %(company)s
             AND COALESCE(first.invoice_date, origin.invoice_date, move.invoice_date)
                 BETWEEN '2024-01-01' AND '2024-12-31'
           GROUP BY 1) sales ON sales.id = partner.id
      LEFT JOIN (
          SELECT move.commercial_partner_id AS id, COUNT(*) AS count
            FROM account_move move
           WHERE move.state = 'posted' AND move.move_type = 'out_invoice'
             AND move.company_id = %(company)s
             AND move.invoice_date BETWEEN '2024-01-01' AND '2024-12-31'
           GROUP BY 1) invoices ON invoices.id = partner.id
     WHERE partner.is_distributor
"""


def tiers(env, grades, rounds):
    """Judge all distributors by their sales and invoices, and the same in plain SQL."""
    company = env.company
    env["distributor.tier.rule"].search([]).active = False
    env["distributor.tier.rule"].create(
        [
            {
                "grade_id": grade,
                "condition_ids": [
                    Command.create({"metric": metric, "value": value * (4 - place)})
                    for metric, value in (("sales", 20000), ("invoices", 2))
                ],
            }
            for place, grade in enumerate(grades[:3])
        ]
    )
    env.cr.commit()
    results = {"first": [], "engine": [], "floor": []}
    Change = env["distributor.tier.change"]
    # A clock that stands still would measure nothing.
    with freeze_time("2024-12-31", tick=True):
        for number in range(rounds + 1):
            with Meter(env.cr) as meter:
                Change._judge_company(company)
                env.cr.commit()
            results["engine" if number else "first"].append(meter.result)
            with Meter(env.cr) as meter:
                env.cr.execute(PLAIN_FIGURES, {"company": company.id})
                rows = env.cr.fetchall()
            results["floor"].append(meter.result)
        wrong = _count_wrong(env, company, rows)
    return {"changes": Change.search_count([]), "wrong": wrong, **results}


def _count_wrong(env, company, rows):
    """Return of how many distributors the figures are not those of the plain SQL."""
    Rule = env["distributor.tier.rule"]
    keys = Rule.search([("company_id", "=", company.id)])._get_keys()
    figures = Rule._measure(company, keys)
    empty = Rule._get_empty(keys)
    wrong = 0
    for partner, _grade, amount, count in rows:
        own = {metric: v for (metric, _w), v in {**empty, **figures[partner]}.items()}
        wrong += (own["sales"], own["invoices"]) != (Decimal(amount), count)
    return wrong
