# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The benchmark of rebates works from end to end, and what it compares is comparable."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

BENCH = Path(__file__).parents[1] / "bench"
sys.path.insert(0, str(BENCH))
from rebate_speed import growth  # noqa: E402
from runner import Bench  # noqa: E402
from size import WAYS, Size  # noqa: E402

LINES, DISTRIBUTORS = 300, 20


@pytest.fixture(scope="module")
def size(instance):
    """A small ledger, and the programs on it."""
    options = SimpleNamespace(
        conf=instance.conf,
        template=instance.template,
        prefix=f"{instance.prefix}_bench",
        distributors=DISTRIBUTORS,
        rounds=1,
    )
    size = Size(Bench(options), LINES)
    yield size
    size.close()


def test_ledger_is_what_odoo_makes(size):
    """Odoo computes the same amounts, residuals and states, and posts the same again."""
    assert size.bench.shell(size.database, "check_ledger") == {}


def test_ledger_has_its_size(size):
    cursor = size.floor.cursor
    cursor.execute(
        """SELECT count(*), count(DISTINCT l.move_id), count(DISTINCT l.partner_id),
                  count(DISTINCT m.id) FILTER (WHERE m.move_type = 'out_refund'),
                  count(DISTINCT m.id) FILTER (WHERE m.payment_state = 'paid'),
                  count(DISTINCT m.id) FILTER (WHERE m.payment_state = 'partial')
             FROM account_move_line l JOIN account_move m ON m.id = l.move_id
            WHERE l.display_type = 'product' AND m.move_type != 'entry'"""
    )
    lines, documents, partners, refunds, paid, partly = cursor.fetchone()
    size.floor.connection.rollback()
    assert (lines, documents, partners) == (LINES, 112, DISTRIBUTORS)
    assert refunds and partly and documents * 0.4 < paid < documents * 0.8


def test_engine_and_floor_write_the_same(size):
    """And a row that differs is noticed, in either table."""
    size.full_run(WAYS[True], True, size.programs)
    found = size.result[WAYS[True]]
    assert found["statements"] > DISTRIBUTORS * len(size.programs)
    assert found["lines"] > LINES
    for table, column in (
        ("distributor_rebate_statement", "earned"),
        ("distributor_rebate_line", "amount"),
    ):
        size.floor.cursor.execute(
            f"""UPDATE {table} SET {column} = {column} + 0.01
                 WHERE id = (SELECT min(id) FROM {table})"""
        )
        assert size.floor.compare()["different"] == [table]
        size.floor.connection.rollback()


def test_growth():
    """Ten times the lines and a hundred times the cost: it grows with the square."""
    cost = {1000: {"wall": 2, "cpu": 1}, 10_000: {"wall": 200, "cpu": 10}}
    sizes = {
        lines: {WAYS[True]: {"engine": one, "floor": one}}
        for lines, one in cost.items()
    }
    found = growth(sizes, WAYS[True])
    assert found["engine wall"] == pytest.approx(2)
    assert found["floor cpu"] == pytest.approx(1)
    assert growth(sizes, WAYS[False]) is None


def test_all_of_it(instance, tmp_path):
    """What `./run bench` calls, at a size that takes no time."""
    report = tmp_path / "report.json"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", BENCH / "rebate_speed.py"]
        + ["--conf", instance.conf, "--prefix", f"{instance.prefix}_bench"]
        + ["--template", instance.template, "--base", instance.base]
        + ["--distributors", str(DISTRIBUTORS), "--rounds", "1", "--invoices", "4"]
        + ["--json", report, str(LINES)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads(report.read_text())
    measured = figures["sizes"][str(LINES)]
    assert measured[WAYS[True]]["ratio"] > 0
    assert measured[WAYS[True]]["engine"]["queries"] > 0
    assert measured["again"]["nothing new"]["wall"] > 0
    assert measured["settlement"]["ratio"] > 0
    for night in ("tiers", "portfolio"):
        assert measured[night]["ratio"] > 0
    assert figures["posting"]["paired"]["cpu"] > 0
    for word in ("x floor", "x bare", "x without us", "not here"):
        assert word in done.stdout
    assert not instance.server.list(f"{instance.prefix}_bench_")
