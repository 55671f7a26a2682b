# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""All that is measured on a ledger of one size."""

import sys

from floor import Floor
from measure import Meter, median, ratio, table

WAYS = {True: "with evidence", False: "figures alone"}
FULL_RUN = ["", "wall s", "CPU s", "of it SQL", "queries", "MB", "x floor"]


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
        self.grades = made["masters"]["grades"]
        self.ids = [program["id"] for program in self.programs]
        self.floor = Floor(bench.server.connect(self.database))
        self.has = made["has"]
        self.result = {"generated": made["seconds"]}
        print(f"\n{lines:,} invoice lines, made in {made['seconds']:.0f} s", flush=True)

    def measure(self, settle):
        """Measure all; with `settle` the documents too, which do not grow with lines."""
        self.full_run(WAYS[True], True, self.programs)
        if self.has["figures"]:
            self.full_run(WAYS[False], False, self.programs)
            # What follows works on statements with their evidence.
            self.floor.empty()
            self.engine(True)
        self.follow()
        self.tiers()
        self.portfolio()
        self.targets()
        if settle:
            self.settle()
        return self.result

    def close(self):
        self.floor.connection.close()
        self.bench.drop(self.database)

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
        rows = [cost_row(who, found[who]) for who in ("engine", "floor")]
        rows[0][-1] = found["ratio"]
        rows[1][-2] = None
        table(
            f"{name}: {found['statements']:,} statements, {found['lines']:,} lines behind"
            " them, the same rows",
            FULL_RUN,
            rows,
        )

    def follow(self):
        """What it costs to stay up to date."""
        whole = self.result[WAYS[True]]["engine"]["wall"]
        results = self.bench.shell(
            self.database, "follow", **self.who, ids=self.ids, rounds=5
        )
        found = {name: median(runs) for name, runs in results.items() if runs}
        rows = [
            [*cost_row(name, one)[:-1], one["wall"] / whole * 100]
            for name, one in found.items()
        ]
        table("Run again after", [*FULL_RUN[:-1], "% of a full run"], rows)
        self.result["again"] = found

    def tiers(self):
        """The nightly judgement of tiers: the first, and those that find all done."""
        found = self.bench.shell(
            self.database, "tiers", grades=self.grades, rounds=self.rounds
        )
        if found["wrong"]:
            sys.exit(f"tiers: {found['wrong']} figures are not the floor's")
        rows = {name: median(found[name]) for name in ("first", "engine", "floor")}
        factor = ratio(rows["engine"]["wall"], rows["floor"]["wall"])
        names = {
            "first": f"first night, {found['changes']:,} changes",
            "engine": "a night after",
            "floor": "figures in plain SQL",
        }
        lines = [cost_row(names[name], row) for name, row in rows.items()]
        lines[1][-1] = factor
        table("Tiers judged", FULL_RUN, lines)
        self.result["tiers"] = {**rows, "ratio": factor}

    def portfolio(self):
        """The nightly portfolio: the first, and those that write over it."""
        found = self.bench.shell(self.database, "portfolio", rounds=self.rounds)
        if found["wrong"]:
            sys.exit(f"portfolio: {found['wrong']} rows are not the floor's")
        rows = {name: median(found[name]) for name in ("first", "engine", "floor")}
        factor = ratio(rows["engine"]["wall"], rows["floor"]["wall"])
        names = {
            "first": f"first night, {found['rows']:,} distributors",
            "engine": "a night after",
            "floor": "figures in plain SQL",
        }
        lines = [cost_row(names[name], row) for name, row in rows.items()]
        lines[1][-1] = factor
        table("Portfolio reckoned", FULL_RUN, lines)
        self.result["portfolio"] = {**rows, "ratio": factor}

    def targets(self):
        """What was sold of a target of every distributor, month by month."""
        found = self.bench.shell(self.database, "targets", rounds=self.rounds)
        rows = {name: median(found[name]) for name in ("engine", "floor")}
        factor = ratio(rows["engine"]["wall"], rows["floor"]["wall"])
        names = {
            "engine": f"attainment of {found['months'][0]:,} months",
            "floor": "figures in plain SQL",
        }
        lines = [cost_row(names[name], row) for name, row in rows.items()]
        lines[0][-1] = factor
        table("Targets measured", FULL_RUN, lines)
        self.result["targets"] = {**rows, "ratio": factor}

    def settle(self):
        """The documents of the first program."""
        found = self.bench.shell(
            self.database,
            "settlement",
            **self.who,
            ids=self.ids[:1],
            rounds=self.rounds,
        )
        self.result["settlement"] = versus(
            f"Settlement: {found['documents']:,} documents, and the same barely created",
            found,
            "x bare",
        )


def cost_row(name, one):
    return [
        name,
        one["wall"],
        one["cpu"],
        one["cpu_sql"],
        int(one["queries"]),
        one["memory"],
        None,
    ]


def versus(title, found, word):
    """Print two ways and their ratio, by the medians of both."""
    medians = {name: median(found[name]) for name in ("engine", "floor")}
    factor = ratio(medians["engine"]["wall"], medians["floor"]["wall"])
    rows = [cost_row(name, one) for name, one in medians.items()]
    rows[0][-1] = factor
    table(title, [*FULL_RUN[:-1], word], rows)
    return {**medians, "ratio": factor}
