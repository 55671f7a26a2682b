# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Two processes that do the same at the same moment, on one database."""

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pytest

# One process prepares, then splits in two, which have the addons loaded already. Both wait
# until the other has taken its view of the database too, then act.
RACE = """
env.cr.commit()
import multiprocessing
from odoo import SUPERUSER_ID, api, sql_db
from odoo.exceptions import ConcurrencyError, UserError, ValidationError
from psycopg2 import IntegrityError
from psycopg2.errors import SerializationFailure

REFUSALS = (
    ConcurrencyError, IntegrityError, SerializationFailure, UserError, ValidationError)
registry = env.registry
together = multiprocessing.get_context("fork")
met = together.Barrier(2)
ended = together.SimpleQueue()

def run(number, before, work, view):
    # The connections are those of the process that prepared.
    sql_db._Pool = None
    registry._db = sql_db.db_connect(registry.db_name)
    env = api.Environment(registry.cursor(), SUPERUSER_ID, {})
    names = {"env": env}
    exec(before, names)
    env.cr.commit()
    met.wait(60)
    if view:
        env.cr.execute(view)
        met.wait(60)
    try:
        exec(work, names)
        env.cr.commit()
        ended.put(f"OUTCOME {number} done")
    except REFUSALS as error:
        env.cr.rollback()
        ended.put(f"OUTCOME {number} refused {type(error).__name__}")

started = [together.Process(target=run, args=args) for args in RACERS]
for process in started:
    process.start()
for process in started:
    process.join()
# Said by one process: two at once would write into each other's lines.
while not ended.empty():
    print(ended.get())
"""

# The demo tells of a distributor who is held for his group-buy; here nobody is.
NOBODY_HELD = """
held = env["distributor.groupbuy"].search([("is_held", "=", True)])
held.release_note = "Explained"
held.action_release()
"""


@dataclass
class Outcome:
    """How a race ended: on which database, and each racer's "done", or "refused" and why."""

    database: str
    said: list[str]

    @property
    def ends(self) -> list[str]:
        """The first words, sorted: ["done", "refused"] where one was refused."""
        return sorted(one.split()[0] for one in self.said)


@pytest.fixture
def race(instance, clone, shell) -> Callable[..., Outcome]:
    """Return a function that prepares a database and has two processes race on it."""

    def _race(
        preparing: str,
        works: Iterable[str] | str,
        befores: Iterable[str] | str = "",
        view: str = "",
        template: str | None = None,
    ) -> Outcome:
        """
        :param preparing: a script, run once
        :param works: what each of the two does, or both
        :param befores: who each of the two is, and what the work needs
        :param view: a table that both read before either acts, so that each goes on with
            what it saw
        :param template: the database that is cloned; without demo data if not named
        """
        database = clone(template or instance.template)
        pair = [
            itertools.repeat(part, 2) if isinstance(part, str) else part
            for part in (befores, works)
        ]
        query = f"SELECT COUNT(*) FROM {view}" if view else ""
        racers = [
            (number, before, work, query)
            for number, before, work in zip(range(2), *pair, strict=True)
        ]
        script = f"{preparing}\nRACERS = {racers!r}\n{RACE}"
        out, err = shell(database, script).communicate(timeout=300)
        said = sorted(
            line.removeprefix("OUTCOME ")
            for line in out.splitlines()
            if line.startswith("OUTCOME ")
        )
        assert len(said) == 2, (out, err)
        return Outcome(database, [one.split(maxsplit=1)[1] for one in said])

    return _race
