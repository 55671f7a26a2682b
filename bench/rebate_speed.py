# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How fast rebates are computed, beside plain SQL and beside OCA's addons.

    python bench/rebate_speed.py --conf CONF --template DB [--base DB] SIZE...

For each size (a number of invoice lines) a clone of the template gets a ledger and ten
programs. The engine and the floor (see `floor.py`) compute them in turn, each over emptied
tables and the engine in a new process each time; medians are printed. `./run bench` calls
this with the databases that the tests use.
"""

import argparse
import configparser
import json
import math
import os
import subprocess
import sys
from pathlib import Path

import psycopg2
from floor import Floor
from measure import Meter, median, ratio, table

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "provision"))
from db import Server  # noqa: E402

WAYS = {True: "with evidence", False: "figures alone"}
SCRIPT = (
    f"import sys; sys.path.insert(0, {str(HERE)!r}); import tasks; tasks.run(env)\n"
)
FULL_RUN = ["", "wall s", "CPU s", "of it SQL", "queries", "MB", "x floor"]


class Bench:
    """The server, and the databases made here, which go at the end."""

    def __init__(self, options):
        self.options = options
        self.server = Server(options.conf)
        self.made = []
        self.report = {"sizes": {}, "rounds": options.rounds}

    def clone(self, name, template):
        name = f"{self.options.prefix}_{name}"
        self.made.append(name)
        self.server.create(name, template)
        return name

    def connect(self, database):
        config = configparser.RawConfigParser()
        config.read(self.options.conf)
        names = {"host": "db_host", "port": "db_port", "user": "db_user"}
        names["password"] = "db_password"
        found = {key: config["options"].get(name) for key, name in names.items()}
        given = {key: value for key, value in found.items() if value}
        return psycopg2.connect(dbname=database, **given)

    def shell(self, database, task, addons=(), **arguments):
        """Do a task in an Odoo of its own; return its result."""
        command = [sys.executable, "-W", "ignore", "-m", "odoo", "shell"]
        command += ["-c", self.options.conf, "-d", database, "--no-http"]
        command += ["--max-cron-threads=0", "--log-level=warn"]
        if addons:
            command += ["--addons-path", ",".join(addons)]
        done = subprocess.run(
            command,
            input=SCRIPT,
            env={**os.environ, "BENCH_TASK": json.dumps([task, arguments])},
            capture_output=True,
            text=True,
            check=False,
        )
        lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT")]
        if done.returncode or not lines:
            sys.exit(f"{task} failed:\n{done.stdout[-3000:]}{done.stderr[-5000:]}")
        return json.loads(lines[0].removeprefix("RESULT"))

    def settle_disk(self, database):
        """Tell the planner what is there, and have the disk quiet."""
        connection = self.connect(database)
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            cursor.execute("CHECKPOINT")
        connection.close()

    def drop(self, name):
        self.server.drop(name)
        self.made.remove(name)


class Size:
    """All measurements of one size."""

    def __init__(self, bench, lines):
        self.bench, self.lines = bench, lines
        self.rounds = bench.options.rounds
        self.database = bench.clone(str(lines), bench.options.template)
        made = bench.shell(
            self.database,
            "prepare",
            lines=lines,
            distributors=bench.options.distributors,
        )
        bench.settle_disk(self.database)
        self.programs = made["programs"]
        self.who = {"user": made["masters"]["user"]}
        self.ids = [program["id"] for program in self.programs]
        self.floor = Floor(bench.connect(self.database))
        self.has = bench.shell(self.database, "has")
        self.result = {"generated": made["seconds"]}
        print(f"\n{lines:,} invoice lines, made in {made['seconds']:.0f} s", flush=True)

    def measure(self):
        for evidence in (True, False) if self.has["figures"] else (True,):
            self.full_run(WAYS[evidence], evidence, self.programs)
        # What follows works on statements with their evidence.
        self.floor.empty()
        self.engine(True)
        self.follow()
        self.settle()
        self.floor.connection.close()
        return self.result

    def engine(self, evidence, ids=None):
        return self.bench.shell(
            self.database, "engine", **self.who, ids=ids or self.ids, evidence=evidence
        )

    def full_run(self, name, evidence, programs):
        """Engine and floor in turn; what they wrote must be the same."""
        ids = [program["id"] for program in programs]
        found = {"engine": [], "floor": []}
        for number in range(self.rounds):
            self.floor.empty()
            if number % 2 and self.floor.known:
                found["floor"].append(self.plain(programs, evidence))
                found["engine"].append(self.engine(evidence, ids))
            else:
                found["engine"].append(self.engine(evidence, ids))
                if not self.floor.known:
                    self.floor.build()
                found["floor"].append(self.plain(programs, evidence))
            self.compare(name)
        medians = {who: median(results) for who, results in found.items()}
        medians["ratio"] = ratio(medians["engine"]["wall"], medians["floor"]["wall"])
        self.result[name] = {**medians, "all": found, **self.rows}
        self.show(name)

    def plain(self, programs, evidence):
        with Meter(self.floor.cursor) as meter:
            self.floor.run(programs, evidence)
        return {**meter.result, "queries": len(programs)}

    def compare(self, name):
        self.rows = self.floor.compare()
        self.floor.connection.commit()
        if self.rows["different"]:
            tables = " and ".join(self.rows["different"])
            sys.exit(f"{name}: the rows of {tables} are not the floor's")

    def show(self, name):
        found = self.result[name]
        rows = [_row(who, found[who]) for who in ("engine", "floor")]
        rows[0][-1] = found["ratio"]
        rows[1][-2] = None
        table(
            f"{name}: {found['statements']:,} statements, {found['lines']:,} lines behind"
            " them, the same rows",
            FULL_RUN,
            rows,
        )

    def follow(self):
        """After one new invoice."""
        whole = self.result[WAYS[True]]["engine"]["wall"]
        found = {"nothing new": self._again()}
        if self.has["incremental"]:
            results = self.bench.shell(
                self.database, "incremental", **self.who, ids=self.ids, rounds=5
            )
            found["one new invoice"] = median(results)
        rows = [
            [*_row(name, one)[:-1], one["wall"] / whole * 100]
            for name, one in found.items()
        ]
        table("Run again after", [*FULL_RUN[:-1], "% of a full run"], rows)
        self.result["again"] = found

    def _again(self):
        return self.bench.shell(self.database, "again", **self.who, ids=self.ids)

    def settle(self):
        """The documents of the first program."""
        found = self.bench.shell(
            self.database,
            "settlement",
            **self.who,
            ids=self.ids[:1],
            rounds=self.rounds,
        )
        self.result["settlement"] = _versus(
            f"Settlement: {found['documents']:,} documents, and the same barely created",
            found,
            "x bare",
        )


def _row(name, one):
    return [
        name,
        one["wall"],
        one["cpu"],
        one["cpu_sql"],
        int(one["queries"]),
        one["memory"],
        None,
    ]


def _versus(title, found, word):
    """Print two ways and their ratio, by the medians of both."""
    medians = {name: median(found[name]) for name in ("engine", "floor")}
    factor = ratio(medians["engine"]["wall"], medians["floor"]["wall"])
    rows = [_row(name, one) for name, one in medians.items()]
    rows[0][-1] = factor
    table(title, [*FULL_RUN[:-1], word], rows)
    return {**medians, "ratio": factor}


def posting(bench):
    """What posting an invoice costs with our addons, and without."""
    options = bench.options
    found = bench.shell(
        bench.clone("with", options.template),
        "posting",
        without=bench.clone("without", options.base),
        count=options.invoices,
        slices=20,
    )
    result = _versus(
        f"Posting {options.invoices} invoices one by one, in slices of a twentieth",
        {"engine": found["engine"], "floor": found["floor"]},
        "x without us",
    )
    pairs = zip(found["engine"], found["floor"], strict=True)
    ratios = [
        {key: ratio(ours[key], bare[key]) for key in ("wall", "cpu")}
        for ours, bare in pairs
    ]
    result["paired"] = median(ratios)
    print(
        f"  pairwise: {result['paired']['wall']:.3f} by wall,"
        f" {result['paired']['cpu']:.3f} by CPU"
    )
    return result


def growth(sizes, name):
    """Print the exponent with which the cost grows from the smallest size to the largest."""
    measured = sorted(size for size in sizes if name in sizes[size])
    if len(measured) < 2:
        return None
    first, last = measured[0], measured[-1]
    found = {}
    for who in ("engine", "floor"):
        for key in ("wall", "cpu"):
            cost = [sizes[size][name][who][key] for size in (first, last)]
            found[who, key] = math.log(cost[1] / cost[0]) / math.log(last / first)
    table(
        f"Growth exponent from {first:,} to {last:,} lines, {name}",
        ["", "wall", "CPU"],
        [[who, found[who, "wall"], found[who, "cpu"]] for who in ("engine", "floor")],
    )
    return {f"{who} {key}": value for (who, key), value in found.items()}


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "sizes", nargs="*", type=int, default=[10_000, 100_000, 1_000_000]
    )
    parser.add_argument("--conf", required=True, help="Odoo's settings")
    parser.add_argument("--template", required=True, help="database with our addons")
    parser.add_argument("--base", help="the same without ours, to compare posting")
    parser.add_argument("--prefix", default="bench", help="of the databases made here")
    parser.add_argument("--peers", help="folder with OCA's addons, see peers.py")
    parser.add_argument(
        "--peers-max", type=int, default=100_000, help="largest size for them"
    )
    parser.add_argument("--distributors", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--invoices", type=int, default=200, help="posted to compare")
    parser.add_argument("--json", help="file for all figures")
    return parser.parse_args()


def main():
    options = parse()
    bench = Bench(options)
    sizes = bench.report["sizes"]
    try:
        for lines in options.sizes:
            size = Size(bench, lines)
            sizes[lines] = size.measure()
            bench.drop(size.database)
        for name in WAYS.values():
            bench.report[f"growth, {name}"] = growth(sizes, name)
        if options.base:
            bench.report["posting"] = posting(bench)
    finally:
        for name in list(bench.made):
            bench.drop(name)
    if options.json:
        Path(options.json).write_text(json.dumps(bench.report, indent=1))


if __name__ == "__main__":
    main()
