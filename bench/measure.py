# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a piece of work costs: time, CPU, queries and memory; and tables to print it."""

import gc
import os
import statistics
import threading
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
NOTHING = "-"


class Meter:
    """Measures the block under it: ``with Meter(cursor) as meter: ...; meter.result``.

    - ``wall``: seconds
    - ``cpu``: seconds of this process and of its database session, with that session's
      parallel workers unless others use the server too (they could not be told apart);
      ``cpu_sql`` is the part of the database, None where it is not on this machine
    - ``queries`` and ``sql``: statements sent from this thread, and the seconds they took
    - ``memory``: the peak of this process above where it stood at the start, in MB
    """

    def __init__(self, cursor):
        cursor.execute(
            """SELECT pg_backend_pid(), inet_server_addr() IS NULL, NOT EXISTS (
                      SELECT FROM pg_stat_activity WHERE backend_type = 'client backend'
                         AND datname != current_database())"""
        )
        pid, local, self.alone = cursor.fetchone()
        self.session = pid if local and Path(f"/proc/{pid}/stat").exists() else None

    def __enter__(self):
        gc.collect()
        self.thread = threading.current_thread()
        # Odoo's cursors count on the thread whatever cursor it is.
        self.thread.query_count, self.thread.query_time = 0, 0.0
        self.memory = forget_peak()
        self.sql = self._sql_cpu()
        self.python = time.process_time()
        self.start = time.perf_counter()
        return self

    def __exit__(self, *_exception):
        wall = time.perf_counter() - self.start
        python = time.process_time() - self.python
        sql = None if self.session is None else self._sql_cpu() - self.sql
        self.result = {
            "wall": wall,
            "cpu": python + (sql or 0),
            "cpu_sql": sql,
            "queries": self.thread.query_count,
            "sql": self.thread.query_time,
            "memory": status("VmHWM") - self.memory,
        }

    def _sql_cpu(self):
        """CPU of the session, and of what its server has seen end: the workers."""
        if self.session is None:
            return 0
        session = stat(self.session)
        workers = stat(session["parent"])["children"] if self.alone else 0
        return session["own"] + workers


def stat(pid):
    """Return the parent of a process, and the CPU seconds of it and of its children."""
    text = Path(f"/proc/{pid}/stat").read_text()
    values = text[text.rindex(")") + 2 :].split()
    own, children = (
        sum(map(int, values[start : start + 2])) / TICKS for start in (11, 13)
    )
    return {"parent": int(values[1]), "own": own, "children": children}


def status(key):
    """Return a size of this process in MB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{key}:"):
            return int(line.split()[1]) / 1024
    raise KeyError(key)


def forget_peak():
    """Let the peak begin anew here, and return what is in use now, in MB."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return status("VmHWM")
    return status("VmRSS")


def median(results):
    """Return the medians of several results, number by number."""
    return {
        key: None
        if results[0][key] is None
        else statistics.median(result[key] for result in results)
        for key in results[0]
    }


def ratio(one, other):
    return one / other if one and other else None


def show(value, digits=2):
    """Return a number as people read it."""
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return value
    return f"{value:,.{0 if isinstance(value, int) or value >= 1000 else digits}f}"


def table(title, head, rows):
    """Print a table, the first column to the left."""
    cells = [head, *[[show(cell) for cell in row] for row in rows]]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    print(f"\n{title}")
    for row in cells:
        first, *rest = row
        line = [first.ljust(widths[0])]
        line += [c.rjust(w) for c, w in zip(rest, widths[1:], strict=True)]
        print("  " + "  ".join(line).rstrip(), flush=True)
