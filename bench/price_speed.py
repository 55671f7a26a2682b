# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How fast files of observed prices come in, beside a bare batched create.

    python bench/price_speed.py ODOO_CONF TEMPLATE_DB [ROWS [GARBAGE]]

Two clones of the template get the same good rows: one by the import, which reads a CSV
file with so many percent of garbage (3), matches shops and products, refuses what is
wrong and commits in chunks; one by `create` in batches of 1000 with the values ready. The
import may take twice as long: the floor is 0.5. Then all are held against their floors in
one statement, which is timed too.
"""

import argparse
import json
import os
import sys
from types import SimpleNamespace

FLOOR = 0.5
BATCH = 1000
PRODUCTS, SHOPS, RULES = 2000, 300, 1500
FACTS = """
    SELECT count(*), sum(marked_price), count(DISTINCT product_id),
           count(DISTINCT shop_id), md5(string_agg(concat_ws('|', source_ref,
               product_id, shop_id, partner_id, day, round(marked_price, 2), shop_key), ','
               ORDER BY source_ref))
      FROM distributor_price_observation
"""


def measure(env):
    """Inside ``odoo shell``: bring the rows in one way, print what it took."""
    import time

    way, rows, garbage = json.loads(os.environ["BENCH_PRICES"])
    source = prepare(env)
    data, good = write_file(rows, garbage)
    env.cr.commit()
    seen = env["distributor.price.observation"]
    result = {}
    if way == "ours":
        record = env["distributor.price.import"].create(
            {"source_id": source.id, "file": data, "filename": "prices.csv"}
        )
        env.cr.commit()
        started = time.monotonic()
        record.action_start()
        record._as_user()._work()
        result["seconds"] = time.monotonic() - started
        result["refused"] = record.refused_count
        env.cr.commit()
        env.cr.execute("ANALYZE distributor_price_observation")
        started = time.monotonic()
        result["compared"] = seen._compare(source.company_id)
        env.cr.commit()
        result["compare_seconds"] = time.monotonic() - started
        env.cr.execute(
            "SELECT state, count(*) FROM distributor_price_observation GROUP BY state"
        )
        result["states"] = dict(env.cr.fetchall())
    else:
        values = list(make_values(env, source, good))
        seen = seen.with_context(tracking_disable=True)
        started = time.monotonic()
        for start in range(0, len(values), BATCH):
            seen.create(values[start : start + BATCH])
            env.cr.commit()
            env.invalidate_all()
        result["seconds"] = time.monotonic() - started
    env.cr.execute(FACTS)
    result["facts"] = [str(value) for value in env.cr.fetchone()]
    print("RESULT" + json.dumps(result))


def prepare(env):
    """Products, shops and rules; return the source."""
    company = env.company
    env["product.product"].create(
        [
            {"name": f"P{n}", "barcode": f"69{n:011}", "taxes_id": False}
            for n in range(PRODUCTS)
        ]
    )
    owners = env["res.partner"].create(
        [
            {"name": f"D{n}", "is_company": True, "is_distributor": True}
            for n in range(SHOPS // 3)
        ]
    )
    env["distributor.declared.shop"].create(
        [
            {
                "name": f"S{n}",
                "partner_id": owners[n % len(owners)].id,
                "url": f"https://s{n}.shop.example",
            }
            for n in range(SHOPS)
        ]
    )
    products = env["product.product"].search(
        [("barcode", "=like", "69%")], order="barcode", limit=RULES
    )
    env["distributor.price.rule"].create(
        [
            {
                "scope": "variant",
                "product_id": product.id,
                "date_from": "2026-01-01",
                "floor_price": 100,
                "legal_basis": "agency",
                "legal_note": "Agency",
            }
            for product in products
        ]
    )
    return env["distributor.price.source"].create(
        {"name": "Bench", "tz": "UTC", "company_id": company.id}
    )


def get_row(number):
    """Reference, day, barcode, price and shop of a row."""
    return (
        f"r{number}",
        f"2026-0{1 + number % 9}-{1 + number % 28:02}",
        number * 7919 % PRODUCTS,
        85 + number * 31 % 4000 / 100,
        number * 104729 % SHOPS,
    )


def write_file(rows, garbage):
    """Return the file, and the numbers of its good rows."""
    import base64

    lines, good = (
        ["reference,seen at,barcode,marked price,currency,shop url,platform"],
        [],
    )
    bad = (
        "{0},,69{2:011},{3},,https://s{4}.shop.example,taobao",
        "{0},31.31.2026,69{2:011},{3},,https://s{4}.shop.example,taobao",
        "{0},{1},69{2:011},free,,https://s{4}.shop.example,taobao",
        "{0},{1},69{2:011},{3},XXQ,https://s{4}.shop.example,taobao",
        "{0},{1},,{3},,https://s{4}.shop.example,taobao",
        "{0},{1},69{2:011},{3},,,",
    )
    fine = "{0},{1} 10:00,69{2:011},{3},,https://s{4}.shop.example,taobao"
    for number in range(rows):
        if number * 37 % 100 < garbage:
            lines.append(bad[number // 100 % len(bad)].format(*get_row(number)))
        else:
            lines.append(fine.format(*get_row(number)))
            good.append(number)
    return base64.b64encode("\n".join(lines).encode()), good


def make_values(env, source, good):
    """Values of the good rows, ready to be created."""
    products = {
        product.barcode: product.id
        for product in env["product.product"].search([("barcode", "=like", "69%")])
    }
    shops = {
        shop.url_key: (shop.id, shop.partner_id.id)
        for shop in env["distributor.declared.shop"].search([])
    }
    currency = source.currency_id.id
    for number in good:
        reference, day, product, price, shop = get_row(number)
        shop_id, partner = shops[f"s{shop}.shop.example"]
        yield {
            "source_id": source.id,
            "source_ref": reference,
            "observed_at": f"{day} 10:00:00",
            "product_code": f"69{product:011}",
            "product_id": products[f"69{product:011}"],
            "marked_price": price,
            "currency_id": currency,
            "shop_url": f"https://s{shop}.shop.example",
            "platform": "taobao",
            "shop_id": shop_id,
            "shop_key": f"shop/{shop_id}",
            "partner_id": partner,
            "channel": "platform",
            "tax_included": True,
            # not looked up again: it is ready
            "state": "dismissed",
        }


def drive(options):
    """Outside: both ways on clones of the template."""
    from runner import Bench

    bench = Bench(SimpleNamespace(conf=options.conf, prefix="bench", rounds=1))
    results = {}
    with open(__file__) as stream:
        script = stream.read()
    for way in ("ours", "bare"):
        database = bench.clone(f"prices_{way}", options.template)
        done = bench.odoo(
            "shell",
            database,
            "--log-level=warn",
            script=script,
            environ={"BENCH_PRICES": json.dumps([way, options.rows, options.garbage])},
        )
        bench.drop(database)
        lines = [x for x in done.stdout.splitlines() if x.startswith("RESULT")]
        if done.returncode or not lines:
            sys.exit(done.stdout[-3000:] + done.stderr[-5000:])
        results[way] = json.loads(lines[0].removeprefix("RESULT"))
        print(way, json.dumps(results[way]), flush=True)
    ours, bare = results["ours"], results["bare"]
    if ours["facts"] != bare["facts"]:
        sys.exit("the observations differ")
    ratio = bare["seconds"] / ours["seconds"]
    print(f"same observations; the import is {ratio:.2f} x a bare create")
    if ratio < FLOOR:
        sys.exit(f"too slow: the floor is {FLOOR}")


if "env" in globals():
    measure(env)  # noqa: F821 (env comes from odoo shell)
elif __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("conf")
    parser.add_argument("template")
    parser.add_argument("rows", nargs="?", type=int, default=100_000)
    parser.add_argument("garbage", nargs="?", type=int, default=3)
    drive(parser.parse_args())
