# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Databases for measuring, and Odoo in processes of its own on them."""

import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "provision"))
from db import Server  # noqa: E402

SCRIPT = (
    f"import sys; sys.path.insert(0, {str(HERE)!r}); import tasks; tasks.run(env)\n"
)


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

    def odoo(self, command, database, *words, addons=None, script=None, environ=None):
        """Run Odoo on a database, with a folder of more addons where one is given."""
        words = ["-c", self.options.conf, "-d", database, *words]
        if addons:
            path = f"{self.server.options['addons_path']},{addons}"
            words += ["--addons-path", path]
        return subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "odoo", command, *words]
            + ["--no-http", "--max-cron-threads=0"],
            input=script,
            env={**os.environ, **(environ or {})},
            capture_output=True,
            text=True,
            check=False,
        )

    def shell(self, database, task, addons=None, **arguments):
        """Do a task in an Odoo of its own; return its result."""
        done = self.odoo(
            "shell",
            database,
            "--log-level=warn",
            addons=addons,
            script=SCRIPT,
            environ={"BENCH_TASK": json.dumps([task, arguments])},
        )
        lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT")]
        if done.returncode or not lines:
            sys.exit(f"{task} failed:\n{done.stdout[-3000:]}{done.stderr[-5000:]}")
        return json.loads(lines[0].removeprefix("RESULT"))

    def settle_disk(self, database):
        """Tell the planner what is there, and have the disk quiet."""
        connection = self.server.connect(database)
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
