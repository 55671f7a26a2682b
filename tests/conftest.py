# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Odoo in a process of its own, on a database of its own: what one process cannot show."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "provision"))
from check_log import bad_lines  # noqa: E402
from db import Server  # noqa: E402
from racing import race  # noqa: E402, F401


class Instance:
    """The test server's settings, and its prepared databases.

    `base` holds the addons of others, `template` ours as well, `template_demo` ours with
    their demo data.
    """

    def __init__(self, environ):
        self.conf = environ["TEST_CONF"]
        self.base = environ["TEST_BASE"]
        self.template = environ["TEST_TEMPLATE"]
        self.template_demo = environ["TEST_TEMPLATE_DEMO"]
        self.prefix = environ["TEST_PREFIX"]
        self.server = Server(self.conf)

    def odoo(self, *arguments, python=sys.executable, conf=None, may_warn=False):
        """Run Odoo; return what it said. Fails where it ended badly, or warned."""
        command, arguments = [arguments[0]], arguments[1:]
        if command == ["module"]:
            # `odoo module` wants its verb before the settings.
            command, arguments = [*command, arguments[0]], arguments[1:]
        command += ["-c", str(conf or self.conf)]
        done = subprocess.run(
            [python, "-W", "ignore", "-m", "odoo", *command, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=900,
        )
        assert done.returncode == 0, done.stdout[-5000:]
        assert may_warn or not bad_lines(done.stdout), bad_lines(done.stdout)
        return done.stdout

    def offline(self, database, *arguments, **options):
        """Install, update or the like, and end."""
        quiet = ("--no-http", "--max-cron-threads=0", "--stop-after-init")
        return self.odoo("server", "-d", database, *quiet, *arguments, **options)

    @contextlib.contextmanager
    def connect(self, database):
        """Give a cursor on a database."""
        connection = self.server.connect(database)
        try:
            yield connection.cursor()
        finally:
            connection.close()

    def rows(self, database, query):
        """Return the rows of a query."""
        with self.connect(database) as cursor:
            cursor.execute(query)
            return cursor.fetchall()

    def value(self, database, query):
        """Return the first value of the first row of a query."""
        return self.rows(database, query)[0][0]


@pytest.fixture(scope="session")
def instance():
    if "TEST_CONF" not in os.environ:
        pytest.fail("these tests need the databases that `./run test` prepares")
    return Instance(os.environ)


@pytest.fixture
def clone(instance):
    """Return a function that clones a prepared database; the clones go after the test."""
    names = []

    def _clone(template):
        name = f"{instance.prefix}_{len(names)}"
        instance.server.create(name, template)
        names.append(name)
        return name

    yield _clone
    instance.server.drop(*names)


@pytest.fixture
def shell(instance):
    """Return a function that starts a script in `odoo shell`."""

    def _shell(database, script):
        process = subprocess.Popen(
            [
                *(sys.executable, "-W", "ignore", "-m", "odoo", "shell"),
                *("-c", str(instance.conf), "-d", database, "--no-http"),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        process.stdin.write(script)
        process.stdin.close()
        process.stdin = None
        return process

    return _shell
