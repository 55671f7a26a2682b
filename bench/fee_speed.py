# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How fast fee statements are signed by three, beside OCA's tier validation.

    python bench/fee_speed.py --conf odoo.conf --base DATABASE --template DATABASE \
        [--count 1000] [--lines 3]

The base has what the addons depend on and none of them; the template has the addons, no
demo data. Statements are submitted and signed by clerk, manager and finance; as many
expenses are submitted, reviewed by three and approved. Once all at once, once each in a
request of its own, at a quarter of the number too, so that one sees whether the cost
grows with the square. What it may be at most: 1.5 x the time and the queries.
"""

import argparse
import json
import sys

from runner import Bench

MOST = 1.5
NOT_SIGNING = "print 10"


def total(phases):
    """Add up the cost of all phases but the printing."""
    return {
        key: sum(phase[key] for name, phase in phases.items() if name != NOT_SIGNING)
        for key in ("wall", "cpu", "queries")
    }


def compare(bench, options, at_once, count):
    """Measure both on clones of their own; return their phases."""
    ours = bench.clone("fees", options.template)
    found = bench.shell(
        ours, "fee_signatures", count=count, lines=options.lines, at_once=at_once
    )
    bench.drop(ours)
    peer = bench.clone("tiers", options.base)
    bench.odoo("server", peer, "-i", "hr_expense_tier_validation", "--stop-after-init")
    theirs = bench.shell(peer, "expense_tiers", count=count, at_once=at_once)
    bench.drop(peer)
    return {"ours": found, "theirs": theirs}


def show(report):
    """Print one line a phase, and what the whole is of OCA's."""
    slow = False
    for name, both in report.items():
        count = int(name.split()[0])
        print(f"\n{name}")
        for side, phases in both.items():
            for phase, cost in phases.items():
                print(
                    f"  {side:7}{phase:16}{1000 * cost['wall'] / count:9.2f} ms"
                    f"{1000 * cost['cpu'] / count:9.2f} ms CPU"
                    f"{cost['queries'] / count:9.2f} queries"
                )
        ours, theirs = total(both["ours"]), total(both["theirs"])
        ratios = {key: ours[key] / theirs[key] for key in ours}
        print("  " + ", ".join(f"{k} x {r:.2f}" for k, r in ratios.items()))
        slow = slow or max(ratios["cpu"], ratios["queries"]) > MOST
    return slow


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conf", required=True)
    parser.add_argument("--base", required=True)
    parser.add_argument("--template", required=True)
    parser.add_argument("--prefix", default="bench")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--lines", type=int, default=3)
    parser.add_argument("--report")
    options = parser.parse_args()
    options.rounds = 1
    bench = Bench(options)
    report = {}
    for at_once, count in (
        (True, options.count // 4),
        (True, options.count),
        (False, options.count // 4),
    ):
        way = "all at once" if at_once else "one by one"
        report[f"{count} {way}"] = compare(bench, options, at_once, count)
    if options.report:
        with open(options.report, "w", encoding="utf-8") as file:
            json.dump(report, file, indent=1)
    sys.exit(show(report))


if __name__ == "__main__":
    main()
