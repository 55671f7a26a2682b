# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""OCA's addons beside the engine, on the same ledger (see `peers.py`)."""

import sys
from pathlib import Path

from measure import median, ratio, table
from size import FULL_RUN, WAYS, cost_row

# What each is set against: one of our programs, with evidence or without.
PEERS = {"agreement_rebate": (0, False), "account_commission_oca": (1, True)}


def template(bench):
    """Return a clone of the template with OCA's addons installed, None without them."""
    folder = bench.options.peers
    if not folder or not (Path(folder) / "agreement_rebate").is_dir():
        print("\nOCA's addons are not here: nothing is measured beside them")
        return None
    database = bench.clone("peers", bench.options.template)
    done = bench.odoo(
        "server", database, "-i", ",".join(PEERS), "--stop-after-init", addons=folder
    )
    if done.returncode:
        sys.exit(f"OCA's addons could not be installed:\n{done.stderr[-5000:]}")
    return database


def measure(bench, size, origin):
    """Give the peers the same ledger, and measure them and ours in turn."""
    addons = bench.options.peers
    database = bench.clone(f"peers_{size.lines}", origin)
    made = bench.shell(
        database,
        "prepare",
        addons=addons,
        lines=size.lines,
        distributors=bench.options.distributors,
    )
    user = made["masters"]["user"]
    bench.shell(
        database, "peers_prepare", addons=addons, turnover=made["turnover"], user=user
    )
    bench.settle_disk(database)
    report = {}
    for peer, (number, evidence) in PEERS.items():
        evidence = evidence or not size.has["figures"]
        program = size.programs[number]
        found = {"engine": [], "peer": []}
        for _round in range(bench.options.rounds):
            size.floor.empty()
            found["engine"].append(size.engine(evidence, [program["id"]]))
            found["peer"].append(
                bench.shell(database, "peers_run", addons=addons, name=peer, user=user)
            )
            bench.settle_disk(database)
        report[peer] = show(peer, program, WAYS[evidence], found)
    bench.drop(database)
    return report


def show(peer, program, way, found):
    medians = {who: median(results) for who, results in found.items()}
    factor = ratio(medians["peer"]["wall"], medians["engine"]["wall"])
    ours = cost_row(f"engine, {way}", medians["engine"])
    theirs = cost_row(peer, medians["peer"])
    theirs[-1] = factor
    rows = f"{medians['peer']['statements']:,.0f} and {medians['peer']['lines']:,.0f} lines"
    table(
        f"{program['name']}; {peer} wrote {rows}",
        [*FULL_RUN[:-1], "x engine"],
        [ours, theirs],
    )
    return {**medians, "ratio": factor}
