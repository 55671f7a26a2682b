# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How fast rebates are computed, beside plain SQL and beside OCA's addons.

    python bench/rebate_speed.py --conf CONF --template DB [--base DB] SIZE...

For each size (a number of invoice lines) a clone of the template gets a ledger and ten
programs. The engine and the floor (see `floor.py`) compute them in turn, each over emptied
tables and the engine in a new process each time; medians are printed. `./run bench` calls
this with the databases that the tests use.
"""

import argparse
import json
import math
from pathlib import Path

import peers_speed
from measure import median, ratio, table
from runner import Bench
from size import WAYS, Size, versus


def posting(bench):
    """What posting an invoice costs with our addons, and without."""
    options = bench.options
    found = bench.shell(
        bench.clone("with", options.template),
        "posting",
        without=bench.clone("without", options.base),
        count=options.invoices,
        slices=min(20, options.invoices),
    )
    result = versus(
        f"Posting {options.invoices} invoices one by one, in alternating slices",
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
        "--peers-max", type=int, default=300_000, help="largest size for them"
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
        with_peers = peers_speed.template(bench)
        for lines in options.sizes:
            size = Size(bench, lines)
            sizes[lines] = size.measure(settle=not sizes)
            if with_peers and lines <= options.peers_max:
                sizes[lines]["peers"] = peers_speed.measure(bench, size, with_peers)
            size.close()
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
