# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What is done inside Odoo: each task in a process of its own, see `rebate_speed.shell`.

A task is a function of the environment and some plain values; what it returns is printed
as JSON behind the word RESULT.
"""

import json
import os
import time
from datetime import date

import fees
import ledger
import masters
import peers
import programs
import tiers
from freezegun import freeze_time
from measure import Meter

from odoo import Command, api
from odoo.modules.registry import Registry


def run(env):
    """Do the task that BENCH_TASK names, as JSON of its name and its arguments."""
    name, arguments = json.loads(os.environ["BENCH_TASK"])
    result = TASKS[name](env, **arguments)
    print("RESULT" + json.dumps(result), flush=True)


def prepare(env, lines, distributors):
    """Make the company, its ledger and the programs."""
    started = time.monotonic()
    ids = masters.create(env, distributors)
    turnover = ledger.fill(env, lines)
    terms = programs.create(env, ids, turnover)
    env.cr.commit()
    return {
        "masters": ids,
        "programs": terms,
        "turnover": turnover,
        "has": _has(env),
        "seconds": time.monotonic() - started,
    }


def check_ledger(env):
    """Let Odoo judge the ledger; return what it finds wrong, by column or rule."""
    moves = env["account.move"].search([("state", "=", "posted")])
    items = moves.line_ids
    wrong = {}
    for records in (moves, items):
        wrong.update(_recomputed(records))
    wrong["unbalanced"] = len(moves._get_unbalanced_moves({"records": moves}) or ())
    wrong["names twice"] = len(moves) - len(set(moves.mapped("name")))
    items._constrains_matching_number()
    # What Odoo makes of the same products, quantities and prices.
    documents = moves.filtered(lambda move: move.is_invoice())
    copies = documents.browse([move.copy().id for move in documents[::10]])
    copies.action_post()
    for name in ("amount_untaxed", "amount_tax", "amount_total"):
        wrong[f"copied {name}"] = sum(
            move[name] != copied[name]
            for move, copied in zip(documents[::10], copies, strict=True)
        )
    env.cr.rollback()
    return {name: count for name, count in wrong.items() if count}


def _recomputed(records):
    """Compute the stored fields that people cannot edit; count the changes."""
    names = [
        name
        for name, field in records._fields.items()
        if field.store and field.compute and field.readonly and field.column_type
    ]
    before = {name: [record[name] for record in records] for name in names}
    for name in names:
        records.env.add_to_compute(records._fields[name], records)
    records.env.flush_all()
    return {
        f"{records._table}.{name}": sum(
            record[name] != value
            for record, value in zip(records, before[name], strict=True)
        )
        for name in names
    }


def _has(env):
    """Return what of the engine is there to be measured."""
    model = env["distributor.rebate.program"]
    return {
        "figures": "keep_evidence" in model._fields,
        "incremental": hasattr(model, "_follow_ledger"),
    }


def _programs(env, user, ids, evidence=True):
    """Return programs as the user of the benchmark, who holds the roles to compute."""
    found = env(user=user)["distributor.rebate.program"].browse(ids)
    if _has(env)["figures"]:
        # A published program is frozen; what is set here is no one's agreement.
        env.cr.execute(
            """UPDATE distributor_rebate_program
                  SET keep_evidence = %(kept)s, is_deductible = %(kept)s
                WHERE id = ANY(%(ids)s)""",
            {"kept": evidence, "ids": ids},
        )
        env.cr.commit()
        env.invalidate_all()
    return found


def _full_run(found):
    """Compute these programs wholly, here and now."""
    compute = getattr(found, "_compute_now", None) or found.action_compute
    compute()
    found.env.cr.commit()


def engine(env, user, ids, evidence):
    """A full run over emptied tables."""
    found = _programs(env, user, ids, evidence)
    with Meter(env.cr) as meter:
        _full_run(found)
    return meter.result


def follow(env, user, ids, rounds):
    """A full run that finds all as it should be; then runs after a new invoice each."""
    found = _programs(env, user, ids)
    with Meter(env.cr) as meter:
        _full_run(found)
    buyers = env["res.partner"].search(
        [("ref", "=like", "BENCH%"), ("is_distributor", "=", True)], order="ref"
    )
    return {
        "nothing new": [meter.result],
        "one new invoice": _after_one(found, rounds, buyers[len(buyers) // 2]),
        "one of the largest buyer": _after_one(found, rounds, buyers[0]),
    }


def _after_one(found, rounds, buyer):
    """Post an invoice, and measure the run that makes the statements right again."""
    results = []
    env = found.env
    for _round in range(rounds if _has(env)["incremental"] else 0):
        _document(env, buyer).action_post()
        env.cr.commit()
        with Meter(env.cr) as meter:
            env["distributor.rebate.program"]._follow_ledger()
            env.cr.commit()
        results.append(meter.result)
    return results


def _document(env, partner, lines=3, day="2024-12-31"):
    """A new invoice in draft."""
    products = env["product.product"].search(
        [("default_code", "=like", "BENCH%")], limit=lines
    )
    return env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_date": day,
            "invoice_line_ids": [
                Command.create({"product_id": product.id, "quantity": 2})
                for product in products
            ],
        }
    )


def settlement(env, user, ids, rounds):
    """The documents of one program's statements, and the same documents barely made."""
    env = env(user=user)
    found = _programs(env, user, ids)
    statements = found.statement_ids.filtered(lambda statement: statement.earned > 0)
    _approve(statements)
    env.flush_all()
    results = {"engine": [], "floor": []}
    values = []

    def ours():
        values[:] = [_bare_values(move) for move in _settle(statements)]

    def bare():
        env["account.move"].create(values).action_post()

    # The first time loads what both need, and tells what the documents are.
    _taken_back(env, ours)
    for number in range(rounds):
        ways = [("engine", lambda: _settle(statements)), ("floor", bare)]
        for name, way in ways if number % 2 == 0 else reversed(ways):
            results[name].append(_taken_back(env, way))
    return {"documents": len(values), **results}


def targets(env, rounds):
    """Measure a target of every distributor by month, and the same in plain SQL."""
    company = env.company
    buyers = env["res.partner"].search(
        [("ref", "=like", "BENCH%"), ("is_distributor", "=", True)]
    )
    made = env["distributor.target"].create(
        [{"year": 2024, "amount": 12000, "partner_id": buyer.id} for buyer in buyers]
    )
    # The signatures are not what is measured.
    env.cr.execute(
        "UPDATE distributor_target SET state = 'approved' WHERE id = ANY(%s)",
        [made.ids],
    )
    env.cr.commit()
    ids = made.ids
    results = {"engine": [], "floor": []}
    # Only what is asked is of another day: a clock that stands still measures nothing.
    with freeze_time("2024-12-31"):
        query = env["distributor.target"].browse(ids)._get_rows_query(company)
    for _number in range(rounds + 1):
        with Meter(env.cr) as meter:
            rows = env.execute_query(query)
        results["engine"].append(meter.result)
        with Meter(env.cr) as meter:
            env.cr.execute(PLAIN_TARGETS, {"company": company.id})
            plain = env.cr.fetchall()
        results["floor"].append(meter.result)
    # The first time warms both up.
    return {
        "months": [len(rows), len(plain)],
        **{name: found[1:] for name, found in results.items()},
    }


# Target, sales and last year's sales of each month, as one would write it by hand.
PLAIN_TARGETS = """
    SELECT target.id, month.month, month.amount, COALESCE(sales.amount, 0),
           COALESCE(sales.before, 0)
      FROM distributor_target target
      JOIN distributor_target_month month ON month.target_id = target.id
      LEFT JOIN (
          SELECT move.commercial_partner_id AS id,
                 date_part('month', move.invoice_date) AS month,
                 SUM(-line.balance) FILTER (WHERE move.invoice_date >= '2024-01-01')
                     AS amount,
                 SUM(-line.balance) FILTER (WHERE move.invoice_date < '2024-01-01')
                     AS before
            FROM account_move_line line JOIN account_move move ON move.id = line.move_id
           WHERE line.display_type = 'product' AND move.state = 'posted'
             AND move.move_type IN ('out_invoice', 'out_refund')
             AND move.company_id = %(company)s
             AND move.invoice_date BETWEEN '2023-01-01' AND '2024-12-31'
           GROUP BY 1, 2) sales
        ON sales.id = target.partner_id AND sales.month = month.month
     WHERE target.company_id = %(company)s AND target.state = 'approved'
"""


# What a tier rule asks for, as one would write it by hand.
def portfolio(env, rounds):
    """Reckon the portfolio of all distributors, and its figures in plain SQL."""
    company = env.company
    # Products with costs, so that margins are reckoned too.
    products = env["product.product"].search([("default_code", "=like", "BENCH%")])
    for product in products:
        product.standard_price = product.list_price * 0.7
    env.cr.commit()
    results = {"first": [], "engine": [], "floor": []}
    Portfolio = env["distributor.portfolio"]
    figures = {"company": company.id, "key": str(company.id)}
    for number in range(rounds + 1):
        with Meter(env.cr) as meter:
            Portfolio._refresh(company, date(2024, 12, 31))
            env.cr.commit()
        results["engine" if number else "first"].append(meter.result)
        with Meter(env.cr) as meter:
            env.cr.execute(PLAIN_PORTFOLIO, figures)
            rows = env.cr.fetchall()
        results["floor"].append(meter.result)
        env.cr.commit()
    kept = Portfolio.search([("company_id", "=", company.id)])
    found = {row.partner_id.id: (row.sales, row.orders, row.place) for row in kept}
    wrong = sum(
        found[key][1:] != tuple(others) or abs(found[key][0] - float(sales)) > 0.005
        for key, sales, *others in (row[:4] for row in rows)
    )
    return {"rows": len(kept), "wrong": wrong, **results}


# The main figures of a portfolio, as one would write them by hand.
PLAIN_PORTFOLIO = """
    WITH doc AS (
        SELECT move.id, move.commercial_partner_id AS partner, move.move_type,
               move.invoice_date AS day, SUM(-line.balance) AS amount,
               SUM(-line.balance) FILTER (WHERE item.cost <> 0) AS known,
               SUM(CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END
                   * line.quantity * item.cost) AS cost
          FROM account_move move
          JOIN account_move_line line ON line.move_id = move.id
          LEFT JOIN (SELECT id, (standard_price->>%(key)s)::numeric AS cost
                       FROM product_product) item ON item.id = line.product_id
         WHERE line.display_type = 'product' AND move.state = 'posted'
           AND move.move_type IN ('out_invoice', 'out_refund')
           AND move.company_id = %(company)s
           AND move.invoice_date <= '2024-12-31'
         GROUP BY move.id
    ), figure AS (
        SELECT partner,
               COALESCE(SUM(amount) FILTER (WHERE day >= '2024-01-01'), 0) AS sales,
               COALESCE(SUM(amount) FILTER (WHERE day < '2024-01-01'
                                              AND day >= '2023-01-01'), 0) AS before,
               COUNT(*) FILTER (WHERE day >= '2024-01-01'
                                  AND move_type = 'out_invoice') AS orders,
               SUM(amount) AS total, MAX(day) AS last, MIN(day) AS first,
               SUM(known - cost) FILTER (WHERE day >= '2024-01-01') AS margin,
               SUM(known - cost) AS margin_total
          FROM doc GROUP BY 1
    ), rhythm AS (
        SELECT partner, percentile_cont(0.5) WITHIN GROUP (ORDER BY gap) AS days
          FROM (SELECT partner, day - LAG(day) OVER (PARTITION BY partner ORDER BY day)
                       AS gap
                  FROM (SELECT DISTINCT partner, day FROM doc
                         WHERE move_type = 'out_invoice') ordered) spaced
         GROUP BY 1
    )
    SELECT partner.id, COALESCE(sales, 0), COALESCE(orders, 0),
           ROW_NUMBER() OVER (ORDER BY COALESCE(sales, 0) DESC, partner.id),
           before, total, first, last, margin, margin_total, days,
           SUM(sales) OVER (ORDER BY sales DESC NULLS LAST, partner.id),
           RANK() OVER (ORDER BY last), RANK() OVER (ORDER BY orders),
           RANK() OVER (ORDER BY sales)
      FROM res_partner partner
      LEFT JOIN figure ON figure.partner = partner.id
      LEFT JOIN rhythm ON rhythm.partner = partner.id
     WHERE partner.is_distributor
"""


def _approve(statements):
    """Have them approved; the signatures are not what is measured."""
    statements.sudo().with_context(skip_validation_check=True).write(
        {"approval_state": "approved"}
    )


def _settle(statements):
    """Create and post the documents that pay these statements; return them."""
    statements.action_settle()
    return statements.move_id


def _taken_back(env, work):
    """Measure, and undo."""
    meter = Meter(env.cr)
    try:
        with env.cr.savepoint():
            with meter:
                work()
                env.flush_all()
            raise ledger.Undo
    except ledger.Undo:
        env.invalidate_all()
    return meter.result


def _bare_values(move):
    """What one would give to create this document without us."""
    names = ("move_type", "invoice_date", "invoice_origin", "ref")
    links = ("company_id", "journal_id", "partner_id", "currency_id")
    return {
        **{name: move[name] for name in names},
        **{name: move[name].id for name in links},
        "invoice_line_ids": [
            Command.create(
                {
                    "name": line.name,
                    "product_id": line.product_id.id,
                    "account_id": line.account_id.id,
                    "quantity": line.quantity,
                    "price_unit": line.price_unit,
                    "tax_ids": [Command.set(line.tax_ids.ids)],
                    "analytic_distribution": line.analytic_distribution,
                }
            )
            for line in move.invoice_line_ids
        ],
    }


def posting(env, without, count, slices):
    """Invoices posted one by one in this database and in one without our addons.

    Slices of both alternate in one process, so that what disturbs one disturbs the other.
    """
    other = api.Environment(Registry(without).cursor(), env.uid, env.context)
    sides = {"engine": env, "floor": other}
    buyers = {name: _prepare_posting(side) for name, side in sides.items()}
    for buyer in buyers.values():
        _post(buyer, count // slices)
    results = {name: [] for name in sides}
    for number in range(slices):
        for name in sorted(sides, reverse=number % 2):
            with Meter(sides[name].cr) as meter:
                _post(buyers[name], count // slices)
            results[name].append(meter.result)
    other.cr.rollback()
    other.cr.close()
    return results


def _prepare_posting(env):
    masters.prepare_company(env)
    buyer = env["res.partner"].create({"name": "Buyer"})
    env["product.product"].create(
        [
            {"name": f"Article {number}", "default_code": f"BENCH{number}"}
            for number in range(3)
        ]
    )
    env.cr.commit()
    return buyer


def _post(buyer, count):
    for _number in range(count):
        _document(buyer.env, buyer).action_post()
        buyer.env.cr.commit()


TASKS = {
    task.__name__: task
    for task in (
        prepare,
        check_ledger,
        engine,
        follow,
        settlement,
        tiers.tiers,
        portfolio,
        targets,
        posting,
        fees.fee_signatures,
        fees.expense_tiers,
    )
}
TASKS |= {f"peers_{task.__name__}": task for task in (peers.prepare, peers.run)}
