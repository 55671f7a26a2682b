# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How fast the sales import is, beside a bare batched create-and-post.

    ODOO="odoo -c odoo.conf" python bench/import_speed.py TEMPLATE_DB FOLDER [ROUNDS]

Each round clones the template twice, invoices the same orders both ways, one after the
other in alternating order, and compares what the ledger holds afterwards. The floor is
0.7: the import may cost that much in checks, progress and safety. ``SAMPLE`` is the
number of orders (600), ``BATCH`` the batch of the bare way (150).
"""

import json
import os
import statistics
import subprocess
import sys
import time

LEDGER = """
    SELECT count(DISTINCT m.id), count(l.id), sum(l.balance), sum(l.debit),
           sum(l.amount_residual), count(DISTINCT m.name), sum(l.price_subtotal),
           md5(string_agg(concat_ws('|', m.ref, m.name, m.date, l.account_id,
               l.product_id, l.quantity, l.price_unit, l.balance, l.amount_currency,
               l.name, l.date_maturity), ',' ORDER BY m.ref, l.sequence, l.product_id,
               l.account_id, l.balance, l.date_maturity))
      FROM account_move m JOIN account_move_line l ON l.move_id = m.id
     WHERE m.ref = ANY(%s) AND m.state = 'posted'
"""


def measure(env):
    """Inside ``odoo shell``: invoice the sample one way, print seconds and ledger."""
    record = env["distributor.sales.import"].load_directory(os.environ["LOAD_DIR"])
    record.action_check()
    record.action_import()
    env.cr.commit()
    record = record._as_user()
    files = record._get_files()
    record._make_masters(files, record._make_plan(files))
    plan = record._make_plan(files)
    # Spread over the years: some weeks have small orders only.
    step = max(1, len(plan.todo) // int(os.environ["SAMPLE"]))
    plan.todo = plan.todo[::step][: int(os.environ["SAMPLE"])]
    started = time.monotonic()
    if os.environ["BENCH_MODE"] == "bare":
        bare(env, record, plan)
    else:
        ours(record, files, plan)
    seconds = time.monotonic() - started
    env.cr.execute(LEDGER, [[order.number for order in plan.todo]])
    ledger = [str(value) for value in env.cr.fetchone()]
    print("RESULT" + json.dumps({"seconds": seconds, "ledger": ledger}))


def bare(env, record, plan):
    """Create and post in batches, as one would in a script."""
    batch = int(os.environ["BATCH"])
    for start in range(0, len(plan.todo), batch):
        values = []
        for order in plan.todo[start : start + batch]:
            for vals in record._prepare_moves(plan, order):
                for _command, _id, line in vals["invoice_line_ids"]:
                    line.pop("balance", None)
                    line.pop("amount_currency", None)
                values.append(
                    {k: v for k, v in vals.items() if not k.startswith("distributor_")}
                )
        env["account.move"].create(values).action_post()
        env.cr.commit()


def ours(record, files, plan):
    """The import's own loop, commits and progress included, over the sample alone."""
    cls = type(record)
    original = cls._make_plan
    cls._make_plan = lambda _self, _files: plan
    try:
        record._work_orders(files, time.monotonic(), None)
    finally:
        cls._make_plan = original


def drive(template, folder, rounds):
    """Outside: rounds of both ways on clones of the template."""
    seconds = {"bare": [], "ours": []}
    for number in range(rounds):
        ledgers = []
        order = ("bare", "ours") if number % 2 == 0 else ("ours", "bare")
        for mode in order:
            result = run(template, folder, mode)
            seconds[mode].append(result["seconds"])
            ledgers.append(result["ledger"])
            print(f"round {number + 1} {mode}: {result['seconds']:.1f} s", flush=True)
        if ledgers[0] != ledgers[1]:
            sys.exit(f"the ledgers differ: {ledgers}")
    ratio = statistics.median(seconds["bare"]) / statistics.median(seconds["ours"])
    print(f"same ledger; import speed is {ratio:.2f} x bare create-and-post")
    if ratio < 0.7:
        sys.exit("too slow: the floor is 0.7")


def run(template, folder, mode):
    """One way, on a clone that is dropped afterwards."""
    name = f"{template}_bench"
    env = {"SAMPLE": "600", "BATCH": "150"} | os.environ
    env |= {"LOAD_DIR": folder, "BENCH_MODE": mode}
    subprocess.run(["dropdb", "--if-exists", name], check=True, capture_output=True)
    subprocess.run(["createdb", "-T", template, name], check=True)
    odoo = os.environ.get("ODOO", "odoo").split()
    with open(__file__) as script:
        done = subprocess.run(
            [odoo[0], "shell", *odoo[1:], "-d", name, "--log-level=warn"],
            stdin=script,
            env=env,
            capture_output=True,
            text=True,
        )
    subprocess.run(["dropdb", name], check=True)
    lines = [x for x in done.stdout.splitlines() if x.startswith("RESULT")]
    if not lines:
        sys.exit(done.stdout + done.stderr)
    return json.loads(lines[0].removeprefix("RESULT"))


if "env" in globals():
    measure(env)  # noqa: F821 (env comes from odoo shell)
elif __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    drive(sys.argv[1], sys.argv[2], int((sys.argv[3:] or ["2"])[0]))
