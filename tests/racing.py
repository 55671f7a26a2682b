# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Scripts for two processes that do the same at the same moment."""

# Both wait until the other is there too, take their view of the database, then act.
TOGETHER = """
import time
from odoo.exceptions import UserError, ValidationError
from psycopg2 import IntegrityError
from psycopg2.errors import SerializationFailure, UniqueViolation
{before}
env.cr.execute("SELECT pg_advisory_lock_shared(1)")
env.cr.commit()
deadline = time.monotonic() + 60
while time.monotonic() < deadline:
    env.cr.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 1")
    here = env.cr.fetchone()[0]
    env.cr.rollback()
    if here == 2:
        break
    time.sleep(0.01)
assert here == 2, "the other process did not come"
{view}
try:
    {work}
    env.cr.commit()
    print("OUTCOME done")
except ({refusals}) as error:
    env.cr.rollback()
    print("OUTCOME refused", type(error).__name__)
time.sleep(2)
"""
REFUSALS = "UserError, ValidationError, IntegrityError, SerializationFailure"


def together(before, work, view="", refusals=REFUSALS):
    """Return the script of one of the two.

    :param before: who acts, and what `work` needs
    :param view: reads something, so that the process goes on with what it saw
    :param refusals: the errors by which it may be refused
    """
    return TOGETHER.format(before=before, work=work, view=view, refusals=refusals)


def outcomes(processes):
    """Return what each of the processes ended with: `done`, or `refused` and why."""
    said = [process.communicate(timeout=300) for process in processes]
    found = [
        line.removeprefix("OUTCOME ")
        for out, _err in said
        for line in out.splitlines()
        if line.startswith("OUTCOME ")
    ]
    assert len(found) == len(processes), said
    return found
