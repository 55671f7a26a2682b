# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How fast a store's page is, beside Odoo's own shop with the same products.

    python bench/shop_speed.py --conf odoo.conf --template DATABASE [--requests 200]

Odoo is found as ``python -m odoo`` finds it, PostgreSQL's createdb and dropdb on the path.
DATABASE has the addons and no demo data. A clone of it gets products and a store that shows
them all, half of them at prices of its own; one server answers /shop and /store/bench in
turn, each to a visitor who keeps his cookies. Then 10,000 more stores come, each with
products, and it is measured again. What may be at most: the page 1.2 x the shop, and 1.1 x
itself among 10,000 stores. /shop is measured for a visitor without a store and for one who
came through a store.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

PRODUCTS, STORES, EACH = 100, 10000, 10
PORT = 8791
WARM = 15
MOST_PAGE, MOST_STORES = 1.2, 1.1


def fill(env, stores):
    """Inside ``odoo shell``: make products and stores; print what there is."""
    products = env["product.template"].search([("name", "=like", "Bench product %")])
    if not products:
        env["product.template"].search([]).write({"is_published": False})
        products = env["product.template"].create(
            [
                {
                    "name": f"Bench product {n}",
                    "list_price": 10 + n,
                    "type": "consu",
                    "is_published": True,
                }
                for n in range(PRODUCTS)
            ]
        )
    owners = env["res.partner"].create(
        [{"name": f"Owner {n}", "is_distributor": True} for n in range(stores)]
    )
    first = not env["distributor.store"].search_count([("slug", "=", "bench")])
    made = env["distributor.store"].create(
        [
            {
                "name": f"Store of {owner.name}",
                "slug": "bench" if first and not n else f"bench-{owner.id}",
                "partner_id": owner.id,
            }
            for n, owner in enumerate(owners)
        ]
    )
    chosen = PRODUCTS if first else EACH
    env["distributor.store.product"].create(
        [
            {
                "store_id": store.id,
                "product_tmpl_id": products[(place + n) % PRODUCTS].id,
                "sequence": place,
                "price": place % 2 and 20 + place,
            }
            for n, store in enumerate(made)
            for place in range(chosen)
        ]
    )
    made.sudo().write({"state": "open", "opened_on": "2024-01-01"})
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.cr.commit()
    print("RESULT", env["distributor.store"].search_count([]))


class Visitor:
    """A browser that keeps its cookies."""

    def __init__(self):
        jar = urllib.request.HTTPCookieProcessor(CookieJar())
        self.opener = urllib.request.build_opener(jar)

    def open(self, path):
        """Return the seconds that a page takes."""
        started = time.perf_counter()
        with self.opener.open(f"http://127.0.0.1:{PORT}{path}", timeout=60) as answer:
            answer.read()
        return time.perf_counter() - started


def measure(requests, pages):
    """Return the median milliseconds of each page, asked for in turn."""
    visitors = {name: Visitor() for name in pages}
    seconds = {name: [] for name in pages}
    for number in range(WARM + requests):
        for name, path in pages.items():
            taken = visitors[name].open(path)
            if number >= WARM:
                seconds[name].append(taken)
    return {name: 1000 * statistics.median(times) for name, times in seconds.items()}


class Bench:
    """A clone of a database, filled and served; it goes at the end."""

    def __init__(self, options):
        self.options = options
        # Odoo's shell reads this file too, and finds no neighbours of it.
        from server import environment

        self.env = environment(options.conf)
        self.name = f"{options.template}_shop_bench"

    def sql(self, *words):
        subprocess.run(words, env=self.env, check=True, capture_output=True)

    def odoo(self, command, *words, **options):
        words = [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "odoo",
            command,
            "-c",
            self.options.conf,
            "-d",
            self.name,
            "--max-cron-threads=0",
            "--log-level=error",
            *words,
        ]
        return words, {"env": {**os.environ, "BENCH_FILL": "1"}, **options}

    def fill(self, stores):
        words, options = self.odoo("shell", "--no-http")
        script = Path(__file__).read_text() + f"\nfill(env, {stores})\n"
        done = subprocess.run(
            words, input=script, capture_output=True, text=True, check=False, **options
        )
        if "RESULT" not in done.stdout:
            sys.exit(done.stdout + done.stderr)

    def serve(self):
        words, options = self.odoo(
            "server",
            f"--http-port={PORT}",
            "--http-interface=127.0.0.1",
            f"--db-filter=^{self.name}$",
            "--workers=0",
        )
        server = subprocess.Popen(words, **options)
        for _attempt in range(120):
            try:
                Visitor().open("/shop")
                return server
            except (urllib.error.URLError, OSError):
                time.sleep(0.5)
        server.terminate()
        sys.exit("the server does not answer")

    def round(self):
        server = self.serve()
        try:
            return measure(
                self.options.requests,
                {
                    "shop": "/shop",
                    "shop in a store": "/shop?store=bench",
                    "store": "/store/bench",
                    "search in a store": "/store/bench?search=product",
                },
            )
        finally:
            server.terminate()
            server.wait()

    def run(self):
        self.sql("dropdb", "--if-exists", self.name)
        self.sql("createdb", "-T", self.options.template, self.name)
        try:
            self.fill(1)
            one = self.round()
            self.fill(STORES - 1)
            many = self.round()
        finally:
            self.sql("dropdb", "--if-exists", self.name)
        return one, many


def drive():
    """Measure, print, and fail where it is too slow."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--conf", required=True)
    parser.add_argument("--template", required=True)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--json")
    options = parser.parse_args()
    one, many = Bench(options).run()
    print(
        f"median of {options.requests} requests, in ms {'1 store':>12} {STORES:>8} stores"
    )
    for name in one:
        print(f"  {name:<26} {one[name]:>12.1f} {many[name]:>15.1f}")
    page = max(found["store"] / found["shop"] for found in (one, many))
    # Against the shop, which no store touches: the machine may be busier than before.
    growth = many["store"] / many["shop"] / (one["store"] / one["shop"])
    print(f"store page / shop: {page:.2f} (at most {MOST_PAGE})")
    print(
        f"10,000 stores / one, against the shop: {growth:.2f} (at most {MOST_STORES})"
    )
    if options.json:
        Path(options.json).write_text(json.dumps({"one": one, "many": many}))
    if page > MOST_PAGE or growth > MOST_STORES:
        sys.exit("too slow")


if __name__ == "__main__" and "BENCH_FILL" not in os.environ:
    drive()
